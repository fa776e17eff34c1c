//! Rows that are no events: amounts that events follow, measured speeds, and
//! answers of surveys.

use super::place::{Places, inner};
use crate::app::{Ground, shipped};
use crate::import::{Draft, DraftPlace, Facts};
use crate::store::Origin;
use fyren_core::domain::{
    DistrictCode, ExposureItem, ExposurePlace, Id, LocalityKind, MunicipalityCode, Place, Position,
    SpeedHour, SurveyAnswer, Violation,
};
use std::sync::Arc;

/// The ground of an amount, or the site of a measurement.
pub enum FactPlace {
    /// Of an amount.
    Exposure(ExposurePlace),
    /// Of a measurement, where it is known.
    Site(Option<Position>),
    /// Of those who were asked: a district, or all of the municipality.
    Asked(Option<DistrictCode>),
}

impl Places {
    /// Finds the municipality and the ground of a row that is no event.
    ///
    /// # Errors
    /// As [`Places::locate`]; `area: no_ground` for a small statistical area,
    /// of which only the code is known here: its polygon has to be in the file.
    pub(super) fn fact(&self, draft: &Draft) -> Result<(Arc<Ground>, FactPlace), Violation> {
        match &draft.facts {
            Facts::Speed { site, .. } => self.site(site, draft),
            Facts::Exposure { kind, .. } => {
                let radius_m = draft.precision_m.unwrap_or_else(|| kind.radius_m());
                let (ground, place) = self.exposed(draft, radius_m)?;
                Ok((ground, FactPlace::Exposure(place)))
            }
            Facts::Survey(_) => {
                let word = draft.area.as_deref();
                let word = word.ok_or_else(|| Violation::new("area", "required"))?;
                let (ground, district) = self.area_of(word)?;
                let asked = district.filter(|code| is_district(&ground, code, word));
                let whole = [ground.code().as_str(), &ground.municipality.name];
                // What was said in a village is not what its district says.
                if asked.is_none() && !whole.iter().any(|name| same(name, word)) {
                    return Err(Violation::new("area", "no_district"));
                }
                Ok((ground, FactPlace::Asked(asked)))
            }
            Facts::None => Err(Violation::new("place", "required")),
        }
    }

    fn exposed(
        &self,
        draft: &Draft,
        radius_m: f64,
    ) -> Result<(Arc<Ground>, ExposurePlace), Violation> {
        match &draft.place {
            DraftPlace::Point(position) => {
                let ground = self.holding(*position)?;
                Ok((ground, ExposurePlace::Around { position: *position, radius_m }))
            }
            DraftPlace::Ground(area) => {
                Ok((self.holding(inner(area)?)?, ExposurePlace::Area(area.clone())))
            }
            DraftPlace::Shape(_) => Err(Violation::new("geometry", "unsupported_kind")),
            DraftPlace::AreaOnly => self.named(draft, radius_m),
        }
    }

    /// The ground that a word means: a district, a named place, or the whole
    /// municipality.
    fn named(
        &self,
        draft: &Draft,
        radius_m: f64,
    ) -> Result<(Arc<Ground>, ExposurePlace), Violation> {
        let word = draft.area.as_deref().ok_or_else(|| Violation::new("place", "required"))?;
        if shipped::is_deso(word) {
            return Err(Violation::new("area", "no_ground"));
        }
        let (ground, district) = self.area_of(word)?;
        let itself = |code: &DistrictCode| is_district(&ground, code, word);
        let place = match (locality(&ground, word), district) {
            (_, Some(code)) if itself(&code) => ExposurePlace::District(code),
            (Some(position), _) => ExposurePlace::Around { position, radius_m },
            (None, Some(code)) => ExposurePlace::District(code),
            (None, None) => ExposurePlace::Municipality,
        };
        Ok((ground, place))
    }

    /// A site lies where its row says, else where a place of its name is, else
    /// nobody knows where.
    fn site(&self, site: &str, draft: &Draft) -> Result<(Arc<Ground>, FactPlace), Violation> {
        if let DraftPlace::Point(position) = draft.place {
            return Ok((self.holding(position)?, FactPlace::Site(Some(position))));
        }
        let words = [Some(site), draft.area.as_deref()];
        let named = words.into_iter().flatten().find_map(|word| {
            let ground = self.area_of(word).ok()?.0;
            let position = locality(&ground, word)?;
            Some((ground, FactPlace::Site(Some(position))))
        });
        named.or_else(|| Some((self.only()?, FactPlace::Site(None)))).ok_or_else(|| {
            let rule = if draft.area.is_some() { "unknown_area" } else { "required" };
            Violation::new("place", rule)
        })
    }

    /// The municipality that holds a position, which lies in it.
    pub(super) fn holding(&self, position: Position) -> Result<Arc<Ground>, Violation> {
        let ground = self.ground_around(position)?;
        ground.geofence.locate(Place::Point { position, precision_m: 1.0 })?;
        Ok(ground)
    }
}

/// Whether a word is the code or the name of a district, and not of a place in it.
fn is_district(ground: &Ground, code: &DistrictCode, word: &str) -> bool {
    let districts = &ground.municipality.districts;
    let mut named = districts.iter().filter(|one| one.code == *code);
    named.any(|one| same(&one.code.0, word) || same(&one.name, word))
}

fn same(name: &str, word: &str) -> bool {
    crate::import::plain(name) == crate::import::plain(word)
}

/// Where the named place with this name is, the most important one first.
fn locality(ground: &Ground, word: &str) -> Option<Position> {
    let asked = crate::import::plain(word);
    let localities = ground.municipality.localities.iter();
    let settled = |kind: LocalityKind| kind != LocalityKind::Stop;
    let same = localities.filter(|one| crate::import::plain(&one.name) == asked);
    same.max_by_key(|one| (settled(one.kind), one.weight)).map(|one| one.position)
}

/// The amount that a row says.
pub fn exposure(
    (id, municipality): (Id, MunicipalityCode),
    draft: &Draft,
    place: ExposurePlace,
    name: Option<String>,
) -> Result<ExposureItem, Violation> {
    let Facts::Exposure { kind, amount, months } = draft.facts else {
        return Err(Violation::new("amount", "required"));
    };
    Ok(ExposureItem { id, municipality, kind, name, place, amount, months })
}

/// The hour that a row measured.
pub fn speed_hour(
    (id, municipality): (Id, MunicipalityCode),
    draft: &Draft,
    position: Option<Position>,
    site: String,
) -> Result<SpeedHour, Violation> {
    let Facts::Speed { start, count, speeds: [mean_kmh, v85_kmh, limit_kmh], .. } = draft.facts
    else {
        return Err(Violation::new("count", "required"));
    };
    let hour =
        SpeedHour { id, municipality, site, position, start, count, mean_kmh, v85_kmh, limit_kmh };
    hour.check()?;
    Ok(hour)
}

/// The answers that a row gives; words are those of the draft, cut to size.
pub fn survey_answer(
    (id, municipality): (Id, MunicipalityCode),
    draft: &Draft,
    district: Option<DistrictCode>,
    kept: &mut dyn FnMut(Option<&str>) -> Option<String>,
) -> Result<SurveyAnswer, Violation> {
    let Facts::Survey(said) = &draft.facts else {
        return Err(Violation::new("survey", "required"));
    };
    let answer = SurveyAnswer {
        id,
        municipality,
        survey: kept(Some(&said.survey)).unwrap_or_default(),
        year: said.year,
        mode: said.mode,
        district,
        question: kept(Some(&said.question)).unwrap_or_default(),
        wording: kept(draft.text.as_deref()),
        group: kept(Some(&said.group)).unwrap_or_default(),
        asked: said.asked,
        value: said.value,
        unit: said.unit,
        interval: said.interval,
        source: kept(draft.source.as_deref()),
        note: kept(said.note.as_deref()),
    };
    answer.check()?;
    Ok(answer)
}

/// Rows with their origin.
pub type Noted<T> = Vec<(T, Origin)>;
