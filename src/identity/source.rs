//! Who counts as one source, without anybody knowing who it is.

use super::Secrets;
use super::mac::mac;
use fyren_core::domain::{MunicipalityCode, SourceTag};

/// What a source tag is made from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A browser, by the random token that it keeps. Under the key of the
    /// year: when that is destroyed, nobody can link the tag to the token.
    Browser(&'a str),
    /// A trained reporter's organisation, by its code.
    Organisation(&'a str),
    /// A unit, by its code.
    Unit(&'a str),
    /// A report without any of them, by fresh random bytes: its own source.
    Alone([u8; 8]),
}

impl Secrets {
    /// The tag of `source` in `municipality`. Tags of one source in two
    /// municipalities have nothing in common.
    pub fn source_tag(&self, municipality: &MunicipalityCode, source: Source<'_>) -> SourceTag {
        let place = municipality.as_str().as_bytes();
        let full = match source {
            Source::Browser(token) => mac(&self.source(), "browser", &[place, token.as_bytes()]),
            Source::Organisation(code) => {
                mac(self.server(), "organisation", &[place, code.as_bytes()])
            }
            Source::Unit(code) => mac(self.server(), "unit", &[place, code.as_bytes()]),
            Source::Alone(random) => mac(&self.source(), "alone", &[place, &random]),
        };
        let mut bits = [0; 8];
        bits.copy_from_slice(&full[..8]);
        SourceTag::from_bits(u64::from_be_bytes(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(secrets: &Secrets, source: Source<'_>) -> SourceTag {
        secrets.source_tag(&MunicipalityCode::parse("1427").unwrap(), source)
    }

    #[test]
    fn one_browser_is_one_source_for_a_year_and_unlinkable_after_it() {
        let this_year = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let next_year = Secrets::from_keys([1; 32], 2027, [3; 32]);
        assert_eq!(tag(&this_year, Source::Browser("t")), tag(&this_year, Source::Browser("t")));
        assert_ne!(tag(&this_year, Source::Browser("t")), tag(&next_year, Source::Browser("t")));
    }

    #[test]
    fn an_organisation_stays_one_source_over_the_years() {
        let this_year = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let next_year = Secrets::from_keys([1; 32], 2027, [3; 32]);
        let school = Source::Organisation("school-1");
        assert_eq!(tag(&this_year, school), tag(&next_year, school));
        assert_ne!(tag(&this_year, school), tag(&this_year, Source::Unit("school-1")));
    }

    #[test]
    fn one_browser_is_another_source_in_another_municipality() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let elsewhere = MunicipalityCode::parse("1480").unwrap();
        assert_ne!(
            tag(&secrets, Source::Browser("t")),
            secrets.source_tag(&elsewhere, Source::Browser("t"))
        );
    }
}
