//! Things to store. All of them are made up.

use fyren::store::{
    AuditEntry, Digest, EventKey, Idempotency, Imported, NewReport, NewVisit, Origin, PutAside,
    StatusStep,
};
use fyren_core::domain::*;
use geo_types::{MultiPolygon, polygon};
use jiff::Timestamp;

pub(crate) fn code() -> MunicipalityCode {
    MunicipalityCode::parse("1427").unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn id(number: u128) -> Id {
    Id::from_bits(0xfeed_0000_0000_0000_0000_0000_0000_0000 + number)
}

pub(crate) fn key(number: u128) -> EventKey {
    EventKey { municipality: code(), id: id(number) }
}

pub(crate) fn digest(kind: u8, number: u128) -> Digest {
    let mut bytes = [kind; 32];
    bytes[16..].copy_from_slice(&number.to_be_bytes());
    Digest(bytes)
}

pub(crate) fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        at: at("2026-05-04T10:11:12Z"),
        actor: "coordinator-1".into(),
        action: action.into(),
        municipality: Some(code()),
        subject: None,
        detail: String::new(),
    }
}

/// What is done to one report.
pub(crate) fn entry_on(action: &str, number: u128) -> AuditEntry {
    AuditEntry { subject: Some(id(number).to_string()), ..entry(action) }
}

fn ground() -> MultiPolygon<f64> {
    let ring = polygon![
        (x: 11.1, y: 58.3), (x: 11.5, y: 58.3), (x: 11.5, y: 58.512_345_678_901), (x: 11.1, y: 58.3)
    ];
    MultiPolygon(vec![ring])
}

pub(crate) fn municipality() -> Municipality {
    Municipality {
        code: code(),
        name: "Sotenäs".into(),
        full_name: "Sotenäs kommun".into(),
        time_zone: "Europe/Stockholm".into(),
        crs: "EPSG:3006".into(),
        boundary: ground(),
        land: Some(ground()),
        districts: vec![
            District {
                code: DistrictCode("109051".into()),
                name: "Smögen".into(),
                boundary: ground(),
                residents: Some(1329),
            },
            District {
                code: DistrictCode("109050".into()),
                name: "Askum".into(),
                boundary: ground(),
                residents: None,
            },
        ],
        localities: vec![Locality {
            id: LocalityId("smogen".into()),
            name: "Smögen".into(),
            kind: LocalityKind::Village,
            position: Position { longitude: 11.226, latitude: 58.353 },
            precision_m: 300.0,
            district: Some(DistrictCode("109051".into())),
            residents: None,
            weight: 7,
        }],
        contacts: vec![Contact { role: "switchboard".into(), value: "0000-00 00 00".into() }],
        policy: Policy { k: 7, ..Policy::default() },
        synthetic: true,
    }
}

pub(crate) fn point() -> Located {
    let position = Position { longitude: 11.226_543_21, latitude: 58.353_123_45 };
    Located {
        place: Place::Point { position, precision_m: 25.0 },
        anchor: Some((position, Plane { east: 296_123.456_7, north: 6_473_210.123_4 })),
        precision_m: 25.0,
        district: Some(DistrictCode("109051".into())),
    }
}

pub(crate) fn coded() -> Located {
    Located {
        place: Place::Code(AreaCode {
            system: "district".into(),
            version: "2016".into(),
            code: "109051".into(),
        }),
        anchor: None,
        precision_m: 0.0,
        district: Some(DistrictCode("109051".into())),
    }
}

pub(crate) fn drawn() -> Located {
    let line = geo_types::LineString::from(vec![(11.2, 58.35), (11.201, 58.351_234_567_89)]);
    Located { place: Place::Line(line), ..point() }
}

pub(crate) fn report(number: u128) -> Report {
    Report {
        id: id(number),
        seq: Seq(0),
        municipality: code(),
        category: Category::Lighting,
        foreign_category: None,
        located: point(),
        when: When::Instant { at: at("2026-05-03T21:30:00Z"), precision: TimePrecision::Minute },
        factors: vec![Factor::Dark, Factor::Nobody],
        details: Vec::new(),
        feeling: Some(Feeling::Avoid),
        text: Some(format!("lampan {number} är släckt")),
        channel: Channel::Web,
        source_class: SourceClass::Citizen,
        source_tag: SourceTag::from_bits(2 * u64::try_from(number).unwrap()),
        status: ReportStatus::Received,
        foreign_status: None,
        foreign_source: Some("felanmälan".into()),
        published: false,
        quarantine: None,
        merged_into: None,
        duplicate_of: None,
        voices: 1,
        retention: RetentionClass::Report,
        received_hour: at("2026-05-04T10:00:00Z"),
    }
}

pub(crate) fn masks_of(when: &When) -> TimeMasks {
    when.masks(&jiff::tz::TimeZone::get("Europe/Stockholm").unwrap())
}

pub(crate) fn idempotency(number: u128) -> Idempotency {
    Idempotency {
        key_hmac: digest(0xa1, number),
        body_hash: digest(0xa2, number),
        expires: at("2026-06-03T10:00:00Z"),
    }
}

pub(crate) fn new_report(number: u128) -> NewReport {
    sent(report(number), number)
}

pub(crate) fn sent(report: Report, number: u128) -> NewReport {
    NewReport {
        masks: masks_of(&report.when),
        text_flags: Flags::default(),
        photos: vec![Photo { width: 4, height: 3, jpeg: format!("photo {number}").into_bytes() }],
        report,
        idempotency: idempotency(number),
        receipt_hash: digest(0xa3, number),
        short_code_hash: digest(0xa4, number),
        short_code_expires: at("2026-05-18T10:00:00Z"),
    }
}

pub(crate) fn by_staff() -> PutAside {
    PutAside { reason: QuarantineReason::Staff, note: None }
}

pub(crate) fn step(number: u128, status: ReportStatus) -> StatusStep {
    StatusStep {
        report: key(number),
        change: StatusChange {
            status,
            at_hour: at("2026-05-05T09:00:00Z"),
            organisation: "municipality".into(),
            role: Some(Role::Coordinator),
            answer: Some(format!("svar om {number}")),
        },
    }
}

pub(crate) fn visit(number: u128) -> Visit {
    Visit {
        id: id(number),
        seq: Seq(0),
        municipality: code(),
        unit: "FV-1".into(),
        unit_kind: UnitKind::Fieldworkers,
        located: point(),
        started_at: at("2026-05-03T20:00:00Z"),
        ended_at: at("2026-05-03T20:40:30Z"),
        mode: Mode::Foot,
        purpose: Purpose::FollowUp,
        tactics: vec![Tactic::Talk, Tactic::Harbour],
        seen: Some(Seen::Defect),
        contacts: None,
        corrects: None,
        withdrawn: false,
        source_tag: SourceTag::from_bits(99),
        synthetic: true,
    }
}

pub(crate) fn new_visit(number: u128) -> NewVisit {
    logged(visit(number), number)
}

pub(crate) fn logged(visit: Visit, number: u128) -> NewVisit {
    let when = When::Interval { from: visit.started_at, to: visit.ended_at };
    NewVisit { visit, masks: masks_of(&when), idempotency: idempotency(number) }
}

pub(crate) fn incident(number: u128) -> Incident {
    Incident {
        id: id(number),
        seq: Seq(0),
        municipality: code(),
        category: "Trafikkontroll".into(),
        located: coded(),
        when: When::Unknown,
        police_initiated: true,
        text: Some("kontroll på väg 171".into()),
        foreign_source: Some("polisen.se".into()),
        foreign_status: None,
        source_class: SourceClass::Police,
        source_tag: SourceTag::from_bits(12),
        synthetic: false,
        retention: RetentionClass::Imported,
        received_hour: at("2026-05-04T10:00:00Z"),
    }
}

pub(crate) fn imported<T>(event: T, masks: TimeMasks, external_key: &str) -> Imported<T> {
    let origin = Origin { dataset: "tests".into(), external_key: external_key.into() };
    Imported { event, masks, origin }
}

pub(crate) fn imported_incident(number: u128) -> Imported<Incident> {
    imported(incident(number), TimeMasks::default(), &format!("row-{number}"))
}
