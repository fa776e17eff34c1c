//! What a file is by its bytes: its kind, whether it is whole, whether it is
//! something else as well.

use image::ImageFormat;

/// The kind that the first bytes say; `None` for what is not taken.
pub(super) fn kind(file: &[u8]) -> Option<ImageFormat> {
    match file {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Beginnings of what browsers, shells and servers would run.
const SCRIPTS: [&[u8]; 6] =
    [b"<script", b"<?php", b"<html", b"<!doctype", b"javascript:", b"#!/bin/"];

/// Beginnings of archives that may stand behind a photo; long enough not to be met by chance.
const ARCHIVES: [&[u8]; 2] = [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"];

/// Whether the file can also be taken for an archive, a document or a script.
pub(super) fn is_mixed(file: &[u8]) -> bool {
    let lower = file.to_ascii_lowercase();
    let holds = |part: &[u8], sign: &[u8]| part.windows(sign.len()).any(|bytes| bytes == sign);
    SCRIPTS.iter().any(|sign| holds(&lower, sign))
        || holds(&file[..file.len().min(1024)], b"%PDF-")
        || ARCHIVES.iter().any(|sign| holds(file, sign))
        // The directory of a ZIP archive stands within its last 64 kB.
        || holds(&file[file.len().saturating_sub(66_000)..], b"PK\x05\x06")
}

/// Whether the file goes on to its end mark: a photo that was cut short still
/// decodes, in part, and nobody would be told.
pub(super) fn is_whole(file: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_ends(file),
        ImageFormat::Png => file.windows(8).any(|end| end == b"IEND\xae\x42\x60\x82"),
        _ => riff_ends(file),
    }
}

fn riff_ends(file: &[u8]) -> bool {
    let Some([a, b, c, d]) = file.get(4..8) else { return false };
    let said = u32::from_le_bytes([*a, *b, *c, *d]);
    usize::try_from(said).is_ok_and(|said| file.len() >= said.saturating_add(8))
}

/// Walks the segments of a JPEG to its end of image.
fn jpeg_ends(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, mark]) = file.get(at..at + 2) {
        match mark {
            0xd9 => return true,
            // Filling, and marks without a length.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some([high, low]) = file.get(at + 2..at + 4) else { return false };
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
                if *mark == 0xda {
                    let Some(next) = scan_ends(&file[at.min(file.len())..]) else { return false };
                    at += next;
                }
            }
        }
    }
    false
}

/// How far the coded data of a scan go: up to a mark that is no part of them.
fn scan_ends(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff))
}
