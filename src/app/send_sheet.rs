//! Route sheets by e-mail: to a unit whose people do not sign in, at addresses
//! that the operator allows; queued in the police store, never in the municipal.

use super::plan_patrol::KeptView;
use super::{App, Error, Ground, Result, Staff, failure};
use crate::{identity::RequestKey, mail::is_address, store::SheetLetter};
use fyren_core::domain::{Context, MunicipalityCode, Operation, PlanStatus, Violation};

/// Rules of a municipality, at most.
const MOST_RULES: usize = 50;

/// A sheet that may be sent: there is no other way to make one than
/// [`App::allow_sheet`].
#[derive(Clone)]
pub struct AllowedSheet {
    /// The plan.
    pub view: KeptView,
    /// The unit whose rounds are on the sheet.
    pub unit: String,
    address: String,
    /// The domain that it goes to; the address itself is in no log.
    domain: String,
}

impl std::fmt::Debug for AllowedSheet {
    /// Never the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AllowedSheet").field("unit", &self.unit).finish_non_exhaustive()
    }
}

impl App {
    /// Decides whether the sheet of a unit may go to an address.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`]; [`Error::Conflict`]
    /// `plan_status` for a plan that does not hold; [`Error::Invalid`] with
    /// `unit: unknown_value`, `address: address_form` or `not_listed`.
    pub async fn allow_sheet(
        &self,
        staff: &Staff,
        ground: &Ground,
        (id, unit, address): (&str, &str, &str),
    ) -> Result<AllowedSheet> {
        staff.must(ground.code(), Operation::PlanPatrol)?;
        let view = self.plan(staff, ground, id).await?;
        if view.kept.status() != PlanStatus::Decided {
            return Err(Error::Conflict("plan_status"));
        }
        if !view.plan.rounds.iter().any(|round| round.unit == unit) {
            return Err(Violation::new("unit", "unknown_value").into());
        }
        let address = address.trim();
        if !is_address(address) {
            return Err(Violation::new("address", "address_form").into());
        }
        let rules = self.store(Context::Police).sheet_recipients(ground.code()).await;
        let rules = rules.map_err(failure)?;
        // Where somebody will be is never for the municipality's offices, even
        // if a rule is written too widely.
        let offices = self.municipal.offices(ground.code()).await.map_err(failure)?;
        let is_office = offices.iter().any(|office| office.address.eq_ignore_ascii_case(address));
        if is_office || !rules.iter().any(|rule| allows(rule, address)) {
            return Err(Violation::new("address", "not_listed").into());
        }
        let domain = address.rsplit('@').next().unwrap_or_default().to_lowercase();
        Ok(AllowedSheet { view, unit: unit.to_owned(), address: address.to_owned(), domain })
    }

    /// Queues a sheet that may be sent. One that waits already is not doubled.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn send_sheet(
        &self,
        staff: &Staff,
        ground: &Ground,
        (sheet, language): (&AllowedSheet, &str),
        pdf: Vec<u8>,
    ) -> Result<()> {
        let plan = sheet.view.kept.id.to_string();
        let key = format!("{plan}:{}:{}", sheet.unit, sheet.address.to_lowercase());
        let request = RequestKey { municipality: ground.code(), key: &key };
        let hash = self.secrets.request_hash("sheet_id", request);
        let named = hash.get(..32).unwrap_or(&hash);
        let letter = SheetLetter {
            id: format!("sheet:{}:{named}", ground.code()),
            municipality: ground.code().clone(),
            address: sheet.address.clone(),
            language: language.to_owned(),
            queued_hour: self.this_hour(),
            attachment: pdf,
        };
        let mut audit = self.audit(staff.name(), "send_sheet", Some(ground.code()), Some(plan));
        audit.detail = format!("{} @{}", sheet.unit, sheet.domain);
        self.store(Context::Police).queue_sheet(letter, audit).await.map_err(failure)
    }

    /// The rules of who may get route sheets, for whoever may send them.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`].
    pub async fn sheet_recipients(&self, staff: &Staff, ground: &Ground) -> Result<Vec<String>> {
        staff.must(ground.code(), Operation::PlanPatrol)?;
        self.store(Context::Police).sheet_recipients(ground.code()).await.map_err(failure)
    }

    /// Replaces the rules of who may get route sheets: addresses, or `@` and a
    /// domain.
    ///
    /// # Errors
    /// [`Error::Invalid`] `rule: address_form` or `too_large`,
    /// [`Error::NotFound`] without such a municipality.
    pub async fn save_sheet_recipients(
        &self,
        actor: &str,
        code: &MunicipalityCode,
        rules: Vec<String>,
    ) -> Result<()> {
        self.ground(code.as_str()).await?;
        if rules.len() > MOST_RULES {
            return Err(Violation::new("rule", "too_large").into());
        }
        let rules: Vec<String> = rules.iter().map(|rule| rule.trim().to_lowercase()).collect();
        if !rules.iter().all(|rule| is_rule(rule)) {
            return Err(Violation::new("rule", "address_form").into());
        }
        let audit = self.audit(actor, "save_sheet_recipients", Some(code), None);
        let store = self.store(Context::Police);
        store.save_sheet_recipients(code, rules, audit).await.map_err(failure)
    }
}

/// Whether a rule is an address, or `@` and a domain.
fn is_rule(rule: &str) -> bool {
    if rule.starts_with('@') { is_address(&format!("a{rule}")) } else { is_address(rule) }
}

/// Whether a rule allows an address; a domain does not stand for those below it.
fn allows(rule: &str, address: &str) -> bool {
    let address = address.to_lowercase();
    if rule.starts_with('@') {
        address.rsplit_once('@').is_some_and(|(_, domain)| domain == &rule[1..])
    } else {
        address == rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_an_address_or_a_domain_and_no_domain_below_it() {
        assert!(is_rule("@polis.example") && is_rule("lpo@polis.example"));
        for wrong in ["", "@", "polis.example", "@localhost", "@a b.se", "@a.se\nb@c.se"] {
            assert!(!is_rule(wrong), "{wrong:?}");
        }
        assert!(allows("@polis.example", "Op-1@Polis.Example"));
        assert!(allows("lpo@polis.example", "LPO@polis.example"));
        for other in ["a@sub.polis.example", "a@polis.example.se", "a@notpolis.example"] {
            assert!(!allows("@polis.example", other), "{other}");
        }
        assert!(!allows("lpo@polis.example", "other@polis.example"));
    }
}
