//! What the numbers say: one method a file, pure and seeded.
//!
//! Positions are in metres, values in f64; every answer is independent of the
//! number of threads and of the order of the events.

mod amounts;
mod arrivals;
mod bandwidth;
mod bins;
mod cells;
mod coarse;
mod controls;
mod convolve;
mod covering;
mod dated;
mod dbscan;
mod density;
mod dose;
mod draw;
mod edge;
mod emerging;
mod empirical_bayes;
pub mod evaluate;
mod exposure;
mod fdr;
mod find_the_map;
mod followed;
pub mod forecast;
mod getis_ord;
mod hot_hours;
mod hotcells;
mod hotspots;
mod intervals;
mod isobands;
mod kernel;
mod knox;
mod likeness;
mod local_poisson;
mod monthly;
mod moran;
mod neighbours;
mod p_median;
pub mod patrol;
mod patrol_areas;
mod places;
mod ratio;
pub mod release;
mod repeats;
mod reporting;
mod scan;
mod shore;
pub mod simulate;
mod sites;
mod speeds;
mod splat;
mod spot_power;
mod st_scan;
pub mod stays;
mod summary;
mod sums;
mod survey;
mod tails;
mod trend;
mod trials;
mod voices;
mod weights;
mod windows;

pub use amounts::{Amount, AmountGround, Settlement, settlements};
pub use arrivals::{Arrival, Pattern, Suspicion, suspicious, wording};
pub use bandwidth::{BandwidthSuggestion, leave_one_out, suggest_bandwidth};
pub use controls::{Call, ControlRules, SiteFacts, call, control_order};
pub use dated::Dated;
pub use dbscan::{Grouping, dbscan, st_dbscan};
pub use density::{DAYS_OF_YEAR, Surface, Weighted, density, density_at};
pub use dose::{Balance, Dose, DoseBand, Gap, Stay, balance, doses};
pub use edge::{Edge, Rectangle};
pub use emerging::{Cube, CubeMean, Emergence, Emerging, emerging};
pub use empirical_bayes::{EbRate, Prior, empirical_bayes, local_empirical_bayes};
pub use exposure::{Basis, Exposure};
pub use fdr::{q_values, q_values_any};
pub use find_the_map::{Lineup, chance_map, lineup};
pub use followed::{Followed, MadeVisit, PlannedVisit, followed};
pub use getis_ord::{
    LocalG, LocalMoran, getis_ord, getis_ord_star, getis_ord_star_grid, local_moran,
};
pub use hot_hours::{HotHours, hot_hours};
pub use hotcells::{HotRule, HotStatus, Hotcell, Hotcells, LEAST_CASES, Sighting, hotcells};
pub use hotspots::{Hotspot, SpotCluster, hotspots};
pub use intervals::{
    Comparison, Interval, compare, exact_interval, exact_ratio, funnel, share_interval,
};
pub use isobands::{Isoband, breaks_of_mean, isobands};
pub use kernel::Kernel;
pub use knox::{Band, KnoxBand, KnoxRule, knox};
pub use likeness::{Described, Likeness, content_words, likeness};
pub use local_poisson::{
    LocalResult, LocalTest, local_poisson, local_poisson_grid, pearson_dispersion,
};
pub use monthly::Monthly;
pub use moran::{MoranChance, local_moran_chance};
pub use neighbours::Neighbours;
pub use p_median::{Medians, p_median};
pub use patrol_areas::{MOST_PIECES, PatrolAreas, Piece, area_parts, judged, patrol_areas};
pub use places::{PlaceEvent, ProblemPlace, problem_places};
pub use ratio::ratio_of_bands;
pub use repeats::{Told, repeats};
pub use reporting::{OpenPlace, ReportingRate, SurveyArea, Voice, reporting_rates, silent_areas};
pub use scan::{Scan, ScanArea, ScanCluster, ScanRule, Scanner, scan};
pub use shore::Shore;
pub use sites::{Floor, MOST_PLACES, SiteGoal, Sites, SitesProblem, SitesRefusal, sites};
pub use speeds::{SpeedSite, speed_sites};
pub use spot_power::once_in_years;
pub use st_scan::{StCluster, StEvent, StScan, StScanRule, st_scan};
pub use summary::{AreaCount, AreaSummary, LEAST_AREAS, SummaryNote, summary};
pub use sums::Sums;
pub use survey::{UnsafeShare, UnsafeSurvey, unsafe_survey};
pub use tails::{LARGEST_POISSON_DISPERSION, Tail};
pub use trend::{Trend, hamed_rao, mann_kendall, seasonal_mann_kendall};
pub use trials::{BATCH, Trials, Watch, unwatched};
pub use weights::Weights;
