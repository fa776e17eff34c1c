//! Presence of the police as a municipality tells it without any log-in of the
//! police: visits and minutes per district and week.

use super::{App, Error, Ground, Result, Staff, failure};
use crate::import::read_presence_weeks;
use crate::spatial::{Event, Filter};
use fyren_core::domain::{
    Context, DistrictCode, EventKind, Flags, Operation, PresenceSource, PresenceWeek, Violation,
    believed, monday_of,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One row as it was typed.
#[derive(Debug, Clone)]
pub struct PresenceDraft {
    /// Code of the district.
    pub district: String,
    /// Monday of the week.
    pub week: String,
    /// Visits.
    pub visits: u32,
    /// Minutes.
    pub minutes: u32,
}

/// What came of a file of weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldWeeks {
    /// Rows that were stored.
    pub stored: usize,
    /// Rows that were refused: line, field and rule.
    pub refused: Vec<(usize, Violation)>,
}

impl App {
    /// Stores what a coordinator has typed, each row in the place of what was
    /// typed before for its district and week.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the row, the field and the rule.
    pub async fn tell_presence(
        &self,
        staff: &Staff,
        ground: &Ground,
        rows: &[PresenceDraft],
    ) -> Result<usize> {
        staff.must(ground.code(), Operation::TellPresence)?;
        let mut weeks = Vec::new();
        let mut broken = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match self.drafted_week(ground, row, PresenceSource::Typed) {
                Ok(week) => weeks.push(week),
                Err(rule) => {
                    broken.push(Violation::new(format!("rows.{at}.{}", rule.field), rule.rule));
                }
            }
        }
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        let stored = weeks.len();
        self.keep_weeks(staff.name(), ground, weeks, "tell_presence").await?;
        Ok(stored)
    }

    /// Stores the rows of a CSV file; a row that breaks a rule is refused with
    /// its line and the others are stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that has not the columns.
    pub async fn import_presence(
        &self,
        staff: &Staff,
        ground: &Ground,
        file: &[u8],
    ) -> Result<ToldWeeks> {
        staff.must(ground.code(), Operation::TellPresence)?;
        self.read_presence(staff.name(), ground, file).await
    }

    /// The same for the command line, which is the operator's own.
    ///
    /// # Errors
    /// As [`App::import_presence`].
    pub async fn read_presence(
        &self,
        actor: &str,
        ground: &Ground,
        file: &[u8],
    ) -> Result<ToldWeeks> {
        let rows = read_presence_weeks(file)?;
        let (mut weeks, mut refused) = (Vec::new(), Vec::new());
        for (line, row) in rows {
            let read = row.and_then(|row| {
                let draft = PresenceDraft {
                    district: row.district,
                    week: row.week,
                    visits: row.visits,
                    minutes: row.minutes,
                };
                self.drafted_week(ground, &draft, PresenceSource::Imported)
            });
            match read {
                Ok(week) => weeks.push(week),
                Err(rule) => refused.push((line, rule)),
            }
        }
        let stored = weeks.len();
        self.keep_weeks(actor, ground, weeks, "import_presence").await?;
        Ok(ToldWeeks { stored, refused })
    }

    /// Everything that is told, whatever is believed of it.
    ///
    /// # Errors
    /// As [`Staff::must`].
    pub async fn list_presence(&self, staff: &Staff, ground: &Ground) -> Result<Vec<PresenceWeek>> {
        staff.must(ground.code(), Operation::TellPresence)?;
        self.municipal.presence_weeks(ground.code()).await.map_err(failure)
    }

    /// What is believed of presence that is told by the week: nothing of weeks
    /// in which the log of the police has a visit.
    ///
    /// # Errors
    /// Where a store or an index cannot be read.
    pub(super) async fn believed_weeks(&self, ground: &Ground) -> Result<Vec<PresenceWeek>> {
        let told = self.municipal.presence_weeks(ground.code()).await.map_err(failure)?;
        if told.is_empty() {
            return Ok(told);
        }
        let logged: BTreeSet<Date> = self
            .logged_weeks(ground, Context::Police)
            .await?
            .into_keys()
            .map(|(_, week)| week)
            .collect();
        Ok(believed(told, |week| logged.contains(&week)))
    }

    /// Visits and minutes of a context's own log, per district and week.
    ///
    /// # Errors
    /// Where the index cannot be loaded.
    pub(super) async fn logged_weeks(
        &self,
        ground: &Ground,
        context: Context,
    ) -> Result<BTreeMap<(DistrictCode, Date), (u32, u32)>> {
        let stands = Filter {
            kinds: vec![EventKind::Visit],
            without: Flags::CORRECTED,
            ..Filter::default()
        };
        let read = |event: Event<'_>| {
            let day = event.start?.to_zoned(ground.zone.clone()).date();
            let minutes = event.weight;
            Some((DistrictCode(event.district.to_owned()), monday_of(day), minutes))
        };
        let mut weeks: BTreeMap<(DistrictCode, Date), (u32, u32)> = BTreeMap::new();
        for (district, week, minutes) in self.gather(ground, context, &stands, read).await? {
            let sum = weeks.entry((district, week)).or_default();
            *sum = (sum.0 + 1, sum.1.saturating_add(minutes));
        }
        Ok(weeks)
    }

    fn drafted_week(
        &self,
        ground: &Ground,
        row: &PresenceDraft,
        source: PresenceSource,
    ) -> std::result::Result<PresenceWeek, Violation> {
        let known = ground.municipality.districts.iter();
        let known = known.map(|district| &district.code).find(|code| code.0 == row.district);
        let district = known.ok_or_else(|| Violation::new("district", "unknown_value"))?;
        let day: Option<Date> = row.week.parse().ok();
        let week = PresenceWeek {
            municipality: ground.code().clone(),
            district: district.clone(),
            week: day.ok_or_else(|| Violation::new("week", "date_form"))?,
            source,
            visits: row.visits,
            minutes: row.minutes,
        };
        week.check(self.today(&ground.zone))?;
        Ok(week)
    }

    async fn keep_weeks(
        &self,
        actor: &str,
        ground: &Ground,
        weeks: Vec<PresenceWeek>,
        action: &str,
    ) -> Result<()> {
        if weeks.is_empty() {
            return Ok(());
        }
        let entry = self.audit(actor, action, Some(ground.code()), None);
        let entry = crate::store::AuditEntry { detail: format!("{} weeks", weeks.len()), ..entry };
        self.municipal.save_presence_weeks(ground.code(), weeks, entry).await.map_err(failure)?;
        Ok(())
    }
}
