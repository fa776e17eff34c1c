//! The flat row that a report, an incident or a visit becomes.

use super::{Imported, NewReport, NewVisit, Origin};
use fyren_core::domain::{
    Category, CategoryGroup, Channel, EventKind, Flags, Id, Incident, Located, MunicipalityCode,
    Report, RetentionClass, SourceClass, SourceTag, TimeMasks, TimePrecision, Visit, When,
};
use jiff::Timestamp;

/// One row of `events` before it has its place in the feed.
#[derive(Debug, Clone)]
pub(super) struct Record<'a> {
    pub municipality: &'a MunicipalityCode,
    pub id: Id,
    pub kind: EventKind,
    pub located: &'a Located,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub time_precision: TimePrecision,
    pub masks: TimeMasks,
    pub received_hour: Timestamp,
    pub category: &'a str,
    pub source_class: SourceClass,
    pub source_tag: SourceTag,
    pub flags: Flags,
    pub weight: u32,
    pub status: &'static str,
    pub retention: RetentionClass,
    pub origin: Option<&'a Origin>,
}

impl<'a> From<&'a NewReport> for Record<'a> {
    fn from(new: &'a NewReport) -> Self {
        Record {
            flags: report_flags(&new.report).with(new.text_flags),
            ..report_record(&new.report, new.masks, None)
        }
    }
}

impl<'a> From<&'a Imported<Report>> for Record<'a> {
    fn from(imported: &'a Imported<Report>) -> Self {
        report_record(&imported.event, imported.masks, Some(&imported.origin))
    }
}

impl<'a> From<&'a Imported<Incident>> for Record<'a> {
    fn from(imported: &'a Imported<Incident>) -> Self {
        let incident = &imported.event;
        let (start, end) = incident.when.span();
        Self {
            municipality: &incident.municipality,
            id: incident.id,
            kind: EventKind::Incident,
            located: &incident.located,
            start,
            end,
            time_precision: incident.when.precision(),
            masks: imported.masks,
            received_hour: incident.received_hour,
            category: &incident.category,
            source_class: incident.source_class,
            source_tag: incident.source_tag,
            flags: Flags::default()
                .with(when(incident.police_initiated, Flags::POLICE_INITIATED))
                .with(when(incident.synthetic, Flags::SYNTHETIC)),
            weight: 0,
            status: "",
            retention: incident.retention,
            origin: Some(&imported.origin),
        }
    }
}

impl<'a> From<&'a NewVisit> for Record<'a> {
    fn from(new: &'a NewVisit) -> Self {
        visit_record(&new.visit, new.masks, None)
    }
}

impl<'a> From<&'a Imported<Visit>> for Record<'a> {
    fn from(imported: &'a Imported<Visit>) -> Self {
        visit_record(&imported.event, imported.masks, Some(&imported.origin))
    }
}

/// The time that a row of `events` says.
pub(super) fn stored_when(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    precision: TimePrecision,
    masks: TimeMasks,
) -> When {
    match (start, end, precision) {
        (Some(from), Some(to), _) => When::Interval { from, to },
        (Some(at), None, precision) => When::Instant { at, precision },
        (None, _, TimePrecision::Unknown) => When::Unknown,
        (None, ..) => {
            When::Recurring { hours: masks.hours, weekdays: masks.weekdays, seasons: masks.seasons }
        }
    }
}

fn report_record<'a>(
    report: &'a Report,
    masks: TimeMasks,
    origin: Option<&'a Origin>,
) -> Record<'a> {
    let (start, end) = report.when.span();
    Record {
        municipality: &report.municipality,
        id: report.id,
        kind: EventKind::Report,
        located: &report.located,
        start,
        end,
        time_precision: report.when.precision(),
        masks,
        received_hour: report.received_hour,
        category: report.category.code(),
        source_class: report.source_class,
        source_tag: report.source_tag,
        flags: report_flags(report),
        weight: report.voices,
        status: report.status.code(),
        retention: report.retention,
        origin,
    }
}

fn report_flags(report: &Report) -> Flags {
    Flags::default()
        .with(when(report.quarantine.is_some(), Flags::QUARANTINED))
        .with(when(report.merged_into.is_some(), Flags::MERGED))
        .with(when(report.duplicate_of.is_some(), Flags::DUPLICATE))
        .with(when(report.published, Flags::PUBLISHED))
        .with(when(report.channel == Channel::Simulated, Flags::SYNTHETIC))
        .with(when(is_safe(report.category), Flags::SAFE_PLACE))
}

fn is_safe(category: Category) -> bool {
    category.group() == CategoryGroup::Safe
}

fn visit_record<'a>(visit: &'a Visit, masks: TimeMasks, origin: Option<&'a Origin>) -> Record<'a> {
    Record {
        municipality: &visit.municipality,
        id: visit.id,
        kind: EventKind::Visit,
        located: &visit.located,
        start: Some(visit.started_at),
        end: Some(visit.ended_at),
        time_precision: TimePrecision::Minute,
        masks,
        received_hour: hour_of(visit.ended_at),
        category: visit.purpose.code(),
        source_class: SourceClass::Presence,
        source_tag: visit.source_tag,
        flags: when(visit.synthetic, Flags::SYNTHETIC)
            .with(when(visit.withdrawn, Flags::CORRECTED)),
        weight: visit.minutes(),
        status: visit.unit_kind.code(),
        retention: RetentionClass::Visit,
        origin,
    }
}

fn when(holds: bool, flag: Flags) -> Flags {
    if holds { flag } else { Flags::default() }
}

fn hour_of(at: Timestamp) -> Timestamp {
    let hour = at.as_second().div_euclid(3600) * 3600;
    Timestamp::from_second(hour).unwrap_or(at)
}
