//! Answers that are written often, in both languages.

use super::{App, Ground, Result, Staff, draft, failure};
use fyren_core::domain::{AnswerTemplate, Category, Operation, ReportStatus, Violation};

/// An answer that is written often, as staff send it.
#[derive(Debug, Clone, Default)]
pub struct TemplateDraft {
    /// Code of the category that it is offered for.
    pub category: Option<String>,
    /// Code of the status that it goes with.
    pub status: Option<String>,
    /// What staff call it.
    pub title: String,
    /// The answer in Swedish.
    pub text_sv: String,
    /// The answer in English.
    pub text_en: String,
}

impl App {
    /// The answers of a municipality that are written often, by name; those
    /// that are shipped where it has none of its own.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for a role that may not read reports.
    pub async fn answer_templates(
        &self,
        staff: &Staff,
        ground: &Ground,
    ) -> Result<Vec<AnswerTemplate>> {
        staff.must(ground.code(), Operation::ReadReport)?;
        let own = self.municipal.answer_templates(ground.code()).await.map_err(failure)?;
        Ok(if own.is_empty() { shipped() } else { own })
    }

    /// Stores an answer that is written often, or replaces the one of its
    /// name. With the first one, those that are shipped become the
    /// municipality's own, to be changed or forgotten.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`]; [`super::Error::Invalid`] naming a broken rule.
    pub async fn save_answer_template(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: &TemplateDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let template = checked(id, draft)?;
        self.own_templates(staff, ground).await?;
        self.keep_template(staff, ground, template).await
    }

    /// Forgets an answer that is written often.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`]; [`super::Error::NotFound`] without one of this name.
    pub async fn delete_answer_template(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        self.own_templates(staff, ground).await?;
        let action = "delete_answer_template";
        let audit = self.audit(staff.name(), action, Some(ground.code()), Some(id.to_owned()));
        self.municipal.delete_answer_template(ground.code(), id, audit).await.map_err(failure)
    }

    async fn own_templates(&self, staff: &Staff, ground: &Ground) -> Result<()> {
        let own = self.municipal.answer_templates(ground.code()).await.map_err(failure)?;
        if own.is_empty() {
            for template in shipped() {
                self.keep_template(staff, ground, template).await?;
            }
        }
        Ok(())
    }

    async fn keep_template(
        &self,
        staff: &Staff,
        ground: &Ground,
        template: AnswerTemplate,
    ) -> Result<()> {
        let (action, subject) = ("save_answer_template", Some(template.id.clone()));
        let audit = self.audit(staff.name(), action, Some(ground.code()), subject);
        self.municipal.save_answer_template(ground.code(), template, audit).await.map_err(failure)
    }
}

fn checked(id: &str, draft: &TemplateDraft) -> Result<AnswerTemplate> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !(2..=40).contains(&id.len()) || !id.bytes().all(plain) {
        return Err(Violation::new("id", "unknown_value").into());
    }
    let code = |field: &str| Violation::new(field, "unknown_value");
    let category = draft.category.as_deref();
    let status = draft.status.as_deref();
    let text = |field: &str, text: &str| -> Result<String> {
        draft::text(field, Some(text))?.ok_or_else(|| Violation::new(field, "required").into())
    };
    let title = text("title", &draft.title)?;
    if title.chars().count() > 80 {
        return Err(Violation::new("title", "too_long").into());
    }
    Ok(AnswerTemplate {
        id: id.to_owned(),
        category: category
            .map(|word| Category::parse(word).ok_or_else(|| code("category")))
            .transpose()?,
        status: status
            .map(|word| ReportStatus::parse(word).ok_or_else(|| code("status")))
            .transpose()?,
        title,
        text_sv: text("textSv", &draft.text_sv)?,
        text_en: text("textEn", &draft.text_en)?,
    })
}

/// The answers of `data/answer_templates.tsv`, ordered as stored ones are.
fn shipped() -> Vec<AnswerTemplate> {
    let rows = include_str!("../../data/answer_templates.tsv").lines().skip(1);
    let word = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let template = |row: &str| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [id, category, status, title, sv, en] = cells[..] else { return None };
        let draft = TemplateDraft {
            category: word(category),
            status: word(status),
            title: title.to_owned(),
            text_sv: sv.to_owned(),
            text_en: en.to_owned(),
        };
        checked(id, &draft).ok()
    };
    let mut all: Vec<AnswerTemplate> = rows.filter_map(template).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_answer_is_whole_and_short() {
        let rows = include_str!("../../data/answer_templates.tsv").lines().count() - 1;
        let all = shipped();
        assert_eq!(all.len(), rows, "a row is broken");
        assert!(all.len() >= 10);
        for template in &all {
            assert!(template.text_sv.chars().count() <= 400, "{}", template.id);
            assert!(!template.text_sv.contains('{'), "{}", template.id);
        }
    }

    #[test]
    fn a_name_a_code_and_an_empty_text_are_checked() {
        let draft = |title: &str, status: &str| TemplateDraft {
            title: title.into(),
            status: Some(status.into()),
            text_sv: "Svar.".into(),
            text_en: "Answer.".into(),
            ..TemplateDraft::default()
        };
        assert!(checked("lamp-1", &draft("Lampa", "planned")).is_ok());
        assert!(checked("Lamp 1", &draft("Lampa", "planned")).is_err());
        assert!(checked("lamp-1", &draft("", "planned")).is_err());
        assert!(checked("lamp-1", &draft("Lampa", "soon")).is_err());
    }
}
