//! Forms with photos: `multipart/form-data` (RFC 7578), read within limits.

use super::problem::Problem;
use crate::app::{MOST_PHOTOS, PHOTO_BYTES};
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use fyren_core::domain::Violation;

/// Longest body of a form with photos, in bytes: one photo too large is still
/// read, so that the answer can name it.
pub const PHOTO_FORM_BYTES: usize = MOST_PHOTOS * PHOTO_BYTES + 2 * 1024 * 1024;

/// A form as it was sent.
#[derive(Debug, Default)]
pub struct Upload {
    /// Names and texts, in their order.
    pub fields: Vec<(String, String)>,
    /// Files under the name `photo`; fields that were left empty are none.
    pub photos: Vec<Vec<u8>>,
}

impl Upload {
    /// The same bytes for the same content, however the browser drew the borders.
    pub fn canonical(&self) -> Vec<u8> {
        let texts = self.fields.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
        let parts = texts.chain(self.photos.iter().map(Vec::as_slice));
        parts.fold(Vec::new(), |mut bytes, part| {
            bytes.extend(part.len().to_be_bytes());
            bytes.extend(part);
            bytes
        })
    }

    fn take(&mut self, name: &str, bytes: Bytes) -> Result<(), Problem> {
        if name != "photo" {
            return Err(Problem::invalid(vec![Violation::new(name, "unknown_field")]));
        }
        if self.photos.len() == MOST_PHOTOS {
            return Err(Problem::invalid(vec![Violation::new("photos", "too_many_photos")]));
        }
        self.photos.push(bytes.into());
        Ok(())
    }
}

/// Whether a request says that it carries such a form.
pub fn is_upload(headers: &HeaderMap) -> bool {
    kind(headers).is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

fn kind(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok()
}

/// Reads the form.
///
/// # Errors
/// `malformed` where it is none; `too-large` beyond [`PHOTO_FORM_BYTES`];
/// `invalid` for a file too many or under an other name.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Upload, Problem> {
    let mut parts = parts(headers, body, PHOTO_FORM_BYTES)?;
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(|fault| refused(&fault))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|fault| refused(&fault))?;
        if let Some(file) = file {
            // A browser sends an empty file without a name where none was chosen.
            if !(file.is_empty() && bytes.is_empty()) {
                upload.take(&name, bytes)?;
            }
        } else {
            let text = String::from_utf8(bytes.into());
            upload.fields.push((name, text.map_err(|_not_text| Problem::malformed())?));
        }
    }
    Ok(upload)
}

/// The parts of a form, none of which is read yet.
///
/// # Errors
/// `malformed` where it is no form. Reading beyond `limit` bytes fails.
pub fn parts(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<multer::Multipart<'static>, Problem> {
    let boundary = kind(headers).and_then(|kind| multer::parse_boundary(kind).ok());
    let boundary = boundary.ok_or_else(Problem::malformed)?;
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let limits = multer::SizeLimit::new().whole_stream(limit);
    let constraints = multer::Constraints::new().size_limit(limits);
    Ok(multer::Multipart::with_constraints(body.into_data_stream(), boundary, constraints))
}

/// What a form that cannot be read is answered.
pub fn refused(fault: &multer::Error) -> Problem {
    match fault {
        multer::Error::StreamSizeExceeded { .. } => Problem::too_large(),
        _ => Problem::malformed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(border: &str, photos: usize) -> (HeaderMap, Body) {
        let mut headers = HeaderMap::new();
        let kind = format!("multipart/form-data; boundary={border}");
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        let mut body = format!(
            "--{border}\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nsmögen\r\n\
             --{border}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"\"\r\n\r\n\r\n"
        );
        for at in 0..photos {
            let named = format!("name=\"photo\"; filename=\"{at}.jpg\"");
            let head = format!("--{border}\r\nContent-Disposition: form-data; {named}");
            body = format!("{body}{head}\r\n\r\nphoto {at}\r\n");
        }
        (headers, Body::from(body + "--" + border + "--\r\n"))
    }

    #[tokio::test]
    async fn the_same_form_is_the_same_whatever_border_the_browser_draws() {
        let mut seen = Vec::new();
        for border in ["aaaa", "bbbbbb"] {
            let (headers, body) = form(border, 2);
            assert!(is_upload(&headers));
            let upload = read(&headers, body).await.unwrap();
            assert_eq!(upload.fields, [("text".to_owned(), "smögen".to_owned())]);
            assert_eq!(upload.photos, [b"photo 0".to_vec(), b"photo 1".to_vec()]);
            seen.push(upload.canonical());
        }
        assert_eq!(seen[0], seen[1]);
    }

    #[tokio::test]
    async fn a_fourth_photo_and_a_form_that_breaks_off_are_refused() {
        let (headers, body) = form("aaaa", 4);
        let broken = read(&headers, body).await.unwrap_err();
        assert_eq!(broken.violations[0].rule, "too_many_photos");
        let cut = read(&headers, Body::from("--aaaa\r\nContent-Disp")).await.unwrap_err();
        assert_eq!(cut.status.as_u16(), 400);
        let none = read(&HeaderMap::new(), Body::empty()).await.unwrap_err();
        assert_eq!(none.status.as_u16(), 400);
    }
}
