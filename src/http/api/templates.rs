//! `M/answer-templates`: answers that are written often, in both languages.

use super::paths::InMunicipality;
use crate::{
    app::TemplateDraft,
    http::{
        problem::{Document, Problem},
        state::{EventId, Municipal, SignedIn, State},
        strict::Strict,
    },
};
use axum::{Json, extract::State as Extract, http::StatusCode};
use fyren_core::domain::{AnswerTemplate, Category, ReportStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An answer that is written often.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnswerTemplate)]
pub struct TemplateView {
    /// Its name within the municipality.
    id: String,
    /// The category that it is offered for; all of them without one.
    category: Option<&'static str>,
    /// The status that it goes with.
    status: Option<&'static str>,
    /// What staff call it.
    title: String,
    /// The answer in Swedish.
    text_sv: String,
    /// The answer in English.
    text_en: String,
}

impl From<AnswerTemplate> for TemplateView {
    fn from(template: AnswerTemplate) -> Self {
        Self {
            id: template.id,
            category: template.category.map(Category::code),
            status: template.status.map(ReportStatus::code),
            title: template.title,
            text_sv: template.text_sv,
            text_en: template.text_en,
        }
    }
}

/// An answer as it is stored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewTemplate {
    /// The category that it is offered for.
    #[serde(default)]
    category: Option<String>,
    /// The status that it goes with.
    #[serde(default)]
    status: Option<String>,
    /// What staff call it, at most 80 characters.
    title: String,
    /// The answer in Swedish.
    text_sv: String,
    /// The answer in English.
    text_en: String,
}

/// One answer that is written often.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only the description of the interface reads it")]
pub struct OneTemplate {
    /// Municipality code
    code: String,
    /// Its name: 2 to 40 of `[a-z0-9-]`
    id: String,
}

/// Lists the answers that are written often; those that are shipped where the
/// municipality has none of its own.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/answer-templates", tag = "moderation",
    operation_id = "answer_templates", params(InMunicipality),
    responses(
        (status = 200, description = "The answers, by name", body = Vec<TemplateView>),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not read reports", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document)
    )
)]
pub async fn answer_templates(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
) -> Result<Json<Vec<TemplateView>>, Problem> {
    let found = state.app.answer_templates(&staff, &ground).await?;
    Ok(Json(found.into_iter().map(TemplateView::from).collect()))
}

/// Stores an answer that is written often, or replaces the one of its name.
#[utoipa::path(
    put, path = "/api/v1/municipalities/{code}/answer-templates/{id}", tag = "moderation",
    operation_id = "save_answer_template", request_body = NewTemplate, params(OneTemplate),
    responses(
        (status = 204, description = "Stored"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "No such municipality, or no role in it", body = Document),
        (status = 422, description = "A field breaks a rule", body = Document)
    )
)]
pub async fn save_answer_template(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
    body: Strict<NewTemplate>,
) -> Result<StatusCode, Problem> {
    let NewTemplate { category, status, title, text_sv, text_en } = body.value;
    let draft = TemplateDraft { category, status, title, text_sv, text_en };
    state.app.save_answer_template(&staff, &ground, &id, &draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets an answer that is written often.
#[utoipa::path(
    delete, path = "/api/v1/municipalities/{code}/answer-templates/{id}", tag = "moderation",
    operation_id = "delete_answer_template", params(OneTemplate),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not moderate", body = Document),
        (status = 404, description = "None of this name", body = Document)
    )
)]
pub async fn delete_answer_template(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    EventId(id): EventId,
) -> Result<StatusCode, Problem> {
    state.app.delete_answer_template(&staff, &ground, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
