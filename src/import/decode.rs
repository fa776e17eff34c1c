//! Bytes into text: BOM, UTF-8 or Windows-1252, and a limit on one row.

use encoding_rs::WINDOWS_1252;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

const CHUNK: usize = 1 << 16;
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Marks the end of a table: a table that ends within quotes swallows it.
pub const END_MARK: char = '\u{1e}';

/// What was seen of a file's bytes so far; shared with its [`Decoder`].
#[derive(Debug, Default)]
pub struct Watch {
    lines: Cell<u64>,
    bytes: Cell<u64>,
    row_began: Cell<u64>,
    wide: Cell<bool>,
    foreign: Cell<u64>,
}

impl Watch {
    /// Line feeds that were handed over.
    pub fn lines(&self) -> u64 {
        self.lines.get()
    }

    /// Says that a row ended here: the next one may use its full length.
    pub fn row_ended(&self) {
        self.row_began.set(self.bytes.get());
    }

    /// The encoding in the words of the report.
    pub fn encoding(&self) -> &'static str {
        match (self.foreign.get(), self.wide.get()) {
            (0, _) => "UTF-8",
            (_, false) => "Windows-1252",
            (_, true) => "UTF-8 mixed with Windows-1252",
        }
    }
}

/// Gives bytes as UTF-8. What is valid UTF-8 stays; once a byte is not, and
/// nothing but ASCII came before, the file is Windows-1252; in a file that
/// mixes both, each wrong byte alone is read as Windows-1252.
pub struct Decoder<R> {
    inner: R,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    at_start: bool,
    ended: bool,
    row_limit: u64,
    end_mark: Option<char>,
    after_return: bool,
    watch: Rc<Watch>,
}

/// A row that is longer than a row may be.
#[derive(Debug, thiserror::Error)]
#[error("the row is longer than {0} bytes; is a quote or a bracket never closed?")]
pub struct RowTooLong(u64);

impl<R: Read> Decoder<R> {
    /// Decodes a table, whose rows may have `row_limit` bytes, ends each of
    /// its lines with a line feed alone and puts [`END_MARK`] on a line of its
    /// own behind it.
    pub fn table(inner: R, row_limit: u64, watch: Rc<Watch>) -> Self {
        Self { end_mark: Some(END_MARK), ..Self::document(inner, row_limit, watch) }
    }

    /// Decodes a document without adding anything.
    pub fn document(inner: R, row_limit: u64, watch: Rc<Watch>) -> Self {
        Self {
            inner,
            raw: Vec::with_capacity(CHUNK + 4),
            text: Vec::with_capacity(CHUNK * 2),
            given: 0,
            at_start: true,
            ended: false,
            row_limit,
            end_mark: None,
            after_return: false,
            watch,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let kept = self.raw.len();
            self.raw.resize(kept + CHUNK, 0);
            let read = self.inner.read(&mut self.raw[kept..])?;
            self.raw.truncate(kept + read);
            self.ended = read == 0;
            if self.at_start && (self.raw.len() >= BOM.len() || self.ended) {
                if self.raw.starts_with(&BOM) {
                    self.raw.drain(..BOM.len());
                }
                self.at_start = false;
            }
            if !self.at_start {
                self.decode();
            }
        }
        Ok(())
    }

    fn decode(&mut self) {
        let mut rest = &self.raw[..];
        while !rest.is_empty() {
            if self.watch.foreign.get() > 0 && !self.watch.wide.get() {
                push_foreign(rest, &mut self.text, &self.watch);
                rest = &[];
                continue;
            }
            let (valid, wrong) = match std::str::from_utf8(rest) {
                Ok(text) => (text.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            if !rest[..valid].is_ascii() {
                self.watch.wide.set(true);
            }
            self.text.extend_from_slice(&rest[..valid]);
            rest = &rest[valid..];
            match wrong {
                // A character that the next chunk may complete.
                Some(None) if !self.ended => break,
                Some(_) => {
                    push_foreign(&rest[..1], &mut self.text, &self.watch);
                    rest = &rest[1..];
                }
                None => {}
            }
        }
        let decoded = self.raw.len() - rest.len();
        self.raw.drain(..decoded);
        if let Some(mark) = self.end_mark {
            self.end_lines_alike();
            if self.ended {
                self.text.push(b'\n');
                self.text.extend_from_slice(mark.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

impl<R> Decoder<R> {
    /// Makes one line feed of each carriage return, alone or before one.
    fn end_lines_alike(&mut self) {
        let starts_after_return = std::mem::take(&mut self.after_return);
        if !starts_after_return && !self.text.contains(&b'\r') {
            return;
        }
        let mut last = if starts_after_return { b'\r' } else { 0 };
        self.text.retain_mut(|byte| {
            let repeated = last == b'\r' && *byte == b'\n';
            last = *byte;
            if *byte == b'\r' {
                *byte = b'\n';
            }
            !repeated
        });
        self.after_return = last == b'\r';
    }
}

fn push_foreign(bytes: &[u8], text: &mut Vec<u8>, watch: &Watch) {
    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    text.extend_from_slice(decoded.as_bytes());
    watch.foreign.set(watch.foreign.get() + bytes.iter().filter(|b| !b.is_ascii()).count() as u64);
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let ready = &self.text[self.given..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.given += count;
        let watch = &self.watch;
        watch.bytes.set(watch.bytes.get() + count as u64);
        // A table reader asks for whole chunks, so the limit has one to spare.
        if watch.bytes.get() - watch.row_began.get() > self.row_limit + CHUNK as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, RowTooLong(self.row_limit)));
        }
        for _line in buffer[..count].iter().filter(|byte| **byte == b'\n') {
            watch.lines.set(watch.lines.get() + 1);
        }
        Ok(count)
    }
}
