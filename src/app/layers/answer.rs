//! What a layer answers, and how it leaves in pieces.

use crate::encode::{Crs, Csv, Encoder, FeatureRows, GeoJson, Members, Value};
use sha2::{Digest as _, Sha256};
use std::ops::Range;
use std::sync::Arc;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/geo+json`.
    GeoJson,
    /// `text/csv; charset=utf-8`.
    Csv,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// Features as a layer has built them, before `limit` and `offset`.
#[derive(Clone)]
pub struct Built {
    /// The features.
    pub rows: Arc<dyn FeatureRows>,
    /// What is said of all of them together.
    pub members: Members,
}

/// A whole answer: features from one snapshot or release, ready to be written.
pub struct LayerAnswer {
    rows: Arc<dyn FeatureRows>,
    members: Members,
    window: Range<usize>,
    crs: Crs,
}

impl LayerAnswer {
    /// The features of `built` from `offset`, at most `limit`.
    pub(in crate::app) fn new(
        named: (&'static str, &'static str),
        built: Built,
        crs: Crs,
        offset: usize,
        limit: Option<usize>,
    ) -> Self {
        let number = built.rows.len();
        let from = offset.min(number);
        let to = limit.map_or(number, |limit| from.saturating_add(limit).min(number));
        let mut members: Members = vec![
            (named.0, Value::from(named.1)),
            ("numberMatched", number.into()),
            ("numberReturned", (to - from).into()),
        ];
        members.extend(built.members);
        Self { rows: built.rows, members, window: from..to, crs }
    }

    /// How many features will be written.
    #[must_use]
    pub fn number_returned(&self) -> usize {
        self.window.len()
    }

    /// What is said of all features together, in order.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// The features that will be written.
    pub fn features(&self) -> impl Iterator<Item = crate::encode::Feature<'_>> {
        self.window.clone().map(|at| self.rows.feature(at))
    }

    /// The answer as pieces of about 32 kB. A piece costs well under a
    /// millisecond, so that they may be made where they are sent.
    #[must_use]
    pub fn pieces(self, format: Format) -> Pieces {
        let encoder: Box<dyn Encoder> = match format {
            Format::GeoJson => Box::new(GeoJson::new(self.crs, self.members)),
            Format::Csv => Box::new(Csv::new(self.crs, self.rows.fields())),
        };
        Pieces { encoder, rows: self.rows, window: self.window, step: Step::Begin }
    }
}

enum Step {
    Begin,
    Features,
    Done,
}

/// The pieces of an answer, in order.
pub struct Pieces {
    encoder: Box<dyn Encoder>,
    rows: Arc<dyn FeatureRows>,
    window: Range<usize>,
    step: Step,
}

/// Bytes of a piece, about.
const PIECE: usize = 32 * 1024;

impl Iterator for Pieces {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if matches!(self.step, Step::Done) {
            return None;
        }
        let mut out = Vec::with_capacity(PIECE + PIECE / 8);
        if matches!(self.step, Step::Begin) {
            self.encoder.begin(&mut out);
            self.step = Step::Features;
        }
        while out.len() < PIECE {
            let Some(at) = self.window.next() else {
                self.encoder.end(&mut out);
                self.step = Step::Done;
                break;
            };
            self.encoder.feature(&self.rows.feature(at), &mut out);
        }
        Some(out)
    }
}

/// What the tag of an answer depends on beside its version.
#[derive(Debug, Clone, Copy)]
pub struct Representation<'a> {
    /// How it is written.
    pub format: Format,
    /// How it is compressed: `identity`, `gzip`, `br`, `zstd`.
    pub encoding: &'a str,
    /// In which language.
    pub language: &'a str,
    /// Which build of this program writes it.
    pub build: &'a str,
}

/// The strong entity tag, quotes included, of the answer with this
/// [`version`](super::Prepared::version) in this representation.
#[must_use]
pub fn etag(version: &str, as_: Representation<'_>) -> String {
    let parts = [version, as_.format.media_type(), as_.encoding, as_.language, as_.build]
        .map(str::as_bytes);
    format!("\"{}\"", hash(&parts))
}

/// 128 bits of SHA-256 over parts that cannot run into each other, in
/// hexadecimal.
pub(in crate::app) fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::{Feature, FeatureId, Shape};

    struct Numbers(usize);

    impl FeatureRows for Numbers {
        fn fields(&self) -> &'static [&'static str] {
            &["number"]
        }

        fn len(&self) -> usize {
            self.0
        }

        fn feature(&self, at: usize) -> Feature<'_> {
            let fields = vec![("number", at.into())];
            Feature { id: FeatureId::Number(at as u64), shape: Shape::None, fields }
        }
    }

    fn answer(number: usize, offset: usize, limit: Option<usize>) -> LayerAnswer {
        let built = Built { rows: Arc::new(Numbers(number)), members: Vec::new() };
        LayerAnswer::new(("layer", "reports"), built, Crs::Crs84, offset, limit)
    }

    fn read(answer: LayerAnswer) -> (usize, serde_json::Value) {
        let pieces: Vec<Vec<u8>> = answer.pieces(Format::GeoJson).collect();
        (pieces.len(), serde_json::from_slice(&pieces.concat()).unwrap())
    }

    #[test]
    fn a_long_answer_leaves_in_pieces_that_make_one_document() {
        let (pieces, read) = read(answer(5_000, 0, None));
        assert!(pieces > 5);
        assert_eq!(read["features"].as_array().unwrap().len(), 5_000);
        assert_eq!(read["numberReturned"], 5_000);
    }

    #[test]
    fn limit_and_offset_cut_out_a_window_and_never_fail() {
        for (offset, limit, expected) in [
            (0, Some(3), vec![0, 1, 2]),
            (8, None, vec![8, 9]),
            (8, Some(9), vec![8, 9]),
            (10, None, vec![]),
            (usize::MAX, Some(usize::MAX), vec![]),
            (0, Some(0), vec![]),
        ] {
            let (_, read) = read(answer(10, offset, limit));
            let numbers: Vec<u64> = read["features"]
                .as_array()
                .unwrap()
                .iter()
                .map(|feature| feature["properties"]["number"].as_u64().unwrap())
                .collect();
            assert_eq!(numbers, expected);
            assert_eq!(
                (&read["numberMatched"], &read["numberReturned"]),
                (&10.into(), &expected.len().into())
            );
        }
    }

    #[test]
    fn a_tag_depends_on_each_part_of_the_representation() {
        let plain =
            Representation { format: Format::GeoJson, encoding: "br", language: "sv", build: "1" };
        let all = [
            etag("v", plain),
            etag("w", plain),
            etag("v", Representation { format: Format::Csv, ..plain }),
            etag("v", Representation { encoding: "gzip", ..plain }),
            etag("v", Representation { language: "en", ..plain }),
            etag("v", Representation { build: "2", ..plain }),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
