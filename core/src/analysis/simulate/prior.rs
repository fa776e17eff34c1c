//! What residents report, when, and why it feels as it does.
//!
//! Shares follow the one published count of a Swedish municipality, in which
//! lighting and bushes are 57 %, followed by groups of people and traffic.

use crate::domain::{Category, Factor};

/// When a category is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Dark hours of dark months.
    Dark,
    /// While things grow.
    Growing,
    /// Late evenings, most on Friday and Saturday, many more in summer.
    Nightlife,
    /// When people drive to work and school.
    Traffic,
    /// Summer days and nights on the water.
    Boats,
    /// Any day.
    Any,
}

/// One category with its share in percent and its rhythm.
pub(super) struct Prior {
    pub category: Category,
    pub share: f64,
    pub rhythm: Rhythm,
}

const fn prior(category: Category, share: f64, rhythm: Rhythm) -> Prior {
    Prior { category, share, rhythm }
}

/// Shares of all reports, in percent.
pub(super) const PRIORS: [Prior; 20] = [
    prior(Category::Lighting, 35.0, Rhythm::Dark),
    prior(Category::BlockedView, 22.0, Rhythm::Growing),
    prior(Category::Gathering, 6.0, Rhythm::Nightlife),
    prior(Category::Rowdiness, 5.0, Rhythm::Nightlife),
    prior(Category::Speeding, 7.0, Rhythm::Traffic),
    prior(Category::RecklessDriving, 5.0, Rhythm::Nightlife),
    prior(Category::DangerousCrossing, 3.0, Rhythm::Traffic),
    prior(Category::UnsafePath, 3.0, Rhythm::Dark),
    prior(Category::Litter, 2.0, Rhythm::Any),
    prior(Category::Vandalism, 2.0, Rhythm::Any),
    prior(Category::Graffiti, 1.0, Rhythm::Any),
    prior(Category::Deserted, 1.0, Rhythm::Dark),
    prior(Category::HarbourDisorder, 1.5, Rhythm::Boats),
    prior(Category::RecklessBoating, 1.0, Rhythm::Boats),
    prior(Category::BoatTheft, 0.5, Rhythm::Boats),
    prior(Category::DrugSigns, 0.8, Rhythm::Any),
    prior(Category::FirePlay, 0.5, Rhythm::Nightlife),
    prior(Category::FraudAttempt, 0.5, Rhythm::Any),
    prior(Category::SafePlace, 2.7, Rhythm::Any),
    prior(Category::Idea, 0.5, Rhythm::Any),
];

impl Rhythm {
    /// How much likelier in this month, of 1 to 12, than in the quietest.
    pub fn month(self, month: i8) -> f64 {
        match (self, month) {
            (Self::Dark, 10..=12 | 1..=2)
            | (Self::Traffic, 8..=9)
            | (Self::Nightlife, 6 | 8)
            | (Self::Boats, 5 | 9) => 3.0,
            (Self::Dark, 3 | 9) | (Self::Growing | Self::Nightlife, 5) => 1.5,
            (Self::Growing, 6..=9) => 4.0,
            (Self::Nightlife, 7) => 5.0,
            (Self::Boats, 6..=8) => 6.0,
            (Self::Boats, 11..=12 | 1..=3) => 0.2,
            _ => 1.0,
        }
    }

    /// How much likelier on this day, of 0 (Monday) to 6.
    pub fn weekday(self, day: i8) -> f64 {
        match (self, day) {
            (Self::Nightlife, 4 | 5) => 3.5,
            (Self::Boats, 4..=6) => 1.8,
            (Self::Traffic, 5 | 6) => 0.5,
            _ => 1.0,
        }
    }

    /// How much likelier in this hour, of 0 to 23.
    pub fn hour(self, hour: i8) -> f64 {
        match (self, hour) {
            (Self::Dark, 17..=22) | (Self::Traffic, 7..=8 | 15..=17) => 6.0,
            (Self::Nightlife, 21..=23 | 0..=2) => 8.0,
            (Self::Dark, 5..=7 | 23) | (Self::Nightlife, 18..=20) => 2.0,
            (Self::Boats, 12..=23) | (Self::Growing | Self::Any, 8..=20) => 3.0,
            (Self::Traffic | Self::Growing | Self::Any, 0..=5) => 0.2,
            _ => 1.0,
        }
    }

    /// Local hours of a recurring answer as first hour and length.
    pub const fn span(self) -> (u32, u32) {
        match self {
            Self::Dark => (17, 6),
            Self::Growing | Self::Any => (8, 12),
            Self::Nightlife => (21, 5),
            Self::Traffic => (7, 2),
            Self::Boats => (12, 10),
        }
    }

    /// Bits of the seasons of a recurring answer, spring first.
    pub const fn seasons(self) -> u8 {
        match self {
            Self::Dark => 0b1100,
            Self::Growing => 0b0111,
            Self::Nightlife | Self::Boats => 0b0010,
            Self::Traffic | Self::Any => 0b1111,
        }
    }

    /// Bits of the weekdays of a recurring answer, Monday first.
    pub const fn weekdays(self) -> u8 {
        match self {
            Self::Nightlife => 0b011_0000,
            Self::Traffic => 0b001_1111,
            _ => 0b111_1111,
        }
    }
}

/// What makes a place of this category feel unsafe.
pub(super) const fn factors(category: Category) -> &'static [Factor] {
    match category {
        Category::Lighting | Category::UnsafePath | Category::Deserted => {
            &[Factor::Dark, Factor::Nobody]
        }
        Category::BlockedView => &[Factor::NoOverview],
        Category::Gathering | Category::Rowdiness | Category::FirePlay => {
            &[Factor::People, Factor::Earlier]
        }
        Category::Speeding | Category::RecklessDriving | Category::DangerousCrossing => {
            &[Factor::Traffic]
        }
        Category::Litter | Category::Vandalism | Category::Graffiti => &[Factor::Neglected],
        _ => &[],
    }
}
