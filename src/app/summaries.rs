//! What one context tells the other in a signed file: presence per district and
//! week, and hot spots. Nothing finer leaves, and nothing that is to come.

use super::layers::{LayerRequest, parse_query};
use super::{App, Error, Ground, Result, failure};
use crate::identity::{Signature, hash_token, is_signed};
use crate::store::StoredSummary;
use fyren_core::domain::{
    Context, DistrictCode, Layer, MunicipalityCode, PresenceSource, PresenceWeek, Role, Seq,
    SourceClass, Violation, monday_of,
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// First word of a file, and what its signature is for.
const FORMAT: &str = "fyren-summary";
/// Version of what follows.
const VERSION: &str = "1";
/// Weeks that a summary tells at most: two years.
const WEEKS: i64 = 104;
/// Seconds by which two clocks may differ.
const AHEAD_S: i64 = 3600;

/// What is signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The context that tells.
    pub context: String,
    /// The municipality that it is about.
    pub municipality: String,
    /// When it was made, UTC.
    pub made: String,
    /// First Monday that is told of.
    pub from: String,
    /// Monday after the last week that is told of, which has ended.
    pub to: String,
    /// Generation of the context.
    pub generation: i64,
    /// Presence; a week and district that is not named had none.
    pub presence: Vec<SummaryWeek>,
    /// Hot spots, the first rank first.
    pub hotspots: Vec<SummarySpot>,
}

/// Presence in one district and week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryWeek {
    /// Code of the district.
    pub district: String,
    /// Its Monday.
    pub week: String,
    /// Visits.
    pub visits: u32,
    /// Minutes.
    pub minutes: u32,
}

/// A hot spot, by the cell that stands out most and what staff call the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummarySpot {
    /// Rank.
    pub rank: i64,
    /// Its cell.
    pub key: String,
    /// The nearest named place.
    pub name: Option<String>,
    /// Code of its district.
    pub district: Option<String>,
    /// `confirmed` or `watch`.
    pub status: String,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryOutcome {
    /// It is kept: municipality, context, weeks and hot spots.
    Kept(MunicipalityCode, Context, usize, usize),
    /// The very same one is kept already.
    Known,
}

impl App {
    /// The key under which this installation signs, for the other to trust.
    ///
    /// # Errors
    /// Never with a key of 32 bytes.
    pub fn signing_key(&self) -> Result<String> {
        self.secrets.signing_key().map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// A signed file of what `context` tells of a municipality.
    ///
    /// # Errors
    /// Where a store or an index cannot be read.
    pub async fn export_summary(
        &self,
        actor: &str,
        ground: &Arc<Ground>,
        context: Context,
    ) -> Result<String> {
        let this_week = monday_of(self.today(&ground.zone));
        let from = this_week.saturating_sub((WEEKS * 7).days());
        let logged = self.logged_weeks(ground, context).await?;
        let presence = logged.into_iter().filter(|((district, week), _)| {
            (from..this_week).contains(week) && !district.0.is_empty()
        });
        let presence = presence.map(|((district, week), (visits, minutes))| SummaryWeek {
            district: district.0,
            week: week.to_string(),
            visits,
            minutes,
        });
        let snapshot = self.layers.indexes().snapshot(ground, context).await?;
        let summary = Summary {
            context: context.code().to_owned(),
            municipality: ground.code().to_string(),
            made: self.clock.now().to_string(),
            from: from.to_string(),
            to: this_week.to_string(),
            generation: snapshot.generation().0,
            presence: presence.collect(),
            hotspots: self.spots_to_tell(ground, context).await?,
        };
        let body = serde_json::to_string_pretty(&summary).map_err(|e| Error::Bug(e.to_string()))?;
        let signed = self.secrets.sign(FORMAT, body.as_bytes());
        let signed = signed.map_err(|fault| Error::Bug(fault.to_string()))?;
        let audit = self.audit(actor, "export_summary", Some(ground.code()), None);
        self.store(context).append_audit(audit).await.map_err(failure)?;
        Ok(format!("{FORMAT} {VERSION} {} {}\n{body}\n", signed.key, signed.signature))
    }

    /// Keeps what another context tells in a file signed by one of `trusted`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file of another form or version, a key that is
    /// not trusted, a signature that does not hold, a time to come, or weeks
    /// that break rules; [`Error::NotFound`] for an unknown municipality;
    /// [`Error::Conflict`] `summary_replayed` for one that is not later than
    /// the last.
    pub async fn import_summary(
        &self,
        actor: &str,
        file: &str,
        trusted: &[String],
    ) -> Result<SummaryOutcome> {
        let (summary, body) = opened(file, trusted)?;
        let wrong = |field: &str, rule| Error::from(Violation::new(field, rule));
        let context = Context::parse(&summary.context);
        let context = context.ok_or_else(|| wrong("context", "unknown_value"))?;
        let made: Timestamp = summary.made.parse().map_err(|_bad| wrong("made", "time_form"))?;
        if made.as_second() > self.second() + AHEAD_S {
            return Err(wrong("made", "in_future"));
        }
        let ground = self.ground(&summary.municipality).await?;
        let weeks = told_weeks(&ground, &summary, self.today(&ground.zone))?;
        let counts = (weeks.len(), summary.hotspots.len());
        let weeks = if context == Context::Police { weeks } else { Vec::new() };
        let stored = StoredSummary {
            municipality: ground.code().clone(),
            context,
            generation: Seq(summary.generation),
            made,
            digest: super::digest(&hash_token(file))?,
            content: body.to_owned(),
        };
        let audit = self.audit(actor, "import_summary", Some(ground.code()), None);
        match self.municipal.keep_summary(stored, weeks, audit).await.map_err(failure) {
            Ok(_) => Ok(SummaryOutcome::Kept(ground.code().clone(), context, counts.0, counts.1)),
            Err(Error::Conflict("summary_known")) => Ok(SummaryOutcome::Known),
            Err(other) => Err(other),
        }
    }

    /// The latest summaries of a municipality, for whoever sees hot spots.
    ///
    /// # Errors
    /// As [`super::Staff::must_see`].
    pub async fn list_summaries(
        &self,
        staff: &super::Staff,
        ground: &Ground,
    ) -> Result<Vec<Summary>> {
        staff.must_see(ground.code(), Layer::Hotspots)?;
        let kept = self.municipal.summaries(ground.code()).await.map_err(failure)?;
        kept.iter().map(Summary::read).collect()
    }

    /// What `context` has to tell of hot spots: the municipality those of what
    /// people report, the police those of their own incidents. A place with too
    /// few events to say anything is not told.
    async fn spots_to_tell(
        &self,
        ground: &Arc<Ground>,
        context: Context,
    ) -> Result<Vec<SummarySpot>> {
        let (role, asked) = match context {
            Context::Municipal => (Role::Coordinator, Vec::new()),
            Context::Police => {
                let own = SourceClass::Police.code().to_owned();
                (Role::PolicePlanner, vec![("source".to_owned(), own)])
            }
        };
        let query =
            parse_query(Layer::Hotspots, &asked, &ground.zone).map_err(Error::BadParameter)?;
        let request = LayerRequest {
            ground: Arc::clone(ground),
            layer: Layer::Hotspots,
            roles: Some(vec![role]),
            query,
            today: self.today(&ground.zone),
        };
        let answer = self.layers.prepare(request).await?.answer().await?;
        let spots = answer.features().map(|spot| {
            let field = |name: &str| {
                let found = spot.fields.iter().find(|(field, _)| *field == name);
                found.map(|(_, value)| value)
            };
            let text = |name: &str| match field(name) {
                Some(crate::encode::Value::Text(text)) => Some(text.to_string()),
                _ => None,
            };
            let rank = match field("rank") {
                Some(crate::encode::Value::Int(rank)) => *rank,
                _ => 0,
            };
            SummarySpot {
                rank,
                key: text("key").unwrap_or_default(),
                name: text("name"),
                district: text("district"),
                status: text("status").unwrap_or_default(),
            }
        });
        let firm = |spot: &SummarySpot| ["confirmed", "watch"].contains(&spot.status.as_str());
        Ok(spots.filter(firm).collect())
    }
}

impl Summary {
    /// What a kept summary says.
    pub(super) fn read(kept: &StoredSummary) -> Result<Self> {
        serde_json::from_str(&kept.content).map_err(|fault| Error::Bug(fault.to_string()))
    }
}

/// What a file says, once its signature holds, and the text that was signed.
fn opened<'f>(file: &'f str, trusted: &[String]) -> Result<(Summary, &'f str)> {
    let wrong = |field: &str, rule| Error::from(Violation::new(field, rule));
    let (head, body) = file.split_once('\n').ok_or_else(|| wrong("file", "not_valid"))?;
    let body = body.strip_suffix('\n').unwrap_or(body);
    let words: Vec<&str> = head.split(' ').collect();
    let [FORMAT, version, key, signature] = words[..] else {
        return Err(wrong("file", "not_valid"));
    };
    if version != VERSION {
        return Err(wrong("version", "unknown_value"));
    }
    if !trusted.iter().any(|known| known == key) {
        return Err(wrong("key", "not_trusted"));
    }
    let signature = Signature { key: key.to_owned(), signature: signature.to_owned() };
    if !is_signed(FORMAT, body.as_bytes(), &signature) {
        return Err(wrong("signature", "wrong"));
    }
    let summary = serde_json::from_str(body).map_err(|_shape| wrong("file", "not_valid"))?;
    Ok((summary, body))
}

fn told_weeks(ground: &Ground, summary: &Summary, today: Date) -> Result<Vec<PresenceWeek>> {
    let week = |told: &SummaryWeek| {
        let day: Option<Date> = told.week.parse().ok();
        let known = ground.municipality.districts.iter().any(|d| d.code.0 == told.district);
        if !known {
            return Err(Violation::new("presence.district", "unknown_value"));
        }
        let week = PresenceWeek {
            municipality: ground.code().clone(),
            district: DistrictCode(told.district.clone()),
            week: day.ok_or_else(|| Violation::new("presence.week", "time_form"))?,
            source: PresenceSource::Summary,
            visits: told.visits,
            minutes: told.minutes,
        };
        week.check(today).map_err(|rule| rule.within("presence"))?;
        Ok(week)
    };
    summary.presence.iter().map(week).collect::<std::result::Result<_, _>>().map_err(Error::from)
}
