//! Files that people send, and files that somebody makes on purpose.

use super::*;
use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::png::PngEncoder};

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |n: u32| u8::try_from(n % 256).unwrap_or(0);
        image::Rgb([part(x * 3), part(y * 5), part(x ^ y)])
    })
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new(&mut file).encode_image(&picture(width, height)).unwrap();
    file
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = picture(width, height);
    PngEncoder::new(&mut file)
        .write_image(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    file
}

/// A JPEG with a position and an orientation in its metadata, as telephones write them.
fn with_metadata() -> Vec<u8> {
    let plain = jpeg(64, 32);
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    // Orientation 6: turned a quarter.
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS 58.3567 11.2272 Synthetic Camera");
    let length = u16::try_from(tiff.len() + 2).unwrap();
    let mut file = plain[..2].to_vec();
    file.extend([0xff, 0xe1]);
    file.extend(length.to_be_bytes());
    file.extend(tiff);
    file.extend(&plain[2..]);
    file
}

fn rule_of(file: &[u8]) -> &'static str {
    read_photo("photos[0]", file).map_or_else(|broken| broken.rule, |_photo| "taken")
}

#[test]
fn a_photo_is_kept_upright_and_without_its_metadata() {
    let photo = read_photo("photos[0]", &with_metadata()).unwrap();
    assert_eq!((photo.width, photo.height), (32, 64), "turned as it was held");
    for sign in [&b"GPS"[..], b"Exif", b"Synthetic Camera"] {
        assert!(!photo.jpeg.windows(sign.len()).any(|part| part == sign));
    }
}

#[test]
fn a_large_photo_is_made_smaller_and_every_kind_becomes_a_jpeg() {
    let photo = read_photo("photos[0]", &png(4_000, 100)).unwrap();
    assert_eq!(photo.width, KEPT_SIDE);
    assert_eq!(walk::kind(&photo.jpeg), Some(ImageFormat::Jpeg));
}

#[test]
fn a_file_that_was_cut_short_is_refused() {
    for whole in [jpeg(200, 200), png(200, 200)] {
        for share in [3, 50, 90, 99] {
            let cut = &whole[..whole.len() * share / 100];
            assert_ne!(rule_of(cut), "taken", "{share} % of it");
        }
        assert_eq!(rule_of(&whole), "taken");
    }
    // The small picture in the metadata has an end mark of its own.
    let mut thumbnail = with_metadata();
    let end = thumbnail.len();
    thumbnail[end - 2..].copy_from_slice(&[0, 0]);
    assert_eq!(rule_of(&thumbnail), "photo_damaged");
}

#[test]
fn a_file_that_is_also_something_else_is_refused() {
    let with = |before: &[u8], after: &[u8]| {
        let mut file = jpeg(20, 20);
        let comment = u16::try_from(before.len() + 2).unwrap();
        let head: Vec<u8> = [&[0xff, 0xfe][..], &comment.to_be_bytes(), before].concat();
        file.splice(2..2, head);
        file.extend(after);
        file
    };
    assert_eq!(rule_of(&with(b"a boat", b"")), "taken");
    for (before, after) in [
        (&b"<script>alert(1)</script>"[..], &b""[..]),
        (b"<?php system($_GET['c']); ?>", b""),
        (b"%PDF-1.7", b""),
        (b"", b"<HTML><body>"),
        (b"", b"PK\x03\x04data PK\x05\x06\0\0\0\0"),
    ] {
        assert_eq!(rule_of(&with(before, after)), "photo_mixed");
    }
}

#[test]
fn an_other_kind_of_file_is_refused_whatever_it_is_called() {
    for file in [
        &b""[..],
        b"GIF89a\x01\0\x01\0",
        b"%PDF-1.4",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"BM\x3a\0\0\0",
        b"MZ\x90\0",
        b"\x7fELF",
        b"II*\0",
        b"\0\0\0\x18ftypheic",
        b"plain words",
    ] {
        assert_eq!(rule_of(file), "photo_kind");
    }
}

#[test]
fn a_bomb_is_refused_before_it_takes_memory() {
    // A PNG that says that it has 65 000 × 65 000 points, in a few bytes.
    let mut bomb = png(8, 8);
    bomb[16..20].copy_from_slice(&65_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&65_000_u32.to_be_bytes());
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(rule_of(&bomb), "photo_too_large");
    // 64 million real points that pack into some kilobytes.
    let black = RgbImage::new(8_000, 8_000);
    let mut packed = Vec::new();
    PngEncoder::new(&mut packed)
        .write_image(black.as_raw(), 8_000, 8_000, ExtendedColorType::Rgb8)
        .unwrap();
    assert_eq!(rule_of(&packed), "photo_too_large");
    let huge = [jpeg(8, 8), vec![0; PHOTO_BYTES]].concat();
    assert_eq!(rule_of(&huge), "photo_too_large");
}

/// The check sum of a PNG's chunk (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _bit| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn random_bytes_behind_a_right_beginning_do_no_harm() {
    let mut state = 7_u32;
    for start in [&jpeg(30, 30)[..40], &png(30, 30)[..40], b"RIFF\x40\0\0\0WEBPVP8 "] {
        for _round in 0..200 {
            let noise = (0..120).map(|_byte| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            });
            let file: Vec<u8> = start.iter().copied().chain(noise).collect();
            assert_ne!(rule_of(&file), "taken");
        }
    }
}
