//! Letters by e-mail: how they are written, and the one way in which they leave.
//!
//! Nothing here is kept or logged: an address comes in as an argument, and a
//! refusal says whether it is for good, never in the words of a foreign
//! server, which repeat the address.

mod letter;

pub use letter::{Links, Written, sheet_name, write};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
};

/// Why letters cannot be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the server cannot be read.
    #[error(
        "the address of the mail server cannot be read: smtp://, or smtps:// with user and password"
    )]
    Url,
    /// The sender's address cannot be read.
    #[error("the sender's address cannot be read")]
    From,
}

/// Why one letter was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Whether it makes no sense to try again.
    pub for_good: bool,
}

/// Sends letters through one server.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    origin: String,
}

impl Mailer {
    /// A sender through the server at `url`: `smtp://host:25`,
    /// `smtp://user:password@host:587?tls=required` or `smtps://…`; `origin` is
    /// where the public reaches the pages. Does not connect yet.
    ///
    /// # Errors
    /// Where an address cannot be read.
    pub fn open(url: &str, from: &str, origin: &str) -> Result<Self, MailError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        Ok(Self {
            transport: builder.map_err(|_unreadable| MailError::Url)?.build(),
            from: from.parse().map_err(|_unreadable| MailError::From)?,
            origin: origin.trim_end_matches('/').to_owned(),
        })
    }

    /// Where the public reaches the pages, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Hands a letter over; `id` stays the same however often it is tried, so
    /// that whoever gets it twice can tell.
    ///
    /// # Errors
    /// [`Refused`] where the server did not take it.
    pub async fn send(&self, (address, id): (&str, &str), written: Written) -> Result<(), Refused> {
        let for_good = Refused { for_good: true };
        let to: Address = address.parse().map_err(|_unreadable| for_good)?;
        let host = self.from.email.domain();
        let mut letter = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{id}@{host}>")))
            .subject(written.subject)
            .header(AutoSubmitted);
        if let Some(stop) = &written.stop {
            letter = letter.header(ListUnsubscribe(format!("<{stop}>"))).header(OneClick);
        }
        let mut body = MultiPart::alternative_plain_html(written.text, written.html);
        if let Some((name, bytes)) = written.attachment {
            let kind = ContentType::parse("application/pdf").map_err(|_never| for_good)?;
            let file = Attachment::new(name).body(bytes, kind);
            body = MultiPart::mixed().multipart(body).singlepart(file);
        }
        let letter = letter.multipart(body).map_err(|_unwritable| for_good)?;
        match self.transport.send(letter).await {
            Ok(_taken) => Ok(()),
            Err(fault) => Err(Refused { for_good: fault.is_permanent() }),
        }
    }
}

/// Whether a text has the form of an address that a letter can go to.
pub fn is_address(text: &str) -> bool {
    let address: Result<Address, _> = text.parse();
    text.len() <= 254 && address.is_ok_and(|address| address.domain().contains('.'))
}

macro_rules! header {
    ($(#[$meta:meta])* $name:ident $field:literal $value:literal) => {
        $(#[$meta])*
        #[derive(Clone)]
        struct $name;

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($field)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

header!(
    /// No machine answers a letter of a machine (RFC 3834).
    AutoSubmitted "Auto-Submitted" "auto-generated"
);
header!(
    /// One request stops the letters (RFC 8058).
    OneClick "List-Unsubscribe-Post" "List-Unsubscribe=One-Click"
);

/// Where letters are stopped (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in ["a@example.org", "åsa@exämple.se", "a.b+c@x.y.se"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        for bad in ["", "a", "a@", "@b.se", "a@localhost", "a b@c.se", "a@b.se\nBcc: x@y.se", &long]
        {
            assert!(!is_address(bad), "{bad:?}");
        }
    }

    #[test]
    fn an_unreadable_server_or_sender_is_told_without_its_password() {
        let url = Mailer::open("http://u:hemligt@h", "a@example.org", "").unwrap_err();
        assert!(!url.to_string().contains("hemligt"));
        let from = Mailer::open("smtp://127.0.0.1:2525", "nobody", "").unwrap_err();
        assert!(matches!(from, MailError::From));
    }
}
