//! Single figures that are typed in: tips by month, district and theme, and the
//! numbers of the municipality that stand in a promise.

use super::guardians::{day, district, one};
use super::{App, Error, Ground, Result, Staff, failure};
use fyren_core::domain::{Context, Figure, FigureKind, Operation, Role, TipTheme, may_do};

/// A figure as staff send it.
#[derive(Debug, Clone, Default)]
pub struct FigureDraft {
    /// Code of the kind.
    pub kind: String,
    /// Local day.
    pub from: String,
    /// Local day after the last.
    pub to: String,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the theme.
    pub theme: Option<String>,
    /// The number.
    pub amount: f64,
    /// Where it is from.
    pub source: String,
}

impl App {
    /// The figures that `staff` may see: to municipal roles their own, to the
    /// police tips as well.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that types no figures and sees no picture.
    pub async fn figures(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Figure>> {
        staff.must(ground.code(), Operation::ReadReport)?;
        let mut figures = self.municipal.figures(ground.code()).await.map_err(failure)?;
        if staff.roles_in(ground.code()).iter().any(|role| role.context() == Context::Police) {
            figures.extend(self.police.figures(ground.code()).await.map_err(failure)?);
        }
        Ok(figures)
    }

    /// Stores figures, all or none, each in place of an earlier one of its
    /// kind, first day, district and theme.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for figures of a context that the role is not of;
    /// [`Error::Invalid`] below `figures[n]`.
    pub async fn save_figures(
        &self,
        staff: &Staff,
        ground: &Ground,
        drafts: &[FigureDraft],
    ) -> Result<()> {
        staff.must(ground.code(), Operation::TypeFigures)?;
        let may = |context: Context| {
            let own =
                |role: &Role| may_do(*role, Operation::TypeFigures) && role.context() == context;
            staff.roles_in(ground.code()).iter().any(own)
        };
        let mut kept: [Vec<Figure>; 2] = Default::default();
        for (at, draft) in drafts.iter().enumerate() {
            let figure = self.figure(ground, draft).map_err(|error| within(error, at))?;
            let context = figure.kind.context();
            if !may(context) {
                return Err(Error::Forbidden);
            }
            kept[usize::from(context == Context::Police)].push(figure);
        }
        for (context, figures) in [Context::Municipal, Context::Police].into_iter().zip(kept) {
            if figures.is_empty() {
                continue;
            }
            let audit = self.audit(staff.name(), "save_figures", Some(ground.code()), None);
            let store = self.store(context);
            store.save_figures(ground.code(), figures, audit).await.map_err(failure)?;
        }
        Ok(())
    }

    fn figure(&self, ground: &Ground, draft: &FigureDraft) -> Result<Figure> {
        let theme = draft.theme.as_deref().filter(|theme| !theme.is_empty());
        let figure = Figure {
            municipality: ground.code().clone(),
            kind: one("kind", &draft.kind, FigureKind::parse)?,
            from: day("from", &draft.from)?,
            to: day("to", &draft.to)?,
            district: district(ground, draft.district.as_deref())?,
            theme: theme.map(|code| one("theme", code, TipTheme::parse)).transpose()?,
            amount: draft.amount,
            source: draft.source.trim().to_owned(),
            entered_on: self.today(&ground.zone),
        };
        figure.check()?;
        Ok(figure)
    }
}

fn within(error: Error, at: usize) -> Error {
    match error {
        Error::Invalid(broken) => {
            let part = format!("figures[{at}]");
            Error::Invalid(broken.into_iter().map(|v| v.within(&part)).collect())
        }
        other => other,
    }
}
