//! What holds of any table, whatever the order of its columns and its dialect.

use crate::support::{request, run};
use fyren::import::Kind;
use proptest::prelude::*;

const COLUMNS: [(&str, &str); 8] = [
    ("ärendeid", "id"),
    ("händelsetid", "at"),
    ("kategori", "category"),
    ("beskrivning", "text"),
    ("longitud", "longitude"),
    ("latitud", "latitude"),
    ("noggrannhet", "precision"),
    ("stadsdel", "area"),
];

fn words() -> impl Strategy<Value = String> {
    // Anything but NUL; ends are trimmed and lines end
    // alike after reading.
    "[^\\x00\\x1e\u{85}]{0,30}"
        .prop_map(|words| words.trim().replace("\r\n", "\n").replace('\r', "\n"))
}

proptest! {
    #[test]
    fn a_row_comes_back_in_any_order_of_columns_and_with_any_delimiter(
        order in Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        decimal_comma in any::<bool>(),
        id in 1u32..1_000_000,
        longitude in 10.7f64..11.4,
        latitude in 58.3f64..58.5,
        (category, text) in (words(), words()),
    ) {
        let number = |n: f64| {
            let text = format!("{n:.6}");
            if decimal_comma { text.replace('.', ",") } else { text }
        };
        let values = [
            id.to_string(), "2026-07-10 22:30".to_owned(), category.clone(), text.clone(),
            number(longitude), number(latitude), number(40.0), "Smögen".to_owned(),
        ];
        let mut table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        table.write_record(order.iter().map(|at| COLUMNS[*at].0)).unwrap();
        for _ in 0..3 {
            table.write_record(order.iter().map(|at| &values[*at])).unwrap();
        }
        let read = run(&table.into_inner().unwrap(), &request(Kind::Incidents)).unwrap();
        prop_assert_eq!(read.rows.len(), 3);
        let draft = read.draft(2);
        let shown = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        prop_assert_eq!(&draft.external_id, &id.to_string());
        prop_assert_eq!(&draft.category, &shown(&category));
        prop_assert_eq!(&draft.text, &shown(&text));
        prop_assert_eq!(draft.precision_m, Some(40.0));
        prop_assert_eq!(draft.area.as_deref(), Some("Smögen"));
        prop_assert!((read.point(2).longitude - longitude).abs() < 1e-6);
        prop_assert!((read.point(2).latitude - latitude).abs() < 1e-6);
    }

    #[test]
    fn no_bytes_make_the_reader_panic_and_none_come_twice(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        head in prop::sample::select(vec!["lat,lon,text\n", "{\"features\":[", ""]),
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        if let Ok(read) = run(&bytes, &request(Kind::Reports)) {
            prop_assert_eq!(read.plan.rows, read.rows.len() as u64);
        }
    }
}
