//! Areas of a photo made unreadable for good.

use super::written;
use fyren_core::domain::{Photo, Violation};
use image::{ImageFormat, Rgb};

/// An area of a photo, in points from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoArea {
    /// Points from the left.
    pub x: u32,
    /// Points from the top.
    pub y: u32,
    /// Points across.
    pub width: u32,
    /// Points down.
    pub height: u32,
}

/// Writes a photo of ours anew with each area black: nothing of what stood
/// there is left in the file. What lies outside the photo is cut off.
///
/// # Errors
/// Violates `areas: required` without any area, `areas: out_of_range` for one
/// that is empty or wholly outside, `photo: photo_damaged` for a file that is
/// none of ours.
pub fn blacken(photo: &Photo, areas: &[PhotoArea]) -> Result<Photo, Violation> {
    if areas.is_empty() {
        return Err(Violation::new("areas", "required"));
    }
    let damaged = || Violation::new("photo", "photo_damaged");
    let read = image::load_from_memory_with_format(&photo.jpeg, ImageFormat::Jpeg);
    let mut image = read.map_err(|_unreadable| damaged())?.into_rgb8();
    let (across, down) = image.dimensions();
    for area in areas {
        let right = area.x.saturating_add(area.width).min(across);
        let low = area.y.saturating_add(area.height).min(down);
        if area.x >= right || area.y >= low {
            return Err(Violation::new("areas", "out_of_range"));
        }
        for y in area.y..low {
            for x in area.x..right {
                image.put_pixel(x, y, Rgb([0, 0, 0]));
            }
        }
    }
    written(&image.into()).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GenericImageView, RgbImage};

    fn photo() -> Photo {
        let white = RgbImage::from_pixel(64, 48, Rgb([250, 250, 250]));
        written(&white.into()).unwrap()
    }

    fn light_at(photo: &Photo, x: u32, y: u32) -> u8 {
        image::load_from_memory(&photo.jpeg).unwrap().get_pixel(x, y).0[0]
    }

    #[test]
    fn an_area_is_black_and_the_rest_is_as_it_was() {
        let area = PhotoArea { x: 16, y: 16, width: 16, height: 16 };
        let masked = blacken(&photo(), &[area]).unwrap();
        assert_eq!((masked.width, masked.height), (64, 48));
        assert!(light_at(&masked, 24, 24) < 10);
        assert!(light_at(&masked, 4, 4) > 240 && light_at(&masked, 50, 40) > 240);
    }

    #[test]
    fn an_area_over_the_edge_is_cut_and_one_outside_is_refused() {
        let over = PhotoArea { x: 60, y: 40, width: u32::MAX, height: 100 };
        assert!(light_at(&blacken(&photo(), &[over]).unwrap(), 62, 46) < 10);
        let outside = PhotoArea { x: 64, y: 0, width: 5, height: 5 };
        let empty = PhotoArea { x: 0, y: 0, width: 0, height: 5 };
        for areas in [&[outside][..], &[empty], &[]] {
            assert!(blacken(&photo(), areas).is_err(), "{areas:?}");
        }
    }
}
