//! A layer of points with the same fields, written straight into its bytes:
//! what a value is made of is looked up by a number, so that one that came
//! before costs neither a text nor a hash of it.

use crate::encode::Value;
use foldhash::{HashMap, HashMapExt as _};
use fyren_core::plane::TILE_UNITS;
use prost::Message;

/// Fields of the messages of the specification, each with a length before it.
mod key {
    pub const TILE_LAYER: u8 = 3 << 3 | 2;
    pub const LAYER_NAME: u8 = 1 << 3 | 2;
    pub const LAYER_FEATURE: u8 = 2 << 3 | 2;
    pub const LAYER_NAME_OF_FIELD: u8 = 3 << 3 | 2;
    pub const LAYER_VALUE: u8 = 4 << 3 | 2;
}

/// Fields of a feature and of a value, with their wire types.
mod part {
    pub const TAGS: u8 = 2 << 3 | 2;
    /// The kind of geometry, and that it is a point.
    pub const OF_POINT: [u8; 2] = [3 << 3, 1];
    pub const GEOMETRY: u8 = 4 << 3 | 2;
    pub const TEXT: u8 = 1 << 3 | 2;
}

/// What stands in the layer after its features.
#[derive(Message)]
struct Foot {
    #[prost(uint32, tag = "5")]
    extent: u32,
    #[prost(uint32, tag = "15")]
    version: u32,
}

/// A value that is no text.
#[derive(Message)]
struct Told {
    #[prost(double, optional, tag = "3")]
    float: Option<f64>,
    #[prost(uint64, optional, tag = "5")]
    whole: Option<u64>,
    #[prost(sint64, optional, tag = "6")]
    signed: Option<i64>,
    #[prost(bool, optional, tag = "7")]
    yes: Option<bool>,
}

/// Gathers the points of a layer. A field is named by its number in the names
/// that the layer was begun with.
pub struct Points {
    names: Vec<u8>,
    features: Vec<u8>,
    values: Vec<u8>,
    number: u32,
    /// The numbers of a field and its value by field and mark; none for a value
    /// that is not written.
    known: HashMap<(u32, u64), Varints>,
    /// What each field had last.
    last: Vec<Option<Last>>,
    /// The tags of the feature to come, and room behind them: as many bytes are
    /// copied of each, which is no call, and those too many are written over.
    tags: Vec<u8>,
    tagged: usize,
}

/// What a field had last: most features say the same as the one before.
#[derive(Clone, Copy)]
struct Last {
    mark: u64,
    tag: Varints,
}

/// Most bytes of three numbers.
const VARINTS: usize = 15;

/// Up to three numbers as they are written.
#[derive(Clone, Copy, Default)]
struct Varints {
    bytes: [u8; VARINTS],
    length: u8,
}

impl Varints {
    fn of<const N: usize>(numbers: [u32; N]) -> Self {
        const { assert!(N <= 3, "five bytes each") };
        let mut all = Self::default();
        for mut number in numbers {
            while number >= 128 {
                all.push(number.to_le_bytes()[0] | 128);
                number >>= 7;
            }
            all.push(number.to_le_bytes()[0]);
        }
        all
    }

    const fn push(&mut self, byte: u8) {
        self.bytes[self.length as usize] = byte;
        self.length += 1;
    }

    fn written(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl Points {
    /// A layer whose features have the fields `names`, with room for about
    /// `number` of them.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, number: usize) -> Self {
        let mut all = Vec::with_capacity(256);
        let mut count = 0;
        for name in names {
            text(&mut all, key::LAYER_NAME_OF_FIELD, name);
            count += 1;
        }
        Self {
            names: all,
            // A pair of numbers for each field, a place, and what is around.
            features: Vec::with_capacity(number * (16 + 3 * count)),
            values: Vec::with_capacity(number * 2 * count),
            number: 0,
            known: HashMap::with_capacity(number.min(256)),
            last: vec![None; count],
            tags: vec![0; (count + 1) * VARINTS],
            tagged: 0,
        }
    }

    /// Gives the feature to come a value. `mark` tells the values of the field
    /// apart: `value` is asked for only with a mark that is new. Each field has
    /// at most one value.
    #[inline]
    pub fn value<'a>(&mut self, field: u32, mark: u64, value: impl FnOnce() -> Value<'a>) {
        let tag = match self.last[field as usize] {
            Some(last) if last.mark == mark => last.tag,
            _ => self.tag_of(field, mark, value),
        };
        self.tag(tag);
    }

    #[inline]
    fn tag(&mut self, tag: Varints) {
        self.tags[self.tagged..][..VARINTS].copy_from_slice(&tag.bytes);
        self.tagged += usize::from(tag.length);
    }

    fn tag_of<'a>(&mut self, field: u32, mark: u64, value: impl FnOnce() -> Value<'a>) -> Varints {
        let tag = if let Some(tag) = self.known.get(&(field, mark)) {
            *tag
        } else {
            let number = self.told(value());
            let tag = number.map_or_else(Varints::default, |number| Varints::of([field, number]));
            self.known.insert((field, mark), tag);
            tag
        };
        self.last[field as usize] = Some(Last { mark, tag });
        tag
    }

    /// Gives the feature to come a text that no other has.
    pub fn own(&mut self, field: u32, text: &str) {
        let tag = Varints::of([field, self.text(text)]);
        self.tag(tag);
    }

    /// Ends the feature to come, at a place in units of the tile.
    pub fn end(&mut self, [right, down]: [f64; 2]) {
        let place = Varints::of([MOVE_TO_ONE, zigzag(right), zigzag(down)]);
        let place = place.written();
        let length = |part: usize| if part < 128 { 2 + part } else { 3 + part };
        let tags = &self.tags[..self.tagged];
        let whole = length(tags.len()) + part::OF_POINT.len() + length(place.len());
        delimited(&mut self.features, key::LAYER_FEATURE, whole);
        delimited(&mut self.features, part::TAGS, tags.len());
        self.features.extend_from_slice(tags);
        self.features.extend_from_slice(&part::OF_POINT);
        delimited(&mut self.features, part::GEOMETRY, place.len());
        self.features.extend_from_slice(place);
        self.tagged = 0;
    }

    /// The tile whose only layer this is, with the name `name`; none without a
    /// feature.
    pub fn finish(self, name: &str) -> Vec<u8> {
        if self.features.is_empty() {
            return Vec::new();
        }
        let mut head = Vec::with_capacity(64);
        text(&mut head, key::LAYER_NAME, name);
        let foot = Foot { extent: EXTENT, version: 2 }.encode_to_vec();
        let parts = [head, self.features, self.names, self.values, foot];
        let length = parts.iter().map(Vec::len).sum();
        let mut tile = Vec::with_capacity(length + 8);
        delimited(&mut tile, key::TILE_LAYER, length);
        for part in parts {
            tile.extend_from_slice(&part);
        }
        tile
    }

    /// Writes a value; its number, `None` for what is not known.
    fn told(&mut self, value: Value<'_>) -> Option<u32> {
        let mut told = Told::default();
        match value {
            Value::Null => return None,
            Value::Text(text) => return Some(self.text(&text)),
            Value::Bool(value) => told.yes = Some(value),
            Value::Int(value) => match u64::try_from(value) {
                Ok(value) => told.whole = Some(value),
                Err(_) => told.signed = Some(value),
            },
            Value::Float(value) => told.float = Some(value),
            nested => return Some(self.text(&super::json(&nested))),
        }
        self.values.push(key::LAYER_VALUE);
        // A vector grows: it cannot refuse.
        let _ = told.encode_length_delimited(&mut self.values);
        Some(self.numbered())
    }

    fn text(&mut self, said: &str) -> u32 {
        let length = said.len();
        let inner = 1 + prost::length_delimiter_len(length) + length;
        delimited(&mut self.values, key::LAYER_VALUE, inner);
        text(&mut self.values, part::TEXT, said);
        self.numbered()
    }

    const fn numbered(&mut self) -> u32 {
        self.number += 1;
        self.number - 1
    }
}

/// The command that begins a point: one "move to".
const MOVE_TO_ONE: u32 = 1 << 3 | 1;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "4 096")]
const EXTENT: u32 = TILE_UNITS as u32;

/// A distance in whole units, as parameters of a command are written.
#[expect(clippy::cast_possible_truncation, reason = "a place in a tile")]
fn zigzag(units: f64) -> u32 {
    let whole = units.round() as i32;
    ((whole << 1) ^ (whole >> 31)).cast_unsigned()
}

fn delimited(out: &mut Vec<u8>, key: u8, length: usize) {
    out.push(key);
    match u8::try_from(length) {
        Ok(short @ ..128) => out.push(short),
        // A vector grows: it cannot refuse.
        _ => drop(prost::encode_length_delimiter(length, out)),
    }
}

fn text(out: &mut Vec<u8>, key: u8, text: &str) {
    delimited(out, key, text.len());
    out.extend_from_slice(text.as_bytes());
}
