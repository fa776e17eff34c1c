//! Heat: what it sums to, what it rests on, where it ends.

use super::given::{REPORT, Told, answer, features, field, float, int, member};
use crate::app::Error;
use crate::app::layers::answer::Built;
use crate::encode::{Shape, Value};
use fyren_core::domain::{EventKind, Flags, Layer, SourceClass};

fn grid(built: &Built) -> (f64, Vec<u32>, f64, i64) {
    let Value::Object(grid) = member(built, "grid") else { panic!("a grid") };
    let find = |name| &grid.iter().find(|(known, _)| *known == name).unwrap().1;
    let Value::Numbers(values) = find("values") else { panic!("numbers") };
    (float(find("perThousand")), values.to_vec(), float(find("cellM")), int(find("columns")))
}

#[test]
fn one_report_a_year_inland_sums_to_one_report_a_year() {
    let question = "form=grid&cell=50&from=2025-11-22&to=2026-11-22";
    let built = answer(Layer::Heat, question, (&[REPORT], &[])).unwrap();
    let (largest, values, cell_m, columns) = grid(&built);
    // The peak of a quartic kernel is 3 / (π R²); a year has 365.25 days, this one 365.
    let peak = 3.0 / (std::f64::consts::PI * 0.49) * 365.25 / 365.0;
    assert!((largest / peak - 1.0).abs() < 0.01, "{largest} is not {peak}");
    let sum: f64 = values.iter().map(|value| f64::from(*value) / 1e3 * largest).sum();
    assert!((sum * cell_m * cell_m / 1e6 - 1.0).abs() < 0.01);
    assert_eq!(values.len() % usize::try_from(columns).unwrap(), 0);
}

#[test]
fn heat_rests_on_places_that_are_known_well_enough_and_counts_the_others() {
    let all = [
        REPORT,
        Told { source: 2, class: SourceClass::Trained, ..REPORT },
        Told { precision_m: 351.0, ..REPORT },
        Told { at: None, ..REPORT },
        Told { flags: Flags::QUARANTINED, ..REPORT },
        Told { flags: Flags::MERGED, ..REPORT },
        Told { flags: Flags::SAFE_PLACE, ..REPORT },
        Told { kind: EventKind::Incident, class: SourceClass::Police, ..REPORT },
    ];
    let built = answer(Layer::Heat, "", (&all, &[])).unwrap();
    let numbers = ["reports", "sources", "imprecise", "areaCoded"];
    assert_eq!(numbers.map(|name| int(member(&built, name))), [2, 2, 1, 1]);
    let by_class = vec![("citizen", Value::Int(1)), ("trained", Value::Int(1))];
    assert_eq!(member(&built, "reportsBySource"), &Value::Object(by_class));
    let police = answer(Layer::Heat, "source=police", (&all, &[])).unwrap();
    assert_eq!(int(member(&police, "reports")), 1);
}

#[test]
fn isobands_lie_around_the_reports_and_none_lies_in_the_sea() {
    let quay = Told { at: Some((11.201, 58.4)), ..REPORT };
    let built = answer(Layer::Heat, "", (&[quay, REPORT], &[])).unwrap();
    let bands = features(&built);
    assert!(!bands.is_empty());
    let mut inside = 0;
    for band in &bands {
        let Shape::MultiPolygon(shape) = &band.shape else { panic!("a shape") };
        let bounds = geo::BoundingRect::bounding_rect(&**shape).unwrap();
        // The water cells that touch the land are shown: less than 300 m.
        assert!(bounds.min().x > 11.195, "{} is at sea", bounds.min().x);
        inside += int(field(band, "reports"));
        assert!(float(field(band, "from")) > 0.0);
    }
    assert_eq!(inside, 2);
}

#[test]
fn an_empty_municipality_has_an_empty_heat_map() {
    let built = answer(Layer::Heat, "", (&[], &[])).unwrap();
    assert_eq!((built.rows.len(), int(member(&built, "reports"))), (0, 0));
    let (_, values, ..) = grid(&answer(Layer::Heat, "form=grid", (&[], &[])).unwrap());
    assert!(values.iter().all(|value| *value == 0));
}

#[test]
fn a_parameter_that_the_method_refuses_is_named() {
    for (text, field, rule) in [
        ("radius=10", "radius", "out_of_range"),
        ("radius=2001", "radius", "out_of_range"),
        ("radius=NaN", "radius", "out_of_range"),
        ("radius=wide", "radius", "number_form"),
        ("cell=1", "cell", "out_of_range"),
        ("form=hexagons", "form", "unknown_value"),
    ] {
        let refused = answer(Layer::Heat, text, (&[REPORT], &[])).err();
        let Some(Error::BadParameter(broken)) = refused else { panic!("{text} was not refused") };
        assert_eq!((broken[0].field.as_str(), broken[0].rule), (field, rule));
    }
}
