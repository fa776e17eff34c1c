//! What the demonstration shows of guardians: measured speeds, a safety survey,
//! controls, watch areas, a calendar and figures. All of it is made up, and its
//! texts say so.

use super::{App, Ground, Result, failure};
use crate::identity::{RequestKey, Source};
use crate::store::{NewControl, Origin};
use fyren_core::domain::{
    Breach, Bulletin, CalendarEntry, CalendarKind, CalendarStatus, Control, ControlAct,
    ControlKind, ControlNumbers, ControlResult, ControlStep, DistrictCode, Figure, FigureKind, Id,
    Mode, NotDone, Position, Role, Seq, SpeedHour, SurveyAnswer, SurveyMode, SurveyUnit, TipTheme,
    UnitKind, Visit, WatchArea, WatchContact, WatchKind, WatchStatus, WhyHere, WhyNow,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

const ACTOR: &str = "demo";
const DATASET: &str = "simulated";

/// Named places of the demonstration with a made-up v85 and limit in km/h.
const SITES: [(&str, f64, f64); 4] = [
    ("Väjern", 58.0, 50.0),
    ("Hunnebostrand", 47.5, 40.0),
    ("Bovallstrand", 41.0, 40.0),
    ("Ulebergshamn", 55.5, 50.0),
];

/// Districts with the made-up share that feels unsafe, in per cent.
const UNSAFE: [(&str, f64); 6] = [
    ("109051", 24.0),
    ("109052", 64.0),
    ("109053", 22.0),
    ("109054", 14.0),
    ("109062", 19.0),
    ("109063", 17.0),
];

impl App {
    /// Fills what the pages of guardians show.
    ///
    /// # Errors
    /// Where a store fails.
    pub(super) async fn stage_guardians(&self, ground: &Ground) -> Result<()> {
        self.stage_speeds(ground).await?;
        self.stage_survey(ground).await?;
        self.stage_controls(ground).await?;
        self.stage_watch(ground).await?;
        self.stage_wishes(ground).await?;
        self.stage_calendar(ground).await?;
        self.stage_figures(ground).await
    }

    pub(super) fn stage_id(&self, ground: &Ground, what: &str) -> Result<Id> {
        let request = RequestKey { municipality: ground.code(), key: what };
        let named = super::digest(&self.secrets.request_hash("demonstration", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        Ok(Id::from_bits(u128::from_be_bytes(bits)))
    }

    async fn stage_speeds(&self, ground: &Ground) -> Result<()> {
        let mut rows = Vec::new();
        let week = self.this_hour() - SignedDuration::from_hours(24 * 20);
        for (site, v85, limit) in SITES {
            let Some(position) = named(ground, site) else { continue };
            for hour in 0..7 * 12 {
                let start = week + SignedDuration::from_hours(2 * hour);
                let key = format!("{site} {hour}");
                let speed = SpeedHour {
                    id: self.stage_id(ground, &key)?,
                    municipality: ground.code().clone(),
                    site: format!("{site} (påhittad mätning)"),
                    position: Some(position),
                    start,
                    count: 40,
                    mean_kmh: Some(v85 - 7.0),
                    v85_kmh: Some(v85),
                    limit_kmh: Some(limit),
                };
                rows.push((speed, Origin { dataset: DATASET.into(), external_key: key }));
            }
        }
        self.municipal.insert_speeds(rows).await.map_err(failure)?;
        Ok(())
    }

    async fn stage_survey(&self, ground: &Ground) -> Result<()> {
        let year = self.today(&ground.zone).year() - 1;
        let mut rows = Vec::new();
        for (code, percent) in UNSAFE {
            let district = DistrictCode(code.into());
            if ground.municipality.districts.iter().all(|known| known.code != district) {
                continue;
            }
            let key = format!("survey {code}");
            let answer = SurveyAnswer {
                id: self.stage_id(ground, &key)?,
                municipality: ground.code().clone(),
                survey: "Påhittad trygghetsmätning".into(),
                year,
                mode: SurveyMode::Probability,
                district: Some(district),
                question: "unsafe_evening".into(),
                wording: Some("Känner du dig otrygg ute sent på kvällen? (påhittad)".into()),
                group: "all".into(),
                asked: 180,
                value: percent,
                unit: SurveyUnit::Percent,
                interval: None,
                source: None,
                note: None,
            };
            rows.push((answer, Origin { dataset: DATASET.into(), external_key: key }));
        }
        self.municipal.insert_surveys(rows).await.map_err(failure)?;
        Ok(())
    }

    /// Four that the picture called for in the last weeks: two done, one
    /// moved, one lapsed.
    async fn stage_controls(&self, ground: &Ground) -> Result<()> {
        let today = self.today(&ground.zone);
        let fates = [("Kungshamn", 40), ("Smögen", 26), ("Tossene", 12), ("Askum", 9)];
        for (number, (site, back)) in fates.into_iter().enumerate() {
            let Some(at) = named(ground, site) else { continue };
            let day = today.saturating_sub(i64::from(back).days());
            let called = ControlAct::Called(day);
            let ended = match number {
                2 => Some(ControlAct::Moved(today.saturating_add(4.days()), NotDone::Weather)),
                3 => Some(ControlAct::Lapsed(NotDone::NoUnit)),
                _ => None,
            };
            let (ended, visit) = if let Some(act) = ended {
                (act, None)
            } else {
                let (act, visit) = self.stage_done(ground, (site, at, day))?;
                (act, Some(visit))
            };
            let step = |act| ControlStep { at: self.clock.now(), by: Role::PolicePlanner, act };
            let control = Control {
                id: self.stage_id(ground, &format!("control {site}"))?,
                municipality: ground.code().clone(),
                kind: ControlKind::Speed,
                site: site.to_owned(),
                at,
                district: ground.geofence.district(at).cloned(),
                why_here: vec![WhyHere::Sources],
                why_now: vec![WhyNow::DaysSince],
                numbers: ControlNumbers { over_kmh: None, sources: 4, days_since: None },
                steps: vec![step(called), step(ended)],
            };
            let key = format!("demo-control-{site}");
            let request = RequestKey { municipality: ground.code(), key: &key };
            let idempotency = self.idempotency("create_control", request, key.as_bytes())?;
            let audit = self.audit(ACTOR, "create_control", Some(ground.code()), None);
            let new = NewControl { control, visit, idempotency };
            self.police.create_control(new, audit).await.map_err(failure)?;
        }
        Ok(())
    }

    fn stage_done(
        &self,
        ground: &Ground,
        (site, at, on): (&str, Position, Date),
    ) -> Result<(ControlAct, crate::store::NewVisit)> {
        let started_at = moment(ground, on, 16);
        let place = super::draft::PlaceDraft::Point {
            longitude: at.longitude,
            latitude: at.latitude,
            precision_m: Some(50.0),
        };
        let visit = Visit {
            id: self.stage_id(ground, &format!("visit {site}"))?,
            seq: Seq(0),
            municipality: ground.code().clone(),
            unit: "OP-1".to_owned(),
            unit_kind: UnitKind::AreaPolice,
            located: ground.locate(&place)?.located,
            started_at,
            ended_at: started_at + SignedDuration::from_mins(50),
            mode: Mode::Car,
            purpose: ControlKind::Speed.purpose(),
            tactics: Vec::new(),
            seen: None,
            contacts: None,
            corrects: None,
            withdrawn: false,
            source_tag: self.secrets.source_tag(ground.code(), Source::Unit("OP-1")),
            synthetic: true,
        };
        let result = ControlResult {
            visit: visit.id,
            on,
            minutes: 50,
            vehicles: 140,
            checked: 24,
            breaches: vec![(Breach::Speeding, 9), (Breach::Phone, 2)],
            v85_before: Some(53.5),
            v85_after: Some(51.0),
        };
        let key = format!("demo-visit-{site}");
        let visit = self.new_visit(ground, visit, ("control", &key, key.as_bytes()))?;
        Ok((ControlAct::Done(result), visit))
    }

    async fn stage_watch(&self, ground: &Ground) -> Result<()> {
        let areas = [
            ("Hovenäset", "Båtsamverkan Hovenäset", WatchKind::Boat, 46),
            ("Smögen", "Hamnvakten på Smögen", WatchKind::Harbour, 120),
            ("Kungshamn", "Grannsamverkan Kungshamn", WatchKind::Neighbourhood, 64),
        ];
        // One began in the quarter whose wishes are told; see `stage_wishes`.
        let fresh = self.shown_quarters(ground).to.saturating_sub(56.days());
        for (place, name, kind, members) in areas {
            let Some(at) = named(ground, place) else { continue };
            let area = WatchArea {
                id: self.stage_id(ground, name)?,
                municipality: ground.code().clone(),
                kind,
                name: name.to_owned(),
                district: ground.geofence.district(at).cloned(),
                at,
                radius_m: 500.0,
                members: Some(members),
                contacts: vec![WatchContact::MainContact, WatchContact::Rota],
                status: WatchStatus::Active,
                started_on: Some(match kind {
                    WatchKind::Neighbourhood => fresh,
                    _ => jiff::civil::date(2025, 4, 1),
                }),
            };
            let audit = self.audit(ACTOR, "save_watch_area", Some(ground.code()), None);
            self.municipal.save_watch_area(area, audit).await.map_err(failure)?;
        }
        let today = self.today(&ground.zone);
        let bulletin = Bulletin {
            id: self.stage_id(ground, "bulletin")?,
            municipality: ground.code().clone(),
            area: None,
            sender: Role::Officer,
            published_on: today.saturating_sub(6.days()),
            until: today.saturating_add(30.days()),
            title: ("Båtarna är uppe: märk och lås".into(), "The boats are up: mark and lock".into()),
            text: (
                "Påhittat exempel. I november har motorer tagits från uppställda båtar i flera kommuner.\nTa hem lösa motorer, lås vaggan och gå ett extra varv när det är mörkt.\nSer du något som pågår: ring 112. Har det redan hänt: 114 14.".into(),
                "A made-up example. In November engines were taken from boats on land in several municipalities.\nTake loose engines home, lock the cradle and walk one more round when it is dark.\nIf you see it happening: call 112. If it has happened: 114 14.".into(),
            ),
        };
        let audit = self.audit(ACTOR, "publish_bulletin", Some(ground.code()), None);
        self.municipal.save_bulletin(bulletin, audit).await.map_err(failure)?;
        Ok(())
    }

    async fn stage_calendar(&self, ground: &Ground) -> Result<()> {
        use CalendarKind::{FraudMeeting, Lecture, SafetyWalk, WatchMeeting, WatchStart};
        use CalendarStatus::{Held, Planned};
        let entries = [
            (
                9,
                WatchStart,
                Planned,
                "Uppstart: båtsamverkan i Bovallstrand",
                "Boat watch begins in Bovallstrand",
                "Folkets hus",
            ),
            (
                15,
                Lecture,
                Planned,
                "Föräldrakväll om narkotika",
                "Evening for parents on narcotics",
                "Hunneboskolan",
            ),
            (
                31,
                SafetyWalk,
                Planned,
                "Trygghetsvandring längs bryggorna",
                "Safety walk along the jetties",
                "Smögens torg",
            ),
            (
                -20,
                WatchMeeting,
                Held,
                "Årsmöte för grannsamverkan",
                "Yearly meeting of the neighbourhood watch",
                "Kommunhuset",
            ),
            (
                -48,
                FraudMeeting,
                Held,
                "Så blir du inte lurad",
                "How not to be tricked",
                "Biblioteket",
            ),
        ];
        let today = self.today(&ground.zone);
        for (ahead, kind, status, swedish, english, place) in entries {
            let starts_at = moment(ground, today.saturating_add(i64::from(ahead).days()), 18);
            let entry = CalendarEntry {
                id: self.stage_id(ground, swedish)?,
                municipality: ground.code().clone(),
                kind,
                starts_at,
                ends_at: starts_at + SignedDuration::from_mins(90),
                title: (format!("{swedish} (påhittat)"), format!("{english} (made up)")),
                place: place.to_owned(),
                district: None,
                organiser: ground.municipality.full_name.clone(),
                status,
                visitors: (status == Held).then_some(34),
                changed_at: self.clock.now(),
                revision: 0,
            };
            let audit = self.audit(ACTOR, "save_calendar_entry", Some(ground.code()), None);
            self.municipal.save_calendar_entry(entry, audit).await.map_err(failure)?;
        }
        Ok(())
    }

    async fn stage_figures(&self, ground: &Ground) -> Result<()> {
        let today = self.today(&ground.zone);
        let month = today.first_of_month();
        let year = today.first_of_year();
        let of = |kind, from: Date, to: Date, theme, amount: f64| Figure {
            municipality: ground.code().clone(),
            kind,
            from,
            to,
            district: None,
            theme,
            amount,
            source: "Påhittad siffra för demonstrationen".to_owned(),
            entered_on: today,
        };
        let support =
            of(FigureKind::FirstSupportDays, year, year.saturating_add(1.year()), None, 11.0);
        let survey = of(FigureKind::DrugHabits, year, year.saturating_add(1.year()), None, 7.5);
        let last = month.saturating_sub(1.month());
        let tips = of(FigureKind::Tips, last, month, Some(TipTheme::Narcotics), 4.0);
        let audit = || self.audit(ACTOR, "save_figures", Some(ground.code()), None);
        let code = ground.code();
        self.municipal.save_figures(code, vec![support, survey], audit()).await.map_err(failure)?;
        self.police.save_figures(code, vec![tips], audit()).await.map_err(failure)?;
        Ok(())
    }
}

/// A full hour of a local day.
fn moment(ground: &Ground, day: Date, hour: i8) -> Timestamp {
    let at = day.at(hour, 0, 0, 0).to_zoned(ground.zone.clone());
    at.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Where a named place is.
pub(super) fn named(ground: &Ground, name: &str) -> Option<Position> {
    let places = &ground.municipality.localities;
    places.iter().find(|place| place.name == name).map(|place| place.position)
}
