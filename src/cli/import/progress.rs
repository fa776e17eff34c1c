//! A progress bar on a terminal, for a file that takes longer than a second.

use crate::app::{Opener, packed_shapefile};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The bar of one import.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar over so many walks through a file; it appears after a second, and
    /// only on a terminal.
    pub fn over(file: &Path, walks: u64) -> io::Result<Self> {
        let bytes = std::fs::metadata(file)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?
            .len();
        Ok(Self::of(bytes * walks))
    }

    /// A bar of so many bytes, as [`Self::over`].
    pub fn of(bytes: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent} %  {eta} left") {
            bar.set_style(style);
        }
        let late = bar.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if !late.is_finished() {
                late.set_draw_target(ProgressDrawTarget::stderr());
            }
        });
        Self(bar)
    }

    /// Moves the bar on by so many bytes.
    pub fn advance(&self, bytes: usize) {
        self.0.inc(bytes as u64);
    }

    /// Opens the file so that reading it moves the bar.
    pub fn opener(&self, file: PathBuf) -> Opener {
        let bar = self.0.clone();
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp")) {
            // Its other parts lie beside it.
            return Arc::new(move || Ok(Box::new(Cursor::new(packed_shapefile(&file)?))));
        }
        Arc::new(move || Ok(Box::new(bar.wrap_read(File::open(&file)?))))
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
