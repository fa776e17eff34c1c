//! Watch areas, bulletins, the calendar and single figures are read as they were written.

use crate::support::*;
use fyren_core::domain::*;
use jiff::civil::date;

fn area() -> WatchArea {
    WatchArea {
        id: id(1),
        municipality: code(),
        kind: WatchKind::Boat,
        name: "Båtsamverkan Hovenäset".into(),
        district: Some(DistrictCode("109051".into())),
        at: Position { longitude: 11.26, latitude: 58.37 },
        radius_m: 400.0,
        members: Some(46),
        contacts: vec![WatchContact::MainContact, WatchContact::Rota],
        status: WatchStatus::Active,
        started_on: Some(date(2025, 4, 1)),
    }
}

fn bulletin() -> Bulletin {
    Bulletin {
        id: id(2),
        municipality: code(),
        area: Some(id(1)),
        sender: Role::Officer,
        published_on: date(2026, 5, 4),
        until: date(2026, 6, 1),
        title: ("Märk båten".into(), "Mark the boat".into()),
        text: ("Rad".into(), "Line".into()),
    }
}

fn meeting() -> CalendarEntry {
    CalendarEntry {
        id: id(3),
        municipality: code(),
        kind: CalendarKind::WatchMeeting,
        starts_at: at("2026-05-10T16:00:00Z"),
        ends_at: at("2026-05-10T17:30:00Z"),
        title: ("Årsmöte".into(), "Yearly meeting".into()),
        place: "Folkets hus".into(),
        district: None,
        organiser: "Sotenäs kommun".into(),
        status: CalendarStatus::Planned,
        visitors: None,
        changed_at: at("2026-05-04T10:00:00Z"),
        revision: 0,
    }
}

fn tips(amount: f64) -> Figure {
    Figure {
        municipality: code(),
        kind: FigureKind::Tips,
        from: date(2026, 4, 1),
        to: date(2026, 5, 1),
        district: Some(DistrictCode("109051".into())),
        theme: Some(TipTheme::Narcotics),
        amount,
        source: "Kommunpolisen".into(),
        entered_on: date(2026, 5, 4),
    }
}

contract! {
    async fn a_watch_area_and_its_bulletin_are_read_as_they_were_written(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_watch_area(area(), entry("save_watch_area")).await.unwrap();
        let resting = WatchArea { status: WatchStatus::Resting, ..area() };
        store.save_watch_area(resting.clone(), entry("save_watch_area")).await.unwrap();
        assert_eq!(store.watch_areas(&code()).await.unwrap(), [resting]);
        store.save_bulletin(bulletin(), entry("publish_bulletin")).await.unwrap();
        assert_eq!(store.bulletins(&code()).await.unwrap(), [bulletin()]);
    }

    async fn an_entry_of_the_calendar_is_replaced_by_its_later_version(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_calendar_entry(meeting(), entry("save_calendar_entry")).await.unwrap();
        let held = CalendarEntry {
            status: CalendarStatus::Held, visitors: Some(34), revision: 1, ..meeting()
        };
        store.save_calendar_entry(held.clone(), entry("save_calendar_entry")).await.unwrap();
        assert_eq!(store.calendar(&code()).await.unwrap(), [held]);
    }

    async fn a_figure_takes_the_place_of_the_one_of_its_month_district_and_theme(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let traffic = Figure { theme: Some(TipTheme::Traffic), ..tips(1.0) };
        let first = vec![tips(3.0), traffic.clone()];
        store.save_figures(&code(), first, entry("save_figures")).await.unwrap();
        store.save_figures(&code(), vec![tips(4.0)], entry("save_figures")).await.unwrap();
        assert_eq!(store.figures(&code()).await.unwrap(), [tips(4.0), traffic]);
    }
}
