//! How one event becomes one line, and which of its fields may stand in it.

use super::LogFormat;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::fmt::{self, Debug, Write};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, format::Writer};
use tracing_subscriber::registry::LookupSpan;

/// The fields whose values may be logged. None of them may ever hold a
/// position, a text, an address of a person or machine that reports, a code,
/// a token or a password.
pub const FIELDS: &[&str] = &[
    "address",
    "batch",
    "bytes",
    "context",
    "count",
    "database",
    "drift",
    "elapsed_ms",
    "error",
    "events",
    "generation",
    "job",
    "kind",
    "layer",
    "method",
    "municipality",
    "operation",
    "reason",
    "request_id",
    "role",
    "route",
    "rows",
    "seq",
    "status",
    "version",
];

/// Writes events in one of two forms; see [`LogFormat`].
pub(super) struct Line {
    pub(super) format: LogFormat,
    pub(super) now: fn() -> Timestamp,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (level, now) = (event.metadata().level(), (self.now)());
        match self.format {
            LogFormat::Human => {
                write!(writer, "{now} {level:>5} {}", one_line(&fields.message))?;
                for (name, value) in &fields.others {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    write!(writer, " {name}={}", one_line(&text))?;
                }
                writeln!(writer)
            }
            LogFormat::Json => {
                let mut line = Map::new();
                line.insert("time".to_owned(), now.to_string().into());
                line.insert("level".to_owned(), level.as_str().into());
                line.insert("target".to_owned(), event.metadata().target().into());
                line.insert("message".to_owned(), fields.message.into());
                line.extend(fields.others);
                writeln!(writer, "{}", Value::Object(line))
            }
        }
    }
}

/// Text with what could break a line, or a terminal, written out.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        let known = FIELDS.contains(&field.name());
        let value = if known { value } else { "withheld".into() };
        self.others.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a string does not fail.
            let _ = write!(self.message, "{value:?}");
        } else {
            self.put(field, format!("{value:?}").into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}
