//! A first look at a file: what its columns were taken for, and what that
//! makes of its first rows.

use super::events::{Batch, Maker};
use super::facts::FactPlace;
use super::lasting::Lasting;
use super::place::{Places, Spot};
use super::report::Tally;
use super::{FileFailure, ImportJob, Opener, blocking, request, surveyed};
use crate::app::{App, Ground};
use crate::import::{Draft, Facts, ImportError, Kind, Plan, Record, Row, read};
use fyren_core::domain::{ExposurePlace, Located, Place, TimePrecision, Violation, When};
use std::sync::Arc;

/// Rows that are shown.
const SHOWN: usize = 5;

/// How a file is understood, with its first rows.
#[derive(Debug)]
pub struct Look {
    /// How it is understood.
    pub plan: Plan,
    /// Its first rows.
    pub samples: Vec<Sample>,
}

/// One of the first rows.
#[derive(Debug)]
pub struct Sample {
    /// The row as it stands in the file.
    pub record: Record,
    /// When, what and where, or the rule that it breaks.
    pub outcome: Result<Understood, Violation>,
}

/// What was made of a row.
#[derive(Debug)]
pub struct Understood {
    /// When.
    pub when: When,
    /// The source's word for what it is about.
    pub category: Option<String>,
    /// Where; of an area nothing.
    pub located: Option<Located>,
}

impl App {
    /// Looks through a file as [`App::import_file`] would, stores nothing, and
    /// shows what would become of its first five rows.
    ///
    /// # Errors
    /// As [`App::import_file`].
    pub async fn look_at_file(&self, job: ImportJob, open: Opener) -> Result<Look, FileFailure> {
        let grounds = self.grounds_of(&job).await?;
        let request = request(&job, &grounds)?;
        let (plan, _) = surveyed(Arc::clone(&open), request).await?;
        let hour = self.this_hour();
        blocking(move || {
            let mut maker = Maker::new(&job, &Lasting::dry(), hour);
            let places = Places::new(grounds);
            let mut samples = Vec::new();
            let file = open().map_err(ImportError::from)?;
            let walked = read(file, &plan, &mut |row| {
                samples.push(sample(row, &plan, &places, &mut maker));
                if samples.len() < SHOWN { Ok(()) } else { Err(ImportError::Stopped) }
            });
            match walked {
                Ok(_) | Err(ImportError::Stopped) => Ok(Look { plan, samples }),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}

fn sample(row: Row, plan: &Plan, places: &Places, maker: &mut Maker) -> Sample {
    let Row { record, outcome } = row;
    let outcome = outcome.and_then(|draft| understood(&draft, plan, places, maker));
    Sample { record, outcome }
}

fn understood(
    draft: &Draft,
    plan: &Plan,
    places: &Places,
    maker: &mut Maker,
) -> Result<Understood, Violation> {
    let mut tally = Tally::default();
    let spot = places.locate(draft, plan, &mut tally)?;
    let located = match &spot {
        Spot::Event(_, located) => Some(located.clone()),
        Spot::Fact(ground, place) => fact_located(ground, place),
        Spot::Area(_) => None,
    };
    if plan.kind != Kind::Tracks {
        maker.add(draft, spot, &mut Batch::new(plan.kind), &mut tally)?;
    }
    let when = match &draft.facts {
        Facts::Speed { start, .. } => When::Instant { at: *start, precision: TimePrecision::Hour },
        _ => draft.when,
    };
    let category = match &draft.facts {
        Facts::Exposure { kind, .. } => Some(kind.code().to_owned()),
        Facts::Speed { site, .. } => Some(site.clone()),
        Facts::Survey(said) => Some(said.question.clone()),
        Facts::None => draft.category.clone(),
    };
    Ok(Understood { when, category, located })
}

/// The point of what is no event, to be shown on the map.
fn fact_located(ground: &Ground, place: &FactPlace) -> Option<Located> {
    let (position, precision_m) = match place {
        FactPlace::Exposure(ExposurePlace::Around { position, radius_m }) => (*position, *radius_m),
        FactPlace::Site(Some(position)) => (*position, 1.0),
        FactPlace::Exposure(_) | FactPlace::Site(None) | FactPlace::Asked(_) => return None,
    };
    ground.geofence.locate(Place::Point { position, precision_m }).ok().map(|f| f.located)
}
