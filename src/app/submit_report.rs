//! Sending a report: checked, located, stored once, acknowledged after the flush.

use super::{
    App, Error, Ground, Result, digest,
    draft::{self, PlaceDraft, WhenDraft},
    failure,
};
use crate::{
    identity::{RequestKey, Source},
    store::{Idempotency, NewReport, Submitted},
};
use fyren_core::domain::{
    Category, Channel, Context, Detail, Factor, Feeling, Flags, Located, Partner, Report,
    ReportStatus, RetentionClass, Seq, SourceClass, SourceTag, TextFlag, Violation, When,
};
use fyren_core::wording;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// A report as it was sent.
#[derive(Debug, Clone, Default)]
pub struct ReportDraft {
    /// Code of the category.
    pub category: String,
    /// Where; `None` where nothing was given.
    pub place: Option<PlaceDraft>,
    /// When.
    pub when: WhenDraft,
    /// Codes of factors.
    pub factors: Vec<String>,
    /// Codes of answers to what the category asks.
    pub details: Vec<String>,
    /// Code of the feeling.
    pub feeling: Option<String>,
    /// Free text.
    pub text: Option<String>,
    /// Files of photos, at most [`MOST_PHOTOS`](crate::media::MOST_PHOTOS).
    pub photos: Vec<Vec<u8>>,
}

/// Who sends, as far as anybody can tell.
#[derive(Debug, Clone)]
pub struct Sender {
    /// What makes a repetition of the request harmless.
    pub key: String,
    /// The body as it came, to tell a repetition from an other request.
    pub body: Vec<u8>,
    /// The random token that the browser keeps.
    pub token: Option<String>,
    /// Network prefix; `None` where senders are not limited.
    pub network: Option<IpAddr>,
    /// By which way.
    pub channel: Channel,
    /// The partner whose people send it, as trained reporters.
    pub partner: Option<Partner>,
}

/// What the resident takes home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Opens the private page.
    pub code: String,
    /// Four words that open the same page for a time.
    pub short_code: String,
    /// What was accepted but looks odd, such as a place on water.
    pub warnings: Vec<Violation>,
}

/// Days that a key and its body's hash are kept.
const KEY_DAYS: i64 = 30;
/// Days that the four words open the page.
const SHORT_CODE_DAYS: i64 = 30;
/// Reports without a token from one network and day that count as sources of their own.
const LONE_SOURCES: usize = 10;

impl App {
    /// Stores a report once, however often it is sent, and gives its receipt.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each broken rule, [`Error::Conflict`]
    /// `key-reused` for a known key with an other body.
    pub async fn submit_report(
        &self,
        ground: &Ground,
        draft: &ReportDraft,
        sender: Sender,
    ) -> Result<Receipt> {
        // The police's own process is no place where residents report.
        if self.contexts().all(|context| context == Context::Police) {
            return Err(Error::NotFound);
        }
        check_key(&sender.key)?;
        let checked = self.check_report(ground, draft)?;
        let photos = self.read_photos(checked.category, &draft.photos).await?;
        let request = RequestKey { municipality: ground.code(), key: &sender.key };
        let code = self.secrets.receipt(request);
        let short_code = self.secrets.short_code(request);
        let now = self.this_hour();
        let new = NewReport {
            masks: ground.masks(&checked.when),
            photos,
            text_flags: text_flags(checked.text.as_deref()),
            idempotency: self.idempotency("submit_report", request, &sender.body)?,
            receipt_hash: digest(&code.stored_hash())?,
            short_code_hash: digest(&self.secrets.stored_hash(&short_code))?,
            short_code_expires: days_after(now, SHORT_CODE_DAYS),
            report: self.as_report(ground, checked.clone(), &sender)?,
        };
        let report = new.report.clone();
        let outcome = self.municipal.submit_report(new).await.map_err(failure)?;
        if matches!(outcome, Submitted::Created(_)) {
            self.arrivals.note(&report, sender.network, self.clock.now().as_second());
        }
        match outcome {
            Submitted::Created(_) | Submitted::Replayed => Ok(Receipt {
                code: code.as_str().to_owned(),
                short_code: short_code.canonical().to_owned(),
                warnings: checked.warnings,
            }),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// A key for one form, which makes sending it twice harmless.
    pub fn form_key(&self) -> String {
        self.new_id().to_string()
    }

    /// What makes a repetition of `request` harmless.
    pub(super) fn idempotency(
        &self,
        operation: &str,
        request: RequestKey<'_>,
        body: &[u8],
    ) -> Result<Idempotency> {
        Ok(Idempotency {
            key_hmac: digest(&self.secrets.request_hash(operation, request))?,
            body_hash: digest(&self.secrets.body_hash(body))?,
            expires: days_after(self.this_hour(), KEY_DAYS),
        })
    }

    /// Checks every field and gathers what is wrong, so that a form can show
    /// it all at once.
    fn check_report(&self, ground: &Ground, draft: &ReportDraft) -> Result<Checked> {
        let mut broken = Vec::new();
        let category = Category::parse(&draft.category).or_else(|| {
            let rule = if draft.category.is_empty() { "required" } else { "unknown_value" };
            broken.push(Violation::new("category", rule));
            None
        });
        let place = keep(&mut broken, located(ground, draft.place.as_ref()));
        let now = self.clock.now();
        let when = draft.when.check(&ground.zone, now, category.unwrap_or(Category::Other));
        let when = keep(&mut broken, when);
        let factors = keep(&mut broken, draft::codes("factors", &draft.factors, Factor::parse));
        let details = draft::codes("details", &draft.details, |code| {
            Detail::parse(code).filter(|d| category.is_none_or(|asked| d.is_asked_by(asked)))
        });
        let details = keep(&mut broken, details);
        let feeling = draft.feeling.as_deref().filter(|code| !code.is_empty()).map(|code| {
            Feeling::parse(code).ok_or_else(|| Violation::new("feeling", "unknown_value"))
        });
        let feeling = keep(&mut broken, feeling.transpose());
        let text = keep(&mut broken, draft::text("text", draft.text.as_deref()));
        match (category, place, when, factors, details, feeling, text) {
            (
                Some(category),
                Some((located, warnings)),
                Some(when),
                Some(factors),
                Some(details),
                Some(feeling),
                Some(text),
            ) => Ok(Checked { category, located, warnings, when, factors, details, feeling, text }),
            _ => Err(Error::Invalid(broken)),
        }
    }

    fn as_report(&self, ground: &Ground, checked: Checked, sender: &Sender) -> Result<Report> {
        let Checked { category, mut located, when, factors, details, feeling, mut text, .. } =
            checked;
        if category.district_only() {
            // What would be kept too finely is dropped on arrival.
            let district = located.district.as_ref().map(|district| district.0.as_str());
            let fenced = ground.geofence.locate(ground.as_district(district));
            located = fenced.map_err(Error::from)?.located;
            text = None;
        }
        Ok(Report {
            id: self.new_id(),
            seq: Seq(0),
            municipality: ground.code().clone(),
            category,
            foreign_category: None,
            located,
            when,
            factors,
            details,
            feeling,
            text,
            channel: sender.channel,
            source_class: match sender.partner {
                Some(_) => SourceClass::Trained,
                None => SourceClass::Citizen,
            },
            source_tag: self.source(ground, sender)?,
            status: ReportStatus::Received,
            foreign_status: None,
            foreign_source: sender.partner.as_ref().map(|partner| partner.name.clone()),
            published: false,
            quarantine: None,
            merged_into: None,
            duplicate_of: None,
            voices: 1,
            retention: RetentionClass::Report,
            received_hour: self.this_hour(),
        })
    }

    /// Who counts as the source of a report: of a partner's people all of them together.
    fn source(&self, ground: &Ground, sender: &Sender) -> Result<SourceTag> {
        match &sender.partner {
            Some(partner) => {
                let id = partner.id.to_string();
                Ok(self.secrets.source_tag(ground.code(), Source::Organisation(&id)))
            }
            None => self.citizen(ground, sender.token.as_deref(), sender.network),
        }
    }

    /// Who counts as the source of what a resident says, under the key of this year.
    pub(super) fn citizen(
        &self,
        ground: &Ground,
        token: Option<&str>,
        network: Option<IpAddr>,
    ) -> Result<SourceTag> {
        let year = self.today(&TimeZone::UTC).year();
        self.secrets
            .renew(year, &|bytes| self.random.fill(bytes))
            .map_err(|error| Error::Bug(error.to_string()))?;
        if let Some(token) = token {
            return Ok(self.secrets.source_tag(ground.code(), Source::Browser(token)));
        }
        let mut random = [0; 8];
        self.random.fill(&mut random);
        let alone = self.secrets.source_tag(ground.code(), Source::Alone(random));
        Ok(match network {
            Some(network) => self.lone_senders.tag(network, self.today(&ground.zone), alone),
            None => alone,
        })
    }
}

/// A report whose every field holds.
#[derive(Clone)]
struct Checked {
    category: Category,
    located: Located,
    warnings: Vec<Violation>,
    when: When,
    factors: Vec<Factor>,
    details: Vec<Detail>,
    feeling: Option<Feeling>,
    text: Option<String>,
}

/// What the text of a report should be looked at for, as bits.
pub(super) fn text_flags(text: Option<&str>) -> Flags {
    let found = text.map(wording::flags).unwrap_or_default();
    let has = |seen: bool, flag| if seen { flag } else { Flags::default() };
    let danger = found.contains(&TextFlag::Danger);
    let personal = found.iter().any(|flag| *flag != TextFlag::Danger);
    has(danger, Flags::DANGER).with(has(personal, Flags::PERSONAL))
}

fn located(
    ground: &Ground,
    place: Option<&PlaceDraft>,
) -> std::result::Result<(Located, Vec<Violation>), Violation> {
    let place = place.ok_or_else(|| Violation::new("place", "required"))?;
    let fenced = ground.locate(place)?;
    Ok((fenced.located, fenced.warnings))
}

fn keep<T>(broken: &mut Vec<Violation>, checked: std::result::Result<T, Violation>) -> Option<T> {
    checked.map_err(|violation| broken.push(violation)).ok()
}

/// Checks the form of an `Idempotency-Key`: 1 to 128 visible ASCII characters.
///
/// # Errors
/// [`Error::BadParameter`] for `Idempotency-Key`.
pub(super) fn check_key(key: &str) -> Result<()> {
    let rule = match key {
        "" => "required",
        _ if key.len() > 128 || !key.bytes().all(|b| b.is_ascii_graphic()) => "code_form",
        _ => return Ok(()),
    };
    Err(Error::BadParameter(vec![Violation::new("Idempotency-Key", rule)]))
}

fn days_after(at: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_second(at.as_second() + days * 86_400).unwrap_or(at)
}

/// Counts reports without a token per network prefix and day, in memory only:
/// beyond a few, one network's share the tags of its first.
#[derive(Debug, Default)]
pub struct LoneSenders {
    day: Mutex<LoneDay>,
}

/// The day, and the tags that each network has had on it.
type LoneDay = (Option<Date>, HashMap<IpAddr, Vec<SourceTag>>);

impl LoneSenders {
    fn tag(&self, network: IpAddr, today: Date, fresh: SourceTag) -> SourceTag {
        let mut day = self.day.lock().unwrap_or_else(PoisonError::into_inner);
        if day.0 != Some(today) {
            *day = (Some(today), HashMap::new());
        }
        let tags = day.1.entry(network).or_default();
        if tags.len() < LONE_SOURCES {
            tags.push(fresh);
            return fresh;
        }
        tags.rotate_left(1);
        tags[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_without_tokens_is_at_most_ten_sources_a_day() {
        let senders = LoneSenders::default();
        let network: IpAddr = "198.51.100.7".parse().unwrap();
        let day = jiff::civil::date(2026, 11, 22);
        let tags = |day| {
            (0..100_u64)
                .map(|n| senders.tag(network, day, SourceTag::from_bits(n << 8)).value())
                .collect::<std::collections::HashSet<_>>()
        };
        assert_eq!(tags(day).len(), LONE_SOURCES);
        assert_eq!(tags(day.tomorrow().unwrap()).len(), LONE_SOURCES);
    }

    #[test]
    fn a_key_is_needed_and_has_a_form() {
        assert!(check_key("a-1").is_ok());
        assert!(check_key("").is_err());
        assert!(check_key("with space").is_err());
        assert!(check_key(&"x".repeat(129)).is_err());
    }
}
