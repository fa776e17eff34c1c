//! A corpus of files that are no honest photo: each is refused by its rule, in
//! words that a person understands, and nothing of the report is kept.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::Role;
use image::{
    ExtendedColorType, ImageEncoder, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

fn pixels() -> RgbImage {
    RgbImage::from_fn(40, 30, |x, y| {
        let part = |n: u32| u8::try_from(n % 256).unwrap();
        image::Rgb([part(x * 7), part(y * 11), part(x * y)])
    })
}

fn written(encode: impl Fn(&mut Vec<u8>, &RgbImage)) -> Vec<u8> {
    let mut file = Vec::new();
    encode(&mut file, &pixels());
    file
}

fn jpeg() -> Vec<u8> {
    written(|file, image| JpegEncoder::new(file).encode_image(image).unwrap())
}

fn png() -> Vec<u8> {
    written(|file, image| {
        PngEncoder::new(file).write_image(image, 40, 30, ExtendedColorType::Rgb8).unwrap();
    })
}

fn webp() -> Vec<u8> {
    written(|file, image| {
        WebPEncoder::new_lossless(file)
            .write_image(image, 40, 30, ExtendedColorType::Rgb8)
            .unwrap();
    })
}

/// A JPEG with a segment behind its first mark.
fn with_segment(mark: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    let segment = [&[0xff, mark][..], &length.to_be_bytes(), content].concat();
    let mut file = jpeg();
    file.splice(2..2, segment);
    file
}

/// A JPEG that says that it has `side` points across and down.
fn jpeg_that_says(side: u16) -> Vec<u8> {
    let mut file = jpeg();
    let frame = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    file[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
    file
}

/// The check sum of a PNG's chunk (ISO 3309).
fn crc(bytes: &[u8]) -> [u8; 4] {
    let sum = !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _bit| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    });
    sum.to_be_bytes()
}

/// A PNG that says that it has `side` points across and down.
fn png_that_says(side: u32) -> Vec<u8> {
    let mut file = png();
    file[16..20].copy_from_slice(&side.to_be_bytes());
    file[20..24].copy_from_slice(&side.to_be_bytes());
    let sum = crc(&file[12..29]);
    file[29..33].copy_from_slice(&sum);
    file
}

/// A PNG with a chunk behind its head.
fn with_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let body = [&kind[..], content].concat();
    let chunk = [&length[..], &body, &crc(&body)].concat();
    let mut file = png();
    file.splice(33..33, chunk);
    file
}

fn joined(first: &[u8], second: &[u8]) -> Vec<u8> {
    [first, second].concat()
}

/// Every file with a name to tell it by and the rules by which it may be refused.
fn corpus() -> Vec<(String, Vec<u8>, &'static [&'static str])> {
    let mut all: Vec<(String, Vec<u8>, &'static [&'static str])> = Vec::new();
    let kinds: [(&str, &[u8]); 18] = [
        ("empty", b""),
        ("text", b"just words"),
        ("html", b"<!doctype html><script>alert(1)</script>"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        (
            "gif",
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        ),
        ("bmp", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0"),
        ("tiff", b"II*\0\x08\0\0\0"),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("avif", b"\0\0\0\x1cftypavif\0\0\0\0"),
        ("ico", b"\0\0\x01\0\x01\0\x10\x10"),
        ("psd", b"8BPS\0\x01"),
        ("pdf", b"%PDF-1.7\n1 0 obj"),
        ("zip", b"PK\x03\x04\x14\0\0\0"),
        ("gzip bomb", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("exe", b"MZ\x90\0\x03\0\0\0"),
        ("elf", b"\x7fELF\x02\x01\x01"),
        ("mp4", b"\0\0\0\x20ftypisom"),
        ("imagemagick script", b"push graphic-context\nfill 'url(https://x.example/|id)'"),
    ];
    all.extend(kinds.map(|(name, file)| (name.to_owned(), file.to_vec(), &["photo_kind"][..])));
    for (name, whole) in [("jpeg", jpeg()), ("png", png()), ("webp", webp())] {
        for share in [2, 20, 60, 95] {
            let cut = whole[..whole.len() * share / 100].to_vec();
            let rules: &[&str] = &["photo_damaged", "photo_kind"];
            all.push((format!("{name} cut to {share} %"), cut, rules));
        }
    }
    let damaged: [(&str, Vec<u8>); 4] = [
        ("jpeg head and zeros", joined(&jpeg()[..20], &[0; 4_000])),
        ("png with a wrong sum", {
            let mut file = png();
            file[29] ^= 0xff;
            file
        }),
        ("png without pixels", joined(&png()[..33], b"\0\0\0\0IEND\xae\x42\x60\x82")),
        ("webp of noise", joined(b"RIFF\x24\0\0\0WEBPVP8L", &[7; 24])),
    ];
    all.extend(damaged.map(|(name, file)| (name.to_owned(), file, &["photo_damaged"][..])));
    let large: &[&str] = &["photo_too_large"];
    for (name, file) in [
        ("png of 4 225 million points", png_that_says(65_000)),
        ("jpeg of 4 225 million points", jpeg_that_says(65_000)),
        ("jpeg of 64 million points", jpeg_that_says(8_000)),
        ("a file too long", vec![0xff; fyren::app::PHOTO_BYTES + 1]),
    ] {
        all.push((name.to_owned(), file, large));
    }
    let script = b"<script>fetch('/1427/staff/')</script>";
    let archive = b"PK\x03\x04 data PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let mixed: &[&str] = &["photo_mixed"];
    for (name, file) in [
        ("jpeg and zip", joined(&jpeg(), archive)),
        ("png and zip", joined(&png(), archive)),
        ("webp and zip", joined(&webp(), archive)),
        ("jpeg and rar", joined(&jpeg(), b"Rar!\x1a\x07\x01\0")),
        ("jpeg and 7z", joined(&jpeg(), b"7z\xbc\xaf\x27\x1c\0\x04")),
        ("jpeg and html", joined(&jpeg(), b"<HTML><body onload=x()>")),
        ("jpeg with a script in its comment", with_segment(0xfe, script)),
        ("jpeg with php in its exif", with_segment(0xe1, b"Exif\0\0<?php system($_GET[0]); ?>")),
        ("jpeg with a pdf in its comment", with_segment(0xfe, b"%PDF-1.4 1 0 obj")),
        ("jpeg with a shell script", with_segment(0xfe, b"\n#!/bin/sh\nid\n")),
        ("png with a script in its text", with_chunk(*b"tEXt", b"Comment\0<script>x()</script>")),
        ("webp and a document", joined(&webp(), b"<!DOCTYPE html>")),
    ] {
        all.push((name.to_owned(), file, mixed));
    }
    all
}

async fn send(server: &Server, key: &str, language: &str, file: &[u8]) -> Answer {
    let place = json!({"longitude": 11.2242, "latitude": 58.3546});
    let report = json!({"category": "lighting", "place": place});
    let mut body = format!(
        "--xx\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n{report}\r\n--xx\r\n\
         Content-Disposition: form-data; name=\"photo\"; filename=\"a.php.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(b"\r\n--xx--\r\n");
    let length = body.len().to_string();
    let headers = [
        ("idempotency-key", key),
        ("accept-language", language),
        ("content-type", "multipart/form-data; boundary=xx"),
        ("content-length", &length),
    ];
    server.send(request(Method::POST, &format!("{M}/reports"), &headers, Body::from(body))).await
}

#[tokio::test]
async fn every_file_of_the_corpus_is_refused_with_a_clear_error() {
    let server = Server::start().await;
    let corpus = corpus();
    assert!(corpus.len() >= 50, "{} files", corpus.len());
    for (at, (name, file, rules)) in corpus.iter().enumerate() {
        let language = if at % 2 == 0 { "sv" } else { "en" };
        let answer = send(&server, &format!("c{at}"), language, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let broken = &answer.json()["violations"][0];
        assert_eq!(broken["field"], "photos[0]", "{name}");
        let rule = broken["rule"].as_str().unwrap();
        assert!(rules.contains(&rule), "{name}: {rule}");
        let said = broken["message"].as_str().unwrap();
        assert!(said.contains(' ') && !said.contains("violation."), "{name}: {said}");
    }
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    assert_eq!(layer["features"], Value::Array(Vec::new()), "nothing was kept");
    for (at, file) in [jpeg(), png(), webp()].iter().enumerate() {
        let taken = send(&server, &format!("ok{at}"), "sv", file).await;
        assert_eq!(taken.status, StatusCode::CREATED, "an honest photo is taken");
    }
}
