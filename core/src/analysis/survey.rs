//! Which answers of a safety survey stand beside the reports.

use super::{Interval, share_interval};
use crate::domain::{DistrictCode, SurveyAnswer, SurveyMode};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The share of a district that feels unsafe, as a survey found it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnsafeShare {
    /// The share, 0 to 1.
    pub share: f64,
    /// Its 95 % interval: the survey's own, else that of so many drawn at
    /// random, which says nothing of who chose to answer.
    pub interval: Interval,
    /// How many answered.
    pub asked: u32,
}

/// The latest survey that asked in districts how safe people feel.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsafeSurvey {
    /// Its name.
    pub survey: String,
    /// Its year.
    pub year: i16,
    /// Who could answer.
    pub mode: SurveyMode,
    /// What the districts said of which enough have answered.
    pub districts: BTreeMap<DistrictCode, UnsafeShare>,
    /// Districts of which too few have answered.
    pub too_few: usize,
}

/// The survey whose answers stand beside the reports: of those in which enough
/// people of at least one district said whether they feel unsafe, the latest,
/// one drawn by chance before an open one. One alone, because shares of two
/// surveys do not compare.
///
/// Of several questions about it the one that comes first by its code is taken,
/// everywhere the same.
#[must_use]
pub fn unsafe_survey(answers: &[SurveyAnswer]) -> Option<UnsafeSurvey> {
    let asked = answers.iter().filter(|answer| answer.district.is_some() && answer.is_of_all());
    let asked: Vec<&SurveyAnswer> =
        asked.filter(|answer| answer.unsafe_share().is_some()).collect();
    let rank = |answer: &&&SurveyAnswer| {
        let by_chance = answer.mode == SurveyMode::Probability;
        (answer.year, by_chance, Reverse(answer.survey.clone()), Reverse(answer.question.clone()))
    };
    let first = *asked.iter().filter(|answer| answer.is_shown()).max_by_key(rank)?;
    let same = |answer: &&&SurveyAnswer| {
        (answer.year, answer.mode, &answer.survey, &answer.question)
            == (first.year, first.mode, &first.survey, &first.question)
    };
    let mut found = UnsafeSurvey {
        survey: first.survey.clone(),
        year: first.year,
        mode: first.mode,
        districts: BTreeMap::new(),
        too_few: 0,
    };
    for answer in asked.iter().filter(same) {
        let (Some(district), Some((share, stated))) = (&answer.district, answer.unsafe_share())
        else {
            continue;
        };
        if !answer.is_shown() {
            found.too_few += 1;
            continue;
        }
        let interval = stated.map_or_else(
            || share_interval(share, answer.asked),
            |(low, high)| Interval { low, high },
        );
        let said = UnsafeShare { share, interval, asked: answer.asked };
        // Of two files with the same answers the one with more, whatever their order.
        if found.districts.get(district).is_none_or(|known| known.asked < said.asked) {
            found.districts.insert(district.clone(), said);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Id, MunicipalityCode, SurveyUnit};

    fn answer(district: &str, year: i16, asked: u32, percent: f64) -> SurveyAnswer {
        SurveyAnswer {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            survey: "synthetic".into(),
            year,
            mode: SurveyMode::Open,
            district: Some(DistrictCode(district.into())),
            question: "unsafe_late".into(),
            wording: None,
            group: "all".into(),
            asked,
            value: percent,
            unit: SurveyUnit::Percent,
            interval: None,
            source: None,
            note: None,
        }
    }

    #[test]
    fn the_latest_survey_alone_is_taken_and_few_answers_are_only_counted() {
        let mut answers = vec![
            answer("a", 2020, 400, 10.0),
            answer("b", 2022, 29, 90.0),
            answer("a", 2022, 200, 30.0),
            answer("c", 2022, 30, 20.0),
            SurveyAnswer { group: "women".into(), ..answer("d", 2022, 90, 50.0) },
            SurveyAnswer { district: None, ..answer("e", 2024, 900, 50.0) },
            answer("f", 2023, 12, 50.0),
        ];
        let found = unsafe_survey(&answers).unwrap();
        assert_eq!((found.year, found.too_few, found.mode), (2022, 1, SurveyMode::Open));
        let codes: Vec<&str> = found.districts.keys().map(|code| code.0.as_str()).collect();
        assert_eq!(codes, ["a", "c"]);
        let a = found.districts[&DistrictCode("a".into())];
        assert!((a.share - 0.3).abs() < 1e-12 && a.asked == 200);
        assert!(a.interval.low > 0.23 && a.interval.high < 0.37, "{a:?}");
        answers.reverse();
        assert_eq!(unsafe_survey(&answers), Some(found));
    }

    #[test]
    fn one_drawn_by_chance_comes_before_an_open_one_and_its_interval_is_kept() {
        let drawn = SurveyAnswer {
            mode: SurveyMode::Probability,
            question: "trygg".into(),
            interval: Some((60.0, 80.0)),
            ..answer("a", 2022, 100, 70.0)
        };
        let found = unsafe_survey(&[answer("a", 2022, 900, 10.0), drawn]).unwrap();
        let a = found.districts[&DistrictCode("a".into())];
        assert_eq!(found.mode, SurveyMode::Probability);
        assert!((a.share - 0.3).abs() < 1e-12, "{a:?}");
        assert!((a.interval.low - 0.2).abs() < 1e-12 && (a.interval.high - 0.4).abs() < 1e-12);
        assert_eq!(unsafe_survey(&[]), None);
    }
}
