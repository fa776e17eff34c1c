//! What residents said when they were asked.

use super::columns::Columns;
use super::insert::insert_new_rows;
use super::writer::Command;
use super::{Connection, Db, Row, SqlStore, statements};
use crate::store::{Origin, StoreError, StoredCount, Surveys};
use async_trait::async_trait;
use fyren_core::domain::{DistrictCode, MunicipalityCode, SurveyAnswer, SurveyMode, SurveyUnit};
use sqlx::query;
use sqlx::query_builder::Separated;

const INSERT: &str = "INSERT INTO survey_answers (municipality, id, survey, year, mode, district,
    question, wording, who, asked, value, unit, low, high, source, note, dataset, external_key) ";

/// Before the rows of the table of this file.
pub(super) const INSERTS: &[&str] = &[INSERT];

statements! {
    ALL = "SELECT id, municipality, survey, year, mode, district, question, wording, who, asked,
        value, unit, low, high, source, note FROM survey_answers WHERE municipality = $1 ORDER BY id";
    REMOVE = REMOVE_SURVEYS;
}

/// Removes those of an import.
pub(super) const REMOVE_SURVEYS: &str =
    "DELETE FROM survey_answers WHERE municipality = $1 AND id >= $2 AND id <= $3";

/// Writes one transaction's part of an import.
pub(super) async fn insert(
    connection: &mut Connection,
    answers: &[(SurveyAnswer, Origin)],
) -> Result<StoredCount, StoreError> {
    insert_new_rows(connection, INSERT, answers, |row| row.0.municipality.as_str(), push).await
}

fn push(mut columns: Separated<'_, Db, &'static str>, (answer, origin): &(SurveyAnswer, Origin)) {
    columns
        .push_bind(answer.municipality.as_str().to_owned())
        .push_bind(answer.id.to_string())
        .push_bind(answer.survey.clone())
        .push_bind(i64::from(answer.year))
        .push_bind(answer.mode.code())
        .push_bind(answer.district.as_ref().map(|code| code.0.clone()))
        .push_bind(answer.question.clone())
        .push_bind(answer.wording.clone())
        .push_bind(answer.group.clone())
        .push_bind(i64::from(answer.asked))
        .push_bind(answer.value)
        .push_bind(answer.unit.code())
        .push_bind(answer.interval.map(|(low, _)| low))
        .push_bind(answer.interval.map(|(_, high)| high))
        .push_bind(answer.source.clone())
        .push_bind(answer.note.clone())
        .push_bind(origin.dataset.clone())
        .push_bind(origin.external_key.clone());
}

fn answer(row: &Row) -> Result<SurveyAnswer, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(SurveyAnswer {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        survey: columns.take()?,
        year: columns.number()?,
        mode: columns.code(SurveyMode::parse)?,
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        question: columns.take()?,
        wording: columns.take()?,
        group: columns.take()?,
        asked: columns.number()?,
        value: columns.take()?,
        unit: columns.code(SurveyUnit::parse)?,
        interval: columns.take::<Option<f64>>()?.zip(columns.take::<Option<f64>>()?),
        source: columns.take()?,
        note: columns.take()?,
    })
}

#[async_trait]
impl Surveys for SqlStore {
    async fn insert_surveys(
        &self,
        answers: Vec<(SurveyAnswer, Origin)>,
    ) -> Result<StoredCount, StoreError> {
        self.writer.write(|reply| Command::InsertSurveys(answers, reply)).await
    }

    async fn survey_answers(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<SurveyAnswer>, StoreError> {
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(answer).collect()
    }
}
