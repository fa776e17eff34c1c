//! Rules that hold between rows and that no constraint can say.

use super::columns::Columns;
use super::{SqlStore, statements};
use crate::store::{Checks, Finding, StoreError};
use async_trait::async_trait;
use sqlx::query;

statements! {
    FEED_GAP = "SELECT COUNT(*) FROM changes c WHERE c.first_seq <> 1 + COALESCE((
        SELECT MAX(p.seq) FROM changes p
        WHERE p.municipality = c.municipality AND p.seq < c.seq), 0)";
    FEED_HEAD = "SELECT COUNT(*) FROM municipalities m WHERE m.seq <> COALESCE((
        SELECT MAX(c.seq) FROM changes c WHERE c.municipality = m.code), 0)";
    BEYOND_FEED = "SELECT COUNT(*) FROM events e JOIN municipalities m ON m.code = e.municipality
        WHERE e.seq > m.seq OR e.seq < 1";
    NO_DETAILS = "SELECT COUNT(*) FROM events e
        LEFT JOIN reports r ON r.municipality = e.municipality AND r.id = e.id
        LEFT JOIN incidents i ON i.municipality = e.municipality AND i.id = e.id
        LEFT JOIN visits v ON v.municipality = e.municipality AND v.id = e.id
        WHERE (e.kind = 'report') <> (r.id IS NOT NULL)
        OR (e.kind = 'incident') <> (i.id IS NOT NULL)
        OR (e.kind = 'visit') <> (v.id IS NOT NULL)";
    QUARANTINE_FLAG = "SELECT COUNT(*) FROM reports r
        JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE ((e.flags / 2) % 2 = 1) <> (r.quarantine IS NOT NULL)";
    MERGED_FLAG = "SELECT COUNT(*) FROM reports r
        JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE ((e.flags / 4) % 2 = 1) <> (r.merged_into IS NOT NULL)";
    DUPLICATE_FLAG = "SELECT COUNT(*) FROM reports r
        JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        WHERE ((e.flags / 8) % 2 = 1) <> (r.duplicate_of IS NOT NULL)";
    PUBLISHED_FLAG = "SELECT COUNT(*) FROM reports r
        JOIN events e ON e.municipality = r.municipality AND e.id = r.id
        LEFT JOIN defects d ON d.municipality = r.municipality AND d.report = r.id
        WHERE ((e.flags / 16) % 2 = 1) <> (d.id IS NOT NULL)";
    UNREAD_FLAG = "SELECT COUNT(*) FROM events e WHERE e.kind = 'report'
        AND ((e.flags / 1024) % 2 = 1) <> EXISTS (SELECT 1 FROM messages m
            WHERE m.municipality = e.municipality AND m.report = e.id AND m.seen = 0)";
    DANGLING_LINK = "SELECT COUNT(*) FROM reports r
        LEFT JOIN reports m ON m.municipality = r.municipality AND m.id = r.merged_into
        LEFT JOIN reports d ON d.municipality = r.municipality AND d.id = r.duplicate_of
        WHERE (r.merged_into IS NOT NULL AND m.id IS NULL)
        OR (r.duplicate_of IS NOT NULL AND d.id IS NULL)";
    OPEN_SPAN = "SELECT COUNT(*) FROM quarantine_spans s
        JOIN reports r ON r.municipality = s.municipality AND r.id = s.report
        WHERE s.to_at IS NULL AND r.quarantine IS NULL";
    NO_VOICE = "SELECT COUNT(*) FROM events WHERE kind = 'report' AND weight < 1";
    KEY_WITHOUT_ROW = "SELECT COUNT(*) FROM reports r WHERE r.key_hmac IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM idempotency_keys k
            WHERE k.municipality = r.municipality AND k.key_hmac = r.key_hmac)";
}

/// The rules by name, with the statement that counts what breaks each.
const RULES: &[(&str, &str)] = &[
    ("feed_gap", FEED_GAP),
    ("feed_head", FEED_HEAD),
    ("event_beyond_feed", BEYOND_FEED),
    ("event_details", NO_DETAILS),
    ("quarantine_flag", QUARANTINE_FLAG),
    ("merged_flag", MERGED_FLAG),
    ("duplicate_flag", DUPLICATE_FLAG),
    ("published_flag", PUBLISHED_FLAG),
    ("unread_flag", UNREAD_FLAG),
    ("dangling_link", DANGLING_LINK),
    ("quarantine_span", OPEN_SPAN),
    ("voices", NO_VOICE),
    ("request_key", KEY_WITHOUT_ROW),
];

#[async_trait]
impl Checks for SqlStore {
    async fn check_rows(&self) -> Result<Vec<Finding>, StoreError> {
        let mut snapshot = self.readers.begin_with(super::super::SNAPSHOT).await?;
        let mut found = Vec::new();
        for (rule, statement) in RULES {
            let row = query(*statement).fetch_one(&mut *snapshot).await?;
            let rows = Columns::of(&row).number::<u64>()?;
            if rows > 0 {
                found.push(Finding { rule, rows });
            }
        }
        snapshot.rollback().await?;
        Ok(found)
    }
}
