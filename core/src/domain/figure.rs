//! Single figures that somebody types in, each with its source: tips by month,
//! district and theme, the drug-habit survey, days to the first offer of support.

use super::watch::named;
use super::{Context, DistrictCode, MunicipalityCode, Violation};
use jiff::civil::Date;

super::code::code_enum! {
    /// What a figure says.
    pub enum FigureKind {
        /// Tips to the municipal police officer in a month.
        Tips = "tips",
        /// Share of pupils who have tried narcotics, in per cent.
        DrugHabits = "drug_habits",
        /// Days from a worry to the first offer of support, by the median.
        FirstSupportDays = "first_support_days",
    }
}

impl FigureKind {
    /// The context that keeps it.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Tips => Context::Police,
            Self::DrugHabits | Self::FirstSupportDays => Context::Municipal,
        }
    }
}

super::code::code_enum! {
    /// What tips are about.
    pub enum TipTheme {
        /// Narcotics.
        Narcotics = "narcotics",
        /// Traffic.
        Traffic = "traffic",
        /// Theft.
        Theft = "theft",
        /// Fraud.
        Fraud = "fraud",
        /// Disorder.
        Disorder = "disorder",
        /// Something else.
        Other = "other",
    }
}

/// One figure; a second one of the same kind, month, district and theme takes its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What it says.
    pub kind: FigureKind,
    /// First day that it speaks of.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
    /// The district; the whole municipality without.
    pub district: Option<DistrictCode>,
    /// The theme of tips.
    pub theme: Option<TipTheme>,
    /// The number.
    pub amount: f64,
    /// Where it is from.
    pub source: String,
    /// When it was typed in.
    pub entered_on: Date,
}

impl Figure {
    /// Checks that it has a source, days, a number that can be, and a theme
    /// where it counts tips and nowhere else.
    ///
    /// # Errors
    /// Violates `source: required` or `too_long`, `to: not_after_start`,
    /// `amount: out_of_range`, `theme: required` or `unknown_field`, or
    /// `district: unknown_field` for a number of the whole municipality.
    pub fn check(&self) -> Result<(), Violation> {
        named("source", &self.source, 120)?;
        if self.to <= self.from {
            return Err(Violation::new("to", "not_after_start"));
        }
        let most = match self.kind {
            FigureKind::Tips => 10_000.0,
            FigureKind::DrugHabits => 100.0,
            FigureKind::FirstSupportDays => 3_650.0,
        };
        let whole = self.kind != FigureKind::Tips || self.amount.fract().abs() < f64::EPSILON;
        if !((0.0..=most).contains(&self.amount) && whole) {
            return Err(Violation::new("amount", "out_of_range"));
        }
        match (self.kind, self.theme) {
            (FigureKind::Tips, None) => Err(Violation::new("theme", "required")),
            (FigureKind::Tips, Some(_)) => Ok(()),
            (_, Some(_)) => Err(Violation::new("theme", "unknown_field")),
            (_, None) if self.district.is_some() => {
                Err(Violation::new("district", "unknown_field"))
            }
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn tips() -> Figure {
        Figure {
            municipality: MunicipalityCode::parse("1427").unwrap(),
            kind: FigureKind::Tips,
            from: date(2026, 10, 1),
            to: date(2026, 11, 1),
            district: Some(DistrictCode("109051".into())),
            theme: Some(TipTheme::Narcotics),
            amount: 4.0,
            source: "Kommunpolisen".into(),
            entered_on: date(2026, 11, 3),
        }
    }

    #[test]
    fn tips_have_a_theme_and_are_whole_and_other_figures_have_neither() {
        assert_eq!(tips().check(), Ok(()));
        let bare = Figure { theme: None, ..tips() };
        assert_eq!(bare.check(), Err(Violation::new("theme", "required")));
        let half = Figure { amount: 1.5, ..tips() };
        assert_eq!(half.check(), Err(Violation::new("amount", "out_of_range")));
        let days = Figure { kind: FigureKind::FirstSupportDays, amount: 11.5, ..tips() };
        assert_eq!(days.check(), Err(Violation::new("theme", "unknown_field")));
        let days = Figure { theme: None, ..days };
        assert_eq!(days.check(), Err(Violation::new("district", "unknown_field")));
        assert_eq!(Figure { district: None, ..days }.check(), Ok(()));
    }

    #[test]
    fn a_figure_says_where_it_is_from() {
        let nowhere = Figure { source: " ".into(), ..tips() };
        assert_eq!(nowhere.check(), Err(Violation::new("source", "required")));
    }
}
