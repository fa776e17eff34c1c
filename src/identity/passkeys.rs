//! Passkeys (`WebAuthn` level 3): a key pair whose private half never leaves the
//! authenticator, bound to this site, so that no page of another can ask for it.

use super::IdentityError;
use data_encoding::BASE64URL_NOPAD;
use fyren_core::domain::Id;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

/// The site that passkeys are bound to.
#[derive(Clone)]
pub struct Site(Webauthn);

/// A new passkey: its identity, and the credential to be stored.
pub struct NewPasskey {
    /// Identity, as text.
    pub id: String,
    /// The credential.
    pub credential: String,
}

impl Site {
    /// The site at `public_url`; `None` where browsers give no passkeys: not
    /// over TLS and not on this machine by its name `localhost`.
    pub fn new(public_url: &str) -> Option<Self> {
        let origin = Url::parse(public_url).ok()?;
        let host = origin.domain()?.to_owned();
        if origin.scheme() != "https" && host != "localhost" {
            return None;
        }
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        builder.rp_name("Fyren").build().ok().map(Self)
    }

    /// Begins to make a passkey for a user who has those of `known` already:
    /// what the browser is asked, and the state to be kept meanwhile.
    ///
    /// # Errors
    /// Where a stored credential cannot be read.
    pub fn begin_registration(
        &self,
        user: Id,
        name: &str,
        known: &[String],
    ) -> Result<(Value, String), IdentityError> {
        let known = known
            .iter()
            .map(|text| read::<Passkey>(text).map(|passkey| passkey.cred_id().clone()))
            .collect::<Result<Vec<_>, _>>()?;
        let user = Uuid::from_u128(user.bits());
        let (asked, state) = self
            .0
            .start_passkey_registration(user, name, name, Some(known))
            .map_err(|fault| IdentityError::Passkey(fault.to_string()))?;
        let mut asked = write_value(&asked)?;
        // Whoever signs in types no name, so the authenticator must know it.
        let wanted = &mut asked["publicKey"]["authenticatorSelection"];
        wanted["residentKey"] = "required".into();
        wanted["requireResidentKey"] = true.into();
        Ok((asked, write(&state)?))
    }

    /// Ends what [`Site::begin_registration`] began.
    ///
    /// # Errors
    /// For an answer to another question, from another site, or without the
    /// user having been verified.
    pub fn finish_registration(
        &self,
        answer: Value,
        state: &str,
    ) -> Result<NewPasskey, IdentityError> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential = read_value(answer)?;
        let passkey = self
            .0
            .finish_passkey_registration(&answer, &state)
            .map_err(|fault| IdentityError::Passkey(fault.to_string()))?;
        let id = BASE64URL_NOPAD.encode(passkey.cred_id().as_ref());
        Ok(NewPasskey { id, credential: write(&passkey)? })
    }

    /// Begins to sign somebody in who has not said who it is.
    ///
    /// # Errors
    /// Where no challenge can be made.
    pub fn begin_sign_in(&self) -> Result<(Value, String), IdentityError> {
        let (mut asked, state) = self
            .0
            .start_discoverable_authentication()
            .map_err(|fault| IdentityError::Passkey(fault.to_string()))?;
        // Asked for by a button, and not while a name is typed.
        asked.mediation = None;
        Ok((write_value(&asked)?, write(&state)?))
    }

    /// Who an answer says that it is, and with which passkey: to be believed
    /// only after [`Site::finish_sign_in`].
    pub fn claimed(&self, answer: &Value) -> Option<(Id, String)> {
        let answer: PublicKeyCredential = read_value(answer.clone()).ok()?;
        let (user, id) = self.0.identify_discoverable_authentication(&answer).ok()?;
        Some((Id::from_bits(user.as_u128()), BASE64URL_NOPAD.encode(id)))
    }

    /// Ends what [`Site::begin_sign_in`] began, with the stored credential of
    /// the passkey that was claimed; gives the credential as it is to be
    /// stored from now on.
    ///
    /// # Errors
    /// For a signature that is not the passkey's, an answer to another
    /// question, or a counter that went back.
    pub fn finish_sign_in(
        &self,
        answer: Value,
        state: &str,
        credential: &str,
    ) -> Result<String, IdentityError> {
        let state: DiscoverableAuthentication = read(state)?;
        let answer: PublicKeyCredential = read_value(answer)?;
        let mut passkey: Passkey = read(credential)?;
        let done = self
            .0
            .finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&passkey))
            .map_err(|fault| IdentityError::Passkey(fault.to_string()))?;
        passkey.update_credential(&done);
        write(&passkey)
    }
}

fn unreadable(fault: &serde_json::Error) -> IdentityError {
    IdentityError::Passkey(fault.to_string())
}

fn write<T: serde::Serialize>(value: &T) -> Result<String, IdentityError> {
    serde_json::to_string(value).map_err(|fault| unreadable(&fault))
}

fn write_value<T: serde::Serialize>(value: &T) -> Result<Value, IdentityError> {
    serde_json::to_value(value).map_err(|fault| unreadable(&fault))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, IdentityError> {
    serde_json::from_str(text).map_err(|fault| unreadable(&fault))
}

fn read_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, IdentityError> {
    serde_json::from_value(value).map_err(|fault| unreadable(&fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_sites_over_tls_and_for_this_machine_by_name() {
        assert!(Site::new("https://fyren.example").is_some());
        assert!(Site::new("http://localhost:8080").is_some());
        for url in ["http://fyren.example", "https://192.0.2.1", "http://127.0.0.1:8080", "x", ""] {
            assert!(Site::new(url).is_none(), "{url}");
        }
    }

    #[test]
    fn whoever_registers_is_verified_and_known_to_the_authenticator() {
        let site = Site::new("https://fyren.example").unwrap();
        let (asked, _) = site.begin_registration(Id::from_bits(7), "planner", &[]).unwrap();
        let wanted = &asked["publicKey"]["authenticatorSelection"];
        assert_eq!(wanted["userVerification"], "required", "{asked}");
        assert_eq!(wanted["residentKey"], "required", "{asked}");
        assert_eq!(asked["publicKey"]["rp"]["id"], "fyren.example");
    }

    #[test]
    fn signing_in_names_nobody_and_an_answer_of_nobody_opens_nothing() {
        let site = Site::new("https://fyren.example").unwrap();
        let (asked, state) = site.begin_sign_in().unwrap();
        assert_eq!(asked["publicKey"]["allowCredentials"], serde_json::json!([]));
        let made_up = serde_json::json!({"id": "AA", "rawId": "AA", "type": "public-key"});
        assert!(site.claimed(&made_up).is_none());
        assert!(site.finish_sign_in(made_up, &state, "{}").is_err());
    }
}
