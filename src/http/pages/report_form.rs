//! The report's form as it was sent, so that a refused one comes back filled in.

use fyren_core::{
    domain::{Category, Detail, TextFlag},
    wording,
};

/// Why a report is not taken yet, though nothing is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause {
    /// It is said to be happening now.
    Now,
    /// The text seems to tell of something that is going on.
    Danger,
    /// The text seems to point out persons, in these ways.
    Personal(Vec<TextFlag>),
}

/// Every field of the form. What was not sent is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportForm {
    /// Makes sending twice harmless.
    pub key: String,
    /// Token of a partner's link.
    pub partner: String,
    /// Random token of the browser, where scripts run.
    pub source: String,
    /// Degrees east of the pin.
    pub longitude: String,
    /// Degrees north of the pin.
    pub latitude: String,
    /// Identity of a named place.
    pub locality: String,
    /// Code of a district.
    pub district: String,
    /// Code of the category.
    pub category: String,
    /// Codes of factors.
    pub factors: Vec<String>,
    /// Codes of answers to what the category asks.
    pub details: Vec<String>,
    /// Code of the feeling.
    pub feeling: String,
    /// Radius in metres of the pin, as a telephone's position gives it.
    pub precision: String,
    /// Corners of a drawn stretch: `longitude,latitude` each, apart by spaces.
    pub line: String,
    /// Corners of a drawn area, likewise.
    pub polygon: String,
    /// `yes` where what the text tells of is said to be over.
    pub over: String,
    /// `yes` where the sender keeps what points out a person.
    pub anyway: String,
    /// `phone` or `paper`, where staff enter it for somebody.
    pub channel: String,
    /// `yes` where it is happening now.
    pub now: String,
    /// Spans of hours.
    pub hours: Vec<String>,
    /// Codes of weekdays, several joined by commas.
    pub weekdays: Vec<String>,
    /// Codes of seasons.
    pub season: Vec<String>,
    /// Free text.
    pub text: String,
}

impl ReportForm {
    /// Reads `application/x-www-form-urlencoded`; fields that it does not know
    /// are left out, as forms of browser extensions add them.
    pub fn parse(body: &[u8]) -> Self {
        Self::of_fields(serde_urlencoded::from_bytes(body).unwrap_or_default())
    }

    /// The form of these names and texts.
    pub fn of_fields(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "key" => form.key = value,
                "partner" => form.partner = value,
                "source" => form.source = value,
                "longitude" => form.longitude = value,
                "latitude" => form.latitude = value,
                "locality" => form.locality = value,
                "district" => form.district = value,
                "category" => form.category = value,
                "factor" => form.factors.push(value),
                "way" | "loss" | "watch" => form.details.push(value),
                "channel" => form.channel = value,
                "precision" => form.precision = value,
                "line" => form.line = value,
                "polygon" => form.polygon = value,
                "over" => form.over = value,
                "anyway" => form.anyway = value,
                "feeling" => form.feeling = value,
                "now" => form.now = value,
                "hours" => form.hours.push(value),
                "weekdays" => form.weekdays.push(value),
                "season" => form.season.push(value),
                "text" => form.text = value,
                _ => {}
            }
        }
        form
    }

    /// The form that a link begins: what it is about, and nothing else of it.
    pub fn begun(query: &[u8]) -> Self {
        let Self { category, details, .. } = Self::parse(query);
        let category = Category::parse(&category);
        let asked = |code: &String| {
            category.zip(Detail::parse(code)).is_some_and(|(c, detail)| detail.is_asked_by(c))
        };
        Self {
            details: details.into_iter().filter(asked).collect(),
            category: category.map(|category| category.code().to_owned()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What should be said before anything is stored, if anything.
    pub fn pause(&self) -> Option<Pause> {
        if self.now == "yes" {
            // What is going on never becomes a report: 112 first.
            return Some(Pause::Now);
        }
        let flags = wording::flags(&self.text);
        if flags.contains(&TextFlag::Danger) && self.over != "yes" {
            return Some(Pause::Danger);
        }
        let personal: Vec<TextFlag> =
            flags.into_iter().filter(|flag| *flag != TextFlag::Danger).collect();
        (!personal.is_empty() && self.anyway != "yes").then_some(Pause::Personal(personal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_fields_are_all_kept_and_foreign_ones_left_out() {
        let form = ReportForm::parse(
            b"factor=dark&factor=nobody&hours=22-02&text=sm%C3%B6gen+brygga&x=1&now=yes",
        );
        assert_eq!(form.factors, ["dark", "nobody"]);
        assert_eq!((form.hours.len(), form.text.as_str()), (1, "smögen brygga"));
        assert_eq!(form.pause(), Some(Pause::Now));
    }

    #[test]
    fn a_link_chooses_what_the_report_is_about_and_fills_in_nothing_else() {
        let begun = |query: &str| {
            let form = ReportForm::begun(query.as_bytes());
            (form.category, form.details, form.text)
        };
        let boat = (String::from("idea"), vec![String::from("boat_watch")], String::new());
        assert_eq!(begun("category=idea&watch=boat_watch&text=x&lang=en"), boat);
        assert_eq!(begun("category=lighting&watch=boat_watch").1, Vec::<String>::new());
        assert_eq!(begun("category=nothing&way=by_phone"), Default::default());
    }

    #[test]
    fn a_dangerous_text_pauses_until_it_is_said_to_be_over_and_a_person_until_it_is_meant() {
        let told = |over: &str, anyway: &str| {
            ReportForm {
                text: "En man har en kniv. Ring mig på 070-174 06 05".to_owned(),
                over: over.to_owned(),
                anyway: anyway.to_owned(),
                ..ReportForm::default()
            }
            .pause()
        };
        assert_eq!(told("", ""), Some(Pause::Danger));
        assert_eq!(told("", "yes"), Some(Pause::Danger));
        assert_eq!(told("yes", ""), Some(Pause::Personal(vec![TextFlag::Phone])));
        assert_eq!(told("yes", "yes"), None);
        assert_eq!(ReportForm::default().pause(), None);
    }
}
