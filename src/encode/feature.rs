//! One row of an answer: an identity, a shape and fields in a fixed order.

use fyren_core::domain::{Id, Position};
use geo_types::{LineString, MultiPolygon, Polygon};
use std::borrow::Cow;
use std::sync::Arc;

/// One feature. Texts and shapes are borrowed from the snapshot or release
/// behind it wherever they can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature<'a> {
    /// Its identity within the layer.
    pub id: FeatureId<'a>,
    /// Where it is, in degrees (x = longitude).
    pub shape: Shape<'a>,
    /// Its fields, in the order of [`FeatureRows::fields`] of its layer.
    pub fields: Vec<(&'static str, Value<'a>)>,
}

/// The identity of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureId<'a> {
    /// It has none.
    None,
    /// A number, such as a rank.
    Number(u64),
    /// The identity of an event.
    Event(Id),
    /// A code.
    Text(Cow<'a, str>),
}

/// Where a feature is, in degrees.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape<'a> {
    /// Nowhere that could be drawn: an area-coded event.
    None,
    /// A point.
    Point(Position),
    /// A stretch.
    Line(Cow<'a, LineString>),
    /// An area.
    Polygon(Cow<'a, Polygon>),
    /// Several areas.
    MultiPolygon(Cow<'a, MultiPolygon>),
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Not known, or does not apply.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; one that is not finite is written as null.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Values in order.
    List(Vec<Value<'a>>),
    /// Whole numbers in order, many of them.
    Numbers(Arc<[u32]>),
    /// Named values in order.
    Object(Vec<(&'static str, Value<'a>)>),
}

/// The features of one answer, by number.
pub trait FeatureRows: Send + Sync {
    /// The names of the fields of each feature, in order.
    fn fields(&self) -> &'static [&'static str];

    /// How many features there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The feature with the number `at`, which is below `len`.
    fn feature(&self, at: usize) -> Feature<'_>;
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<usize> for Value<'_> {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
