//! Opens what is packed, with a limit against files that unpack without end.

use super::ImportError;
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// What a packed file may unpack to before its ratio is looked at, in bytes.
const FREE_BYTES: u64 = 16 << 20;
/// How many times its size a packed file may unpack to. Tables of text reach
/// 5 to 40.
const MAX_RATIO: u64 = 200;
/// What any file may hold, unpacked, in bytes.
const MAX_BYTES: u64 = 8 << 30;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of a file, unpacked if it is packed with gzip whatever its name.
///
/// # Errors
/// [`ImportError::Empty`]; reading fails with an [`io::Error`] that carries a
/// [`Bomb`] where it unpacks to too much.
pub fn unpack<'a>(file: impl Read + 'a) -> Result<Box<dyn Read + 'a>, ImportError> {
    let packed = Rc::new(Cell::new(0));
    let counted = Counted { inner: file, bytes: Rc::clone(&packed) };
    let mut file = BufReader::with_capacity(1 << 16, counted);
    let start = file.fill_buf()?;
    if start.is_empty() {
        return Err(ImportError::Empty);
    }
    if start.starts_with(&GZIP) {
        let limited = Limited { inner: MultiGzDecoder::new(file), packed, unpacked: 0 };
        return Ok(Box::new(limited));
    }
    Ok(Box::new(Limited { inner: file, packed, unpacked: 0 }))
}

/// A file that unpacks to more than is allowed.
#[derive(Debug, thiserror::Error)]
#[error("it unpacks to more than {MAX_RATIO} times its size or {} GiB", MAX_BYTES >> 30)]
pub struct Bomb;

struct Counted<R> {
    inner: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

struct Limited<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        let swollen = self.unpacked > FREE_BYTES && self.unpacked / MAX_RATIO > self.packed.get();
        if swollen || self.unpacked > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Bomb));
        }
        Ok(read)
    }
}

/// What an error while reading means, `line` being the last good line.
pub fn told(error: io::Error, line: u64) -> ImportError {
    use super::decode::RowTooLong;
    if let Some(inner) = error.get_ref() {
        if inner.is::<Bomb>() {
            return ImportError::Packed(error.to_string());
        }
        if inner.is::<RowTooLong>() {
            let reason = format!("in the row after this line: {error}");
            return ImportError::Malformed { line, reason };
        }
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            ImportError::Packed("it is cut off before its end".to_owned())
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            ImportError::Packed(format!("it is damaged ({error})"))
        }
        _ => ImportError::Io(error),
    }
}
