//! Where people and roads are, and in which months: what an expectation of
//! events rests on.

use super::{DistrictCode, Id, MunicipalityCode, Position, Seasons, Violation};
use geo_types::MultiPolygon;
use jiff::ToSpan;
use jiff::civil::Date;

super::code::code_enum! {
    /// What an amount counts.
    pub enum ExposureKind {
        /// People who live there.
        Residents = "residents",
        /// Beds for guests: hotels, hostels, camping sites, rooms for rent.
        Beds = "beds",
        /// Berths for visiting boats.
        Berths = "berths",
        /// Homes that are lived in for a part of the year.
        Homes = "homes",
        /// Kilometres of road.
        RoadKm = "road_km",
    }
}

impl ExposureKind {
    /// Whether it brings guests, whom no register of residents knows.
    #[must_use]
    pub const fn guests(self) -> bool {
        matches!(self, Self::Beds | Self::Berths | Self::Homes)
    }

    /// People behind one of it when it is full; none for a road. A boat and a
    /// part-year home are taken as two people, which is an assumption.
    #[must_use]
    pub const fn people(self) -> f64 {
        match self {
            Self::Residents | Self::Beds => 1.0,
            Self::Berths | Self::Homes => 2.0,
            Self::RoadKm => 0.0,
        }
    }

    /// How far from a point its people are spread, in metres, where a source
    /// does not say: residents over a settlement, guests around their house or
    /// quay.
    #[must_use]
    pub const fn radius_m(self) -> f64 {
        match self {
            Self::Residents | Self::Homes => 1_200.0,
            Self::Beds | Self::Berths => 400.0,
            Self::RoadKm => 250.0,
        }
    }
}

/// How full something is in each month, January first: 1 is full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Months([f64; 12]);

/// Days of each month, January first, in a window of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthDays([f64; 12]);

impl Months {
    /// Full all year.
    pub const ALL: Self = Self([1.0; 12]);

    /// The largest factor of a month: ten times as many as counted.
    pub const MOST: f64 = 10.0;

    /// A factor for each month.
    ///
    /// # Errors
    /// Violates `season: out_of_range` unless all are within 0 and
    /// [`Months::MOST`], and `season: all_zero` where no month has any.
    pub fn new(factors: [f64; 12]) -> Result<Self, Violation> {
        if !factors.iter().all(|factor| (0.0..=Self::MOST).contains(factor)) {
            return Err(Violation::new("season", "out_of_range"));
        }
        if factors.iter().all(|factor| *factor <= 0.0) {
            return Err(Violation::new("season", "all_zero"));
        }
        Ok(Self(factors))
    }

    /// The factors, January first.
    #[must_use]
    pub const fn factors(&self) -> &[f64; 12] {
        &self.0
    }

    /// How full it is on the average day of a window.
    #[must_use]
    pub fn on_average(&self, days: &MonthDays) -> f64 {
        let all: f64 = days.0.iter().sum();
        self.0.iter().zip(days.0).map(|(factor, days)| factor * days).sum::<f64>() / all
    }
}

impl MonthDays {
    /// A whole year.
    pub const YEAR: Self =
        Self([31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0]);

    /// The days from `from` to the day before `to` that lie in `seasons`, all
    /// of them where that set is empty. [`MonthDays::YEAR`], cut to the
    /// seasons, for a window of more than a hundred years or none at all.
    #[must_use]
    pub fn between(from: Date, to: Date, seasons: Seasons) -> Self {
        const LONGEST: i32 = 36_525;
        let asked = |month: usize| seasons.is_empty() || seasons.meets(season(month));
        let length = (to - from).get_days();
        let mut days = [0.0; 12];
        if (1..=LONGEST).contains(&length) {
            for day in from.series(1.day()).take_while(|day| *day < to) {
                days[usize::from(day.month().unsigned_abs()) - 1] += 1.0;
            }
        }
        let cut = |days: [f64; 12]| {
            std::array::from_fn(|month| if asked(month) { days[month] } else { 0.0 })
        };
        let within = cut(days);
        let any = within.iter().any(|days| *days > 0.0);
        Self(if any { within } else { cut(Self::YEAR.0) })
    }
}

/// The season of a month, January being 0.
const fn season(month: usize) -> Seasons {
    Seasons::from_bits(match month {
        2..=4 => 1,
        5..=7 => 2,
        8..=10 => 4,
        _ => 8,
    })
}

/// The ground that an amount is spread over.
#[derive(Debug, Clone, PartialEq)]
pub enum ExposurePlace {
    /// The land around a point.
    Around {
        /// The point.
        position: Position,
        /// Metres from it.
        radius_m: f64,
    },
    /// The land of an area, in degrees.
    Area(MultiPolygon<f64>),
    /// The land of a district.
    District(DistrictCode),
    /// All land of the municipality.
    Municipality,
}

/// An amount of something that events are expected to follow.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureItem {
    /// Identity.
    pub id: Id,
    /// Whose it is.
    pub municipality: MunicipalityCode,
    /// What it counts.
    pub kind: ExposureKind,
    /// What it is called.
    pub name: Option<String>,
    /// Where.
    pub place: ExposurePlace,
    /// How much, when it is full; at least 0.
    pub amount: f64,
    /// How full it is in each month.
    pub months: Months,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summer_only() -> Months {
        let mut factors = [0.0; 12];
        factors[5..8].fill(1.0);
        Months::new(factors).unwrap()
    }

    fn days(from: &str, to: &str, seasons: &str) -> MonthDays {
        let seasons = Seasons::parse(seasons).unwrap_or_default();
        MonthDays::between(from.parse().unwrap(), to.parse().unwrap(), seasons)
    }

    #[test]
    fn beds_of_the_summer_are_full_in_july_and_a_quarter_full_in_a_year() {
        let beds = summer_only();
        assert!((beds.on_average(&days("2026-07-01", "2026-08-01", "")) - 1.0).abs() < 1e-12);
        assert!(beds.on_average(&days("2026-01-01", "2026-02-01", "")) <= 0.0);
        let year = beds.on_average(&days("2025-01-01", "2026-01-01", ""));
        assert!((year - 92.0 / 365.0).abs() < 1e-12, "{year}");
        assert!((beds.on_average(&MonthDays::YEAR) - 92.0 / 365.25).abs() < 1e-12);
    }

    #[test]
    fn a_question_about_summers_counts_the_days_of_summer_alone() {
        let beds = summer_only();
        assert!((beds.on_average(&days("2024-01-01", "2026-01-01", "summer")) - 1.0).abs() < 1e-12);
        // Of a window without any such day the seasons of a year are taken.
        assert!((beds.on_average(&days("2026-01-01", "2026-02-01", "summer")) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_season_that_is_none_is_refused() {
        let rule = |factors: [f64; 12]| Months::new(factors).map_err(|broken| broken.rule);
        assert_eq!(rule([0.0; 12]), Err("all_zero"));
        assert_eq!(rule([-0.1; 12]), Err("out_of_range"));
        assert_eq!(rule([f64::NAN; 12]), Err("out_of_range"));
    }
}
