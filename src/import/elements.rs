//! Walks through XML whose rows are elements with a text in each of their
//! children, without holding more than one of them.

use super::decode::{Decoder, RowTooLong, Watch};
use super::{ImportError, unpack};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// Longest row, in bytes.
const ROW_LIMIT: u64 = 1 << 20;
/// Deepest element.
const MAX_DEPTH: usize = 64;

/// Which elements of a file are of interest.
pub struct Elements {
    /// What the file should be, in words.
    pub what: &'static str,
    /// Names of the elements that are rows.
    pub rows: &'static [&'static str],
    /// Name of an element around rows whose name counts for them.
    pub group: Option<&'static str>,
}

/// An element that is a row.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// The line on which it begins.
    pub line: u64,
    fields: HashMap<String, String>,
}

/// What the walk comes by.
pub enum Found {
    /// A group begins.
    Group,
    /// The text of a group's `name`.
    GroupName(String),
    /// A row has ended.
    Row(Element),
}

/// Whoever takes what is found.
pub type FoundSink<'s> = &'s mut dyn FnMut(Found) -> Result<(), ImportError>;

impl Element {
    /// The text of an attribute or a child, empty where there is none.
    pub fn take(&mut self, name: &str) -> String {
        self.fields.remove(name).unwrap_or_default()
    }
}

impl Elements {
    /// Hands everything that is found to `sink`. Entities other than the five
    /// of XML are refused, so that none unfolds.
    ///
    /// # Errors
    /// [`ImportError::Malformed`] with the line where the text stops being XML,
    /// nests deeper than 64 or holds a row of more than 1 MiB;
    /// [`ImportError::Packed`]; whatever `sink` says.
    pub fn read(
        &self,
        file: impl Read,
        watch: &Rc<Watch>,
        sink: FoundSink<'_>,
    ) -> Result<(), ImportError> {
        let decoder = Decoder::document(file, ROW_LIMIT, Rc::clone(watch));
        let mut reader = Reader::from_reader(Lines { inner: BufReader::new(decoder), line: 1 });
        let mut walk = Walk { elements: self, watch, path: Vec::new(), row: None, text: None };
        let mut buffer = Vec::new();
        loop {
            let line = reader.get_ref().line;
            let event = reader.read_event_into(&mut buffer).map_err(|e| self.told(e, line))?;
            if matches!(event, Event::Eof) {
                break;
            }
            walk.take(event, line, sink)?;
            buffer.clear();
        }
        match walk.path.last() {
            None => Ok(()),
            Some(open) => {
                let reason = format!("it is cut off, <{open}> is never closed");
                Err(self.malformed(reader.get_ref().line, &reason))
            }
        }
    }

    fn told(&self, error: quick_xml::Error, line: u64) -> ImportError {
        match error {
            quick_xml::Error::Io(error) => {
                let long = matches!(error.get_ref(), Some(inner) if inner.is::<RowTooLong>());
                if long { self.malformed(line, &error) } else { unpack::told(own(&error), line) }
            }
            other => self.malformed(line, &other),
        }
    }

    fn malformed(&self, line: u64, reason: &dyn std::fmt::Display) -> ImportError {
        let reason = format!("this is not {}: {reason}", self.what);
        ImportError::Malformed { line, reason }
    }
}

struct Walk<'e> {
    elements: &'e Elements,
    watch: &'e Watch,
    path: Vec<String>,
    /// The row that is open, and its depth.
    row: Option<(Element, usize)>,
    /// The text that is being gathered, where it counts.
    text: Option<String>,
}

impl Walk<'_> {
    fn take(
        &mut self,
        event: Event<'_>,
        line: u64,
        sink: FoundSink<'_>,
    ) -> Result<(), ImportError> {
        match event {
            Event::Start(start) => self.begin(&start, line, sink),
            Event::Empty(start) => {
                self.begin(&start, line, sink)?;
                self.end(sink)
            }
            Event::End(_) => self.end(sink),
            Event::Text(part) => {
                self.add(&part.xml10_content());
                Ok(())
            }
            Event::CData(part) => {
                self.add(&part.xml10_content());
                Ok(())
            }
            Event::GeneralRef(entity) => self.refer(&entity, line),
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        start: &BytesStart<'_>,
        line: u64,
        sink: FoundSink<'_>,
    ) -> Result<(), ImportError> {
        let name = start.local_name().as_ref().to_owned();
        let parent = self.path.last().map(String::as_str);
        let names_group = parent == self.elements.group && parent.is_some() && name == "name";
        let depth = self.path.len() + 1;
        if depth > MAX_DEPTH {
            return Err(self.elements.malformed(line, &"elements nest too deep"));
        }
        let field = self.row.as_ref().is_some_and(|(_, of)| depth == of + 1);
        self.text = (names_group || field).then(String::new);
        if self.row.is_none() && self.elements.rows.contains(&name.as_str()) {
            self.watch.row_ended();
            let mut row = Element { name: name.clone(), line, ..Element::default() };
            for attribute in start.attributes() {
                let attribute = attribute.map_err(|error| self.elements.malformed(line, &error))?;
                let value = attribute.value.into_owned();
                row.fields.insert(attribute.key.as_ref().to_owned(), value);
            }
            self.row = Some((row, depth));
        }
        let group = self.elements.group == Some(name.as_str());
        self.path.push(name);
        if group { sink(Found::Group) } else { Ok(()) }
    }

    fn end(&mut self, sink: FoundSink<'_>) -> Result<(), ImportError> {
        let depth = self.path.len();
        let name = self.path.pop().unwrap_or_default();
        let text = self.text.take().map(|text| text.trim().to_owned());
        match (&mut self.row, text) {
            (Some((row, of)), Some(text)) if depth == *of + 1 => {
                row.fields.insert(name, text);
                Ok(())
            }
            (Some((_, of)), _) if depth == *of => {
                self.watch.row_ended();
                let row = self.row.take().map(|(row, _)| row).unwrap_or_default();
                sink(Found::Row(row))
            }
            (None, Some(text)) if !text.is_empty() => sink(Found::GroupName(text)),
            _ => Ok(()),
        }
    }

    fn add(&mut self, part: &str) {
        if let Some(text) = &mut self.text {
            text.push_str(part);
        }
    }

    fn refer(&mut self, entity: &BytesRef<'_>, line: u64) -> Result<(), ImportError> {
        let name = entity.xml10_content();
        match (entity.resolve_char_ref(), resolve_xml_entity(&name)) {
            (Ok(Some(letter)), _) => self.add(letter.encode_utf8(&mut [0; 4])),
            (Ok(None), Some(letters)) => self.add(letters),
            _ => {
                let reason = format!("the entity &{name}; is not known");
                return Err(self.elements.malformed(line, &reason));
            }
        }
        Ok(())
    }
}

/// An error of reading as one's own, its kind and words kept.
fn own(error: &io::Error) -> io::Error {
    if matches!(error.get_ref(), Some(inner) if inner.is::<unpack::Bomb>()) {
        return io::Error::new(error.kind(), unpack::Bomb);
    }
    io::Error::new(error.kind(), error.to_string())
}

/// Counts the lines that were taken.
struct Lines<R> {
    inner: BufReader<R>,
    line: u64,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let taken = &self.inner.buffer()[..amount.min(self.inner.buffer().len())];
        self.line += taken.iter().filter(|byte| **byte == b'\n').map(|_line| 1).sum::<u64>();
        self.inner.consume(amount);
    }
}
