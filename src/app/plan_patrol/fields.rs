//! What the rows of a layer say, field by field.

use super::plan::WhyHours;
use crate::encode::{Feature, Value};

/// The hours that the layer tells of a hot spot.
pub(super) fn hot_hours(row: &Feature<'_>) -> Option<WhyHours> {
    let Value::Object(members) = value(row, "hotHours") else { return None };
    let number = |name: &str| {
        let found = members.iter().find(|(member, _)| *member == name);
        match found.map(|(_, value)| value) {
            Some(Value::Int(number)) => u32::try_from(*number).ok(),
            _ => None,
        }
    };
    let hour = |name: &str| u8::try_from(number(name)?).ok().filter(|hour| *hour < 24);
    let (count, of) = (number("count")?, number("of")?);
    Some(WhyHours { from: hour("from")?, to: hour("to")?, count, of, met: false })
}

fn value<'a>(row: &'a Feature<'_>, name: &str) -> &'a Value<'a> {
    row.fields.iter().find(|(field, _)| *field == name).map_or(&Value::Null, |(_, value)| value)
}

pub(super) fn int(row: &Feature<'_>, name: &str) -> Option<i64> {
    match value(row, name) {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

pub(super) fn float(row: &Feature<'_>, name: &str) -> f64 {
    match value(row, name) {
        Value::Float(number) => *number,
        #[expect(clippy::cast_precision_loss, reason = "counts of reports")]
        Value::Int(number) => *number as f64,
        _ => 0.0,
    }
}

pub(super) fn text(row: &Feature<'_>, name: &str) -> String {
    match value(row, name) {
        Value::Text(text) => text.clone().into_owned(),
        _ => String::new(),
    }
}
