//! Messages with their holes filled, for pages built in Rust and for templates.

use crate::http::language::Language;
use fyren_core::domain::Band;
use jiff::civil::Date;
use minijinja::value::{Kwargs, Value};

/// The message of `key` with each `{name}` replaced by its value.
///
/// Where the catalogue holds `key.one` and `key.other`, the value `n` chooses.
pub fn t(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let plain = language.text(key);
    let text = if plain == key {
        let one = values.iter().any(|(name, value)| *name == "n" && *value == "1");
        let form = format!("{key}.{}", if one { "one" } else { "other" });
        Some(language.text(&form)).filter(|text| *text != form).unwrap_or(plain)
    } else {
        plain
    };
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// [`t`] as the templates call it: `t("key", n=5)`.
pub fn in_template(
    language: Language,
    key: &str,
    values: &Kwargs,
) -> Result<Value, minijinja::Error> {
    let mut pairs = Vec::new();
    for name in values.args() {
        pairs.push((name, values.get::<Value>(name)?.to_string()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let text = t(language, key, &pairs);
    if text == key && key.contains('.') {
        let reason = format!("the catalogue does not hold {key}");
        return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, reason));
    }
    Ok(Value::from(text))
}

/// A band of sources as it is printed: `5–9`.
pub fn band(band: Band) -> String {
    band.code().replace('-', "–")
}

const MONTHS: [(&str, &str); 12] = [
    ("januari", "January"),
    ("februari", "February"),
    ("mars", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augusti", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
];

/// The Swedish or the English of a pair; of an other language the one that
/// stands in for it.
pub fn pick<'p>(language: Language, (swedish, english): (&'p str, &'p str)) -> &'p str {
    match language.fallback() {
        Language::Swedish => swedish,
        _ => english,
    }
}

/// A number to one decimal, as the language writes it.
pub fn tenth(language: Language, value: f64) -> String {
    let text = format!("{value:.1}");
    match language {
        Language::English | Language::Arabic | Language::Somali => text,
        _ => text.replace('.', ","),
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("måndag", "Monday"),
    ("tisdag", "Tuesday"),
    ("onsdag", "Wednesday"),
    ("torsdag", "Thursday"),
    ("fredag", "Friday"),
    ("lördag", "Saturday"),
    ("söndag", "Sunday"),
];

/// The day of the week: `torsdag`.
pub fn weekday(language: Language, day: Date) -> &'static str {
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).ok();
    at.and_then(|at| WEEKDAYS.get(at)).map_or("", |pair| pick(language, *pair))
}

/// A month as people say it: `juli 2026`.
pub fn month(language: Language, day: Date) -> String {
    format!("{} {}", month_name(language, day), day.year())
}

fn month_name(language: Language, day: Date) -> &'static str {
    let name = usize::try_from(day.month() - 1).ok().and_then(|at| MONTHS.get(at));
    name.map_or("", |pair| pick(language, *pair))
}

/// A day as people say it: `3 juli 2026`.
pub fn day(language: Language, day: Date) -> String {
    format!("{} {}", day.day(), month(language, day))
}

/// The span from `from` up to but without `to`, as short as it can be said.
pub fn span(language: Language, from: Date, to: Date) -> String {
    let last = to.yesterday().unwrap_or(to);
    let whole_year = from.day_of_year() == 1 && to.day_of_year() == 1;
    if whole_year && from.year() == last.year() {
        return from.year().to_string();
    }
    if from.year() == last.year() && from.month() == last.month() {
        return month(language, from);
    }
    if from.day() == 1 && to.day() == 1 && from.year() == last.year() {
        return format!("{} – {}", month_name(language, from), month(language, last));
    }
    if from.day() == 1 && to.day() == 1 {
        return format!("{} – {}", month(language, from), month(language, last));
    }
    format!("{} – {}", day(language, from), day(language, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_number_chooses_the_form_of_its_word() {
        let say = |n| t(Language::English, "picture.fact_mended", &[("n", n)]);
        assert_eq!(say("1"), "defect is mended");
        assert_eq!(say("7"), "defects are mended");
    }

    #[test]
    fn a_decimal_is_written_as_the_language_writes_it() {
        assert_eq!(tenth(Language::Swedish, 3.25), "3,2");
        assert_eq!(tenth(Language::English, 0.4), "0.4");
    }

    #[test]
    fn a_year_is_said_as_a_year_and_a_month_as_a_month() {
        let say = |from, to| span(Language::Swedish, from, to);
        assert_eq!(say(date(2025, 1, 1), date(2026, 1, 1)), "2025");
        assert_eq!(say(date(2025, 7, 1), date(2025, 8, 1)), "juli 2025");
        assert_eq!(say(date(2025, 7, 1), date(2025, 10, 1)), "juli – september 2025");
        assert_eq!(say(date(2025, 10, 1), date(2026, 1, 1)), "oktober – december 2025");
        assert_eq!(say(date(2025, 7, 1), date(2026, 7, 1)), "juli 2025 – juni 2026");
        assert_eq!(say(date(2025, 7, 3), date(2025, 9, 2)), "3 juli 2025 – 1 september 2025");
    }
}
