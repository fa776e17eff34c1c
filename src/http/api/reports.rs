//! `POST M/reports`: a resident pins an unsafe place.

use crate::{
    app::{
        ReportDraft, Sender,
        draft::{PlaceDraft, WhenDraft},
    },
    http::{
        problem::{Document, Problem},
        state::{Municipal, Network, State},
        strict::{self, Strict},
        upload,
    },
};
use axum::{
    Json,
    extract::{FromRequest, Request, State as Extract},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use fyren_core::domain::{Channel, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A report as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// Code of a category.
    category: String,
    /// Where, in exactly one way.
    place: PlaceInput,
    /// When, in at most one way.
    #[serde(default)]
    when: Option<WhenInput>,
    /// Codes of what makes the place feel so: `dark`, `no_overview`, `nobody`, `people`,
    /// `traffic`, `neglected`, `no_escape`, `earlier`.
    #[serde(default)]
    factors: Vec<String>,
    /// Answers to what the category asks: of a fraud or theft against the elderly `by_phone`,
    /// `at_door`, `by_message`, `other_way` and `nothing_lost`, `money_lost`, `codes_given`; of an
    /// idea `boat_watch`, `neighbour_watch`.
    #[serde(default)]
    details: Vec<String>,
    /// `safe`, `uneasy`, `unsafe` or `avoid`.
    #[serde(default)]
    feeling: Option<String>,
    /// Free text, at most 2 000 characters; never public.
    #[serde(default)]
    text: Option<String>,
}

/// A place: a position, a line, a polygon, a named place or a district.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlaceInput {
    /// Degrees east, WGS 84.
    #[serde(default)]
    longitude: Option<f64>,
    /// Degrees north, WGS 84.
    #[serde(default)]
    latitude: Option<f64>,
    /// Radius in metres within which the place lies.
    #[serde(default)]
    precision_m: Option<f64>,
    /// `[longitude, latitude]` pairs of a stretch.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    line: Option<Vec<[f64; 2]>>,
    /// `[longitude, latitude]` pairs of a ring, or a list with that ring.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    polygon: Option<Ring>,
    /// A place of the layer `localities`.
    #[serde(default)]
    locality_id: Option<String>,
    /// A district of the layer `districts`.
    #[serde(default)]
    district_code: Option<String>,
}

/// A ring, bare or as GeoJSON nests it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Ring {
    /// Positions.
    Bare(Vec<[f64; 2]>),
    /// Rings, of which there must be one.
    Nested([Vec<[f64; 2]>; 1]),
}

/// A time: `{at, precision}`, `{from, to}` or `{hours, weekdays, season}`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenInput {
    /// RFC 3339, or local time of the municipality.
    #[serde(default)]
    at: Option<String>,
    /// `minute`, `hour`, `day_part`, `day`, `month` or `unknown`.
    #[serde(default)]
    precision: Option<String>,
    /// Start, inclusive.
    #[serde(default)]
    from: Option<String>,
    /// End, exclusive.
    #[serde(default)]
    to: Option<String>,
    /// `22-04` or a list of hours.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    hours: Option<Words>,
    /// `fri,sat` or a list.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    weekdays: Option<Words>,
    /// `summer` or a list.
    #[serde(default, alias = "seasons")]
    #[schema(value_type = Option<String>)]
    season: Option<Words>,
}

/// Words separated by commas, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// Separated by commas.
    Text(String),
    /// A list of words.
    List(Vec<String>),
    /// A list of hours.
    Numbers(Vec<u8>),
}

impl Words {
    fn joined(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::List(words) => words.join(","),
            Self::Numbers(numbers) => {
                numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
            }
        }
    }
}

impl PlaceInput {
    /// The place, said in exactly one way.
    pub fn draft(self) -> Result<PlaceDraft, Violation> {
        let Self { longitude, latitude, precision_m, line, polygon, locality_id, district_code } =
            self;
        let ways = [
            longitude.is_some() || latitude.is_some() || precision_m.is_some(),
            line.is_some(),
            polygon.is_some(),
            locality_id.is_some(),
            district_code.is_some(),
        ];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            let rule = if ways == [false; 5] { "required" } else { "one_place" };
            return Err(Violation::new("place", rule));
        }
        if let Some(line) = line {
            return Ok(PlaceDraft::Line(line));
        }
        if let Some(ring) = polygon {
            let (Ring::Bare(ring) | Ring::Nested([ring])) = ring;
            return Ok(PlaceDraft::Polygon(ring));
        }
        if let Some(id) = locality_id {
            return Ok(PlaceDraft::Locality(id));
        }
        if let Some(code) = district_code {
            return Ok(PlaceDraft::District(code));
        }
        let needed = |field| Violation::new(field, "required");
        Ok(PlaceDraft::Point {
            longitude: longitude.ok_or_else(|| needed("place.longitude"))?,
            latitude: latitude.ok_or_else(|| needed("place.latitude"))?,
            precision_m,
        })
    }
}

impl WhenInput {
    fn draft(self) -> Result<WhenDraft, Violation> {
        let Self { at, precision, from, to, hours, weekdays, season } = self;
        let recurring = hours.is_some() || weekdays.is_some() || season.is_some();
        let ways = [at.is_some() || precision.is_some(), from.is_some() || to.is_some(), recurring];
        if ways.into_iter().filter(|way| *way).count() > 1 {
            return Err(Violation::new("when", "one_time"));
        }
        let needed = |field| Violation::new(field, "required");
        Ok(match ways {
            [true, _, _] if at.is_none() && precision.as_deref() == Some("unknown") => {
                WhenDraft::Unstated
            }
            [true, _, _] => WhenDraft::At { at: at.ok_or_else(|| needed("when.at"))?, precision },
            [_, true, _] => WhenDraft::Span {
                from: from.ok_or_else(|| needed("when.from"))?,
                to: to.ok_or_else(|| needed("when.to"))?,
            },
            [_, _, true] => WhenDraft::Recurring {
                hours: hours.map(Words::joined),
                weekdays: weekdays.map(Words::joined),
                season: season.map(Words::joined),
            },
            _ => WhenDraft::Unstated,
        })
    }
}

/// What the sender takes home.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// Opens the report's private page.
    pub receipt: String,
    /// Four words that open the same page for 30 days.
    pub short_code: String,
    /// The private page; the receipt stands behind `#` and never reaches a log.
    pub status_url: String,
    /// What was accepted but looks odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// Something that was accepted but looks odd.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    /// The field.
    pub field: String,
    /// The rule, such as `on_water`.
    pub rule: &'static str,
}

/// A header's value as text, empty where it is missing or not text.
pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The token of `Fyren-Source`, if one was sent.
///
/// # Errors
/// Violates `Fyren-Source: code_form` unless it is 1 to 128 visible ASCII characters.
pub fn source_token(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    if !headers.contains_key("fyren-source") {
        return Ok(None);
    }
    let token = header(headers, "fyren-source");
    let form = (1..=128).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    if form {
        Ok(Some(token.to_owned()))
    } else {
        Err(Problem::bad_parameter(vec![Violation::new("Fyren-Source", "code_form")]))
    }
}

/// The report of a request, its bytes to tell repetitions by, and its photos.
async fn received(
    request: Request,
    state: &State,
) -> Result<(Strict<NewReport>, Vec<Vec<u8>>), Problem> {
    if !upload::is_upload(request.headers()) {
        return Ok((Strict::from_request(request, state).await?, Vec::new()));
    }
    let (parts, body) = request.into_parts();
    let form = upload::read(&parts.headers, body).await?;
    let needed = || Problem::invalid(vec![Violation::new("report", "required")]);
    let report = form.fields.iter().find(|(name, _)| name == "report").ok_or_else(needed)?;
    let value = strict::parse(report.1.as_bytes())?;
    let bytes = form.canonical().into();
    Ok((Strict { value, bytes }, form.photos))
}

/// Sends a report. The answer is given after the report is safe on disk; the
/// same key with the same body gives the same answer and no second report.
///
/// With photos the body is `multipart/form-data`: the JSON document as the
/// field `report`, and up to three files `photo` (JPEG, PNG or WebP, 12 MiB and
/// 52 megapixels each), which are written anew without their metadata and shown
/// to staff alone.
#[utoipa::path(
    post, path = "/api/v1/municipalities/{code}/reports", tag = "reports",
    operation_id = "submit_report", request_body = NewReport,
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("Idempotency-Key" = String, Header, description = "Chosen by the sender, 1 to 128 visible characters"),
        ("Fyren-Source" = Option<String>, Header, description = "Random token that the browser keeps")
    ),
    responses(
        (status = 201, description = "Stored", body = ReceiptView),
        (status = 400, description = "Malformed, or no Idempotency-Key", body = Document),
        (status = 409, description = "The key was used with an other body", body = Document),
        (status = 413, description = "Too large", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document),
        (status = 429, description = "Too many reports from this network", body = Document)
    )
)]
pub async fn submit_report(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    Network(network): Network,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    state.limiter.take(network)?;
    let headers = request.headers().clone();
    let (body, photos) = received(request, &state).await?;
    let NewReport { category, place, when, factors, details, feeling, text } = body.value;
    let draft = ReportDraft {
        category,
        place: Some(place.draft()?),
        when: when.unwrap_or_default().draft()?,
        factors,
        details,
        feeling,
        text,
        photos,
    };
    let sender = Sender {
        key: header(&headers, "idempotency-key").to_owned(),
        body: body.bytes.to_vec(),
        token: source_token(&headers)?,
        network: state.limiter.limits().then_some(network),
        channel: Channel::Web,
        partner: None,
    };
    let receipt = state.app.submit_report(&ground, &draft, sender).await?;
    let status_url = format!("{}/{}/receipt#{}", state.public_url, ground.code(), receipt.code);
    let view = ReceiptView {
        receipt: receipt.code,
        short_code: receipt.short_code,
        status_url,
        warnings: receipt
            .warnings
            .into_iter()
            .map(|warning| Warning { field: warning.field, rule: warning.rule })
            .collect(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}
