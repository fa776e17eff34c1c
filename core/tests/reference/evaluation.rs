//! Evaluation models against statsmodels.

use crate::read::{assert_close, json, table};
use fyren_core::analysis::evaluate::{
    DidInference, ItsDesign, PanelRow, difference_in_differences, interrupted_series,
};

fn panel() -> Vec<PanelRow> {
    let table = table("input/panel.csv");
    let (areas, periods) = (table.column("area"), table.column("month"));
    let (treated, posts) = (table.column::<u8>("treated"), table.column::<u8>("post"));
    let counts = table.column("y");
    (0..counts.len())
        .map(|row| PanelRow {
            area: areas[row],
            period: periods[row],
            treated: treated[row] == 1,
            post: posts[row] == 1,
            count: counts[row],
        })
        .collect()
}

#[test]
fn the_difference_in_differences_is_that_of_a_poisson_model_with_two_effects() {
    let expected = json("expected/evaluation_models.json")["did"].clone();
    let number = |field: &str| expected[field].as_f64().unwrap();
    let found = difference_in_differences(&panel(), 1).unwrap();
    assert_close(found.effect.estimate, number("log_ratio"), 1e-6, "log ratio");
    assert_close(found.ratio, number("rate_ratio"), 1e-6, "ratio");
    assert_close(found.effect.se, number("se"), 1e-5, "standard error");
    assert_close(found.se_cluster, number("se_cluster"), 1e-5, "robust standard error");
    // The truth, −0.35, lies within, and three of eight areas give 56 choices.
    assert!(found.effect.low < -0.35 && found.effect.high > -0.1);
    assert_eq!((found.inference, found.arrangements), (DidInference::Permutation, 56));
    // Three of them give as much in the same models of statsmodels.
    assert_close(found.effect.p, 3.0 / 56.0, 1e-12, "p");
}

#[test]
fn the_interrupted_series_is_that_of_a_poisson_model_with_newey_and_west() {
    let expected = json("expected/evaluation_models.json")["its"].clone();
    let mut counts = vec![0; 36];
    for row in panel().iter().filter(|row| row.treated) {
        counts[usize::try_from(row.period).unwrap()] += row.count;
    }
    let found = interrupted_series(&counts, ItsDesign::default()).unwrap();
    assert_eq!(found.terms.len(), expected["params"].as_object().unwrap().len());
    for term in &found.terms {
        let name = term.name.as_str();
        let number = |field: &str| expected[field][name].as_f64().unwrap();
        assert_close(term.effect.estimate, number("params"), 1e-6, name);
        assert_close(term.se_model, number("se"), 1e-5, name);
        assert_close(term.effect.se, number("se_hac3"), 1e-5, name);
    }
    let dispersion = expected["pearson_dispersion"].as_f64().unwrap();
    assert_close(found.dispersion, dispersion, 1e-6, "dispersion");
}
