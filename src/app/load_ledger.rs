//! The promises and measures that the program carries, as ledger rows.

use super::{App, Error, Ground, Result, failure};
use fyren_core::domain::{
    Context, DistrictCode, Id, Indicator, Measure, MeasureStatus, MunicipalityCode, Promise,
    PromiseOwner, PromiseTarget, Purpose, TargetUnit,
};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::fmt::Display;

const SOTENAS: &str = "1427";
const PROMISES: &str = include_str!("../../data/sotenas/promises.json");
const MEASURES: &str = include_str!("../../data/sotenas/measures.json");
const ACTOR: &str = "system";

/// Which of the rows that the program carries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerRows {
    /// Those that were published.
    Published,
    /// Those and the made-up ones of the demonstration, which say so.
    Demonstration,
}

impl App {
    /// Stores the promises (and for a demonstration the measures) that the
    /// program carries for this municipality and gives their number: 0 for all
    /// but Sotenäs. Rows that are there already stay as they are, judgements
    /// included.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn load_ledger(&self, ground: &Ground, rows: LedgerRows) -> Result<usize> {
        if ground.code().as_str() != SOTENAS {
            return Ok(0);
        }
        let today = self.today(&ground.zone);
        let wanted = |synthetic: bool| !synthetic || rows == LedgerRows::Demonstration;
        let known = self.municipal.promises(ground.code()).await.map_err(failure)?;
        let mut stored = 0;
        for row in read::<PromiseRows>(PROMISES)?.promises {
            if wanted(row.synthetic) && known.iter().all(|promise| promise.slug != row.slug) {
                let promise = row.promise(ground.code(), self.new_id(), today)?;
                let audit = self.ledger_audit(ground, "write_promise", &promise.slug);
                self.municipal.save_promise(promise, audit).await.map_err(failure)?;
                stored += 1;
            }
        }
        let known = self.municipal.measures(ground.code()).await.map_err(failure)?;
        for row in read::<MeasureRows>(MEASURES)?.measures {
            let synthetic = row.synthetic;
            let measure = row.measure(ground.code(), today)?;
            if wanted(synthetic) && known.iter().all(|known| known.id != measure.id) {
                let audit = self.ledger_audit(ground, "write_measure", &measure.id.to_string());
                self.municipal.save_measure(measure, audit).await.map_err(failure)?;
                stored += 1;
            }
        }
        Ok(stored)
    }

    fn ledger_audit(
        &self,
        ground: &Ground,
        action: &str,
        subject: &str,
    ) -> crate::store::AuditEntry {
        self.audit(ACTOR, action, Some(ground.code()), Some(subject.to_owned()))
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(carried)
}

fn carried(fault: impl Display) -> Error {
    Error::Bug(format!("the ledger that is carried: {fault}"))
}

fn code<T>(code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(code).ok_or_else(|| carried(format!("{code} is no code")))
}

#[derive(Deserialize)]
struct PromiseRows {
    promises: Vec<PromiseRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PromiseRow {
    slug: String,
    #[serde(default)]
    synthetic: bool,
    #[serde(default)]
    this_year: bool,
    from: Option<String>,
    to: Option<String>,
    owner: String,
    theme: String,
    sv: String,
    en: String,
    at_least: Option<u32>,
    #[serde(default)]
    need_based: bool,
    unit: String,
    purposes: Vec<String>,
    source: String,
}

impl PromiseRow {
    fn promise(self, municipality: &MunicipalityCode, id: Id, today: Date) -> Result<Promise> {
        let day = |given: &Option<String>, this_year: Date| match given {
            None if self.this_year => Ok(this_year),
            None => Err(carried("no period")),
            Some(day) => day.parse().map_err(carried),
        };
        let target = match self.at_least {
            Some(number) => PromiseTarget::AtLeast(number),
            None if self.need_based => PromiseTarget::NeedBased,
            None => PromiseTarget::NoNumber,
        };
        let purposes = self.purposes.iter().map(|purpose| code(purpose, Purpose::parse));
        Ok(Promise {
            id,
            municipality: municipality.clone(),
            from: day(&self.from, today.first_of_year())?,
            to: day(&self.to, today.last_of_year())?,
            owner: code(&self.owner, PromiseOwner::parse)?,
            target,
            unit: code(&self.unit, TargetUnit::parse)?,
            purposes: purposes.collect::<Result<_>>()?,
            slug: self.slug,
            theme: self.theme,
            text: (self.sv, self.en),
            evidence: Vec::new(),
            verdict: None,
            verdict_reason: None,
            source: self.source,
        })
    }
}

#[derive(Deserialize)]
struct MeasureRows {
    measures: Vec<MeasureRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MeasureRow {
    id: String,
    synthetic: bool,
    district: Option<String>,
    problem_sv: String,
    problem_en: String,
    action_sv: String,
    action_en: String,
    owner: String,
    context: String,
    decided_days_ago: i64,
    due_in_days: i64,
    status: String,
    indicator: String,
}

impl MeasureRow {
    fn measure(self, municipality: &MunicipalityCode, today: Date) -> Result<Measure> {
        let measure = Measure {
            id: code(&self.id, Id::parse)?,
            municipality: municipality.clone(),
            district: self.district.map(DistrictCode),
            problem: (self.problem_sv, self.problem_en),
            action: (self.action_sv, self.action_en),
            owner: self.owner,
            context: code(&self.context, Context::parse)?,
            decided_on: today.saturating_sub(self.decided_days_ago.days()),
            due_on: today.saturating_add(self.due_in_days.days()),
            status: code(&self.status, MeasureStatus::parse)?,
            indicator: code(&self.indicator, Indicator::parse)?,
            outcome: None,
            promise: None,
            spot: None,
            synthetic: self.synthetic,
        };
        measure.check()?;
        Ok(measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn promises() -> Vec<Promise> {
        let municipality = MunicipalityCode::parse(SOTENAS).unwrap();
        let today = jiff::civil::date(2026, 11, 22);
        let rows = read::<PromiseRows>(PROMISES).unwrap().promises;
        let each = rows.into_iter().map(|row| row.promise(&municipality, Id::from_bits(1), today));
        each.collect::<Result<_>>().unwrap()
    }

    #[test]
    fn every_carried_promise_has_a_period_and_a_name_of_its_own() {
        let promises = promises();
        let slugs: BTreeSet<_> = promises.iter().map(|promise| &promise.slug).collect();
        assert_eq!(slugs.len(), promises.len());
        assert!(promises.iter().all(|promise| promise.from < promise.to));
    }

    #[test]
    fn the_promise_of_2021_was_at_least_20_traffic_controls() {
        let promises = promises();
        let controls = promises.iter().find(|p| p.slug == "2021-traffic-controls").unwrap();
        assert_eq!(controls.target, PromiseTarget::AtLeast(20));
        assert_eq!(controls.purposes, [Purpose::TrafficControl, Purpose::SobrietyControl]);
    }

    #[test]
    fn what_is_counted_names_what_is_counted() {
        for promise in promises() {
            assert_eq!(promise.unit == TargetUnit::None, promise.purposes.is_empty());
        }
    }

    #[test]
    fn made_up_rows_say_so_in_their_words() {
        for row in read::<PromiseRows>(PROMISES).unwrap().promises {
            assert_eq!(row.synthetic, row.en.starts_with("Made-up example"), "{}", row.slug);
            assert_eq!(row.synthetic, row.sv.starts_with("Påhittat exempel"), "{}", row.slug);
        }
    }

    #[test]
    fn the_carried_measure_has_an_owner_and_a_day() {
        let municipality = MunicipalityCode::parse(SOTENAS).unwrap();
        let today = jiff::civil::date(2026, 11, 22);
        for row in read::<MeasureRows>(MEASURES).unwrap().measures {
            let measure = row.measure(&municipality, today).unwrap();
            assert!(measure.synthetic && measure.due_on > today);
        }
    }
}
