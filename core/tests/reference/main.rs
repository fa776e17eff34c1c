//! The numbers of the analysis room against those of independent tools: the
//! expected values lie in `tests/data/analytics` with their provenance.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data fails, and says which"
)]

mod dbscan;
mod density;
mod emerging;
mod empirical_bayes;
mod evaluation;
mod false_alarms;
mod forecast;
mod getis_ord;
mod hot;
mod knox;
mod location;
mod patrol;
mod patrol_year;
mod presence;
mod read;
mod scan;
mod small_numbers;
mod st_scan;
mod trend;
mod village;
