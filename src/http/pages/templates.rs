//! The templates of `web/pages`, embedded, one environment a language.

use super::words;
use crate::http::{assets, language::Language};
use minijinja::{
    AutoEscape, Environment, UndefinedBehavior,
    value::{Kwargs, Serde},
};
use serde::Serialize;
use std::sync::LazyLock;

macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../web/pages/", $name)))),+]
    };
}

const SOURCES: &[(&str, &str)] = sources![
    "about.html",
    "bulletin.html",
    "calendar.html",
    "chooser.html",
    "demo.html",
    "district.html",
    "emergency.html",
    "fraud_sheet.html",
    "layout.html",
    "letters.html",
    "letters_demo.html",
    "methods.html",
    "owner.html",
    "paper.html",
    "parts.html",
    "partner.html",
    "partner_ask.html",
    "picture.html",
    "plan_sheet.html",
    "press.html",
    "problem.html",
    "promises.html",
    "receipt.html",
    "receipt_status.html",
    "records.html",
    "report.html",
    "sign_in.html",
    "staff.html",
    "voice.html",
    "watch.html",
];

/// One environment a language, made when it is first asked for.
static ENVIRONMENTS: LazyLock<Vec<LazyLock<Environment<'static>, Maker>>> = LazyLock::new(|| {
    let make = |language: &Language| {
        let language = *language;
        LazyLock::new(Box::new(move || environment(language)) as Maker)
    };
    Language::ALL.iter().map(make).collect()
});

/// Makes the environment of a language.
type Maker = Box<dyn FnOnce() -> Environment<'static> + Send + Sync>;

fn environment(language: Language) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_name| AutoEscape::Html);
    environment.add_global("lang", language.tag());
    environment.add_global("language", language.code());
    environment.add_global("dir", if language.is_right_to_left() { "rtl" } else { "ltr" });
    environment.add_function("t", move |key: &str, values: Kwargs| {
        words::in_template(language, key, &values)
    });
    for (name, source) in SOURCES {
        if let Err(fault) = environment.add_template(name, source) {
            tracing::error!(%fault, name, "a template cannot be read");
        }
    }
    environment
}

/// The pages; a handle that costs nothing to copy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Templates;

/// What a template is given: the page's own fields and what it loads.
#[derive(Serialize)]
struct Given<'p, P> {
    assets: assets::Entry,
    #[serde(flatten)]
    page: &'p P,
}

impl Templates {
    /// Writes `page` by the template `name`, loading `entry` of the built site.
    ///
    /// # Errors
    /// A template that asks for what the page does not hold: a fault of ours.
    pub fn render(
        self,
        language: Language,
        name: &str,
        entry: &str,
        page: &impl Serialize,
    ) -> Result<String, minijinja::Error> {
        let environment = &ENVIRONMENTS[language as usize];
        environment.get_template(name)?.render(Serde(Given { assets: assets::entry(entry), page }))
    }
}
