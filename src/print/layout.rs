//! Letters on paper: how wide a text is, and where its lines break.

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// A cut of the type, with what is needed to measure it.
pub(super) struct Face {
    pub font: Font,
    data: &'static [u8],
}

/// The two cuts that paper is set in.
pub(super) struct Faces {
    pub regular: Face,
    pub semibold: Face,
}

impl Faces {
    /// The bundled type; `None` where its files are none.
    pub fn bundled() -> Option<Self> {
        let face =
            |data: &'static [u8]| Some(Face { font: Font::new(data.to_vec().into(), 0)?, data });
        Some(Self {
            regular: face(include_bytes!("../../data/fonts/SourceSans3-Regular.ttf"))?,
            semibold: face(include_bytes!("../../data/fonts/SourceSans3-Semibold.ttf"))?,
        })
    }
}

impl Face {
    /// Points that a text takes; letters that the type does not have count as
    /// half their size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let Ok(font) = FontRef::new(self.data) else { return 0.0 };
        let (letters, metrics) =
            (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
        let width = |letter: char| {
            let glyph = letters.map(letter)?;
            metrics.advance_width(glyph)
        };
        text.chars().map(|letter| width(letter).unwrap_or(size / 2.0)).sum()
    }

    /// A text as the type can set it: what it has no letter for becomes a
    /// question mark, so that nothing is dropped silently.
    pub fn settable(&self, text: &str) -> String {
        let Ok(font) = FontRef::new(self.data) else { return String::new() };
        let letters = font.charmap();
        let plain = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
        let known = |letter: char| if letters.map(letter).is_some() { letter } else { '?' };
        text.chars().map(plain).map(known).collect()
    }

    /// The lines of a text that are at most `width` points wide; all but the
    /// last end with their space, so that whoever copies them gets words. A
    /// single word that is wider stands alone.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let text = self.settable(text);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || self.width(&longer, size) <= width {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()) + " ");
            }
        }
        lines.push(line);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_and_hold_every_word() {
        let faces = Faces::bundled().unwrap();
        let text =
            "Bovallstrand: tolv dagar sedan senaste besöket. Varje distrikt ska få ett besök.";
        let lines = faces.regular.lines(text, 10.0, 120.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| faces.regular.width(line.trim_end(), 10.0) <= 120.0));
        assert_eq!(lines.concat(), text);
        assert!(faces.semibold.width(text, 10.0) > faces.regular.width(text, 10.0));
    }

    #[test]
    fn a_letter_that_the_type_does_not_have_is_not_dropped() {
        let faces = Faces::bundled().unwrap();
        assert_eq!(faces.regular.settable("Smögen\u{6d4b} –\n7"), "Smögen? – 7");
    }
}
