//! Residents of the demonstration who want to start a watch. All made up.

use super::{App, Ground, Result, draft::PlaceDraft, failure, stage_guardians::named};
use crate::{
    clock::cut_to_hour,
    identity::Source,
    store::{EventKey, Imported, NewWishStep, Origin, StatusStep},
};
use fyren_core::domain::{
    Category, Channel, Detail, Position, Report, ReportStatus, RetentionClass, Role, Seq,
    SourceClass, StatusChange, When, WishState, organisation,
};
use jiff::{SignedDuration, Timestamp};

const ACTOR: &str = "demo";

/// Where, which watch, the days that it came after the quarter's first, and
/// what became of it in how many days.
type Staged =
    (&'static str, Detail, i64, Option<(WishState, i64, &'static str, Option<&'static str>)>);

const WISHES: [Staged; 7] = [
    (
        "Bovallstrand",
        Detail::BoatWatch,
        6,
        Some((
            WishState::Contacted,
            3,
            "Påhittat svar: Tack! Uppstarten hålls i Folkets hus, dagen står i kalendern.",
            None,
        )),
    ),
    (
        "Hovenäset",
        Detail::BoatWatch,
        11,
        Some((
            WishState::Started,
            9,
            "Påhittat svar: Båtsamverkan Hovenäset är i gång och har plats för fler.",
            Some("Båtsamverkan Hovenäset"),
        )),
    ),
    (
        "Smögen",
        Detail::BoatWatch,
        19,
        Some((
            WishState::Contacted,
            4,
            "Påhittat svar: Hamnvakten på Smögen tar emot nya från april.",
            None,
        )),
    ),
    (
        "Kungshamn",
        Detail::NeighbourWatch,
        24,
        Some((
            WishState::Started,
            12,
            "Påhittat svar: Grannsamverkan Kungshamn är i gång, och er gata är med.",
            Some("Grannsamverkan Kungshamn"),
        )),
    ),
    (
        "Hunnebostrand",
        Detail::NeighbourWatch,
        37,
        Some((
            WishState::NotTakenUp,
            6,
            "Påhittat svar: Vi hinner inte i år. Vi hör av oss här i mars.",
            None,
        )),
    ),
    (
        "Väjern",
        Detail::NeighbourWatch,
        51,
        Some((
            WishState::Contacted,
            5,
            "Påhittat svar: Kom på årsmötet, så hjälps vi åt att börja.",
            None,
        )),
    ),
    ("Ulebergshamn", Detail::BoatWatch, 70, None),
];

impl App {
    /// Fills the list of wishes: seven of the last quarter that has closed.
    ///
    /// # Errors
    /// Where a store fails.
    pub(super) async fn stage_wishes(&self, ground: &Ground) -> Result<()> {
        let quarter = self.shown_quarters(ground).to.saturating_sub(jiff::Span::new().months(3));
        let first = quarter.at(12, 0, 0, 0).to_zoned(ground.zone.clone());
        let first = first.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        for (place, detail, after, became) in WISHES {
            let Some(at) = named(ground, place) else { continue };
            let received = cut_to_hour(first + days(after));
            let wish = self.staged_wish(ground, (place, at, detail), received)?;
            let report = EventKey { municipality: ground.code().clone(), id: wish.event.id };
            self.municipal.insert_reports(vec![wish]).await.map_err(failure)?;
            let Some((state, later, answer, area)) = became else { continue };
            let Some(status) = state.report_status() else { continue };
            let answered = received + days(later);
            let change = StatusChange {
                status,
                at_hour: answered,
                organisation: organisation(Role::Coordinator).to_owned(),
                role: Some(Role::Coordinator),
                answer: Some(answer.to_owned()),
            };
            let step = NewWishStep {
                told: StatusStep { report, change },
                state,
                on: answered.to_zoned(ground.zone.clone()).date(),
                area: area.map(|area| self.stage_id(ground, area)).transpose()?,
            };
            let audit = self.audit(ACTOR, "add_wish_step", Some(ground.code()), None);
            self.municipal.add_wish_step(step, audit).await.map_err(failure)?;
        }
        Ok(())
    }

    fn staged_wish(
        &self,
        ground: &Ground,
        (place, at, detail): (&str, Position, Detail),
        received: Timestamp,
    ) -> Result<Imported<Report>> {
        let key = format!("wish {place}");
        let point = PlaceDraft::Point {
            longitude: at.longitude,
            latitude: at.latitude,
            precision_m: Some(300.0),
        };
        let event = Report {
            id: self.stage_id(ground, &key)?,
            seq: Seq(0),
            municipality: ground.code().clone(),
            category: Category::Idea,
            foreign_category: None,
            located: ground.locate(&point)?.located,
            when: When::Unknown,
            factors: Vec::new(),
            details: vec![detail],
            feeling: None,
            text: None,
            channel: Channel::Simulated,
            source_class: SourceClass::Citizen,
            source_tag: self.secrets.source_tag(ground.code(), Source::Unit(&key)),
            status: ReportStatus::Received,
            foreign_status: None,
            foreign_source: None,
            published: false,
            quarantine: None,
            merged_into: None,
            duplicate_of: None,
            voices: 1,
            retention: RetentionClass::Report,
            received_hour: received,
        };
        let origin = Origin { dataset: "simulated".into(), external_key: key };
        Ok(Imported { masks: ground.masks(&event.when), event, origin })
    }
}
