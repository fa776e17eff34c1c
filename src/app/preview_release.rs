//! What a municipality would publish, what stays hidden, and why.

use super::{App, Error, Ground, Result, Staff, failure};
use crate::spatial::{Event, Filter, WATER_TOLERANCE_M};
use fyren_core::{
    analysis::release::{
        Draft, ReleaseEvent, ReleaseInput, ReleaseRule, WindowStatus, draft_release, kinds_for,
        volume_of, window_status, windows_of,
    },
    domain::{
        Category, Context, DistrictCode, EventKind, Operation, Plane, Release, ReleaseId,
        ReleaseKind, ReleaseWindow,
    },
    plane::{CellId, Projection},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, sync::Arc};

/// The windows of one year, in the order in which they close.
#[derive(Debug, Clone)]
pub struct ReleasePreview {
    /// The year.
    pub year: i16,
    /// Reports that counted in the year before; the kinds follow from it.
    pub volume_before: usize,
    /// Kinds of window that are published in this year.
    pub kinds: Vec<ReleaseKind>,
    /// Every window of those kinds.
    pub windows: Vec<WindowPreview>,
}

/// One window of a year.
#[derive(Debug, Clone)]
pub struct WindowPreview {
    /// Window and geometry.
    pub kind: ReleaseKind,
    /// Its days.
    pub window: ReleaseWindow,
    /// Whether it can be published today.
    pub status: WindowStatus,
    /// What would be published, where it is due.
    pub draft: Option<Draft>,
}

impl App {
    /// What would be published of `year` today, window by window, each as if
    /// those before it had been.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that may not see it;
    /// [`Error::Invalid`] for a policy outside the product's limits.
    pub async fn preview_release(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        year: i16,
    ) -> Result<ReleasePreview> {
        staff.must(ground.code(), Operation::PreviewRelease)?;
        self.releases_of_year(ground, year).await
    }

    /// [`App::preview_release`] for the command line, which asks no role.
    ///
    /// # Errors
    /// As [`App::preview_release`].
    pub async fn releases_of_year(
        &self,
        ground: &Arc<Ground>,
        year: i16,
    ) -> Result<ReleasePreview> {
        let desk = self.release_desk(ground).await?;
        let preview = tokio::task::spawn_blocking(move || desk.preview(year));
        preview.await.map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// Everything that a release follows from, read once.
    async fn release_desk(&self, ground: &Arc<Ground>) -> Result<ReleaseDesk> {
        let rule = ReleaseRule::parse(&ground.municipality.policy)?;
        let reading = Reading { zone: ground.zone.clone(), lattice: Projection::sweref99_tm() };
        let reports = Filter { kinds: vec![EventKind::Report], ..Filter::default() };
        let held = self.held_back(ground).await?;
        let few_dwellings = self.few_dwellings(ground).await?;
        let read = |event: Event<'_>| {
            let report = reading.report(&event);
            Some(ReleaseEvent { aside: held.of(&event, &report), ..report })
        };
        let events = self.gather(ground, Context::Municipal, &reports, read).await?;
        let earlier = self.municipal.releases(ground.code()).await.map_err(failure)?;
        let districts = ground.municipality.districts.iter().map(|d| d.code.clone()).collect();
        let (now, today) = (self.clock.now(), self.today(&ground.zone));
        let ground = Arc::clone(ground);
        Ok(ReleaseDesk { ground, rule, events, earlier, districts, few_dwellings, now, today })
    }
}

/// Where releases are drafted.
struct ReleaseDesk {
    ground: Arc<Ground>,
    rule: ReleaseRule,
    events: Vec<ReleaseEvent>,
    earlier: Vec<Release>,
    districts: Vec<DistrictCode>,
    few_dwellings: BTreeSet<CellId>,
    now: Timestamp,
    today: Date,
}

impl ReleaseDesk {
    /// Drafts every due window of `year`, each as if those before it had been
    /// published.
    fn preview(mut self, year: i16) -> ReleasePreview {
        let volume_before = volume_of(&self.events, year - 1);
        let kinds = kinds_for(volume_before, self.districts.len(), self.rule.k());
        let mut windows = Vec::new();
        for (kind, window) in windows_in_order(&kinds, year) {
            let (status, draft) = self.draft(kind, window);
            if let Some(draft) = &draft {
                self.earlier.push(release_of(draft.clone(), self.now));
            }
            windows.push(WindowPreview { kind, window, status, draft });
        }
        ReleasePreview { year, volume_before, kinds, windows }
    }

    fn draft(&self, kind: ReleaseKind, window: ReleaseWindow) -> (WindowStatus, Option<Draft>) {
        let on_land = |at: Plane| self.is_on_land(at);
        let input = ReleaseInput {
            municipality: self.ground.code(),
            events: &self.events,
            districts: &self.districts,
            rule: self.rule,
            earlier: &self.earlier,
            today: self.today,
            on_land: &on_land,
            few_dwellings: &self.few_dwellings,
            zone: &self.ground.zone,
        };
        let status = window_status(&input, kind, window);
        (status, draft_release(&input, kind, window).ok())
    }

    /// Whether a point of the lattice's plane is on land, as far as the
    /// generalised coast can tell.
    fn is_on_land(&self, at: Plane) -> bool {
        let fence = &self.ground.geofence;
        let plane = fence.projection().forward(Projection::sweref99_tm().inverse(at));
        fence.water_m(plane).is_none_or(|metres| metres <= WATER_TOLERANCE_M)
    }
}

/// The windows of `kinds` in `year`, those that close first first, and of those
/// that close together the shortest.
fn windows_in_order(kinds: &[ReleaseKind], year: i16) -> Vec<(ReleaseKind, ReleaseWindow)> {
    let of_kind = |kind: &ReleaseKind| {
        let kind = *kind;
        windows_of(kind, year).into_iter().map(move |window| (kind, window))
    };
    let mut windows: Vec<_> = kinds.iter().flat_map(of_kind).collect();
    windows.sort_by_key(|(kind, window)| (window.to, std::cmp::Reverse(window.from), *kind));
    windows
}

/// The identity that the content of a release gives it.
pub(super) fn content_id(release: &Release) -> ReleaseId {
    let draft = Draft {
        municipality: release.municipality.clone(),
        kind: release.kind,
        window: release.window,
        k: release.k,
        synthetic: release.synthetic,
        cells: release.cells.clone(),
        districts: release.districts.clone(),
        outcomes: Vec::new(),
    };
    release_of(draft, release.published_at).id
}

/// A draft as it is published at `published_at`, named by the SHA-256 of its
/// canonical form.
pub(super) fn release_of(draft: Draft, published_at: Timestamp) -> Release {
    let hash = Sha256::digest(draft.canonical_bytes());
    Release {
        id: ReleaseId(data_encoding::HEXLOWER.encode(&hash)),
        municipality: draft.municipality,
        kind: draft.kind,
        window: draft.window,
        published_at,
        k: draft.k,
        synthetic: draft.synthetic,
        cells: draft.cells,
        districts: draft.districts,
    }
}

/// How an event of the index is read as a report of a release.
struct Reading {
    zone: TimeZone,
    lattice: Projection,
}

impl Reading {
    fn report(&self, event: &Event<'_>) -> ReleaseEvent {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        let arrived = day(event.received_hour);
        ReleaseEvent {
            at: event.position.map(|at| self.lattice.forward(at)),
            precision_m: event.precision_m,
            district: (!event.district.is_empty()).then(|| DistrictCode(event.district.to_owned())),
            day: event.start.map_or(arrived, day),
            arrived,
            category: Category::parse(event.category).unwrap_or(Category::Other),
            source: event.source_tag,
            flags: event.flags,
            aside: Vec::new(),
        }
    }
}
