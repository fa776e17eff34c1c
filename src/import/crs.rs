//! In which coordinate system a file is, and how that was decided.

use super::ImportError;
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::Projection;
use geo_types::Rect;

/// What was decided about a file's coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrsDecision {
    /// `EPSG:3006`; `EPSG:4326` for degrees.
    pub code: String,
    /// `SWEREF 99 TM`.
    pub name: String,
    /// How it was decided, in words.
    pub how: &'static str,
    /// Whether the first coordinate points north.
    pub north_first: bool,
}

/// Turns the coordinates of a file into positions.
#[derive(Debug, Clone)]
pub struct FileCrs {
    projection: Projection,
    north_first: bool,
}

/// What is known before the coordinates are looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// `--crs`.
    pub given: Option<&'a str>,
    /// The name in a `crs` member.
    pub member: Option<&'a str>,
    /// The municipality's bounds in degrees.
    pub near: Option<Rect<f64>>,
    /// The municipality's plane.
    pub plane: Option<&'a str>,
}

impl FileCrs {
    /// Decides from what is given, what the file says, and at last the
    /// magnitude of `samples`, its first coordinates.
    ///
    /// # Errors
    /// [`ImportError::Crs`] for an unknown code and where nothing fits.
    pub fn decide(
        known: Known<'_>,
        samples: &[(f64, f64)],
    ) -> Result<(Self, CrsDecision), ImportError> {
        if let Some(code) = known.given {
            return Ok(Self::named(code, samples, "as given by --crs")?.into_decision());
        }
        if let Some(name) = known.member {
            return Ok(Self::named(name, samples, "by the crs member of the file")?.into_decision());
        }
        if samples.is_empty() {
            let how = "no coordinates to judge by";
            return Ok(Self::named("EPSG:4326", samples, how)?.into_decision());
        }
        let degrees = |(x, y): &(f64, f64)| x.abs() <= 180.0 && y.abs() <= 180.0;
        if samples.iter().filter(|at| degrees(at)).count() * 2 >= samples.len() {
            let how = "by magnitude: numbers up to 180 are degrees";
            return Ok(Self::named("EPSG:4326", samples, how)?.into_decision());
        }
        Self::by_place(known, samples).map(Decided::into_decision)
    }

    /// The position of a pair of numbers as they stand in the file.
    pub fn position(&self, first: f64, second: f64) -> Position {
        let (east, north) = if self.north_first { (second, first) } else { (first, second) };
        self.projection.inverse(Plane { east, north })
    }

    fn named(
        name: &str,
        samples: &[(f64, f64)],
        how: &'static str,
    ) -> Result<Decided, ImportError> {
        let code = code(name);
        let projection = Projection::parse(&code).map_err(|_unknown| {
            ImportError::Crs(format!("{name} is not one that is known here"))
        })?;
        let north_first = projection.is_metric() && north_first(samples);
        Ok(Decided { crs: Self { projection, north_first }, how })
    }

    /// The metric system that puts most samples into the municipality.
    fn by_place(known: Known<'_>, samples: &[(f64, f64)]) -> Result<Decided, ImportError> {
        let unknown = || {
            ImportError::Crs(format!(
                "numbers such as {} and {} lie in none that is known here",
                samples[0].0, samples[0].1
            ))
        };
        let Some(near) = known.near else {
            let how = "by magnitude: SWEREF 99 TM within Sweden";
            let decided = Self::named("EPSG:3006", samples, how)?;
            let sweden = Rect::new((10.0, 55.0), (24.5, 69.5));
            return if decided.crs.hits(samples, sweden) * 2 > samples.len() {
                Ok(decided)
            } else {
                Err(unknown())
            };
        };
        let zones = (3006..=3018).map(|number| format!("EPSG:{number}"));
        let how = "by magnitude: the one that puts most points into the municipality";
        let mut best = (0, None);
        for code in known.plane.map(str::to_owned).into_iter().chain(zones) {
            let decided = Self::named(&code, samples, how)?;
            let hits = decided.crs.hits(samples, near);
            if hits > best.0 {
                best = (hits, Some(decided));
            }
        }
        best.1.ok_or_else(unknown)
    }

    fn hits(&self, samples: &[(f64, f64)], near: Rect<f64>) -> usize {
        let inside = |(first, second): &&(f64, f64)| {
            let at = self.position(*first, *second);
            (near.min().x..=near.max().x).contains(&at.longitude)
                && (near.min().y..=near.max().y).contains(&at.latitude)
        };
        samples.iter().filter(inside).count()
    }
}

struct Decided {
    crs: FileCrs,
    how: &'static str,
}

impl Decided {
    fn into_decision(self) -> (FileCrs, CrsDecision) {
        let decision = CrsDecision {
            code: self.crs.projection.code(),
            name: self.crs.projection.name(),
            how: self.how,
            north_first: self.crs.north_first,
        };
        (self.crs, decision)
    }
}

/// Eastings in metres never reach a million; Swedish northings are above six.
fn north_first(samples: &[(f64, f64)]) -> bool {
    const MILLION: f64 = 1_000_000.0;
    let north_first = |(x, y): &&(f64, f64)| x.abs() > MILLION && y.abs() < MILLION;
    samples.iter().filter(north_first).count() * 2 > samples.len()
}

/// `urn:ogc:def:crs:EPSG::3006`, `epsg:3006` and `3006` are `EPSG:3006`.
pub fn code(name: &str) -> String {
    let name = name.trim();
    let last = name.rsplit([':', '/']).next().unwrap_or(name);
    // ETRS89, SWEREF 99 and the "CRS84" of OGC differ by less than a metre.
    if last.eq_ignore_ascii_case("CRS84") || matches!(last, "4326" | "4619" | "4258" | "4979") {
        return "EPSG:4326".to_owned();
    }
    // ETRS89 / UTM: the zones are WGS 84's within a metre.
    match last.parse::<u32>() {
        Ok(number @ 25828..=25838) => format!("EPSG:{}", number - 25800 + 32600),
        _ => format!("EPSG:{last}"),
    }
}
