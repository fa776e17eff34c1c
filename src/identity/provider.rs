//! An identity provider that vouches for users: `OpenID` Connect, the code flow
//! with PKCE (RFC 7636).

use super::IdentityError;
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
    reqwest,
};
use std::time::Duration;

/// How the provider is reached, as the operator chose it.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Address of the provider, which is also what it signs as.
    pub issuer: String,
    /// How it knows this installation.
    pub client: String,
    /// What proves that it is this installation; none for a public client.
    pub secret: Option<String>,
    /// Where it sends the browser back to.
    pub redirect: String,
    /// The claim that lists the groups of a user.
    pub groups_claim: String,
    /// Scopes to ask for beside `openid`.
    pub scopes: Vec<String>,
}

/// The provider.
pub struct Provider {
    settings: ProviderSettings,
    http: reqwest::Client,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// Who it is there; not a name.
    pub subject: String,
    /// The groups that it says.
    pub groups: Vec<String>,
}

/// The three random texts of one sign-in, kept in the session meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Flow {
    /// Comes back with the browser.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
    /// Proves that whoever fetches the token began the flow.
    pub verifier: String,
}

/// Every claim of the token that the standard does not name.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Claims {
    #[serde(flatten)]
    all: serde_json::Map<String, serde_json::Value>,
}

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Relying<A, B, C, D, E, F> = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    A,
    B,
    C,
    D,
    E,
    F,
>;
type Ready = Relying<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

/// Longest time that the provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Provider {
    /// A provider that is asked at every sign-in anew, so that keys that it
    /// changes are known at once.
    ///
    /// # Errors
    /// Where no HTTP client can be made.
    pub fn new(settings: ProviderSettings) -> Result<Self, IdentityError> {
        let http = reqwest::ClientBuilder::new()
            // A redirect could lead into our own network.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(fault)?;
        Ok(Self { settings, http })
    }

    /// Where the browser is sent to sign in.
    ///
    /// # Errors
    /// Where the provider cannot be reached or says nonsense.
    pub async fn begin(&self, flow: &Flow) -> Result<String, IdentityError> {
        let client = self.client().await?;
        let verifier = PkceCodeVerifier::new(flow.verifier.clone());
        let (state, nonce) = (flow.state.clone(), flow.nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    /// Whom the provider vouches for with this code.
    ///
    /// # Errors
    /// Where the provider refuses the code, or its token is not signed by it,
    /// not for this installation, not of this flow or no longer valid.
    pub async fn finish(&self, code: String, flow: &Flow) -> Result<Vouched, IdentityError> {
        let client = self.client().await?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(fault)?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(fault)?;
        let token = tokens.id_token().ok_or_else(|| fault("no token of identity"))?;
        let nonce = Nonce::new(flow.nonce.clone());
        let claims = token.claims(&client.id_token_verifier(), &nonce).map_err(fault)?;
        let groups = claims.additional_claims().all.get(&self.settings.groups_claim);
        let groups = groups.and_then(|groups| groups.as_array()).map_or_else(Vec::new, |groups| {
            groups.iter().filter_map(|group| group.as_str().map(str::to_owned)).collect()
        });
        Ok(Vouched {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            groups,
        })
    }

    async fn client(&self) -> Result<Ready, IdentityError> {
        let settings = &self.settings;
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(fault)?;
        let known =
            CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(fault)?;
        let redirect = RedirectUrl::new(settings.redirect.clone()).map_err(fault)?;
        let id = ClientId::new(settings.client.clone());
        let secret = settings.secret.clone().map(ClientSecret::new);
        Ok(Client::from_provider_metadata(known, id, secret).set_redirect_uri(redirect))
    }
}

/// The whole chain of reasons, for the log.
fn fault(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> IdentityError {
    let error = error.into();
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(reason) = next {
        said.push_str(": ");
        said.push_str(&reason.to_string());
        next = reason.source();
    }
    IdentityError::Provider(said)
}
