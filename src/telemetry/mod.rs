//! Traces: one line an event to standard error, for people or as JSON.
//!
//! A log must never hold where a report was made, what it says, who sent it or
//! a code that opens it. So a line has its message and the fields of
//! [`FIELDS`], nothing else: the value of any other field is withheld, and
//! spans, in which libraries keep addresses and headers, are not written.

mod line;

pub use line::FIELDS;

use jiff::Timestamp;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What is logged unless the operator says otherwise: our own steps, and of
/// the libraries only what went wrong.
pub const DEFAULT_FILTER: &str = "warn,fyren=info";

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people: time, level, message, `field=value`.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// The format called `human` or `json`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "human" => Some(Self::Human),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("the log filter {filter:?} cannot be read: {reason}")]
    Filter {
        /// The filter as given.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Logging has started before in this process.
    #[error("logging has started already")]
    Started,
}

/// Starts logging to standard error for the whole process. `filter` is
/// [`DEFAULT_FILTER`] or of its form, `now` tells the time of a line.
///
/// # Errors
/// When the filter cannot be read or logging has started before.
pub fn start(
    format: LogFormat,
    filter: &str,
    now: fn() -> Timestamp,
) -> Result<(), TelemetryError> {
    let subscriber = subscriber(format, filter, now, std::io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).ok().ok_or(TelemetryError::Started)
}

fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    now: fn() -> Timestamp,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter).map_err(|reason| TelemetryError::Filter {
        filter: filter.to_owned(),
        reason: reason.to_string(),
    })?;
    Ok(tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .event_format(line::Line { format, now })
        .finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, events: fn()) -> String {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = subscriber(
            format,
            DEFAULT_FILTER,
            || "2026-07-10T20:15:00Z".parse().unwrap(),
            move || writer.clone(),
        );
        tracing::subscriber::with_default(subscriber.unwrap(), events);
        String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_for_people_says_when_how_bad_and_what() {
        let text = logged(LogFormat::Human, || {
            tracing::info!(municipality = "1427", seq = 7, "report stored");
        });
        assert_eq!(text, "2026-07-10T20:15:00Z  INFO report stored municipality=1427 seq=7\n");
    }

    #[test]
    fn a_json_line_is_one_object_with_typed_fields() {
        let text = logged(LogFormat::Json, || {
            tracing::warn!(status = 503, error = "two\nlines \"quoted\"", "busy");
        });
        assert_eq!(text.matches('\n').count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "busy");
        assert_eq!(line["status"], 503);
        assert_eq!(line["error"], "two\nlines \"quoted\"");
    }

    #[test]
    fn positions_texts_and_codes_are_withheld_whoever_logs_them() {
        for format in [LogFormat::Human, LogFormat::Json] {
            let text = logged(format, || {
                let span = tracing::info_span!("request", uri = "/1427/receipt?code=s3cret");
                let _inside = span.enter();
                tracing::info!(longitude = 11.25, text = "s3cret", receipt = ?"s3cret", "stored");
            });
            assert!(text.contains("stored"), "{text}");
            assert!(!text.contains("s3cret") && !text.contains("11.25"), "{text}");
            assert!(text.contains("withheld"), "{text}");
        }
    }

    #[test]
    fn a_message_cannot_forge_a_second_line() {
        let text = logged(LogFormat::Human, || tracing::info!("one\ntwo\u{1b}[2J"));
        assert_eq!(text.matches('\n').count(), 1);
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn libraries_are_heard_only_when_something_is_wrong() {
        let text = logged(LogFormat::Human, || {
            tracing::info!(target: "sqlx::query", "chatter");
            tracing::warn!(target: "sqlx::query", "slow");
        });
        assert!(text.contains("slow") && !text.contains("chatter"), "{text}");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_named() {
        let error = subscriber(LogFormat::Human, "fyren=loudly", Timestamp::default, io::sink);
        assert!(error.err().unwrap().to_string().contains("loudly"));
    }
}
