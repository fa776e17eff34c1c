//! The PDF as poppler reads it.

use super::*;
use crate::print::SheetMap;
use std::process::Command;

fn sheet(stops: usize) -> Sheet {
    let place = |at: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let at = at as f64;
        [11.2 + 0.01 * at, 58.35 + 0.004 * (at * 2.3).sin()]
    };
    let marks: Vec<([f64; 2], String)> = (0..=stops)
        .map(|at| (place(at), if at == 0 { String::new() } else { at.to_string() }))
        .collect();
    let way = marks.iter().map(|(at, _)| *at).collect();
    let row = |mark: String| SheetRow {
        time: "14:05".to_owned(),
        place: "Bovallstrand".to_owned(),
        reason: if mark.is_empty() {
            String::new()
        } else {
            "Plats att bevaka: 12 rapporter på 365 dagar där 3,2 var väntade. Bovallstrand: \
             23 dagar sedan senaste besöket. Varje distrikt ska få minst ett besök."
                .to_owned()
        },
        mark,
    };
    let rows = (0..=stops).map(|at| row(if at == 0 { String::new() } else { at.to_string() }));
    Sheet {
        language: "sv",
        title: "Körblad Sotenäs".to_owned(),
        secrecy: "Bara för polisen. Förstör bladet efter passet.".to_owned(),
        made: "Plan 8f2a91c0, gjord 30 november 2026.".to_owned(),
        heads: ["Tid", "Nr", "Plats och skäl", "Klart"].map(str::to_owned),
        rounds: vec![SheetRound {
            heading: "Enhet A".to_owned(),
            lead: "1 december 2026, 14:00–22:00. Bil.".to_owned(),
            map: SheetMap::of(None, &[way], &marks, (178.0, 84.0)),
            map_text: "Karta över rundan.".to_owned(),
            rows: rows.collect(),
            notes: vec!["Inga vägar är importerade.".to_owned()],
        }],
    }
}

/// What a program of poppler says of a PDF.
fn poppler(program: &str, options: &[&str], bytes: &[u8]) -> String {
    let file =
        std::env::temp_dir().join(format!("fyren-print-{}-{program}.pdf", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let told = Command::new(program).args(options).arg(&file).arg("-").output();
    let told = match program {
        "pdfinfo" => Command::new(program).args(options).arg(&file).output(),
        _ => told,
    };
    std::fs::remove_file(&file).unwrap();
    let told = told.expect("poppler-utils is installed");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8_lossy(&told.stdout).into_owned()
}

#[test]
fn eight_stops_fit_one_tagged_page_of_a4_that_poppler_reads() {
    let bytes = pdf(&sheet(8)).unwrap();
    let info = poppler("pdfinfo", &[], &bytes);
    let field = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim_start_matches(':').trim().to_owned()
    };
    assert_eq!((field("Tagged"), field("Pages")), ("yes".to_owned(), "1".to_owned()), "{info}");
    assert!(field("Page size").contains("A4"), "{info}");
    assert_eq!(field("Title"), "Körblad Sotenäs");
    let text = poppler("pdftotext", &["-layout"], &bytes);
    for said in ["Körblad Sotenäs – Enhet A", "Bovallstrand", "där 3,2 var väntade", "Klart"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    let tree = poppler("pdfinfo", &["-struct"], &bytes);
    for tag in ["Sect", "H1", "Figure", "Table", "TR", "TH", "TD"] {
        assert!(tree.contains(tag), "{tag} in {tree}");
    }
}

#[test]
fn a_long_round_goes_on_overleaf_and_the_same_sheet_is_the_same_file() {
    let bytes = pdf(&sheet(20)).unwrap();
    assert!(poppler("pdfinfo", &[], &bytes).contains("Pages:           2"), "20 stops on 2 pages");
    assert_eq!(bytes, pdf(&sheet(20)).unwrap());
}
