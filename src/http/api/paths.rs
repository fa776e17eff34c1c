//! The parts of addresses, described once. The extractors of `state` read them.
#![expect(dead_code, reason = "only the description of the interface reads them")]

use utoipa::IntoParams;

/// Below a municipality.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InMunicipality {
    /// Municipality code
    code: String,
}

/// One report.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneReport {
    /// Municipality code
    code: String,
    /// Identity of the report
    id: String,
}

/// The releases of one year.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OneYear {
    /// Municipality code
    code: String,
    /// Calendar year
    year: i16,
}

/// A part of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PartOfList {
    /// 1 to 1 000, default 20
    limit: Option<usize>,
    /// How many are passed over, default 0
    offset: Option<usize>,
}

/// What makes a repeated request harmless.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RepeatSafely {
    /// Chosen by the sender, 1 to 128 visible characters
    #[param(rename = "Idempotency-Key")]
    idempotency_key: String,
}
