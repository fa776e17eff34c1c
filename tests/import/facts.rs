//! Amounts that events follow, measured speeds and answers of surveys, as files
//! write them.

use crate::support::{request, run};
use fyren::import::{Facts, Kind};
use fyren_core::domain::{ExposureKind, SurveyMode, SurveyUnit};

/// Kind, amount and July's factor, or the field and the rule that it breaks.
type Told = Result<(ExposureKind, f64, f64), (String, &'static str)>;

fn exposures(text: &str) -> Vec<Told> {
    let read = run(text.as_bytes(), &request(Kind::Exposure)).unwrap();
    let told = |row: fyren::import::Row| match row.outcome {
        Ok(draft) => match draft.facts {
            Facts::Exposure { kind, amount, months } => Ok((kind, amount, months.factors()[6])),
            other => panic!("{other:?} is no exposure"),
        },
        Err(broken) => Err((broken.field, broken.rule)),
    };
    read.rows.into_iter().map(told).collect()
}

fn near(found: &Told, wanted: (ExposureKind, f64, f64)) {
    let (kind, amount, july) = found.clone().unwrap();
    assert_eq!(kind, wanted.0);
    assert!((amount - wanted.1).abs() < 1e-9 && (july - wanted.2).abs() < 1e-9, "{found:?}");
}

#[test]
fn what_is_counted_is_told_by_a_word_or_by_the_name_of_the_column() {
    let by_word = exposures("area,kind,amount\nSmögen,Bäddar,40\nSmögen,berths,7\nSmögen,cats,7\n");
    near(&by_word[0], (ExposureKind::Beds, 40.0, 1.0));
    near(&by_word[1], (ExposureKind::Berths, 7.0, 1.0));
    assert_eq!(by_word[2], Err(("category".into(), "unknown_value")));
    let by_column = exposures("deso,category,population_2023\n1427A0010,A,1834\n");
    near(&by_column[0], (ExposureKind::Residents, 1834.0, 1.0));
}

#[test]
fn months_stand_in_a_word_or_in_twelve_columns() {
    let word = exposures("area;slag;antal;säsong\nSmögen;bäddar;40;jun=0,5 jul=0,9\n");
    near(&word[0], (ExposureKind::Beds, 40.0, 0.9));
    let columns = "area;bäddar;jan;feb;mar;apr;maj;jun;jul;aug;sep;okt;nov;dec\n\
        Smögen;40;5;5;5;10;30;70;95;90;30;10;5;5\nAskum;1;;;;;;;;;;;;\nAskum;1;;;;;;x;;;;;;\n";
    let columns = exposures(columns);
    near(&columns[0], (ExposureKind::Beds, 40.0, 0.95));
    assert_eq!(columns[1], Err(("season".into(), "all_zero")));
    assert_eq!(columns[2], Err(("season".into(), "not_a_number")));
}

#[test]
fn amounts_below_nothing_or_without_a_place_are_refused_by_line() {
    let text = "area,kind,amount\nSmögen,beds,-1\n,beds,3\nSmögen,beds,many\n";
    let read = run(text.as_bytes(), &request(Kind::Exposure)).unwrap();
    let refused = [
        (2, "amount".to_owned(), "out_of_range"),
        (3, "place".to_owned(), "required"),
        (4, "amount".to_owned(), "not_a_number"),
    ];
    assert_eq!(read.refused(), refused);
}

#[test]
fn the_ground_of_a_small_area_is_its_polygon() {
    let square = "[[[11.2,58.35],[11.25,58.35],[11.25,58.37],[11.2,58.37],[11.2,58.35]]]";
    let text = format!(
        r#"{{"type":"Feature","properties":{{"deso":"1427A0010","Befolkning":900}},
        "geometry":{{"type":"Polygon","coordinates":{square}}}}}"#
    );
    near(&exposures(&text)[0], (ExposureKind::Residents, 900.0, 1.0));
}

#[test]
fn hours_of_speeds_are_read_however_they_are_written() {
    let text = "site,date,hour,count,mean,v85\n\
        a,2026-05-20,9,1,40,44\na,2026-05-20,09-10,1,40,44\na,2026-05-20,09:00,1,40 km/h,44\n\
        a,2026-05-20T09:00+02:00,,1,40,44\n";
    let read = run(text.as_bytes(), &request(Kind::Speeds)).unwrap();
    for row in 0..4 {
        let Facts::Speed { start, count, .. } = &read.draft(row).facts else { panic!("speeds") };
        assert_eq!((start.to_string().as_str(), *count), ("2026-05-20T07:00:00Z", 1));
        assert_eq!(read.draft(row).external_id, "a@2026-05-20T07:00:00Z");
    }
    let guessed = ["at=date+hour", "site=site", "count=count", "mean=mean", "v85=v85"];
    assert_eq!(read.guessed(), guessed);
}

#[test]
fn a_row_without_site_hour_or_count_is_refused_by_line() {
    let text = "site,hour,count,mean,v85\n,2026-05-20 09:00,1,40,44\na,when it rained,1,40,44\n\
        a,2026-05-20 09:00,,40,44\na,2026-05-20 09:00,1.5,40,44\n";
    let read = run(text.as_bytes(), &request(Kind::Speeds)).unwrap();
    let refused = [
        (2, "site".to_owned(), "required"),
        (3, "at".to_owned(), "required"),
        (4, "count".to_owned(), "required"),
        (5, "count".to_owned(), "out_of_range"),
    ];
    assert_eq!(read.refused(), refused);
}

/// Synthetic answers in the order of columns that surveys are handed on in.
const SURVEY: &str = "\
survey,year,mode,area_code,area_name,question_code,question_sv,group,n,value,unit,ci_low,ci_high,source,note
LPO,2022,open,109051,Smögen,otrygg_sen_kväll,Otrygg ute?,all,120,25.5,percent,,,LPO,synthetic
LPO,2022-10-01,Slumpmässigt,109051,Smögen,oro,,kvinna,29,2.5,index0_6,2,3,,
LPO,2022,urval,1427,Sotenäs,tilltro,,alla,500,\"61,5 %\",,58,65,,
";

#[test]
fn answers_of_a_survey_are_read_in_the_columns_they_are_handed_on_in() {
    let text = SURVEY.replace("Slumpmässigt", "probability");
    let read = run(text.as_bytes(), &request(Kind::Surveys)).unwrap();
    let of = |row: usize| match &read.draft(row).facts {
        Facts::Survey(said) => said.clone(),
        other => panic!("{other:?} is no survey"),
    };
    let first = of(0);
    assert_eq!((first.year, first.mode, first.asked), (2022, SurveyMode::Open, 120));
    assert_eq!((first.question.as_str(), first.unit), ("otrygg_sen_kväll", SurveyUnit::Percent));
    assert_eq!(read.draft(0).external_id, "LPO@2022@109051@otrygg_sen_kväll@all");
    assert_eq!(read.draft(0).text.as_deref(), Some("Otrygg ute?"));
    let second = of(1);
    assert_eq!((second.year, second.unit), (2022, SurveyUnit::Index));
    assert_eq!((second.interval, second.mode), (Some((2.0, 3.0)), SurveyMode::Probability));
    let third = of(2);
    assert!((third.value - 61.5).abs() < 1e-9 && third.unit == SurveyUnit::Percent);
}

#[test]
fn a_row_of_a_survey_that_cannot_be_understood_is_refused_by_line() {
    let text = format!(
        "{SURVEY},2022,open,1427,,q,,all,30,10,,,,,\nLPO,22-10,open,1427,,q,,all,30,10,,,,,\n\
        LPO,2022,open,1427,,q,,all,3.5,10,,,,,\nLPO,2022,open,1427,,q,,all,30,,,,,,\n\
        LPO,2022,open,1427,,q,,all,30,10,,9,,,\nLPO,2022,open,1427,,q,,all,30,10,stars,,,,\n"
    );
    let read = run(text.as_bytes(), &request(Kind::Surveys)).unwrap();
    let refused = [
        (3, "mode".to_owned(), "unknown_value"),
        (5, "survey".to_owned(), "required"),
        (6, "year".to_owned(), "not_a_number"),
        (7, "count".to_owned(), "out_of_range"),
        (8, "amount".to_owned(), "required"),
        (9, "low".to_owned(), "half_an_interval"),
        (10, "unit".to_owned(), "unknown_value"),
    ];
    assert_eq!(read.refused(), refused);
}
