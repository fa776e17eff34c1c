//! Sending what is queued: by one node at a time, tried again with growing pauses.

use super::{App, Result, failure};
use crate::{
    mail::{Links, Mailer, Written, sheet_name, write},
    store::{NewJob, Tried},
};
use fyren_core::domain::{Context, Letter, LetterKind, MunicipalityCode};
use jiff::{SignedDuration, Timestamp};

/// The one job that sends; it is leased and never finished.
const JOB: &str = "letters";
/// For how long a node may send before an other takes over.
const LEASE: SignedDuration = SignedDuration::from_mins(3);
/// Letters of one round.
const ROUND: u32 = 50;
/// How often a letter is tried: over some two days.
const MOST_TRIES: u32 = 10;
/// Longest pause between two tries, in minutes.
const LONGEST_PAUSE: i64 = 12 * 60;

impl App {
    /// Sends the letters that are due, if no other node is about to, and
    /// returns how many went. `holder` names this node.
    ///
    /// # Errors
    /// Where the store fails; a letter that was not taken is tried again.
    pub async fn send_letters(&self, mailer: &Mailer, holder: &str) -> Result<u32> {
        let mut sent = 0;
        for context in Context::ALL {
            sent += self.send_from(*context, mailer, holder).await?;
        }
        Ok(sent)
    }

    /// The same of one context: what the police send waits in their own store.
    async fn send_from(&self, context: Context, mailer: &Mailer, holder: &str) -> Result<u32> {
        let store = self.store(context);
        if store.due_letters(self.clock.now(), 1).await.map_err(failure)?.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let job = NewJob { name: JOB.to_owned(), payload: String::new(), due: now };
        store.enqueue_job(job).await.map_err(failure)?;
        let mut sent = 0;
        for letter in store.due_letters(now, ROUND).await.map_err(failure)? {
            let now = self.clock.now();
            let leased = store.lease_job(JOB, holder, now, now + LEASE).await;
            if !leased.map_err(failure)? {
                return Ok(sent);
            }
            let mut written = self.written(&letter, mailer.origin()).await?;
            if letter.kind == LetterKind::Sheet {
                let sheet = store.attachment(&letter.id).await.map_err(failure)?;
                written.attachment = sheet.map(|pdf| (sheet_name(&letter.language), pdf));
            }
            let id = format!("{}.{}", letter.id.replace(':', "."), letter.queued_hour.as_second());
            let tried = match mailer.send((&letter.address, &id), written).await {
                Ok(()) => Tried::Sent,
                Err(refused) if refused.for_good || letter.attempts + 1 >= MOST_TRIES => {
                    tracing::warn!(job = JOB, kind = letter.kind.code(), "a letter cannot be sent");
                    Tried::Failed
                }
                Err(_for_now) => Tried::Later(self.clock.now() + pause(letter.attempts)),
            };
            sent += u32::from(tried == Tried::Sent);
            store.note_letter(&letter.id, tried).await.map_err(failure)?;
        }
        Ok(sent)
    }

    /// The letters that wait, written with links below `origin`, with whom they
    /// are for: what a demonstration shows in place of sending.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn waiting_letters(&self, origin: &str) -> Result<Vec<(String, Written)>> {
        let due = self.municipal.due_letters(self.clock.now(), ROUND).await.map_err(failure)?;
        let mut letters = Vec::with_capacity(due.len());
        for letter in due {
            let written = self.written(&letter, origin).await?;
            letters.push((letter.address, written));
        }
        Ok(letters)
    }

    /// How many letters wait, and how many could not be sent.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn letter_counts(&self) -> Result<(u64, u64)> {
        let mut counts = (0, 0);
        for context in Context::ALL {
            let of = self.store(*context).count_letters().await.map_err(failure)?;
            counts = (counts.0 + of.0, counts.1 + of.1);
        }
        Ok(counts)
    }

    async fn written(&self, letter: &Letter, origin: &str) -> Result<Written> {
        let ground = self.ground(letter.municipality.as_str()).await?;
        let token = letter.nonce.as_ref();
        let token = token.map(|nonce| self.secrets.mail_token(&letter.municipality, nonce));
        let links = links(letter.kind, (origin, &letter.municipality), token.as_deref());
        Ok(write(letter, &ground.municipality.name, &links))
    }
}

/// Where the links of a letter lead.
fn links(
    kind: LetterKind,
    (origin, code): (&str, &MunicipalityCode),
    token: Option<&str>,
) -> Links {
    let stop = token.map(|token| format!("{origin}/{code}/mail/{token}"));
    let page = match kind {
        LetterKind::Confirm => None,
        LetterKind::Answered | LetterKind::Asked => Some("receipt"),
        LetterKind::Unanswered => Some("staff/unanswered"),
        LetterKind::Overdue | LetterKind::Escalated => Some("staff/measures"),
        LetterKind::Sheet => Some("staff/plan"),
    };
    let open = page.map(|page| format!("{origin}/{code}/{page}"));
    Links { open: open.or_else(|| stop.clone()).unwrap_or_default(), stop }
}

/// How long to wait after the try that follows `attempts` others: a minute,
/// then four times as long each time, half a day at most.
fn pause(attempts: u32) -> SignedDuration {
    let minutes = 4_i64.saturating_pow(attempts).min(LONGEST_PAUSE);
    SignedDuration::from_mins(minutes)
}

/// When a round of reminders falls: the same for every node.
pub(super) fn on_day(job: &str, code: &MunicipalityCode, day: jiff::civil::Date) -> NewJob {
    let due = Timestamp::UNIX_EPOCH;
    NewJob { name: format!("{job}:{code}:{day}"), payload: String::new(), due }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_day_and_last_for_days() {
        let minutes: Vec<i64> = (0..MOST_TRIES).map(|n| pause(n).as_mins()).collect();
        assert_eq!(minutes[..6], [1, 4, 16, 64, 256, 720]);
        assert!(minutes.iter().sum::<i64>() > 2 * 24 * 60);
    }

    #[test]
    fn the_link_that_confirms_is_the_one_that_stops() {
        let code = MunicipalityCode::parse("1427").unwrap();
        let asked = links(LetterKind::Confirm, ("https://a.se", &code), Some("t"));
        assert_eq!(asked.open, "https://a.se/1427/mail/t");
        let told = links(LetterKind::Answered, ("https://a.se", &code), Some("t"));
        assert_eq!(told.open, "https://a.se/1427/receipt");
        assert_eq!(told.stop.as_deref(), Some("https://a.se/1427/mail/t"));
    }
}
