//! Where events are to be expected before any has been seen.

use super::voices::one_voice;
use super::windows::window_sums;
use super::{Amount, Settlement, Sighting};
use crate::domain::{Plane, Violation};
use crate::plane::{Coverage, Grid};

crate::domain::code::code_enum! {
    /// What an expectation rests on, and so what a hot spot means.
    pub enum Basis {
        /// People who live near: a hot spot has more than residents explain.
        /// Guests, passers-by and beds for rent are not in it.
        Residents = "residents",
        /// Residents, and guests in beds, berths and part-year homes. How many
        /// is never known well, so that no expectation is taken as exact.
        Visitors = "visitors",
        /// Every piece of land alike, where nothing is known of people.
        UniformLand = "uniform_land",
        /// The place's own earlier years: a hot spot has more than before.
        OwnHistory = "own_history",
        /// Metres of road: a hot spot has more than its roads explain. How many
        /// drive there is not in it.
        RoadLength = "road_length",
    }
}

impl Basis {
    /// Why a place with more events than expected is shown, as a code.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Residents => "more_than_residents_explain",
            Self::Visitors => "more_than_residents_and_guests_explain",
            Self::UniformLand => "more_than_even_spread_explains",
            Self::OwnHistory => "more_than_own_history_explains",
            Self::RoadLength => "more_than_road_length_explains",
        }
    }

    /// Whether a hot spot against it may be called confirmed: only where it
    /// knows of guests, or of the place's own earlier events.
    #[must_use]
    pub const fn confirms(self) -> bool {
        matches!(self, Self::Visitors | Self::OwnHistory)
    }

    /// How far an expectation of this kind may be off at least, as a
    /// coefficient of variation. Measured (`docs/methods.md`): with 0.25 guests
    /// that nobody knew of and errors of every cell by half are forgiven on
    /// 95 % of maps. What an own history does not know it counts itself.
    #[must_use]
    pub const fn least_variation(self) -> f64 {
        match self {
            Self::Visitors => 0.25,
            Self::Residents | Self::UniformLand | Self::OwnHistory | Self::RoadLength => 0.0,
        }
    }
}

/// The share of all events that is expected in each cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    grid: Grid,
    basis: Basis,
    shares: Vec<f64>,
    history: Option<History>,
}

/// What own history was counted.
#[derive(Debug, Clone, PartialEq)]
struct History {
    /// What was expected before, as shares.
    base: Vec<f64>,
    /// Events of each cell, and of all.
    seen: Vec<f64>,
    events: f64,
}

impl Exposure {
    /// The part of the people that is spread evenly over all land, so that a
    /// farm, a beach and a lay-by expect a little, and not nothing.
    pub const EVEN_SHARE: f64 = 0.05;

    /// Events that an own history is told before its first one.
    pub const PRIOR_EVENTS: f64 = 50.0;

    /// How far what it is told may be off in a window.
    pub const PRIOR_VARIATION: f64 = 0.5;

    /// An expectation by weights of any scale, one a cell; cells of weight 0
    /// are outside the domain and are not tested.
    ///
    /// # Errors
    /// Violates `exposure: different_lengths` unless there is one weight a
    /// cell, and `exposure: out_of_range` unless weights are finite, none is
    /// negative and one is positive.
    pub fn new(grid: Grid, weights: Vec<f64>, basis: Basis) -> Result<Self, Violation> {
        if weights.len() != grid.len() {
            return Err(Violation::new("exposure", "different_lengths"));
        }
        let sum: f64 = weights.iter().sum();
        let good = weights.iter().all(|weight| *weight >= 0.0) && sum.is_finite() && sum > 0.0;
        if !good {
            return Err(Violation::new("exposure", "out_of_range"));
        }
        let shares = weights.into_iter().map(|weight| weight / sum).collect();
        Ok(Self { grid, basis, shares, history: None })
    }

    /// Every square metre of land alike.
    ///
    /// # Errors
    /// As [`Exposure::new`]: for a grid without land.
    pub fn uniform(land: &Coverage) -> Result<Self, Violation> {
        Self::new(*land.grid(), land.shares().to_vec(), Basis::UniformLand)
    }

    /// Amounts of something that events follow, each spread over its ground,
    /// and [`Exposure::EVEN_SHARE`] of them evenly over all land. Amounts at
    /// sea fall to the nearest land. Without any this is
    /// [`Exposure::uniform`], and says so.
    ///
    /// Cost: amounts × cells.
    ///
    /// # Errors
    /// As [`Exposure::uniform`].
    pub fn of_amounts(
        land: &Coverage,
        amounts: &[Amount],
        basis: Basis,
    ) -> Result<Self, Violation> {
        let even = Self::uniform(land)?;
        let mut spread = vec![0.0; land.grid().len()];
        for amount in amounts.iter().filter(|amount| amount.number > 0.0) {
            amount.spread(land, &mut spread);
        }
        let total: f64 = spread.iter().sum();
        if total <= 0.0 {
            return Ok(even);
        }
        let weights = spread.iter().zip(&even.shares).map(|(number, even)| {
            (1.0 - Self::EVEN_SHARE) * number / total + Self::EVEN_SHARE * even
        });
        Self::new(*land.grid(), weights.collect(), basis)
    }

    /// People of settlements alone, see [`Exposure::of_amounts`].
    ///
    /// # Errors
    /// As [`Exposure::uniform`].
    pub fn residents(land: &Coverage, settlements: &[Settlement]) -> Result<Self, Violation> {
        let amounts: Vec<Amount> = settlements.iter().map(Amount::from).collect();
        Self::of_amounts(land, &amounts, Basis::Residents)
    }

    /// The place's own earlier events. A place without a past expects a little
    /// too: [`Exposure::PRIOR_EVENTS`] more fall as `base` expects them.
    ///
    /// `earlier` must be of the same kind and the same months as the events
    /// that are tested, of as many years as there are; a source counts once in
    /// a cell and `repeat_days`. How sure such an expectation is follows from
    /// its number of events, and the local test takes account of it: a window
    /// is told what `base` expects as if that were right to a coefficient of
    /// variation of [`Exposure::PRIOR_VARIATION`], and learns from its events
    /// (a gamma-Poisson model).
    #[must_use]
    pub fn own_history(base: &Self, earlier: &[Sighting], repeat_days: i64) -> Self {
        let cells: Vec<_> = earlier.iter().map(|event| base.cell_of(event.at)).collect();
        let mut seen = vec![0.0; base.shares.len()];
        let counted = one_voice(earlier, &cells, repeat_days);
        for cell in counted.iter().filter_map(|&event| cells[event]) {
            seen[cell] += 1.0;
        }
        let events: f64 = seen.iter().sum();
        let share = |(seen, base): (&f64, &f64)| {
            (seen + Self::PRIOR_EVENTS * base) / (events + Self::PRIOR_EVENTS)
        };
        let shares = seen.iter().zip(&base.shares).map(share).collect();
        let history = Some(History { base: base.shares.clone(), seen, events });
        Self { grid: base.grid, basis: Basis::OwnHistory, shares, history }
    }

    /// The same on another basis, for who knows what went into the weights.
    #[must_use]
    pub fn on_basis(self, basis: Basis) -> Self {
        Self { basis, ..self }
    }

    /// What is expected of `total` events in each cell and the eight around
    /// it, and from how many events that was counted.
    pub(super) fn windows(&self, total: f64) -> (Vec<f64>, Vec<f64>) {
        let sums = |values: &[f64]| window_sums(self.grid.columns(), 1, values);
        let Some(history) = &self.history else {
            let expected = sums(&self.shares).into_iter().map(|share| share * total).collect();
            return (expected, vec![f64::INFINITY; self.shares.len()]);
        };
        let prior = Self::PRIOR_VARIATION.powi(-2);
        let learnt = |(base, seen): (f64, f64)| {
            let events = prior + seen;
            (total * events / (prior / base + history.events), events)
        };
        sums(&history.base).into_iter().zip(sums(&history.seen)).map(learnt).unzip()
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What it rests on.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The share of all events that is expected in each cell; they sum to 1.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The cell of the domain that an event belongs to: its own, else the
    /// nearest of the eight around it (a jetty off a generalised coast);
    /// `None` further out.
    #[must_use]
    pub fn cell_of(&self, at: Plane) -> Option<usize> {
        let own = self.grid.cell_of(at)?;
        let inside = |cell: &usize| self.shares[*cell] > 0.0;
        let off = |cell: &usize| {
            let centre = self.grid.centre(*cell);
            (centre.east - at.east).hypot(centre.north - at.north)
        };
        Some(own).filter(inside).or_else(|| {
            self.grid.neighbours(own).filter(inside).min_by(|a, b| off(a).total_cmp(&off(b)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Polygon, polygon};

    /// Ten by ten cells of 250 m; the eastern half is sea.
    fn land() -> Coverage {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 10, 10).unwrap();
        let west: Polygon<f64> = polygon![
            (x: 0.0, y: 0.0), (x: 1250.0, y: 0.0), (x: 1250.0, y: 2500.0), (x: 0.0, y: 2500.0)
        ];
        Coverage::of_shape(grid, &west.into())
    }

    fn village(east: f64, north: f64, residents: f64) -> Settlement {
        Settlement { at: Plane { east, north }, residents }
    }

    #[test]
    fn people_of_a_harbour_village_all_live_on_land() {
        let exposure = Exposure::residents(&land(), &[village(1250.0, 1250.0, 300.0)]).unwrap();
        assert_eq!(exposure.basis(), Basis::Residents);
        let sum: f64 = exposure.shares().iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let sea: f64 = (0..100).filter(|c| c % 10 >= 5).map(|c| exposure.shares()[c]).sum();
        assert!(sea <= 0.0);
        let quay = exposure.grid().cell_of(Plane { east: 1200.0, north: 1260.0 }).unwrap();
        assert!(exposure.shares()[quay] > 0.02);
    }

    #[test]
    fn without_settlements_every_square_metre_of_land_counts_alike() {
        let exposure = Exposure::residents(&land(), &[]).unwrap();
        assert_eq!(exposure.basis().code(), "uniform_land");
        assert!((exposure.shares()[0] - 0.02).abs() < 1e-9);
    }

    #[test]
    fn twice_the_people_expect_twice_the_events() {
        let exposure = Exposure::residents(
            &land(),
            &[village(600.0, 300.0, 100.0), village(600.0, 2200.0, 200.0)],
        )
        .unwrap();
        let half = |south: bool| -> f64 {
            (0..100).filter(|c| (c / 10 < 5) == south).map(|c| exposure.shares()[c]).sum()
        };
        // Both kernels reach a little over the middle, and 5 % lie evenly.
        let ratio = half(false) / half(true);
        assert!((1.7..2.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn an_event_just_off_the_coast_belongs_to_the_nearest_land() {
        let exposure = Exposure::uniform(&land()).unwrap();
        assert_eq!(exposure.cell_of(Plane { east: 1300.0, north: 30.0 }), Some(4));
        assert_eq!(exposure.cell_of(Plane { east: 1600.0, north: 30.0 }), None);
    }

    #[test]
    fn a_map_without_land_or_with_a_negative_weight_is_refused() {
        let grid = *land().grid();
        let empty = Exposure::new(grid, vec![0.0; 100], Basis::Residents);
        assert_eq!(empty, Err(Violation::new("exposure", "out_of_range")));
        let mut weights = vec![1.0; 100];
        weights[3] = -1.0;
        let negative = Exposure::new(grid, weights, Basis::Residents);
        assert_eq!(negative, Err(Violation::new("exposure", "out_of_range")));
        let short = Exposure::new(grid, vec![1.0; 99], Basis::Residents);
        assert_eq!(short, Err(Violation::new("exposure", "different_lengths")));
    }

    fn told(east: f64, north: f64, source: u64, day: i64) -> Sighting {
        Sighting {
            at: Plane { east, north },
            source: crate::domain::SourceTag::from_bits(source << 1),
            time: jiff::Timestamp::from_second(86_400 * day).unwrap(),
        }
    }

    #[test]
    fn earlier_years_expect_events_where_they_were() {
        let base = Exposure::uniform(&land()).unwrap();
        let earlier: Vec<_> = (0..50).map(|source| told(400.0, 400.0, source, 3)).collect();
        let exposure = Exposure::own_history(&base, &earlier, 30);
        assert_eq!(exposure.basis(), Basis::OwnHistory);
        // Fifty events there, and fifty that the land expects, of 50 cells.
        assert!((exposure.shares()[11] - 51.0 / 100.0).abs() < 1e-12);
        assert!((exposure.shares()[94] - 1.0 / 100.0).abs() < 1e-12);
        // Nine cells of 50 and four events' worth of trust in them, and fifty seen.
        let (expected, events) = exposure.windows(10.0);
        assert!((events[11] - 54.0).abs() < 1e-9 && (events[94] - 4.0).abs() < 1e-9);
        assert!((expected[11] - 10.0 * 54.0 / (4.0 * 50.0 / 9.0 + 50.0)).abs() < 1e-9);
        assert!(base.windows(1.0).1[11].is_infinite());
    }

    #[test]
    fn one_voice_of_earlier_years_is_one_voice() {
        let base = Exposure::uniform(&land()).unwrap();
        let shouted: Vec<_> = (0..40).map(|_| told(400.0, 400.0, 1, 3)).collect();
        let once = Exposure::own_history(&base, &shouted[..1], 30);
        assert_eq!(Exposure::own_history(&base, &shouted, 30), once);
    }
}
