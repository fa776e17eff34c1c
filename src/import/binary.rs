//! Files that cannot be read from front to back: held whole, within a limit.

use super::{Format, ImportError, unpack};
use std::io::{Cursor, Read};
use std::sync::Arc;
use zip::ZipArchive;

/// Longest such file, in bytes.
pub const MAX_BYTES: u64 = 256 << 20;
/// What the parts of an archive may hold together, unpacked, in bytes.
const MAX_UNPACKED: u64 = 1 << 30;
/// How many times its size an archive may unpack to.
const MAX_RATIO: u64 = 200;

const SQLITE: &[u8] = b"SQLite format 3\0";
const ZIP: &[u8] = b"PK\x03\x04";
/// Workbooks from before 2007.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// A file in memory that can be read from anywhere.
pub type Whole = Cursor<Arc<[u8]>>;

/// Whether a file that begins so has to be held whole.
pub fn is_binary(start: &[u8]) -> bool {
    [SQLITE, ZIP, OLE].iter().any(|magic| start.starts_with(magic))
}

/// Reads a file to its end.
///
/// # Errors
/// [`ImportError::Packed`] beyond [`MAX_BYTES`].
pub fn whole(file: impl Read) -> Result<Whole, ImportError> {
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| unpack::told(error, 0))?;
    if bytes.len() as u64 > MAX_BYTES {
        let reason = format!("a file of this kind may have {} MiB at most", MAX_BYTES >> 20);
        return Err(ImportError::Packed(reason));
    }
    Ok(Cursor::new(bytes.into()))
}

/// What a file that is held whole is.
///
/// # Errors
/// [`ImportError::Unsupported`] for an archive of something else,
/// [`ImportError::Packed`] for one that would unpack to too much.
pub fn format(file: &Whole) -> Result<Format, ImportError> {
    let bytes = file.get_ref();
    if bytes.starts_with(SQLITE) {
        return Ok(Format::GeoPackage);
    }
    if bytes.starts_with(OLE) {
        return Ok(Format::Workbook);
    }
    let mut archive = open(file)?;
    let mut unpacked = 0;
    let mut found = None;
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(damaged)?;
        unpacked += part.size();
        let name = part.name().map_err(damaged)?.to_ascii_lowercase();
        if name.starts_with("xl/") || name == "content.xml" {
            found = Some(Format::Workbook);
        } else if name.rsplit_once('.').is_some_and(|(_, ending)| ending == "shp") {
            found = Some(Format::Shapefile);
        }
    }
    let limit = MAX_UNPACKED.min((bytes.len() as u64 * MAX_RATIO).max(16 << 20));
    if unpacked > limit {
        return Err(too_much());
    }
    refuse_lies(&mut archive, limit)?;
    found.ok_or(ImportError::Unsupported(
        "this archive holds neither a workbook nor a Shapefile; unpack it first",
    ))
}

/// Refuses an archive whose parts hold more than they say, or are broken.
fn refuse_lies(archive: &mut ZipArchive<Whole>, limit: u64) -> Result<(), ImportError> {
    let mut left = limit;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|error| unpack::told(error, 0))?;
        left = left.checked_sub(read).ok_or_else(too_much)?;
    }
    Ok(())
}

fn too_much() -> ImportError {
    ImportError::Packed("the archive unpacks to too much".to_owned())
}

/// Opens an archive.
pub fn open(file: &Whole) -> Result<ZipArchive<Whole>, ImportError> {
    ZipArchive::new(file.clone()).map_err(damaged)
}

/// An archive that is not whole.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub fn damaged(error: zip::result::ZipError) -> ImportError {
    ImportError::Packed(format!("the archive is damaged ({error})"))
}
