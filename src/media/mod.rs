//! Photos: read under caps, turned upright, made small and written anew, so
//! that nothing of the file that came is kept but what can be seen.

mod blacken;
mod walk;

pub use blacken::{PhotoArea, blacken};

use fyren_core::domain::{Photo, Violation};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
};
use std::io::Cursor;

/// Most photos of one report.
pub const MOST_PHOTOS: usize = 3;
/// Longest file of a photo, in bytes.
pub const PHOTO_BYTES: usize = 12 << 20;
/// Most points of a photo: above what telephones take by default.
const MOST_PIXELS: u64 = 52_000_000;
/// Most memory that reading one photo may take, in bytes.
const MOST_MEMORY: u64 = 256 << 20;
/// Longest side that is kept, in points.
const KEPT_SIDE: u32 = 2_048;
/// Quality of what is kept, of 100.
const QUALITY: u8 = 82;

/// Reads a JPEG, PNG or WebP file and writes what it shows anew. Costs some
/// tenths of a second; never more memory than its caps.
///
/// # Errors
/// Violates `field`: `photo_too_large` (file or points), `photo_kind` (an other
/// kind of file), `photo_damaged` (cut short, or not to be read), `photo_mixed`
/// (a photo that is also something else, such as an archive or a script).
pub fn read_photo(field: &str, file: &[u8]) -> Result<Photo, Violation> {
    let broken = |rule| Violation::new(field, rule);
    if file.len() > PHOTO_BYTES {
        return Err(broken("photo_too_large"));
    }
    let format = walk::kind(file).ok_or_else(|| broken("photo_kind"))?;
    if walk::is_mixed(file) {
        return Err(broken("photo_mixed"));
    }
    if !walk::is_whole(file, format) {
        return Err(broken("photo_damaged"));
    }
    let mut decoder = reader(file, format).into_decoder().map_err(|error| broken(rule(&error)))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS
        || decoder.total_bytes() > MOST_MEMORY
        || width == 0
        || height == 0
    {
        return Err(broken("photo_too_large"));
    }
    let upright = decoder.orientation().map_err(|error| broken(rule(&error)))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| broken(rule(&error)))?;
    if width.max(height) > KEPT_SIDE {
        image = image.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    image.apply_orientation(upright);
    written(&image).ok_or_else(|| broken("photo_damaged"))
}

fn reader(file: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader
}

fn rule(error: &image::ImageError) -> &'static str {
    match error {
        image::ImageError::Limits(_) => "photo_too_large",
        _ => "photo_damaged",
    }
}

fn written(image: &DynamicImage) -> Option<Photo> {
    let image = image.to_rgb8();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&image).ok()?;
    Some(Photo { width: image.width(), height: image.height(), jpeg })
}

#[cfg(test)]
mod tests;
