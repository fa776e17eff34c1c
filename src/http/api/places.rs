//! `M/search` and `M/owner`: what a place is called, and who answers for it.

use crate::{
    app::{FoundPlace, OwnerAnswer, PlaceQuestion},
    http::{
        problem::{Document, Problem},
        query::Pairs,
        state::{Municipal, State},
    },
};
use axum::{Json, extract::State as Extract};
use fyren_core::domain::{Category, Position, Violation};
use serde::Serialize;
use utoipa::ToSchema;

/// A place that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Its name.
    name: String,
    /// `street`, `address`, `district`, or the kind of a locality.
    kind: String,
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
    /// Code of its district, where one is known.
    district: Option<String>,
    /// Identity of a locality, which a report takes as its place.
    locality_id: Option<String>,
}

/// Who answers for a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnerView {
    /// Name of whoever is responsible.
    owner: String,
    /// How to reach them, where that is known.
    contact: Option<String>,
    /// What the answer rests on: `area`, `category`, `road` or `municipality`.
    basis: &'static str,
    /// Of a road whether `state`, `municipality` or `private`, where a register says it.
    keeper: Option<String>,
}

/// Places by the beginning of their words, without regard to case and accents:
/// whole names first, then by importance and distance. Public; without a base
/// map it finds what the municipality is known by.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/search", tag = "layers",
    operation_id = "find_places",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("q" = String, Query, description = "What was typed, up to 100 letters"),
        ("near" = Option<String>, Query, description = "longitude,latitude that answers should be near"),
        ("limit" = Option<usize>, Query, description = "1 to 50, default 10")
    ),
    responses(
        (status = 200, description = "The places, best first", body = [PlaceView]),
        (status = 400, description = "A parameter is unknown, missing or malformed", body = Document),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn find_places(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    pairs: Pairs,
) -> Result<Json<Vec<PlaceView>>, Problem> {
    let mut asked = Asked::of(&pairs, &["q", "near", "limit"])?;
    let limit = match asked.take("limit").map(str::parse) {
        None => 10,
        Some(Ok(limit @ 1..=50)) => limit,
        Some(_) => return Err(broken("limit", "out_of_range")),
    };
    let near = asked.take("near").map(position).transpose()?;
    let text = asked.take("q").ok_or_else(|| broken("q", "required"))?.to_owned();
    let found = state.app.find_places(&ground, &PlaceQuestion { text, near, limit }).await?;
    Ok(Json(found.into_iter().map(PlaceView::from).collect()))
}

/// Who is responsible at a place: the owner of the area around it, else
/// whoever answers for the category, else the keeper of the road within 25 m,
/// else the municipality. Public.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/owner", tag = "layers",
    operation_id = "show_owner",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("longitude" = f64, Query, description = "Degrees east"),
        ("latitude" = f64, Query, description = "Degrees north"),
        ("category" = Option<String>, Query, description = "Code of a category")
    ),
    responses(
        (status = 200, description = "Who answers, and what that rests on", body = OwnerView),
        (status = 400, description = "A parameter is unknown, missing or malformed", body = Document),
        (status = 404, description = "No such municipality", body = Document)
    )
)]
pub async fn show_owner(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    pairs: Pairs,
) -> Result<Json<OwnerView>, Problem> {
    let mut asked = Asked::of(&pairs, &["longitude", "latitude", "category"])?;
    let mut degrees = |name: &'static str| {
        let text = asked.take(name).ok_or_else(|| broken(name, "required"))?;
        text.parse::<f64>().map_err(|_no_number| broken(name, "number_form"))
    };
    let (longitude, latitude) = (degrees("longitude")?, degrees("latitude")?);
    let at = Position::parse(longitude, latitude)
        .map_err(|violation| Problem::bad_parameter(vec![violation]))?;
    let category = match asked.take("category") {
        None => None,
        Some(code) => {
            Some(Category::parse(code).ok_or_else(|| broken("category", "unknown_value"))?)
        }
    };
    Ok(Json(OwnerView::from(state.app.owner(&ground, at, category).await?)))
}

/// The parameters of a question, each at most once.
struct Asked<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Asked<'a> {
    fn of(pairs: &'a Pairs, known: &[&str]) -> Result<Self, Problem> {
        let mut asked: Vec<(&str, &str)> = Vec::new();
        for (name, value) in &pairs.0 {
            if !known.contains(&name.as_str()) {
                return Err(broken(name, "unknown_parameter"));
            }
            if asked.iter().any(|(seen, _)| seen == name) {
                return Err(broken(name, "repeated_parameter"));
            }
            asked.push((name, value));
        }
        Ok(Self(asked))
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

fn broken(field: &str, rule: &'static str) -> Problem {
    Problem::bad_parameter(vec![Violation::new(field, rule)])
}

fn position(text: &str) -> Result<Position, Problem> {
    let form = || broken("near", "number_form");
    let (longitude, latitude) = text.split_once(',').ok_or_else(form)?;
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_no_number| form());
    Position::parse(degrees(longitude)?, degrees(latitude)?)
        .map_err(|violation| Problem::bad_parameter(vec![violation.within("near")]))
}

impl From<FoundPlace> for PlaceView {
    fn from(found: FoundPlace) -> Self {
        Self {
            name: found.name,
            kind: found.kind,
            longitude: found.position.longitude,
            latitude: found.position.latitude,
            district: found.district,
            locality_id: found.locality,
        }
    }
}

impl From<OwnerAnswer> for OwnerView {
    fn from(answer: OwnerAnswer) -> Self {
        let OwnerAnswer { owner, contact, basis, keeper } = answer;
        Self { owner, contact, basis, keeper }
    }
}
