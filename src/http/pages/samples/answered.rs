//! A report that was answered, and what its sender was about to say.

use super::super::{receipt_status, report_form::Pause};
use fyren_core::domain::*;

/// A report that was answered, asked about and judged.
pub(super) fn answered(municipality: &Municipality) -> crate::app::ReceiptView {
    let hour: jiff::Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let step = |status, role, answer: Option<&str>| StatusChange {
        status,
        at_hour: hour,
        organisation: "municipality".to_owned(),
        role,
        answer: answer.map(str::to_owned),
    };
    let message = |kind, role, text: Option<&str>, after_step| Message {
        kind,
        role,
        text: text.map(str::to_owned),
        first_photo: 0,
        photos: u32::from(kind == MessageKind::Reply),
        after_step,
        at_hour: hour,
        seen: true,
    };
    let staff = Some(Role::Coordinator);
    crate::app::ReceiptView {
        report: Report {
            id: Id::from_bits(7),
            seq: Seq(1),
            municipality: municipality.code.clone(),
            category: Category::Lighting,
            foreign_category: None,
            located: Located {
                place: Place::Code(AreaCode {
                    system: "district".to_owned(),
                    version: String::new(),
                    code: municipality.districts[0].code.0.clone(),
                }),
                anchor: None,
                precision_m: 0.0,
                district: Some(municipality.districts[0].code.clone()),
            },
            when: When::Unknown,
            factors: Vec::new(),
            details: Vec::new(),
            feeling: None,
            text: None,
            channel: Channel::Web,
            source_class: SourceClass::Citizen,
            source_tag: SourceTag::from_bits(2),
            status: ReportStatus::Done,
            foreign_status: None,
            foreign_source: None,
            published: false,
            quarantine: None,
            merged_into: None,
            duplicate_of: None,
            voices: 1,
            retention: RetentionClass::Report,
            received_hour: hour,
        },
        history: vec![
            step(ReportStatus::Triaged, staff, None),
            step(ReportStatus::Done, staff, Some("Lampan är bytt.")),
        ],
        thread: vec![
            message(MessageKind::Question, Some(Role::Officer), Some("Vilken sida?"), 1),
            message(MessageKind::Reply, None, Some("<i>Mot</i> bryggan"), 1),
        ],
        merged_into: None,
        photos: 1,
    }
}

pub(super) fn said() -> receipt_status::Asked {
    let pause = Some(Pause::Personal(vec![TextFlag::Phone]));
    receipt_status::Asked { code: "c".to_owned(), pause, done: Some("reply"), ..Default::default() }
}
