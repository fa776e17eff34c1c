//! Letters to offices: on working days who waits for an answer, the day after its follow-up
//! which measure is due, and to those above once it is a week late.

use super::{ANSWER_DAYS, App, Ground, Result, failure, send_letters::on_day};
use crate::store::OfficeLetter;
use fyren_core::domain::{
    LetterKind, Measure, MunicipalityCode, Office, OfficePurpose, Violation, is_working_day,
};
use jiff::{SignedDuration, civil::Date};

/// The local hour from which on reminders are written.
const MORNING: i8 = 7;
/// Days after its follow-up on which a measure goes to those above.
const ESCALATED_AFTER: i64 = 7;
/// Languages that offices are written to in.
const LANGUAGES: [&str; 2] = ["sv", "en"];
/// For how long a node may take.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

impl App {
    /// Queues the letters of this morning, once a working day and municipality
    /// whichever node comes first.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn remind_offices(&self) -> Result<()> {
        let holder = self.new_id().to_string();
        for municipality in self.municipalities().await? {
            let ground = self.ground(municipality.code.as_str()).await?;
            let local = self.clock.now().to_zoned(ground.zone.clone());
            if local.hour() < MORNING || !is_working_day(local.date()) {
                continue;
            }
            let job = on_day("reminders", ground.code(), local.date());
            let (name, now) = (job.name.clone(), self.clock.now());
            self.municipal.enqueue_job(job).await.map_err(failure)?;
            let leased = self.municipal.lease_job(&name, &holder, now, now + LEASE).await;
            if !leased.map_err(failure)? {
                continue;
            }
            let letters = self.reminders(&ground, local.date()).await?;
            let count = letters.len();
            self.municipal.queue_letters(letters).await.map_err(failure)?;
            tracing::info!(job = "reminders", municipality = %ground.code(), count, "reminded");
            self.municipal.finish_job(&name, &holder, self.clock.now()).await.map_err(failure)?;
        }
        Ok(())
    }

    async fn reminders(&self, ground: &Ground, today: Date) -> Result<Vec<OfficeLetter>> {
        let offices = self.municipal.offices(ground.code()).await.map_err(failure)?;
        if offices.is_empty() {
            return Ok(Vec::new());
        }
        let mut told = Vec::new();
        let waiting = self.waiting(ground).await?;
        let overdue = waiting.iter().filter(|waited| waited.is_overdue()).count();
        if overdue > 0 {
            let details = format!("n={}\noverdue={overdue}\ndays={ANSWER_DAYS}", waiting.len());
            told.push((OfficePurpose::Digest, LetterKind::Unanswered, [details.clone(), details]));
        }
        let measures = self.measures(ground.code()).await?;
        let (due, escalated) = late(&measures, today);
        let letters = [
            (OfficePurpose::Digest, LetterKind::Overdue, due),
            (OfficePurpose::Escalation, LetterKind::Escalated, escalated),
        ];
        for (purpose, kind, late) in letters {
            if !late.is_empty() {
                told.push((purpose, kind, listed(&late)));
            }
        }
        let hour = self.this_hour();
        let letter = |kind: LetterKind, at: usize, office: &Office, details: &str| OfficeLetter {
            id: format!("{kind}:{}:{today}:{at}", ground.code()),
            municipality: ground.code().clone(),
            address: office.address.clone(),
            kind,
            language: office.language.clone(),
            details: details.to_owned(),
            queued_hour: hour,
        };
        let each = told.iter().flat_map(|(purpose, kind, details)| {
            let offices = offices.iter().enumerate();
            let theirs = offices.filter(move |(_, office)| office.purpose == *purpose);
            theirs.map(move |(at, office)| {
                let [swedish, english] = details;
                let details = if office.language == "en" { english } else { swedish };
                letter(*kind, at, office, details)
            })
        });
        Ok(each.collect())
    }

    /// Replaces the addresses that a municipality's reminders go to.
    ///
    /// # Errors
    /// [`super::Error::Invalid`] for an address of no form or a language that
    /// letters are not written in,
    /// [`super::Error::NotFound`] without such a municipality.
    pub async fn save_offices(
        &self,
        actor: &str,
        code: &MunicipalityCode,
        offices: Vec<Office>,
    ) -> Result<()> {
        self.ground(code.as_str()).await?;
        if offices.iter().any(|office| !crate::mail::is_address(&office.address)) {
            return Err(Violation::new("address", "address_form").into());
        }
        if offices.iter().any(|office| !LANGUAGES.contains(&office.language.as_str())) {
            return Err(Violation::new("language", "unknown_value").into());
        }
        let audit = self.audit(actor, "save_offices", Some(code), None);
        self.municipal.save_offices(code, offices, audit).await.map_err(failure)
    }
}

/// The open measures whose follow-up was yesterday or earlier, and those of
/// them that are a week late: those that became so since the working day before.
fn late(measures: &[Measure], today: Date) -> (Vec<&Measure>, Vec<&Measure>) {
    let mut before = today.yesterday().unwrap_or(today);
    while !is_working_day(before) && before > Date::MIN {
        before = before.yesterday().unwrap_or(Date::MIN);
    }
    let reaches = |measure: &&Measure, after: i64| {
        let day = measure.due_on.saturating_add(jiff::Span::new().days(after));
        !measure.status.has_ended() && before < day && day <= today
    };
    let due = measures.iter().filter(|measure| reaches(measure, 1)).collect();
    let escalated = measures.iter().filter(|measure| reaches(measure, ESCALATED_AFTER)).collect();
    (due, escalated)
}

/// The measures in one language and the other, as a letter names them.
fn listed(measures: &[&Measure]) -> [String; 2] {
    let list = |action: fn(&Measure) -> &str| {
        let named = measures.iter().map(|measure| {
            let action = action(measure).replace(['\n', '\r'], " ");
            format!("{action} ({}, {})", measure.owner, measure.due_on)
        });
        format!("n={}\nlist={}", measures.len(), named.collect::<Vec<_>>().join("; "))
    };
    [list(|measure| &measure.action.0), list(|measure| &measure.action.1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::{Context, Id, Indicator, MeasureStatus};
    use jiff::civil::date;

    fn measure(due_on: Date, status: MeasureStatus) -> Measure {
        Measure {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            district: None,
            problem: ("p".to_owned(), "p".to_owned()),
            action: ("Byt\nlampor".to_owned(), "a".to_owned()),
            owner: "Gatuenheten".to_owned(),
            context: Context::Municipal,
            decided_on: date(2026, 1, 1),
            due_on,
            status,
            indicator: Indicator::Reports,
            outcome: None,
            promise: None,
            spot: None,
            synthetic: true,
        }
    }

    #[test]
    fn a_measure_is_named_once_the_day_after_and_once_a_week_after() {
        let running = [measure(date(2026, 11, 20), MeasureStatus::Running)];
        // Friday 20 November is the day of follow-up; the day after is a Saturday.
        let told: Vec<(usize, usize)> = [21, 22, 23, 24, 26, 27, 30]
            .map(|day| date(2026, 11, day))
            .iter()
            .filter(|day| is_working_day(**day))
            .map(|day| late(&running, *day))
            .map(|(due, escalated)| (due.len(), escalated.len()))
            .collect();
        assert_eq!(told, [(1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]);
        let done = [measure(date(2026, 11, 20), MeasureStatus::Done)];
        assert_eq!(late(&done, date(2026, 11, 23)).0.len(), 0);
    }

    #[test]
    fn a_list_stays_in_one_line() {
        let one = measure(date(2026, 11, 20), MeasureStatus::Running);
        let [swedish, english] = listed(&[&one]);
        assert_eq!(swedish, "n=1\nlist=Byt lampor (Gatuenheten, 2026-11-20)");
        assert_eq!(english, "n=1\nlist=a (Gatuenheten, 2026-11-20)");
    }
}
