//! Ink on the pages of a PDF: letters, lines, boxes and the map, in grey.

use super::SheetMap;
use super::layout::{Face, Faces};
use krilla::color::luma;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

/// Points of a millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;

/// What is drawn, in its order, and to which place of the structure it belongs.
pub(super) enum Ink {
    Text { at: (f32, f32), size: f32, bold: bool, grey: u8, text: String },
    Line { from: (f32, f32), to: (f32, f32), width: f32, grey: u8 },
    Box { at: (f32, f32), edge: f32 },
    Map { at: (f32, f32), map: Box<SheetMap> },
}

fn ink(grey: u8) -> Fill {
    Fill {
        paint: luma::Color::new(grey).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn pen(grey: u8, width: f32) -> Stroke {
    Stroke {
        paint: luma::Color::new(grey).into(),
        width,
        line_join: LineJoin::Round,
        line_cap: LineCap::Round,
        ..Stroke::default()
    }
}

impl Ink {
    /// Draws it on the page.
    pub fn draw(&self, surface: &mut Surface<'_>, faces: &Faces) {
        match self {
            Self::Text { at, size, bold, grey, text } => {
                let face = if *bold { &faces.semibold } else { &faces.regular };
                letters(surface, face, *at, (*size, *grey), text);
            }
            Self::Line { from, to, width, grey } => {
                let mut line = PathBuilder::new();
                line.move_to(from.0, from.1);
                line.line_to(to.0, to.1);
                stroke(surface, line.finish(), pen(*grey, *width));
            }
            Self::Box { at, edge } => {
                let mut line = PathBuilder::new();
                if let Some(rect) = Rect::from_xywh(at.0, at.1, *edge, *edge) {
                    line.push_rect(rect);
                }
                stroke(surface, line.finish(), pen(0, 0.8));
            }
            Self::Map { at, map } => draw_map(surface, faces, *at, map),
        }
    }
}

fn letters(
    surface: &mut Surface<'_>,
    face: &Face,
    at: (f32, f32),
    (size, grey): (f32, u8),
    text: &str,
) {
    surface.set_stroke(None);
    surface.set_fill(Some(ink(grey)));
    let from = Point::from_xy(at.0, at.1);
    surface.draw_text(from, face.font.clone(), size, text, false, TextDirection::LeftToRight);
}

fn stroke(surface: &mut Surface<'_>, path: Option<Path>, stroke: Stroke) {
    surface.set_fill(None);
    surface.set_stroke(Some(stroke));
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn filled(surface: &mut Surface<'_>, path: Option<Path>, grey: u8, edge: Stroke) {
    surface.set_fill(Some(ink(grey)));
    surface.set_stroke(Some(edge));
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn draw_map(surface: &mut Surface<'_>, faces: &Faces, (left, top): (f32, f32), map: &SheetMap) {
    let place = |[x, y]: [f64; 2]| (left + points(x), top + points(y));
    let trace = |points: &[[f64; 2]], closed: bool| {
        let mut path = PathBuilder::new();
        for (at, point) in points.iter().enumerate() {
            let (x, y) = place(*point);
            if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        if closed {
            path.close();
        }
        path.finish()
    };
    let frame = [[0.0, 0.0], [map.width, 0.0], [map.width, map.height], [0.0, map.height]];
    filled(surface, trace(&frame, true), 232, pen(120, 0.6));
    for ring in &map.land {
        filled(surface, trace(ring, true), 252, pen(150, 0.5));
    }
    for way in &map.ways {
        stroke(surface, trace(&way.points, false), pen(255, 3.4));
        stroke(surface, trace(&way.points, false), pen(60, 1.4));
    }
    for mark in &map.marks {
        let (x, y) = place(mark.at);
        if mark.label.is_empty() {
            let half = 1.6 * MM;
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(x - half, y - half, 2.0 * half, 2.0 * half) {
                path.push_rect(rect);
            }
            filled(surface, path.finish(), 255, pen(0, 1.4));
        } else {
            filled(surface, circle((x, y), 2.6 * MM), 0, pen(255, 1.0));
            let size = 9.0;
            let wide = faces.semibold.width(&mark.label, size);
            let at = (x - wide / 2.0, y + size * 0.33);
            letters(surface, &faces.semibold, at, (size, 255), &mark.label);
        }
    }
    let (x, y) = (left + 4.0 * MM, top + points(map.height) - 4.0 * MM);
    let mut line = PathBuilder::new();
    line.move_to(x, y);
    line.line_to(x + points(map.scale.0), y);
    stroke(surface, line.finish(), pen(0, 1.2));
    letters(surface, &faces.regular, (x, y - 3.0), (8.0, 0), &map.scale.1);
}

/// A circle of four curves.
fn circle((x, y): (f32, f32), radius: f32) -> Option<Path> {
    // How far the handles of a quarter of a circle reach.
    let reach = radius * 0.552_284_8;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    for (a, b) in [
        ((1.0, 0.0), (0.0, 1.0)),
        ((0.0, 1.0), (-1.0, 0.0)),
        ((-1.0, 0.0), (0.0, -1.0)),
        ((0.0, -1.0), (1.0, 0.0)),
    ] {
        let (from, to): ((f32, f32), (f32, f32)) = (a, b);
        path.cubic_to(
            x + from.0 * radius + to.0 * reach,
            y + from.1 * radius + to.1 * reach,
            x + to.0 * radius + from.0 * reach,
            y + to.1 * radius + from.1 * reach,
            x + to.0 * radius,
            y + to.1 * radius,
        );
    }
    path.close();
    path.finish()
}

/// Millimetres of a map in points.
fn points(millimetres: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a paper is some hundred millimetres wide")]
    let short = millimetres as f32;
    short * MM
}

impl SheetMap {
    /// Its height in points.
    pub(super) fn height_pt(&self) -> f32 {
        points(self.height)
    }
}
