//! Every page in both languages from one sample, written to `target/pages` to be looked at.

mod answered;

use super::{
    Templates, base, demo, district, letters, paper, picture, press, promises,
    receipt::{self, Sent, Shown},
    receipt_status,
    report::{self, Asked},
    report_form::{Pause, ReportForm},
    small,
};
use crate::{
    app::{
        Answers, Change, DefectFact, LoopFacts, MailState, Output, Presence, PromiseFollowUp,
        Verdicts,
    },
    http::{language::Language, problem::Problem, state::MailMode},
};
use answered::{answered, said};
use fyren_core::domain::*;
use geo_types::MultiPolygon;
use geojson::GeoJson;
use jiff::{ToSpan, civil::date};
use std::path::Path;

fn features(name: &str) -> Vec<geojson::Feature> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sotenas").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    match text.parse().unwrap() {
        GeoJson::FeatureCollection(collection) => collection.features,
        _ => unreachable!("the data are collections"),
    }
}

fn shape(feature: &geojson::Feature) -> MultiPolygon<f64> {
    let geometry: geo_types::Geometry<f64> = feature.geometry.clone().unwrap().try_into().unwrap();
    match geometry {
        geo_types::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        geo_types::Geometry::MultiPolygon(shape) => shape,
        _ => unreachable!("the data are shapes"),
    }
}

fn text(feature: &geojson::Feature, name: &str) -> Option<String> {
    feature.property(name)?.as_str().map(str::to_owned)
}

/// Sotenäs from the shipped data.
pub(super) fn sotenas() -> Municipality {
    let districts: Vec<District> = features("districts.geojson")
        .iter()
        .map(|feature| District {
            code: DistrictCode(text(feature, "code").unwrap()),
            name: text(feature, "name").unwrap(),
            boundary: shape(feature),
            residents: None,
        })
        .collect();
    let localities = features("localities.geojson")
        .iter()
        .enumerate()
        .map(|(at, feature)| {
            let geometry = feature.geometry.clone().unwrap();
            let point: geo_types::Point<f64> = geometry.try_into().unwrap();
            let district = text(feature, "district");
            Locality {
                id: LocalityId(format!("sample-{at}")),
                name: text(feature, "name").unwrap(),
                kind: LocalityKind::parse(&text(feature, "kind").unwrap()).unwrap(),
                position: Position { longitude: point.x(), latitude: point.y() },
                precision_m: 300.0,
                district: districts
                    .iter()
                    .find(|d| Some(&d.name) == district.as_ref())
                    .map(|d| d.code.clone()),
                residents: None,
                weight: 0,
            }
        })
        .collect();
    Municipality {
        code: MunicipalityCode::parse("1427").unwrap(),
        name: "Sotenäs".to_owned(),
        full_name: "Sotenäs kommun".to_owned(),
        time_zone: "Europe/Stockholm".to_owned(),
        crs: "EPSG:3006".to_owned(),
        boundary: shape(&features("boundary.geojson")[0]),
        land: Some(MultiPolygon(
            features("land.geojson").iter().flat_map(|f| shape(f).0).collect(),
        )),
        districts,
        localities,
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: true,
    }
}

fn follow_up(
    municipality: &MunicipalityCode,
    slug: &str,
    text: (String, String),
    (target, done): (PromiseTarget, u32),
) -> PromiseFollowUp {
    PromiseFollowUp {
        promise: Promise {
            id: Id::from_bits(1),
            municipality: municipality.clone(),
            slug: slug.to_owned(),
            from: date(2023, 1, 1),
            to: date(2024, 12, 31),
            owner: PromiseOwner::Both,
            theme: "traffic".to_owned(),
            text,
            target,
            unit: TargetUnit::Visits,
            purposes: vec![Purpose::TrafficControl],
            evidence: vec![Evidence {
                on: date(2024, 6, 12),
                text: ("Kontroll vid Väjern.".to_owned(), "Control at Väjern.".to_owned()),
            }],
            verdict: Some(Verdict::Partly),
            verdict_reason: None,
            source: "polisen.se".to_owned(),
        },
        output: Output {
            counted: Some(done),
            days: 731,
            covered_days: 731,
            expected_by_now: None,
            running: false,
            told: None,
        },
        called: None,
        wishes: None,
        figures: Vec::new(),
        outcome: Change { ratio: None, says: ChangeWord::TooFew },
        verdict: Verdict::Partly,
        reason: VerdictReason::Judged,
    }
}

fn facts(municipality: &Municipality) -> LoopFacts {
    let promise = |slug: &str, sv: &str, en: &str, target, done| {
        follow_up(&municipality.code, slug, (sv.to_owned(), en.to_owned()), (target, done))
    };
    let quarters = [1, 4, 7].map(|month| date(2026, month, 1));
    let presence = municipality.districts.iter().enumerate().flat_map(|(at, district)| {
        let at = u32::try_from(at).unwrap();
        quarters.iter().zip(1_u32..).map(move |(from, n)| Presence {
            district: district.code.clone(),
            window: ReleaseWindow { from: *from, to: from.saturating_add(3.months()) },
            visits: (n * (7 - at)) % 9,
            minutes: n * 40,
        })
    });
    let window = ReleaseWindow { from: date(2025, 1, 1), to: date(2026, 1, 1) };
    let release = |kind, cells, districts| Release {
        id: ReleaseId("0".repeat(64)),
        municipality: municipality.code.clone(),
        kind,
        window,
        published_at: jiff::Timestamp::UNIX_EPOCH,
        k: 5,
        cells,
        districts,
        synthetic: true,
    };
    let bands = [Some(Band::From20To49), None, Some(Band::From10To19), None, Some(Band::From5To9)];
    let districts = municipality.districts.iter().zip(bands.into_iter().chain([None]));
    LoopFacts {
        promises: vec![
            promise(
                "traffic",
                "Så många trafikkontroller som lägesbilden kräver.",
                "As many traffic controls as the situational picture calls for.",
                PromiseTarget::NeedBased,
                7,
            ),
            promise(
                "presence",
                "Minst 20 trafikkontroller av hastighet och nykterhet.",
                "At least 20 traffic controls on speed and sobriety.",
                PromiseTarget::AtLeast(20),
                13,
            ),
        ],
        measures: Vec::new(),
        releases: vec![
            release(ReleaseKind::YearCells, cells(), Vec::new()),
            release(
                ReleaseKind::QuarterDistricts,
                Vec::new(),
                districts
                    .map(|(d, band)| ReleaseDistrict {
                        district: Some(d.code.clone()),
                        group: ReleaseGroup::Reports,
                        category: None,
                        band,
                    })
                    .collect(),
            ),
        ],
        defects: vec![
            DefectFact {
                id: Id::from_bits(1),
                category: Category::Lighting,
                status: ReportStatus::Done,
                district: Some(municipality.districts[0].code.clone()),
                owner: "Gatuenheten".to_owned(),
                published_on: date(2026, 9, 3),
            },
            DefectFact {
                id: Id::from_bits(2),
                category: Category::BlockedView,
                status: ReportStatus::Planned,
                district: None,
                owner: "Parkenheten".to_owned(),
                published_on: date(2026, 9, 4),
            },
        ],
        presence: presence.collect(),
        answers: Answers { answered: 24, median_days: Some(6) },
        verdicts: Verdicts { solved: Some(10), not_solved: None },
        quarters: Some(ReleaseWindow { from: date(2026, 1, 1), to: date(2026, 10, 1) }),
    }
}

fn cells() -> Vec<ReleaseCell> {
    [("800/357/8096", 800, Band::From20To49), ("1600/180/4053", 1600, Band::From5To9)]
        .map(|(id, size_m, band)| ReleaseCell {
            cell_id: id.to_owned(),
            size_m,
            group: ReleaseGroup::Reports,
            band,
        })
        .to_vec()
}

/// Every page of the product by name.
pub(super) fn pages(language: Language) -> Vec<(&'static str, Result<String, minijinja::Error>)> {
    let (place, t) = (sotenas(), Templates);
    let facts = facts(&place);
    let empty = LoopFacts::default();
    let blank = ReportForm::default();
    let broken = [Violation::new("place", "required"), Violation::new("category", "required")];
    let personal = Pause::Personal(vec![TextFlag::Phone, TextFlag::Name]);
    let now = ReportForm { now: "yes".to_owned(), text: "<b>".to_owned(), ..ReportForm::default() };
    let asked = |form, violations| Asked { violations, ..Asked::of(form) };
    let paused = |pause| Asked { pause: Some(pause), ..Asked::of(&now) };
    let sent = Sent {
        code: "Qm9odXMtZ3Jhbml0LTE0Mjc",
        short_code: "granit-brygga-fyr-makrill",
        status_url: "http://127.0.0.1/1427/receipt#Qm9odXMtZ3Jhbml0LTE0Mjc",
        category: Category::Lighting.names(),
        owner: Some("Kommunens gatuenhet"),
        embedded: false,
        place: "Smögen",
        on_water: true,
    };
    let sheet = paper::Sheet {
        today: date(2026, 11, 22),
        reported: Some(("5–9".to_owned(), "2026".to_owned())),
        address: "http://127.0.0.1/1427/report".to_owned(),
    };
    let overdue = demo::Overdue {
        code: "109051".to_owned(),
        name: "Malmön".to_owned(),
        days: 23,
        promise: "Mer polisnärvaro i hela kommunen.".to_owned(),
    };
    let all = [("1427".to_owned(), "Sotenäs".to_owned())];
    let viewer = small::Viewer {
        user: "planner",
        role: "coordinator",
        may: "read_report",
        embedded: false,
        entry: "staff",
    };
    let failed = small::SignIn {
        name: "a".to_owned(),
        failed: true,
        next: "measures".to_owned(),
        passkeys: true,
        provider: true,
        ..small::SignIn::default()
    };
    let code = small::SignIn { code: true, ..small::SignIn::default() };
    vec![
        ("report", report::page(t, language, &place, asked(&blank, &[]))),
        ("report-errors", report::page(t, language, &place, asked(&blank, &broken))),
        ("report-stop", report::page(t, language, &place, paused(Pause::Now))),
        ("report-danger", report::page(t, language, &place, paused(Pause::Danger))),
        ("report-personal", report::page(t, language, &place, paused(personal))),
        ("paper", paper::form(t, language, &place, "Smögen", "http://127.0.0.1/1427/r/smogen")),
        ("fraud-sheet", paper::fraud_sheet(t, language, &place, &sheet)),
        ("receipt", receipt::page(t, language, &place, Shown::Sent(sent))),
        ("receipt-ask", receipt::page(t, language, &place, Shown::Ask(true))),
        (
            "receipt-status",
            receipt_status::page(
                t,
                language,
                &place,
                &answered(&place),
                (&said(), (MailMode::Shown, MailState::None)),
            ),
        ),
        ("letters-confirm", letters::link(t, language, &place, ("confirm", "t"))),
        ("letters-confirmed", letters::link(t, language, &place, ("confirmed", "t"))),
        ("letters-stop", letters::link(t, language, &place, ("stop", "t"))),
        ("letters-gone", letters::link(t, language, &place, ("gone", "t"))),
        ("letters-demo", letters::demo(t, language, Vec::new())),
        ("picture", picture::page(t, language, &place, &facts)),
        ("picture-empty", picture::page(t, language, &place, &empty)),
        ("promises", promises::page(t, language, &place, &facts)),
        ("promises-empty", promises::page(t, language, &place, &empty)),
        (
            "district",
            district::page(
                t,
                language,
                (&place, &place.districts[0]),
                (&facts, date(2026, 11, 22)),
            ),
        ),
        ("press", press::page(t, language, &place, (&facts.releases[1], "http://127.0.0.1"))),
        ("press-cells", press::page(t, language, &place, (&facts.releases[0], "http://127.0.0.1"))),
        ("about", small::about(t, language, &place)),
        ("sign-in", small::sign_in(t, language, &place, failed)),
        ("sign-in-code", small::sign_in(t, language, &place, code)),
        ("staff", small::staff(t, language, &place, &viewer)),
        ("chooser", small::chooser(t, language, Vec::new())),
        ("problem", small::problem(t, language, &Problem::not_found(), "/x")),
        ("demo", demo::page(t, language, &place, Some(overdue), &all)),
    ]
}

#[test]
fn every_page_renders_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    for language in Language::ALL.iter().copied() {
        let folder = folder.join(language.code());
        std::fs::create_dir_all(&folder).unwrap();
        for (name, page) in pages(language) {
            let page = page.unwrap_or_else(|fault| panic!("{name}: {fault:#}"));
            assert!(page.contains(&format!("lang=\"{}\"", language.tag())), "{name}");
            assert!(
                !page.contains("style=\""),
                "{name} has an inline style, which the policy forbids"
            );
            std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
        }
    }
    std::fs::write(folder.join("base.json"), base::document(&sotenas(), None).to_string()).unwrap();
}

#[test]
fn what_a_resident_wrote_is_escaped() {
    let pages = pages(Language::English);
    let page = pages.iter().find(|(name, _)| *name == "report-stop").unwrap().1.as_ref().unwrap();
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"));
}

#[test]
fn an_answer_is_signed_by_organisation_and_role_and_a_reply_is_escaped() {
    let pages = pages(Language::English);
    let page = pages.iter().find(|(name, _)| *name == "receipt-status").unwrap().1.as_ref();
    let page = page.unwrap();
    assert!(page.contains("Sotenäs kommun, safety coordinator"), "{page}");
    assert!(page.contains("the police, area police officer"), "{page}");
    assert!(page.contains("&lt;i&gt;Mot") && !page.contains("<i>Mot"));
}

#[test]
fn every_page_of_a_form_names_112_and_114_14() {
    for (name, page) in pages(Language::Swedish) {
        let page = page.unwrap();
        if name.starts_with("report") || name == "receipt" || name == "receipt-status" {
            assert!(page.contains("tel:112") && page.contains("tel:11414"), "{name}");
        }
    }
}
