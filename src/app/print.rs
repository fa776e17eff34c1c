//! Putting a sheet on paper.

pub use crate::print::{MapMark, MapWay, Sheet, SheetMap, SheetRound, SheetRow};

use super::{App, Error, Result};

impl App {
    /// The sheet as the bytes of a tagged PDF; some 10 ms a page.
    ///
    /// # Errors
    /// [`Error::Bug`] where it would not be what it claims to be.
    pub async fn print_sheet(&self, sheet: Sheet) -> Result<Vec<u8>> {
        let print =
            move || crate::print::pdf(&sheet).map_err(|fault| Error::Bug(fault.to_string()));
        self.layers.pool().compute(print).await
    }
}
