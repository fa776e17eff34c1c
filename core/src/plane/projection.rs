//! From degrees to metres and back, named by EPSG codes.

use crate::domain::{Plane, Position, Violation};
use geo::MapCoords;
use geo_types::Coord;
use proj4rs::Proj;
use proj4rs::transform::transform;

/// A metric projection of the ellipsoid, or plain degrees.
///
/// SWEREF 99 is taken as equal to WGS 84 (they differ by less than a metre,
/// growing by about 2.5 cm a year); so are the ellipsoids behind them.
///
/// The formulas are the sixth-order series of Poder and Engsager (Engsager and
/// Poder 2007), exact to below a millimetre within a zone; a point costs about
/// 0.2 µs.
#[derive(Clone)]
pub struct Projection {
    crs: Crs,
    degrees: Proj,
    metres: Option<Proj>,
}

/// The systems that this package knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crs {
    Sweref99Tm,
    /// Index into [`LOCAL_ZONES`].
    Sweref99Local(usize),
    Utm {
        zone: u8,
        south: bool,
    },
    Degrees,
}

/// Names and central meridians of EPSG:3007 to EPSG:3018, in order.
const LOCAL_ZONES: [(&str, f64); 12] = [
    ("SWEREF 99 12 00", 12.0),
    ("SWEREF 99 13 30", 13.5),
    ("SWEREF 99 15 00", 15.0),
    ("SWEREF 99 16 30", 16.5),
    ("SWEREF 99 18 00", 18.0),
    ("SWEREF 99 14 15", 14.25),
    ("SWEREF 99 15 45", 15.75),
    ("SWEREF 99 17 15", 17.25),
    ("SWEREF 99 18 45", 18.75),
    ("SWEREF 99 20 15", 20.25),
    ("SWEREF 99 21 45", 21.75),
    ("SWEREF 99 23 15", 23.25),
];

/// EPSG's area of use of SWEREF 99 TM: west, south, east, north in degrees.
const SWEDEN: [f64; 4] = [10.03, 54.96, 24.17, 69.07];

impl Projection {
    /// The projection with an EPSG code: `EPSG:3006` (SWEREF 99 TM),
    /// `EPSG:3007` to `EPSG:3018` (SWEREF 99 local zones), `EPSG:32601` to
    /// `EPSG:32660` and `EPSG:32701` to `EPSG:32760` (UTM north and south), or
    /// `EPSG:4326` and `CRS84` (degrees, *longitude first* in both).
    ///
    /// # Errors
    /// Violates `crs: unknown_crs` for anything else.
    pub fn parse(code: &str) -> Result<Self, Violation> {
        Crs::parse(code).and_then(Self::of).ok_or_else(|| Violation::new("crs", "unknown_crs"))
    }

    /// SWEREF 99 TM, the plane of Sweden and of the lattice of releases.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the definition is a constant under test")]
    pub fn sweref99_tm() -> Self {
        Self::of(Crs::Sweref99Tm).expect("a constant definition that a test parses")
    }

    /// The metric projection that suits a place: SWEREF 99 TM within its area
    /// of use (a box around Sweden), else the UTM zone of the place.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "all 120 zones are parsed by a test")]
    pub fn for_position(at: Position) -> Self {
        let [west, south, east, north] = SWEDEN;
        let swedish =
            (west..=east).contains(&at.longitude) && (south..=north).contains(&at.latitude);
        if swedish {
            return Self::sweref99_tm();
        }
        let zones_from_180_west = ((at.longitude + 180.0) / 6.0).floor().clamp(0.0, 59.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0 to 59 above; not-a-number becomes 0"
        )]
        let zone = zones_from_180_west as u8 + 1;
        Self::of(Crs::Utm { zone, south: at.latitude < 0.0 })
            .expect("every zone from 1 to 60 is defined")
    }

    /// The code that [`Projection::parse`] reads: `EPSG:3006`.
    #[must_use]
    pub fn code(&self) -> String {
        match self.crs {
            Crs::Sweref99Tm => "EPSG:3006".to_owned(),
            Crs::Sweref99Local(index) => format!("EPSG:{}", 3007 + index),
            Crs::Utm { zone, south: false } => format!("EPSG:326{zone:02}"),
            Crs::Utm { zone, south: true } => format!("EPSG:327{zone:02}"),
            Crs::Degrees => "EPSG:4326".to_owned(),
        }
    }

    /// The name that people use: `SWEREF 99 12 00`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.crs {
            Crs::Sweref99Tm => "SWEREF 99 TM".to_owned(),
            Crs::Sweref99Local(index) => LOCAL_ZONES[index].0.to_owned(),
            Crs::Utm { zone, south } => format!("UTM {zone}{}", if south { 'S' } else { 'N' }),
            Crs::Degrees => "WGS 84".to_owned(),
        }
    }

    /// Whether coordinates are metres (and not degrees).
    #[must_use]
    pub fn is_metric(&self) -> bool {
        self.metres.is_some()
    }

    /// The plane position of a position; for plain degrees, east is the
    /// longitude and north the latitude.
    ///
    /// Precise within some 30 degrees of the meridian. What the projection
    /// sends to infinity (the equator a quarter of the globe away) becomes a
    /// plane position that is not a number, which lies in no polygon and no cell.
    #[must_use]
    pub fn forward(&self, at: Position) -> Plane {
        let (east, north) = self.east_north((at.longitude, at.latitude));
        Plane { east, north }
    }

    /// The position of a plane position.
    ///
    /// Numbers from outside must be checked again with [`Position::parse`]:
    /// what lies outside the projection becomes not a number.
    #[must_use]
    pub fn inverse(&self, at: Plane) -> Position {
        let (longitude, latitude) = self.longitude_latitude((at.east, at.north));
        Position { longitude, latitude }
    }

    /// [`Projection::forward`] of many positions, in the same order.
    #[must_use]
    pub fn forward_all(&self, positions: &[Position]) -> Vec<Plane> {
        positions.iter().map(|&at| self.forward(at)).collect()
    }

    /// [`Projection::inverse`] of many positions, in the same order.
    #[must_use]
    pub fn inverse_all(&self, planes: &[Plane]) -> Vec<Position> {
        planes.iter().map(|&at| self.inverse(at)).collect()
    }

    /// A shape in degrees (x = longitude) put into the plane (x = east),
    /// vertex by vertex: long straight lines stay straight.
    #[must_use]
    pub fn forward_shape<S: MapCoords<f64, f64, Output = S>>(&self, shape: &S) -> S {
        shape.map_coords(|at| {
            let (x, y) = self.east_north((at.x, at.y));
            Coord { x, y }
        })
    }

    /// A shape in the plane put back into degrees, vertex by vertex.
    #[must_use]
    pub fn inverse_shape<S: MapCoords<f64, f64, Output = S>>(&self, shape: &S) -> S {
        shape.map_coords(|at| {
            let (x, y) = self.longitude_latitude((at.x, at.y));
            Coord { x, y }
        })
    }

    /// `None` only if a definition below were malformed; tests build them all.
    fn of(crs: Crs) -> Option<Self> {
        let build = |definition: &str| Proj::from_proj_string(definition).ok();
        let metres = match crs {
            Crs::Sweref99Tm => Some(build("+proj=utm +zone=33 +ellps=GRS80")?),
            Crs::Sweref99Local(index) => {
                let meridian = LOCAL_ZONES[index].1;
                Some(build(&format!("+proj=etmerc +lon_0={meridian} +x_0=150000 +ellps=GRS80"))?)
            }
            Crs::Utm { zone, south } => {
                let side = if south { " +south" } else { "" };
                Some(build(&format!("+proj=utm +zone={zone}{side} +ellps=WGS84"))?)
            }
            Crs::Degrees => None,
        };
        Some(Self { crs, degrees: build("+proj=latlong +ellps=GRS80")?, metres })
    }

    fn east_north(&self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        let Some(metres) = &self.metres else { return (longitude, latitude) };
        let mut at = (longitude.to_radians(), latitude.to_radians());
        match transform(&self.degrees, metres, &mut at) {
            Ok(()) => at,
            Err(_) => (f64::NAN, f64::NAN),
        }
    }

    fn longitude_latitude(&self, (east, north): (f64, f64)) -> (f64, f64) {
        let Some(metres) = &self.metres else { return (east, north) };
        let mut at = (east, north);
        match transform(metres, &self.degrees, &mut at) {
            Ok(()) => (at.0.to_degrees(), at.1.to_degrees()),
            Err(_) => (f64::NAN, f64::NAN),
        }
    }
}

impl Crs {
    fn parse(code: &str) -> Option<Self> {
        if code == "CRS84" {
            return Some(Self::Degrees);
        }
        let digits = code.strip_prefix("EPSG:")?;
        let number = digits.parse::<u16>().ok().filter(|number| number.to_string() == digits)?;
        let zone = u8::try_from(number % 100).ok()?;
        match number {
            4326 => Some(Self::Degrees),
            3006 => Some(Self::Sweref99Tm),
            3007..=3018 => Some(Self::Sweref99Local(usize::from(number - 3007))),
            32601..=32660 => Some(Self::Utm { zone, south: false }),
            32701..=32760 => Some(Self::Utm { zone, south: true }),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Projection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Projection({})", self.code())
    }
}

impl PartialEq for Projection {
    fn eq(&self, other: &Self) -> bool {
        self.crs == other.crs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(longitude: f64, latitude: f64) -> Position {
        Position { longitude, latitude }
    }

    #[test]
    fn every_known_code_is_read_and_written_alike() {
        let codes = (3006..=3018)
            .chain(32601..=32660)
            .chain(32701..=32760)
            .chain([4326])
            .map(|number| format!("EPSG:{number}"));
        for code in codes {
            assert_eq!(Projection::parse(&code).unwrap().code(), code);
        }
        assert_eq!(Projection::parse("CRS84").unwrap().code(), "EPSG:4326");
    }

    #[test]
    fn an_unknown_code_is_refused() {
        for code in ["", "3006", "EPSG:3019", "EPSG:32661", "EPSG:+3006", "epsg:3006", "EPSG:03006"]
        {
            let refused = Projection::parse(code).unwrap_err();
            assert_eq!(refused, Violation::new("crs", "unknown_crs"), "{code}");
        }
    }

    #[test]
    fn places_in_sweden_get_sweref_and_others_their_utm_zone() {
        for (longitude, latitude, code) in [
            (11.25, 58.36, "EPSG:3006"),
            (24.135, 65.835, "EPSG:3006"),
            (-74.0, 40.7, "EPSG:32618"),
            (28.05, -26.2, "EPSG:32735"),
            (180.0, 10.0, "EPSG:32660"),
            (-180.0, -10.0, "EPSG:32701"),
        ] {
            assert_eq!(Projection::for_position(at(longitude, latitude)).code(), code);
        }
    }

    #[test]
    fn what_lies_at_infinity_is_not_a_number() {
        let plane = Projection::sweref99_tm().forward(at(-75.0, 0.0));
        assert!(plane.east.is_nan() && plane.north.is_nan(), "{plane:?}");
    }

    #[test]
    fn a_projection_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&Projection::sweref99_tm());
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place_within_a_micrometre(
            longitude in 10.5f64..24.0,
            latitude in 55.0f64..69.0,
            zone in 3006u16..=3018,
        ) {
            let projection = Projection::parse(&format!("EPSG:{zone}")).unwrap();
            let back = projection.inverse(projection.forward(at(longitude, latitude)));
            prop_assert!((back.longitude - longitude).abs() < 1e-11);
            prop_assert!((back.latitude - latitude).abs() < 1e-11);
        }
    }
}
