//! Reads a file from memory the way the program reads one from disk.

use fyren::import::{
    Draft, DraftPlace, Findings, ImportError, Kind, Mapping, Plan, Request, Row, Zone, read, survey,
};
use fyren_core::domain::{Position, Violation};
use geo_types::Rect;
use std::path::{Path, PathBuf};

pub struct Outcome {
    pub plan: Plan,
    pub rows: Vec<Row>,
    pub findings: Findings,
}

impl Outcome {
    /// The draft of row `at`, which must be good.
    pub fn draft(&self, at: usize) -> &Draft {
        self.rows[at].outcome.as_ref().unwrap()
    }

    /// Line, field and rule of every refused row.
    pub fn refused(&self) -> Vec<(u64, String, &'static str)> {
        self.rows
            .iter()
            .filter_map(|row| {
                let Violation { field, rule } = row.outcome.as_ref().err()?;
                Some((row.record.line, field.clone(), *rule))
            })
            .collect()
    }

    /// Targets and columns as they are shown.
    pub fn guessed(&self) -> Vec<String> {
        let name = |(target, column): (fyren::import::Target, String)| {
            format!("{}={column}", target.name())
        };
        self.plan.assignment.named(&self.plan.columns).into_iter().map(name).collect()
    }

    /// The point of row `at`.
    pub fn point(&self, at: usize) -> Position {
        match self.draft(at).place {
            DraftPlace::Point(position) => position,
            ref other => panic!("{other:?} is no point"),
        }
    }
}

pub fn request(kind: Kind) -> Request {
    Request {
        kind,
        mappings: Vec::new(),
        zone: Zone::parse("Europe/Stockholm").unwrap(),
        crs: None,
        near: Some(Rect::new((10.67, 58.29), (11.47, 58.51))),
        plane: Some("EPSG:3006".to_owned()),
    }
}

pub fn run(bytes: &[u8], request: &Request) -> Result<Outcome, ImportError> {
    let plan = survey(bytes, request)?;
    let mut rows = Vec::new();
    let findings = read(bytes, &plan, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(Outcome { plan, rows, findings })
}

pub fn incidents(text: &str) -> Outcome {
    run(text.as_bytes(), &request(Kind::Incidents)).unwrap()
}

pub fn refusal(bytes: &[u8]) -> String {
    match run(bytes, &request(Kind::Incidents)) {
        Ok(_) => panic!("the file was accepted"),
        Err(error) => error.to_string(),
    }
}

pub fn mapped(text: &str, mappings: &[&str]) -> Result<Outcome, ImportError> {
    let mut request = request(Kind::Incidents);
    for mapping in mappings {
        request.mappings.push(Mapping::parse(mapping)?);
    }
    run(text.as_bytes(), &request)
}

pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
