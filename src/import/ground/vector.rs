//! Shapes with attributes out of a `GeoPackage` or a Shapefile of any size: read
//! from where they lie, table by table, as far as they touch the box.

use super::Ground;
use super::gathered::{Gathered, Schema};
use crate::import::binary::{Whole, whole};
use crate::import::geopackage::refuse_cut;
use crate::import::words::plain;
use crate::import::{ImportError, crs, shapes};
use fyren_core::domain::Position;
use fyren_core::plane::Projection;
use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Geometry, Rect};
use geozero::ToGeo as _;
use geozero::wkb::GpkgWkb;
use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};
use shapefile::{ShapeReader, dbase};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

const TABLES: &str =
    "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id
    FROM gpkg_geometry_columns g
    JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY g.table_name";

/// Points along each side of the box, which is bent in a plane.
const STEPS: u32 = 16;

/// The ground of `frame` in a `GeoPackage`: roads of NVDB, whatever
/// Lantmäteriet maps, land polygons. Costs a look at the spatial index of each
/// table where it has one, else a walk through all of it.
///
/// # Errors
/// [`ImportError::Malformed`] for a file that is no `GeoPackage` and for one of
/// which no table is understood.
pub fn read_geopackage(path: &Path, frame: Rect) -> Result<Ground, ImportError> {
    let mut header = Vec::new();
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    file.take(100).read_to_end(&mut header)?;
    refuse_cut(&header, length)?;
    // Looked at only: no log is written beside it, nothing is locked.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let data = Connection::open_with_flags(path, flags).map_err(told)?;
    let mut statement = data.prepare(TABLES).map_err(told)?;
    let tables = statement.query_map((), |row| {
        let (organisation, number): (String, i64) = (row.get(2)?, row.get(3)?);
        let crs = format!("{organisation}:{number}");
        Ok(Table { name: row.get(0)?, geometry: row.get(1)?, crs })
    });
    let tables = tables.map_err(told)?.collect::<Result<Vec<_>, _>>().map_err(told)?;
    let mut gathered = Gathered::new(frame);
    let mut understood = false;
    for table in &tables {
        understood |= table.read(&data, &mut gathered)?;
    }
    if understood {
        Ok(gathered.finish())
    } else {
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        Err(nothing(&names.join(", ")))
    }
}

/// The ground of `frame` in a Shapefile: the path of the `.shp` with its other
/// parts beside it, or of a zip archive with one of them.
///
/// # Errors
/// As [`read_geopackage`]; [`ImportError::Packed`] for an archive that is too
/// large to be held: unpack it.
pub fn read_shapefile(path: &Path, frame: Rect) -> Result<Ground, ImportError> {
    let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if packed {
        let file: Whole = whole(File::open(path)?)?;
        let parts = shapes::unpacked(&file)?;
        let [shapes, table] = [parts.shapes, parts.table].map(Cursor::new);
        return walked(&parts.name, shapes, table, parts.projection.as_deref(), frame);
    }
    let part = |ending: &str| {
        let lower = path.with_extension(ending);
        if lower.exists() { lower } else { path.with_extension(ending.to_ascii_uppercase()) }
    };
    let open = |path: &Path| File::open(path).map(BufReader::new);
    let projection = std::fs::read(part("prj")).ok();
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let (shapes, table) = (open(path)?, open(&part("dbf"))?);
    walked(&name.unwrap_or_default(), shapes, table, projection.as_deref(), frame)
}

fn walked<R: Read + Seek>(
    name: &str,
    shapes: R,
    table: R,
    projection: Option<&[u8]>,
    frame: Rect,
) -> Result<Ground, ImportError> {
    let broken = |error: shapefile::Error| malformed(&format!("a shape cannot be read ({error})"));
    let shapes = ShapeReader::new(shapes).map_err(broken)?;
    let table = dbase::Reader::new(table)
        .map_err(|error| malformed(&format!("the table cannot be read ({error})")))?;
    let names: Vec<String> = table.fields().iter().map(|field| field.name().to_owned()).collect();
    let columns: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let schema = Schema::of(&plain(name), &columns).ok_or_else(|| nothing(name))?;
    let code = projection.and_then(|text| shapes::crs(&String::from_utf8_lossy(text)));
    let near = Near::of(frame, code.as_deref().unwrap_or("EPSG:4326"))?;
    let mut gathered = Gathered::new(frame);
    let mut reader = shapefile::Reader::new(shapes, table);
    for row in reader.iter_shapes_and_records() {
        let (shape, attributes) = row.map_err(broken)?;
        if matches!(shape, shapefile::Shape::NullShape) {
            continue;
        }
        let Ok(shape) = Geometry::<f64>::try_from(shape) else { continue };
        if !near.holds(&shape) {
            continue;
        }
        let values: Vec<String> = names
            .iter()
            .map(|name| attributes.get(name).map(shapes::text).unwrap_or_default())
            .collect();
        gathered.take(&schema, &values, near.degrees(&shape));
    }
    Ok(gathered.finish())
}

/// Where the features of a table are.
struct Table {
    name: String,
    geometry: String,
    crs: String,
}

impl Table {
    /// Hands over what lies near; whether the table is understood.
    fn read(&self, data: &Connection, gathered: &mut Gathered) -> Result<bool, ImportError> {
        let quoted = self.name.replace('"', "\"\"");
        let all = format!("SELECT * FROM \"{quoted}\"");
        let whole_table = data.prepare(&all).map_err(told)?;
        let names: Vec<&str> = whole_table.column_names();
        let columns: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let Some(schema) = Schema::of(&plain(&self.name), &columns) else { return Ok(false) };
        let Some(at) = names.iter().position(|name| *name == self.geometry) else {
            return Ok(false);
        };
        let near = Near::of(gathered.frame(), &self.crs)?;
        let index = format!("rtree_{}_{}", self.name, self.geometry);
        let query = if has_table(data, &index)? {
            let [west, south, east, north] = near.sides();
            let index = index.replace('"', "\"\"");
            format!(
                "{all} WHERE rowid IN (SELECT id FROM \"{index}\" WHERE maxx >= {west} \
                 AND minx <= {east} AND maxy >= {south} AND miny <= {north})"
            )
        } else {
            all
        };
        let mut statement = data.prepare(&query).map_err(told)?;
        let mut rows = statement.query(()).map_err(told)?;
        while let Some(row) = rows.next().map_err(told)? {
            let Some(shape) = shape(row, at).map_err(told)?.filter(|shape| near.holds(shape))
            else {
                continue;
            };
            let values = (0..columns.len()).map(|column| row.get_ref(column).map(text));
            let values: Vec<String> = values.collect::<Result<_, _>>().map_err(told)?;
            gathered.take(&schema, &values, near.degrees(&shape));
        }
        Ok(true)
    }
}

fn has_table(data: &Connection, name: &str) -> Result<bool, ImportError> {
    let mut found = data.prepare("SELECT 1 FROM sqlite_master WHERE name = ?1").map_err(told)?;
    found.exists([name]).map_err(told)
}

/// A geometry that is there and can be read.
fn shape(row: &Row<'_>, at: usize) -> Result<Option<Geometry>, rusqlite::Error> {
    let bytes = row.get_ref(at)?.as_blob_or_null().ok().flatten();
    Ok(bytes.and_then(|bytes| GpkgWkb(bytes.to_vec()).to_geo().ok()))
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// The box in the coordinates of a file.
struct Near {
    projection: Projection,
    bounds: Rect,
}

impl Near {
    fn of(frame: Rect, code: &str) -> Result<Self, ImportError> {
        let projection = Projection::parse(&crs::code(code)).map_err(|_unknown| {
            malformed(&format!("its coordinate system, {code}, is not one that is known here"))
        })?;
        let part = |step: u32| f64::from(step) / f64::from(STEPS);
        let (low, width, height) = (frame.min(), frame.width(), frame.height());
        let sides = (0..=STEPS).flat_map(|step| {
            let (x, y) = (part(step) * width, part(step) * height);
            [(x, 0.0), (x, height), (0.0, y), (width, y)]
        });
        let mut bounds: Option<Rect> = None;
        for (x, y) in sides {
            let at = projection.forward(Position { longitude: low.x + x, latitude: low.y + y });
            let corner = Coord { x: at.east, y: at.north };
            bounds = Some(bounds.map_or(Rect::new(corner, corner), |known| {
                let (min, max) = (known.min(), known.max());
                Rect::new(
                    (min.x.min(corner.x), min.y.min(corner.y)),
                    (max.x.max(corner.x), max.y.max(corner.y)),
                )
            }));
        }
        Ok(Self { projection, bounds: bounds.unwrap_or(frame) })
    }

    fn sides(&self) -> [f64; 4] {
        let (low, high) = (self.bounds.min(), self.bounds.max());
        [low.x, low.y, high.x, high.y]
    }

    fn holds(&self, shape: &Geometry) -> bool {
        shape.bounding_rect().is_some_and(|bounds| self.bounds.intersects(&bounds))
    }

    fn degrees(&self, shape: &Geometry) -> Geometry {
        self.projection.inverse_shape(shape)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn told(error: rusqlite::Error) -> ImportError {
    malformed(&format!("this is no GeoPackage that can be read ({error})"))
}

fn nothing(tables: &str) -> ImportError {
    malformed(&format!(
        "nothing in it is understood as a base map ({tables}): neither roads of NVDB in one \
         table, nor objekttyp of Lantmäteriet, nor land polygons"
    ))
}

fn malformed(reason: &str) -> ImportError {
    ImportError::Malformed { line: 1, reason: reason.to_owned() }
}
