//! What residents said when they were asked how safe they feel.

use super::{DistrictCode, Id, MunicipalityCode, Violation};

super::code::code_enum! {
    /// Who could answer.
    pub enum SurveyMode {
        /// People who were drawn by chance: their answers stand for all.
        Probability = "probability",
        /// Whoever found the link: their answers stand for themselves.
        Open = "open",
    }
}

super::code::code_enum! {
    /// What a value counts.
    pub enum SurveyUnit {
        /// Per cent of those who answered.
        Percent = "percent",
        /// The index of worry of Swedish safety surveys, 0 (none) to 6.
        Index = "index0_6",
        /// The mean of a scale of the survey's own.
        Mean = "mean",
    }
}

impl SurveyUnit {
    /// The least and the largest value.
    #[must_use]
    pub const fn bounds(self) -> (f64, f64) {
        match self {
            Self::Percent => (0.0, 100.0),
            Self::Index => (0.0, 6.0),
            Self::Mean => (f64::MIN, f64::MAX),
        }
    }
}

/// One answer of one group in one area.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyAnswer {
    /// Identity; that of a later import is larger.
    pub id: Id,
    /// Whose it is.
    pub municipality: MunicipalityCode,
    /// What the survey is called.
    pub survey: String,
    /// The year in which it was asked.
    pub year: i16,
    /// Who could answer.
    pub mode: SurveyMode,
    /// The district; the whole municipality where there is none.
    pub district: Option<DistrictCode>,
    /// The code of the question, as the survey has it.
    pub question: String,
    /// The question in words.
    pub wording: Option<String>,
    /// Who is meant: `all`, or women, men, a span of ages.
    pub group: String,
    /// How many answered.
    pub asked: u32,
    /// What they said.
    pub value: f64,
    /// What the value counts.
    pub unit: SurveyUnit,
    /// The interval that the survey gives.
    pub interval: Option<(f64, f64)>,
    /// Who asked.
    pub source: Option<String>,
    /// What else has to be known.
    pub note: Option<String>,
}

impl SurveyAnswer {
    /// Below so many answers a value is kept, and shown to nobody.
    pub const LEAST_ASKED: u32 = 30;

    /// Whether enough have answered for the value to be shown.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        self.asked >= Self::LEAST_ASKED
    }

    /// Whether it is about everybody.
    #[must_use]
    pub fn is_of_all(&self) -> bool {
        matches!(self.group.to_lowercase().as_str(), "all" | "alla" | "total" | "totalt")
    }

    /// The share, 0 to 1, that feels unsafe, with the interval that the survey
    /// gives; `None` for any other question.
    ///
    /// The codes `unsafe` and `otrygg` mean it, those of `safe` and `trygg` the
    /// rest to one, each with or without what follows after a `_`.
    #[must_use]
    pub fn unsafe_share(&self) -> Option<(f64, Option<(f64, f64)>)> {
        if self.unit != SurveyUnit::Percent {
            return None;
        }
        let code = self.question.trim().to_lowercase();
        let share = self.value / 100.0;
        let interval = self.interval.map(|(low, high)| (low / 100.0, high / 100.0));
        match code.split('_').next().unwrap_or_default() {
            "unsafe" | "otrygg" | "otrygga" | "otrygghet" => Some((share, interval)),
            "safe" | "trygg" | "trygga" | "trygghet" => {
                Some((1.0 - share, interval.map(|(low, high)| (1.0 - high, 1.0 - low))))
            }
            _ => None,
        }
    }

    /// Checks what was said.
    ///
    /// # Errors
    /// Violates `year: out_of_range` outside 1900 to 2200, `value:
    /// out_of_range` outside [`SurveyUnit::bounds`], and `low: out_of_range`
    /// for an interval that does not hold the value.
    pub fn check(&self) -> Result<(), Violation> {
        if !(1900..=2200).contains(&self.year) {
            return Err(Violation::new("year", "out_of_range"));
        }
        let (least, most) = self.unit.bounds();
        if !(self.value >= least && self.value <= most) {
            return Err(Violation::new("value", "out_of_range"));
        }
        let holds = |(low, high)| low <= self.value && self.value <= high;
        if self.interval.is_some_and(|interval| !holds(interval)) {
            return Err(Violation::new("low", "out_of_range"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(question: &str, value: f64) -> SurveyAnswer {
        SurveyAnswer {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            survey: "synthetic".into(),
            year: 2022,
            mode: SurveyMode::Open,
            district: None,
            question: question.into(),
            wording: None,
            group: "all".into(),
            asked: 30,
            value,
            unit: SurveyUnit::Percent,
            interval: Some((value - 5.0, value + 5.0)),
            source: None,
            note: None,
        }
    }

    #[test]
    fn who_feels_safe_is_the_rest_of_those_who_do_not() {
        let near = |found: Option<(f64, Option<(f64, f64)>)>, share: f64| {
            let (found, interval) = found.unwrap();
            let (low, high) = interval.unwrap();
            assert!((found - share).abs() < 1e-12 && (found - low - 0.05).abs() < 1e-12);
            assert!((high - found - 0.05).abs() < 1e-12);
        };
        near(answer("Otrygg_sen_kväll", 30.0).unsafe_share(), 0.3);
        near(answer("safe_late", 70.0).unsafe_share(), 0.3);
        assert_eq!(answer("unsafely", 30.0).unsafe_share(), None);
        let index = SurveyAnswer { unit: SurveyUnit::Index, ..answer("unsafe", 3.0) };
        assert_eq!(index.unsafe_share(), None);
    }

    #[test]
    fn values_beyond_their_scale_and_intervals_beside_them_are_refused() {
        assert_eq!(answer("unsafe", 30.0).check(), Ok(()));
        let refused = |answer: SurveyAnswer| answer.check().unwrap_err().field;
        assert_eq!(refused(answer("unsafe", 101.0)), "value");
        assert_eq!(refused(answer("unsafe", f64::NAN)), "value");
        let index = SurveyUnit::Index;
        assert_eq!(refused(SurveyAnswer { unit: index, ..answer("worry", 7.0) }), "value");
        assert_eq!(
            refused(SurveyAnswer { interval: Some((31.0, 40.0)), ..answer("unsafe", 30.0) }),
            "low"
        );
        assert_eq!(refused(SurveyAnswer { year: 22, ..answer("unsafe", 30.0) }), "year");
        assert!(!SurveyAnswer { asked: 29, ..answer("unsafe", 30.0) }.is_shown());
    }
}
