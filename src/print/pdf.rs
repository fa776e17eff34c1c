//! The sheet as PDF: A4, grey, tagged for those who listen (PDF/UA-1, checked
//! as it is written).

use super::ink::{Ink, MM};
use super::layout::{Face, Faces};
use super::{Sheet, SheetRound, SheetRow};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{
    ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use std::num::NonZeroU16;

/// Width and height of A4, in points.
const A4: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 16.0 * MM;
const TOP: f32 = 15.0 * MM;
const BOTTOM: f32 = A4.1 - 18.0 * MM;
/// Where the columns of the table begin: time, number, place and why.
const COLUMNS: [f32; 3] = [LEFT, LEFT + 15.0 * MM, LEFT + 25.0 * MM];
/// Where the box to tick stands.
const TICK: f32 = A4.0 - 16.0 * MM - 6.0 * MM;
/// The edge of that box.
const BOX: f32 = 4.5 * MM;

/// Why a sheet was not written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the sheet was not written: {0}")]
pub struct PrintError(String);

/// A part of the structure.
enum Part {
    Leaf(usize),
    Group(TagKind, Vec<Part>),
}

/// Pages that are laid out and not drawn yet.
struct Layout<'a> {
    faces: &'a Faces,
    /// For each page what is drawn, with the leaf of the structure, if any.
    pages: Vec<Vec<(Ink, Option<usize>)>>,
    leaves: usize,
    y: f32,
    foot: String,
}

/// The sheet as the bytes of a PDF.
///
/// # Errors
/// Where the document would not be what it claims to be.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
    let wrong = |what: &dyn std::fmt::Debug| PrintError(format!("{what:?}"));
    let faces = Faces::bundled().ok_or_else(|| PrintError("the type is no type".to_owned()))?;
    let mut layout =
        Layout { faces: &faces, pages: Vec::new(), leaves: 0, y: TOP, foot: sheet.secrecy.clone() };
    let mut parts = Vec::new();
    let mut marks = Vec::new();
    for round in &sheet.rounds {
        layout.turn();
        marks.push((layout.pages.len() - 1, format!("{} {}", sheet.title, round.heading)));
        parts.push(layout.round(sheet, round));
    }
    let configuration =
        ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let settings = SerializeSettings {
        configuration: configuration.finish().map_err(|fault| wrong(&fault))?,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    document.set_metadata(
        Metadata::new()
            .title(sheet.title.clone())
            .language(sheet.language.to_owned())
            .creator("Fyren".to_owned()),
    );
    let mut drawn = vec![None; layout.leaves];
    for page in &layout.pages {
        let size = PageSettings::from_wh(A4.0, A4.1);
        let size = size.ok_or_else(|| PrintError("the paper has no size".to_owned()))?;
        let mut written = document.start_page_with(size);
        let mut surface = written.surface();
        for (ink, leaf) in page {
            let tag = match leaf {
                None => {
                    ContentTag::Artifact(krilla::tagging::Artifact::with_kind(ArtifactType::Other))
                }
                Some(_) if matches!(ink, Ink::Map { .. }) => ContentTag::Other,
                Some(_) => ContentTag::Span(SpanTag::empty()),
            };
            let identifier = surface.start_tagged(tag);
            ink.draw(&mut surface, &faces);
            surface.end_tagged();
            if let Some(leaf) = leaf {
                drawn[*leaf] = Some(identifier);
            }
        }
        surface.finish();
        written.finish();
    }
    let mut outline = Outline::new();
    for (page, title) in marks {
        let top = XyzDestination::new(page, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(title, top));
    }
    document.set_outline(outline);
    let mut tree = TagTree::new().with_lang(Some(sheet.language.to_owned()));
    for part in parts {
        if let Some(node) = part.node(&drawn) {
            tree.push(node);
        }
    }
    document.set_tag_tree(tree);
    document.finish().map_err(|fault| wrong(&fault))
}

impl Part {
    fn node(self, drawn: &[Option<Identifier>]) -> Option<Node> {
        match self {
            Self::Leaf(leaf) => drawn.get(leaf).copied().flatten().map(Node::from),
            Self::Group(tag, parts) => {
                let nodes = parts.into_iter().filter_map(|part| part.node(drawn)).collect();
                Some(TagGroup::with_children(tag, nodes).into())
            }
        }
    }
}

impl Layout<'_> {
    /// Begins a page, with its foot.
    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
        let foot = self.faces.regular.settable(&self.foot);
        let number = self.pages.len().to_string();
        let at = A4.1 - 10.0 * MM;
        self.add(Ink::Text { at: (LEFT, at), size: 8.0, bold: false, grey: 90, text: foot }, None);
        let right = A4.0 - LEFT - self.faces.regular.width(&number, 8.0);
        let number = Ink::Text { at: (right, at), size: 8.0, bold: false, grey: 90, text: number };
        self.add(number, None);
    }

    fn add(&mut self, ink: Ink, leaf: Option<usize>) {
        if let Some(page) = self.pages.last_mut() {
            page.push((ink, leaf));
        }
    }

    fn leaf(&mut self, ink: Ink) -> Part {
        let leaf = self.leaves;
        self.leaves += 1;
        self.add(ink, Some(leaf));
        Part::Leaf(leaf)
    }

    /// Lines of text from `x` and `y` on, and how far down they reach.
    fn text(
        &mut self,
        text: &str,
        (x, y, width): (f32, f32, f32),
        (size, bold, grey): (f32, bool, u8),
    ) -> (Vec<Part>, f32) {
        let face: &Face = if bold { &self.faces.semibold } else { &self.faces.regular };
        let lines = face.lines(text, size, width);
        let step = size * 1.28;
        let mut parts = Vec::new();
        for (number, line) in (0_u8..).zip(lines) {
            let at = (x, y + size + f32::from(number) * step);
            parts.push(self.leaf(Ink::Text { at, size, bold, grey, text: line }));
        }
        #[expect(clippy::cast_precision_loss, reason = "some lines of text")]
        let height = parts.len() as f32 * step;
        (parts, y + height)
    }

    /// A paragraph or heading over the whole width.
    fn block(&mut self, tag: TagKind, text: &str, look: (f32, bool, u8), after: f32) -> Part {
        let width = A4.0 - 2.0 * LEFT;
        let (parts, y) = self.text(text, (LEFT, self.y, width), look);
        self.y = y + after;
        Part::Group(tag, parts)
    }

    fn round(&mut self, sheet: &Sheet, round: &SheetRound) -> Part {
        let heading = format!("{} – {}", sheet.title, round.heading);
        let level = Tag::Hn(NonZeroU16::MIN, Some(heading.clone()));
        let mut parts = vec![self.block(level.into(), &heading, (19.0, true, 0), 2.0)];
        parts.push(self.block(Tag::P.into(), &round.lead, (11.0, false, 0), 6.0));
        let at = (LEFT, self.y);
        self.y += round.map.height_pt() + 10.0;
        let map = self.leaf(Ink::Map { at, map: Box::new(round.map.clone()) });
        parts.push(Part::Group(Tag::Figure(Some(round.map_text.clone())).into(), vec![map]));
        parts.push(self.table(sheet, &round.rows));
        self.y += 6.0;
        for note in &round.notes {
            if self.y > BOTTOM - 14.0 {
                self.turn();
            }
            parts.push(self.block(Tag::P.into(), note, (9.0, false, 40), 2.0));
        }
        parts.push(self.block(Tag::P.into(), &sheet.made, (8.0, false, 90), 0.0));
        Part::Group(Tag::Section.into(), parts)
    }

    fn table(&mut self, sheet: &Sheet, rows: &[SheetRow]) -> Part {
        let mut cells = Vec::new();
        for (x, head) in COLUMNS.into_iter().zip(&sheet.heads) {
            let (leaf, _) = self.text(head, (x, self.y, 90.0 * MM), (8.5, false, 60));
            cells.push(Part::Group(Tag::TH(TableHeaderScope::Column).into(), leaf));
        }
        let note = self.faces.regular.settable(&sheet.heads[3]);
        let right = TICK + BOX - self.faces.regular.width(&note, 8.5);
        let at = (right, self.y + 8.5);
        self.add(Ink::Text { at, size: 8.5, bold: false, grey: 60, text: note }, None);
        self.y += 14.0;
        let mut all = vec![Part::Group(Tag::TR.into(), cells)];
        for row in rows {
            all.push(self.row(row));
        }
        self.rule();
        Part::Group(Tag::Table.into(), all)
    }

    fn rule(&mut self) {
        let (from, to) = ((LEFT, self.y), (A4.0 - LEFT, self.y));
        self.add(Ink::Line { from, to, width: 0.5, grey: 150 }, None);
    }

    fn row(&mut self, row: &SheetRow) -> Part {
        let width = TICK - COLUMNS[2] - 4.0 * MM;
        let reason = self.faces.regular.lines(&row.reason, 9.5, width).len();
        #[expect(clippy::cast_precision_loss, reason = "some lines of text")]
        let high = 22.0 + if row.reason.is_empty() { 0.0 } else { reason as f32 * 12.2 };
        if self.y + high > BOTTOM {
            self.rule();
            self.turn();
        }
        self.rule();
        let y = self.y + 4.0;
        let (size, bold, grey) = if row.is_stop() { (11.5, true, 0) } else { (10.0, false, 60) };
        let mark = if row.is_stop() { &row.mark } else { "–" };
        let (time, _) = self.text(&row.time, (COLUMNS[0], y, 40.0), (size, bold, grey));
        let (number, _) = self.text(mark, (COLUMNS[1], y, 30.0), (size, bold, grey));
        let (mut place, mut down) =
            self.text(&row.place, (COLUMNS[2], y, width), (size, bold, grey));
        if !row.reason.is_empty() {
            let (why, to) = self.text(&row.reason, (COLUMNS[2], down, width), (9.5, false, 30));
            place = vec![Part::Group(Tag::P.into(), place), Part::Group(Tag::P.into(), why)];
            down = to;
        }
        if row.is_stop() {
            self.add(Ink::Box { at: (TICK, y + 1.0), edge: BOX }, None);
        }
        self.y = down + 4.0;
        let cells = [time, number, place].map(|parts| Part::Group(Tag::TD.into(), parts));
        Part::Group(Tag::TR.into(), cells.into())
    }
}

#[cfg(test)]
mod tests;
