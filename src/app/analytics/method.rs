//! The methods that can be asked for, and their parameters.

use crate::app::layers::LayerQuery;
use crate::app::layers::query::{parse_asked, staff_parameters};
use fyren_core::domain::{Layer, Violation};
use jiff::tz::TimeZone;

/// A method by its name in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// What may be said of each district.
    Summary,
    /// Kernel density, cell by cell.
    Density,
    /// Hot cells merged and ranked.
    Hotspots,
    /// The scan's clusters.
    Clusters,
    /// Where reports have become more frequent of late.
    Alerts,
    /// Reports that lie close together.
    Places,
    /// What changed where something was done.
    Evaluate,
    /// How well simple maps would have foretold what came.
    ForecastQuality,
    /// Gi*, for comparison with other tools.
    Gistar,
    /// Whether reports follow each other closely in place and time.
    Nearrepeat,
    /// The local Moran, for comparison with other tools.
    Moran,
    /// Where reports have gathered period by period, for comparison.
    Emerging,
    /// Whether reports become more or fewer.
    Trend,
    /// Who was where how long, beside the need.
    Presence,
    /// Who was at each hot spot how long.
    Dose,
    /// Who reports, and who is not heard.
    Bias,
    /// Where to stand; asked for by POST.
    Sites,
    /// Patrol areas of about as much work each; asked for by POST.
    Areas,
}

impl Method {
    /// Every method.
    pub const ALL: &[Self] = &[
        Self::Summary,
        Self::Density,
        Self::Hotspots,
        Self::Clusters,
        Self::Alerts,
        Self::Places,
        Self::Evaluate,
        Self::ForecastQuality,
        Self::Gistar,
        Self::Nearrepeat,
        Self::Moran,
        Self::Emerging,
        Self::Trend,
        Self::Presence,
        Self::Dose,
        Self::Bias,
        Self::Sites,
        Self::Areas,
    ];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Density => "density",
            Self::Hotspots => "hotspots",
            Self::Clusters => "clusters",
            Self::Alerts => "alerts",
            Self::Places => "places",
            Self::Evaluate => "evaluate",
            Self::ForecastQuality => "forecast-quality",
            Self::Gistar => "gistar",
            Self::Nearrepeat => "nearrepeat",
            Self::Moran => "moran",
            Self::Emerging => "emerging",
            Self::Trend => "trend",
            Self::Presence => "presence",
            Self::Dose => "dose",
            Self::Bias => "bias",
            Self::Sites => "plan/sites",
            Self::Areas => "plan/areas",
        }
    }

    /// The method with a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.code() == code)
    }

    /// The layer whose row of the access table says who may ask: whoever sees
    /// the one may compute the other.
    #[must_use]
    pub const fn layer(self) -> Layer {
        match self {
            Self::Density => Layer::Heat,
            Self::Summary
            | Self::Hotspots
            | Self::Evaluate
            | Self::ForecastQuality
            | Self::Gistar
            | Self::Nearrepeat
            | Self::Moran
            | Self::Emerging
            | Self::Trend
            | Self::Bias
            | Self::Dose
            | Self::Sites => Layer::Hotspots,
            Self::Presence => Layer::Coverage,
            // What the police plan is theirs.
            Self::Areas => Layer::Plan,
            Self::Clusters | Self::Alerts => Layer::Clusters,
            Self::Places => Layer::Places,
        }
    }

    /// The names of the parameters that it takes.
    #[must_use]
    pub fn parameters(self) -> Vec<&'static str> {
        staff_parameters(self.own())
    }

    /// Its parameters beside those of every layer of events.
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::Summary | Self::Trend => &[],
            Self::Density => &["radius", "cell"],
            Self::Hotspots => &["cell", "tail", "expected"],
            Self::Gistar => &["cell"],
            Self::Alerts => &["days", "radius", "tmax", "seasonStrata", "nsim", "seed", "sample"],
            Self::Evaluate => &["design", "at", "days", "treated", "control"],
            Self::ForecastQuality => &["horizon", "origins"],
            Self::Clusters => &["cell", "maxShare", "maxP", "nsim", "seed"],
            Self::Places => &["epsM", "minPts", "days", "openDays"],
            Self::Moran => &["cell", "nsim", "seed"],
            Self::Emerging => &["cell", "periods", "periodDays", "mean"],
            Self::Presence => &["doseMin", "doseMax", "goal"],
            Self::Dose => &["doseMin", "doseMax", "goal", "cell", "expected"],
            Self::Bias => &["openDays", "survey"],
            Self::Nearrepeat => &["nsim", "seed", "sample"],
            Self::Sites => &["p", "radiusM", "floor", "floorM", "backup"],
            Self::Areas => &["k", "cell", "seed", "unit"],
        }
    }
}

/// Reads the parameters of a question to `method`; dates are local in `zone`.
///
/// # Errors
/// As [`crate::app::layers::parse_query`].
pub fn parse_question(
    method: Method,
    pairs: &[(String, String)],
    zone: &TimeZone,
) -> Result<LayerQuery, Vec<Violation>> {
    parse_asked(&method.parameters(), method.own(), pairs, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::Audience;

    #[test]
    fn every_method_is_for_staff_and_has_a_code_of_its_own() {
        for method in Method::ALL {
            assert_eq!(Method::parse(method.code()), Some(*method));
            assert_eq!(method.layer().audience(), Audience::Staff);
        }
    }

    #[test]
    fn a_parameter_of_another_method_is_refused_by_name() {
        let pairs = [("maxShare".to_owned(), "0.1".to_owned())];
        let zone = TimeZone::UTC;
        assert!(parse_question(Method::Clusters, &pairs, &zone).is_ok());
        let broken = parse_question(Method::Density, &pairs, &zone).err().unwrap();
        assert_eq!(broken, [Violation::new("maxShare", "unknown_parameter")]);
    }
}
