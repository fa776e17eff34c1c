//! The report's form as it was sent, so that a refused one comes back filled in.

/// Every field of the form. What was not sent is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportForm {
    /// Makes sending twice harmless.
    pub key: String,
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
    /// Code of the feeling.
    pub feeling: String,
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
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "key" => form.key = value,
                "source" => form.source = value,
                "longitude" => form.longitude = value,
                "latitude" => form.latitude = value,
                "locality" => form.locality = value,
                "district" => form.district = value,
                "category" => form.category = value,
                "factor" => form.factors.push(value),
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

    /// Whether it is said to be happening now: then nothing may be stored.
    pub fn is_now(&self) -> bool {
        self.now == "yes"
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
        assert!(form.is_now());
    }
}
