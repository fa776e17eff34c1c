//! What residents said when they were asked.

use super::{Origin, StoreError, StoredCount};
use async_trait::async_trait;
use fyren_core::domain::{MunicipalityCode, SurveyAnswer};

/// Remembers answers of safety surveys.
#[async_trait]
pub trait Surveys: Send + Sync {
    /// Stores those whose origin is not known, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a municipality.
    async fn insert_surveys(
        &self,
        answers: Vec<(SurveyAnswer, Origin)>,
    ) -> Result<StoredCount, StoreError>;

    /// All of a municipality by identity, also what too few have answered.
    async fn survey_answers(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<SurveyAnswer>, StoreError>;
}
