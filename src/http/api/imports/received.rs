//! A file on its way in: as the body itself, or as a part of a form.

use crate::{
    app::{App, Ground, ImportKind, Staff, uploads::Receiving},
    http::{problem::Problem, upload},
};
use axum::{body::Body, http::HeaderMap};
use futures_util::StreamExt;
use fyren_core::domain::Violation;

/// Longest word of a form beside its file, in bytes.
const WORD: usize = 1_000;

/// Whose upload it is.
#[derive(Clone, Copy)]
pub struct Uploader<'a> {
    /// The use cases.
    pub app: &'a App,
    /// Who sends it.
    pub staff: &'a Staff,
    /// Where it is to go.
    pub ground: &'a Ground,
}

/// What is said of a file beside it.
#[derive(Default)]
struct Said {
    kind: Option<ImportKind>,
    name: Option<String>,
}

/// Takes a file, and what it is said to hold.
///
/// The body is the file itself, or a `multipart/form-data` with a `file`.
/// `kind` and `name` stand in the query, or in the form in any order; the
/// file's own name stands for a missing one.
///
/// # Errors
/// 400 for a parameter or a form that cannot be read, 413, and what
/// [`App::receive_file`] and [`Receiving::take`] refuse.
pub async fn receive(
    by: Uploader<'_>,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    body: Body,
) -> Result<(ImportKind, Receiving), Problem> {
    let mut said = Said::default();
    for (name, value) in pairs {
        said.take(name, value, "unknown_parameter")
            .map_err(|broken| Problem::bad_parameter(vec![broken]))?;
    }
    if upload::is_upload(headers) {
        return by.form(said, headers, body).await;
    }
    let missing = || Problem::bad_parameter(vec![Violation::new("kind", "required")]);
    let kind = said.kind.ok_or_else(missing)?;
    let mut file = by.begin(said.name.as_deref()).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        file.take(&chunk.map_err(|_broken| Problem::too_large())?).await?;
    }
    Ok((kind, file))
}

impl Said {
    fn take(&mut self, name: &str, value: &str, unknown: &'static str) -> Result<(), Violation> {
        match name {
            "kind" => {
                let kind = ImportKind::parse(value);
                self.kind = Some(kind.ok_or_else(|| Violation::new("kind", "unknown_value"))?);
            }
            "name" => self.name = Some(value.to_owned()),
            other => return Err(Violation::new(other, unknown)),
        }
        Ok(())
    }
}

impl Uploader<'_> {
    async fn begin(self, name: Option<&str>) -> Result<Receiving, Problem> {
        Ok(self.app.receive_file(self.staff, self.ground, name.unwrap_or_default()).await?)
    }

    async fn form(
        self,
        mut said: Said,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<(ImportKind, Receiving), Problem> {
        let invalid = |broken| Problem::invalid(vec![broken]);
        let mut parts = upload::parts(headers, body, crate::http::UPLOAD_FORM_LIMIT)?;
        let mut file: Option<Receiving> = None;
        while let Some(mut part) = parts.next_field().await.map_err(|f| upload::refused(&f))? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "file" {
                let word = word(&mut part).await?;
                said.take(&name, &word, "unknown_field").map_err(invalid)?;
                continue;
            }
            if file.is_some() {
                return Err(invalid(Violation::new("file", "too_many_files")));
            }
            let mut taken = self.begin(part.file_name()).await?;
            while let Some(chunk) = part.chunk().await.map_err(|f| upload::refused(&f))? {
                taken.take(&chunk).await?;
            }
            file = Some(taken);
        }
        let missing = |field| move || invalid(Violation::new(field, "required"));
        let mut file = file.ok_or_else(missing("file"))?;
        let kind = said.kind.ok_or_else(missing("kind"))?;
        if let Some(name) = &said.name {
            file.rename(name);
        }
        Ok((kind, file))
    }
}

/// A short text of a form.
async fn word(part: &mut multer::Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|fault| upload::refused(&fault))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > WORD {
            let name = part.name().unwrap_or_default();
            return Err(Problem::invalid(vec![Violation::new(name, "too_long")]));
        }
    }
    String::from_utf8(bytes).map_err(|_not_text| Problem::malformed())
}
