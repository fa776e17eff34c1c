//! Reads XML: tracks (GPX) and service requests (Open311 `GeoReport` v2), one
//! element after the other. The line of a row is that of its element.

use super::ImportError;
use super::decode::Watch;
use super::elements::{Element, Elements, Found};
use super::record::{Record, RecordSink};
use csv::StringRecord;
use std::io::Read;
use std::mem;
use std::rc::Rc;

/// Most waypoints, which are held until it is known that there is no track.
const MAX_WAYPOINTS: usize = 1_000_000;

/// Hands each point of the tracks of a GPX file to `sink`; where there is no
/// track, each waypoint. A point's unit is the name of its track.
///
/// # Errors
/// [`ImportError::Malformed`] with the line where the text stops being XML;
/// [`ImportError::Packed`]; whatever `sink` says.
pub fn track_points(
    file: impl Read,
    watch: &Rc<Watch>,
    sink: RecordSink<'_>,
) -> Result<Vec<String>, ImportError> {
    let (mut tracks, mut any, mut unit) = (0_u64, false, String::new());
    let mut waypoints: Vec<Record> = Vec::new();
    let elements = Elements { what: "GPX", rows: &["trkpt", "wpt"], group: Some("trk") };
    elements.read(file, watch, &mut |found| match found {
        Found::Group => {
            tracks += 1;
            unit = format!("track-{tracks}");
            Ok(())
        }
        Found::GroupName(name) => {
            unit = name;
            Ok(())
        }
        Found::Row(point) if point.name == "trkpt" => {
            any = true;
            waypoints.clear();
            sink(placed(unit.clone(), point))
        }
        Found::Row(_) if any => Ok(()),
        Found::Row(mut point) if waypoints.len() < MAX_WAYPOINTS => {
            let name = point.take("name");
            waypoints.push(placed(name, point));
            Ok(())
        }
        Found::Row(point) => {
            let reason = "the file has more than a million waypoints".to_owned();
            Err(ImportError::Malformed { line: point.line, reason })
        }
    })?;
    mem::take(&mut waypoints).into_iter().try_for_each(sink)?;
    Ok(["unit", "time", "longitude", "latitude"].map(str::to_owned).to_vec())
}

fn placed(unit: String, mut point: Element) -> Record {
    let values = vec![unit, point.take("time"), point.take("lon"), point.take("lat")];
    Record { line: point.line, values: StringRecord::from(values), geometry: None }
}

/// The fields of a service request, in the order of the standard.
const FIELDS: [&str; 13] = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "lat",
    "long",
];

/// Hands each service request to `sink`.
///
/// # Errors
/// As [`track_points`].
pub fn service_requests(
    file: impl Read,
    watch: &Rc<Watch>,
    sink: RecordSink<'_>,
) -> Result<Vec<String>, ImportError> {
    let what = "a list of service requests";
    let elements = Elements { what, rows: &["request"], group: None };
    elements.read(file, watch, &mut |found| {
        let Found::Row(mut one) = found else { return Ok(()) };
        let values: Vec<String> = FIELDS.map(|name| one.take(name)).to_vec();
        sink(Record { line: one.line, values: StringRecord::from(values), geometry: None })
    })?;
    Ok(FIELDS.map(str::to_owned).to_vec())
}
