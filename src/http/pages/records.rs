//! What is handed out of a request for documents: a cover page with its
//! protocol, a table of the documents, and their photos, in one archive.

use super::{Templates, receipt::district_name, words};
use crate::{
    app::{Ground, HandedOut, RecordDocument},
    encode::{table, zipped},
    http::{language::Language, problem::Problem},
};
use axum::http::StatusCode;
use fyren_core::domain::RecordVerdict;
use serde::Serialize;

#[derive(Serialize)]
struct Cover {
    municipality: String,
    reference: String,
    asked: String,
    handed_out: String,
    by: String,
    counts: Vec<(String, usize)>,
    grounds: Vec<(String, usize)>,
    documents: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    received: String,
    category: String,
    place: String,
    verdict: String,
    ground: String,
    text: String,
    answers: Vec<String>,
    photos: Vec<String>,
    reviewed_by: String,
}

/// The archive.
///
/// # Errors
/// A fault of ours.
pub fn record_archive(
    templates: Templates,
    language: Language,
    ground: &Ground,
    handed_out: &HandedOut,
) -> Result<Vec<u8>, Problem> {
    let fault = |reason: String| {
        tracing::error!(reason, "an archive cannot be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    };
    let cover = cover(language, ground, handed_out);
    let csv = documents_csv(&cover.documents);
    let page = templates.render(language, "records.html", "site", &cover);
    let page = page.map_err(|error| fault(error.to_string()))?;
    let mut files =
        vec![("index.html".to_owned(), page.into_bytes()), ("documents.csv".to_owned(), csv)];
    for (number, position, photo) in &handed_out.photos {
        files.push((photo_name(*number, *position), photo.jpeg.clone()));
    }
    zipped(&files).map_err(|error| fault(error.to_string()))
}

fn photo_name(number: usize, position: u32) -> String {
    format!("photos/{number:04}-{}.jpg", position + 1)
}

fn cover(language: Language, ground: &Ground, handed_out: &HandedOut) -> Cover {
    let day = |at: jiff::Timestamp| words::day(language, at.to_zoned(ground.zone.clone()).date());
    let count = |verdict: &RecordVerdict| {
        let of = |document: &&RecordDocument| document.item.verdict == Some(*verdict);
        let name = language.text(&format!("records.verdict_{verdict}"));
        (name, handed_out.documents.iter().filter(of).count())
    };
    let mut grounds: Vec<(String, usize)> = Vec::new();
    for law in handed_out.documents.iter().filter_map(|document| document.item.ground.as_ref()) {
        match grounds.iter_mut().find(|(known, _)| known == law) {
            Some((_, count)) => *count += 1,
            None => grounds.push((law.clone(), 1)),
        }
    }
    let rows = (1..).zip(&handed_out.documents).map(|(number, document)| {
        let photos = handed_out.photos.iter().filter(|(of, _, _)| *of == number);
        let photos = photos.map(|(of, position, _)| photo_name(*of, *position)).collect();
        row(language, ground, (number, document), photos)
    });
    Cover {
        municipality: ground.municipality.full_name.clone(),
        reference: handed_out.request.reference.clone(),
        asked: handed_out.request.asked.clone(),
        handed_out: day(handed_out.at_hour),
        by: handed_out.by.clone(),
        counts: RecordVerdict::ALL.iter().map(count).collect(),
        grounds,
        documents: rows.collect(),
    }
}

/// A document as it is handed out; of one that is withheld nothing but that it
/// exists and why it is withheld.
fn row(
    language: Language,
    ground: &Ground,
    (number, document): (usize, &RecordDocument),
    photos: Vec<String>,
) -> Row {
    let RecordDocument { item, report, history, .. } = document;
    let verdict = item.verdict.unwrap_or(RecordVerdict::Withhold);
    let withheld = verdict == RecordVerdict::Withhold;
    let unless = |text: String| if withheld { String::new() } else { text };
    let received = report.received_hour.to_zoned(ground.zone.clone()).date();
    let district = report.district().and_then(|code| district_name(&ground.municipality, code));
    let text = match verdict {
        RecordVerdict::Release => report.text.clone(),
        RecordVerdict::Mask => item.text.clone(),
        RecordVerdict::Withhold => None,
    };
    let answers = history.iter().filter(|_| !withheld).filter_map(|step| step.answer.clone());
    Row {
        number,
        received: unless(words::day(language, received)),
        category: unless(words::pick(language, report.category.names()).to_owned()),
        place: unless(district.unwrap_or_default().to_owned()),
        verdict: language.text(&format!("records.verdict_{verdict}")),
        ground: item.ground.clone().unwrap_or_default(),
        text: text.unwrap_or_default(),
        answers: answers.collect(),
        photos,
        reviewed_by: item.reviewed_by.clone().unwrap_or_default(),
    }
}

fn documents_csv(rows: &[Row]) -> Vec<u8> {
    let head = [
        "number", "received", "category", "place", "verdict", "ground", "text", "answers", "photos",
    ];
    let cells = |row: &Row| {
        vec![
            row.number.to_string(),
            row.received.clone(),
            row.category.clone(),
            row.place.clone(),
            row.verdict.clone(),
            row.ground.clone(),
            row.text.clone(),
            row.answers.join("\n"),
            row.photos.join(" "),
        ]
    };
    table(&head, &rows.iter().map(cells).collect::<Vec<_>>())
}
