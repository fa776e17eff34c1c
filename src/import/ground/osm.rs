//! An extract of `OpenStreetMap` in its binary form (PBF), read in several
//! walks of which each keeps only what lies in the box: memory grows with the
//! municipality, not with the file.

use super::classes;
use super::coast;
use super::rings::{areas, bridged, joined};
use super::tags::Tags;
use super::{Ground, Open, Piece, Theme};
use crate::import::ImportError;
use geo::{Area, BooleanOps, InteriorPoint};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Rect};
use osmpbf::{BlobDecode, BlobReader, Element, RelMemberType};
use rayon::iter::{ParallelBridge, ParallelIterator};
use std::collections::{HashMap, HashSet};

/// Degrees around the box in which nodes are known beforehand.
const MARGIN: f64 = 0.02;

/// Longitude and latitude in 1e-7 degrees.
type At = [i32; 2];

struct Way {
    id: i64,
    nodes: Vec<i64>,
    tags: Tags,
}

struct Relation {
    id: i64,
    tags: Tags,
    /// Ways, and whether each is a hole.
    members: Vec<(i64, bool)>,
}

/// Everything in `frame` that a map shows. Walks through the file two to four
/// times, on all cores.
///
/// # Errors
/// [`ImportError::Packed`] for a file that is not what it must look like.
pub fn read_osm(open: Open<'_>, frame: Rect) -> Result<Ground, ImportError> {
    let Some(frame) = shared(frame, extent(open)?) else { return Ok(Ground::nowhere(frame)) };
    let near = Rect::new(
        (frame.min().x - MARGIN, frame.min().y - MARGIN),
        (frame.max().x + MARGIN, frame.max().y + MARGIN),
    );
    let (mut nodes, mut pieces) = nodes_in(open, near)?;
    let known: HashSet<i64> = nodes.keys().copied().collect();
    let (mut ways, relations) = ways_over(open, &known)?;
    let here: HashSet<i64> = ways.iter().map(|way| way.id).collect();
    let relations: Vec<Relation> = relations
        .into_iter()
        .filter(|relation| relation.members.iter().any(|(way, _)| here.contains(way)))
        .collect();
    let members = relations.iter().flat_map(|relation| relation.members.iter());
    let missing: HashSet<i64> =
        members.map(|(way, _)| *way).filter(|way| !here.contains(way)).collect();
    if !missing.is_empty() {
        ways.extend(ways_named(open, &missing)?);
    }
    complete(open, &mut nodes, &ways)?;
    ways.sort_unstable_by_key(|way| way.id);
    pieces.extend(ways.iter().flat_map(|way| pieces_of_way(way, &nodes)));
    let by_id: HashMap<i64, &Way> = ways.iter().map(|way| (way.id, way)).collect();
    pieces
        .extend(relations.iter().flat_map(|relation| pieces_of_relation(relation, &by_id, &nodes)));
    let (land, coast_gaps) = coast::land(&coastlines(&ways, &nodes), frame);
    let credits = vec![super::OSM_CREDIT];
    Ok(Ground { pieces, land, coast_gaps, frame, shore: frame, credits })
}

/// The area of the administrative boundary with this name: of several the one
/// that the file holds most wholly, and of those the largest. Where the file
/// lacks parts of it, straight lines stand for them. Walks through the file
/// three times.
///
/// # Errors
/// As [`read_osm`].
pub fn outline(open: Open<'_>, name: &str) -> Result<Option<MultiPolygon<f64>>, ImportError> {
    let relations = walk(open, |element, found: &mut Vec<Relation>| {
        let Element::Relation(relation) = element else { return };
        let tags = Tags::of(relation.tags());
        if tags.get("boundary") == "administrative" && tags.get("name") == name {
            found.push(relation_of(&relation, tags));
        }
    })?;
    let members = relations.iter().flat_map(|relation| relation.members.iter());
    let ways = ways_named(open, &members.map(|(way, _)| *way).collect())?;
    let mut nodes = HashMap::new();
    complete(open, &mut nodes, &ways)?;
    let by_id: HashMap<i64, &Way> = ways.iter().map(|way| (way.id, way)).collect();
    let grounds = relations.iter().map(|relation| {
        let of = |holes| chains(relation, holes, &by_id, &nodes);
        let (outer, missing) = bridged(of(false));
        // Parts of one boundary may be drawn within each other.
        let parts = areas(outer, of(true)).0.into_iter();
        let whole = parts.fold(MultiPolygon(Vec::new()), |all, part| all.union(&part));
        (whole, missing)
    });
    let grounds = grounds.filter(|(ground, _)| !ground.0.is_empty());
    let best = grounds.min_by(|(a, missing), (b, other)| {
        missing.total_cmp(other).then(b.unsigned_area().total_cmp(&a.unsigned_area()))
    });
    Ok(best.map(|(ground, _)| ground))
}

/// The box that the file says it holds, if it says so.
///
/// # Errors
/// [`ImportError::Empty`], and as [`read_osm`].
fn extent(open: Open<'_>) -> Result<Option<Rect>, ImportError> {
    let broken = |error: osmpbf::Error| ImportError::Packed(error.to_string());
    let first = BlobReader::new(open()?).next().ok_or(ImportError::Empty)?;
    let BlobDecode::OsmHeader(header) = first.map_err(broken)?.decode().map_err(broken)? else {
        return Ok(None);
    };
    Ok(header.bbox().map(|held| Rect::new((held.left, held.bottom), (held.right, held.top))))
}

/// Hands every element of the file to `pick`, block by block on all cores.
fn walk<T: Send>(
    open: Open<'_>,
    pick: impl Fn(Element<'_>, &mut Vec<T>) + Sync,
) -> Result<Vec<T>, ImportError> {
    let broken = |error: osmpbf::Error| ImportError::Packed(error.to_string());
    BlobReader::new(open()?)
        .par_bridge()
        .map(|blob| {
            let mut found = Vec::new();
            // A header says nothing that is needed.
            if let BlobDecode::OsmData(block) = blob.map_err(broken)?.decode().map_err(broken)? {
                block.for_each_element(|element| pick(element, &mut found));
            }
            Ok(found)
        })
        .try_reduce(Vec::new, |mut left, mut right| {
            if left.len() < right.len() {
                std::mem::swap(&mut left, &mut right);
            }
            left.append(&mut right);
            Ok(left)
        })
}

/// A node, or what is drawn of one.
enum Found {
    Node(i64, At),
    Drawn(i64, Box<Piece>),
}

fn nodes_in(open: Open<'_>, near: Rect) -> Result<(HashMap<i64, At>, Vec<Piece>), ImportError> {
    let inside = |at: Coord| {
        (near.min().x..=near.max().x).contains(&at.x)
            && (near.min().y..=near.max().y).contains(&at.y)
    };
    let found = walk(open, |element, found: &mut Vec<Found>| {
        let (id, at, place, tags) = match &element {
            Element::DenseNode(node) => {
                let at = [node.decimicro_lon(), node.decimicro_lat()];
                let place = degrees(at);
                if !inside(place) {
                    return;
                }
                (node.id(), at, place, Tags::of(node.tags()))
            }
            Element::Node(node) => {
                let at = [node.decimicro_lon(), node.decimicro_lat()];
                let place = degrees(at);
                if !inside(place) {
                    return;
                }
                (node.id(), at, place, Tags::of(node.tags()))
            }
            _ => return,
        };
        found.push(Found::Node(id, at));
        let drawn = pieces_of_point(&tags, place);
        found.extend(drawn.into_iter().map(|piece| Found::Drawn(id, Box::new(piece))));
    })?;
    let (mut nodes, mut drawn) = (HashMap::new(), Vec::new());
    for one in found {
        match one {
            Found::Node(id, at) => {
                nodes.insert(id, at);
            }
            Found::Drawn(id, piece) => drawn.push((id, piece)),
        }
    }
    drawn.sort_by_key(|(id, piece)| (*id, piece.theme));
    Ok((nodes, drawn.into_iter().map(|(_, piece)| *piece).collect()))
}

enum Line {
    Way(Way),
    Relation(Relation),
}

/// Ways with a known node, and every relation that is an area.
fn ways_over(
    open: Open<'_>,
    known: &HashSet<i64>,
) -> Result<(Vec<Way>, Vec<Relation>), ImportError> {
    let found = walk(open, |element, found: &mut Vec<Line>| match element {
        Element::Way(way) if way.refs().any(|node| known.contains(&node)) => {
            let (nodes, tags) = (way.refs().collect(), Tags::of(way.tags()));
            found.push(Line::Way(Way { id: way.id(), nodes, tags }));
        }
        Element::Relation(relation) => {
            let tags = Tags::of(relation.tags());
            let drawn = classes::area(&tags).is_some() || classes::named(&tags).is_some();
            if drawn && tags.get("type") == "multipolygon" {
                found.push(Line::Relation(relation_of(&relation, tags)));
            }
        }
        _ => {}
    })?;
    let (mut ways, mut relations) = (Vec::new(), Vec::new());
    for one in found {
        match one {
            Line::Way(way) => ways.push(way),
            Line::Relation(relation) => relations.push(relation),
        }
    }
    relations.sort_unstable_by_key(|relation| relation.id);
    Ok((ways, relations))
}

fn relation_of(relation: &osmpbf::Relation<'_>, tags: Tags) -> Relation {
    let members = relation.members().filter(|member| member.member_type == RelMemberType::Way);
    let members =
        members.map(|member| (member.member_id, member.role().is_ok_and(|r| r == "inner")));
    Relation { id: relation.id(), tags, members: members.collect() }
}

fn ways_named(open: Open<'_>, wanted: &HashSet<i64>) -> Result<Vec<Way>, ImportError> {
    walk(open, |element, found: &mut Vec<Way>| {
        let Element::Way(way) = element else { return };
        if wanted.contains(&way.id()) {
            // Only a part of what it belongs to is drawn here.
            found.push(Way { id: way.id(), nodes: way.refs().collect(), tags: Tags::default() });
        }
    })
}

/// Finds the nodes of `ways` that lie outside the box.
fn complete(open: Open<'_>, nodes: &mut HashMap<i64, At>, ways: &[Way]) -> Result<(), ImportError> {
    let all = ways.iter().flat_map(|way| way.nodes.iter());
    let missing: HashSet<i64> = all.filter(|node| !nodes.contains_key(node)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let found = walk(open, |element, found: &mut Vec<(i64, At)>| {
        let (id, at) = match &element {
            Element::DenseNode(node) => (node.id(), [node.decimicro_lon(), node.decimicro_lat()]),
            Element::Node(node) => (node.id(), [node.decimicro_lon(), node.decimicro_lat()]),
            _ => return,
        };
        if missing.contains(&id) {
            found.push((id, at));
        }
    })?;
    nodes.extend(found);
    Ok(())
}

fn degrees(at: At) -> Coord {
    Coord { x: f64::from(at[0]) / 1e7, y: f64::from(at[1]) / 1e7 }
}

fn line(nodes: &[i64], known: &HashMap<i64, At>) -> LineString {
    LineString::new(
        nodes.iter().filter_map(|node| known.get(node)).map(|at| degrees(*at)).collect(),
    )
}

/// What is drawn or found at a point that has `tags`.
fn pieces_of_point(tags: &Tags, at: Coord) -> Vec<Piece> {
    if tags.is_empty() {
        return Vec::new();
    }
    let point = || Geometry::Point(Point::from(at));
    let mut found = Vec::new();
    if tags.get("highway") == "street_lamp" {
        let lamp = Piece::new(Theme::Lamp, "lamp", None, point());
        found.push(Piece { owner: tags.text("operator"), ..lamp });
    }
    if let Some((theme, class)) = classes::named(tags) {
        found.push(Piece::new(theme, class, tags.text("name"), point()));
    }
    if let Some(name) = classes::address(tags) {
        found.push(Piece::new(Theme::Address, "address", Some(name), point()));
    }
    found
}

fn pieces_of_way(way: &Way, nodes: &HashMap<i64, At>) -> Vec<Piece> {
    let tags = &way.tags;
    if tags.is_empty() {
        return Vec::new();
    }
    let drawn = line(&way.nodes, nodes);
    if drawn.0.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let closed = drawn.0.len() > 3 && drawn.is_closed();
    if closed && tags.get("area") != "no" {
        let area = areas(vec![drawn.clone()], Vec::new());
        found.extend(pieces_of_area(tags, area));
    }
    let is_area = found.iter().any(|piece| matches!(piece.shape, Geometry::MultiPolygon(_)));
    if is_area && tags.get("area") == "yes" {
        return found;
    }
    let name = || tags.text("name");
    if let Some(class) = classes::road(tags) {
        let road = Piece::new(Theme::Road, class, name(), Geometry::LineString(drawn));
        let one_way = classes::one_way(tags);
        let limit = classes::limit(tags);
        found.push(Piece { one_way, owner: tags.text("operator"), limit, ..road });
    } else if let Some(class) = classes::waterway(tags) {
        found.push(Piece::new(Theme::Waterway, class, name(), Geometry::LineString(drawn)));
    } else if !is_area && matches!(tags.get("man_made"), "pier" | "breakwater" | "groyne") {
        found.push(Piece::new(Theme::Pier, "pier", name(), Geometry::LineString(drawn)));
    }
    found
}

fn pieces_of_relation(
    relation: &Relation,
    ways: &HashMap<i64, &Way>,
    nodes: &HashMap<i64, At>,
) -> Vec<Piece> {
    let area = area_of(relation, ways, nodes);
    if area.0.is_empty() { Vec::new() } else { pieces_of_area(&relation.tags, area) }
}

/// What two boxes share; the first where the second is not known.
fn shared(frame: Rect, held: Option<Rect>) -> Option<Rect> {
    let Some(held) = held else { return Some(frame) };
    let low = (frame.min().x.max(held.min().x), frame.min().y.max(held.min().y));
    let high = (frame.max().x.min(held.max().x), frame.max().y.min(held.max().y));
    (low.0 < high.0 && low.1 < high.1).then(|| Rect::new(low, high))
}

fn area_of(
    relation: &Relation,
    ways: &HashMap<i64, &Way>,
    nodes: &HashMap<i64, At>,
) -> MultiPolygon {
    areas(chains(relation, false, ways, nodes), chains(relation, true, ways, nodes))
}

/// The outer ways of a relation, or its holes, joined as far as they go.
fn chains(
    relation: &Relation,
    holes: bool,
    ways: &HashMap<i64, &Way>,
    nodes: &HashMap<i64, At>,
) -> Vec<LineString> {
    let of = relation.members.iter().filter(|(_, hole)| *hole == holes);
    let lines: Vec<Vec<i64>> =
        of.filter_map(|(way, _)| ways.get(way)).map(|way| way.nodes.clone()).collect();
    joined(&lines, true).iter().map(|ring| line(ring, nodes)).collect()
}

fn pieces_of_area(tags: &Tags, area: MultiPolygon) -> Vec<Piece> {
    let mut found = Vec::new();
    let inside = || area.interior_point().map(Geometry::Point);
    if let Some((theme, class)) = classes::named(tags)
        && let Some(at) = inside()
    {
        found.push(Piece::new(theme, class, tags.text("name"), at));
    }
    if let Some(name) = classes::address(tags)
        && let Some(at) = inside()
    {
        found.push(Piece::new(Theme::Address, "address", Some(name), at));
    }
    if let Some((theme, class)) = classes::area(tags) {
        let dwellings = classes::dwellings(tags);
        let drawn = Piece::new(theme, class, tags.text("name"), Geometry::MultiPolygon(area));
        found.push(Piece { dwellings, ..drawn });
    }
    found
}

fn coastlines(ways: &[Way], nodes: &HashMap<i64, At>) -> Vec<LineString> {
    let coast = ways.iter().filter(|way| way.tags.get("natural") == "coastline");
    let lines: Vec<Vec<i64>> = coast.map(|way| way.nodes.clone()).collect();
    joined(&lines, false).iter().map(|chain| line(chain, nodes)).collect()
}
