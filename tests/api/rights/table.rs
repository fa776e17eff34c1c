//! One row an operation: who may do it, and a request that is right but for that.

use fyren_core::domain::{Layer, Operation};

/// Who gets in.
pub enum Who {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever has signed in, anywhere.
    Session,
    /// Whoever has just signed in with a session; a token is none.
    FreshSession,
    /// Nobody by these means: the request itself has to prove who it is.
    Refused,
    /// The roles here that may do this.
    May(Operation),
    /// The roles here that may do one of these.
    MayOne(&'static [Operation]),
    /// The roles here that see this layer.
    Sees(Layer),
}

/// An operation.
pub struct Row {
    /// Its `operationId`.
    pub operation: &'static str,
    /// Who may do it.
    pub who: Who,
    /// A body that is right.
    pub body: Option<&'static str>,
    /// Parts of the path that are other than [`Row::path`] says, and the query.
    pub parts: &'static [(&'static str, &'static str)],
}

impl Row {
    /// The address with every part filled in: Sotenäs, and things that are not there.
    pub fn path(&self, template: &str) -> String {
        const USUAL: &[(&str, &str)] = &[
            ("{code}", "1427"),
            ("{area}", "demo"),
            ("{file}", "plan.gpx"),
            ("{id}", "0123456789abcdef0123456789abcdef"),
            ("{token}", "00"),
            ("{year}", "2025"),
            ("{position}", "0"),
            ("{layer}", "reports"),
            ("{method}", "presence"),
            ("{z}", "9"),
            ("{x}", "271"),
            ("{y}", "155.mvt"),
        ];
        let mut path = template.to_owned();
        for (part, text) in self.parts.iter().chain(USUAL) {
            if *part == "?" {
                path = format!("{path}?{text}");
            } else {
                path = path.replace(part, text);
            }
        }
        path
    }

    /// The type of the body.
    pub fn content_type(&self) -> &'static str {
        if self.operation == "upload_file" {
            "application/octet-stream"
        } else {
            "application/json"
        }
    }
}

const fn row(operation: &'static str, who: Who) -> Row {
    Row { operation, who, body: None, parts: &[] }
}

const fn sends(operation: &'static str, who: Who, body: &'static str) -> Row {
    Row { operation, who, body: Some(body), parts: &[] }
}

use Operation as O;
use Who::{Anybody, FreshSession, May, MayOne, Refused, Sees, Session};

const AREA: &str = r#"{"kind":"boat","name":"a","longitude":11.2265,"latitude":58.3531,"radiusM":400,"status":"active"}"#;
const MEETING: &str = r#"{"kind":"lecture","startsAt":"2026-12-01T18:00","endsAt":"2026-12-01T19:00","title":{"sv":"a"},"place":"a","organiser":"a","status":"planned"}"#;

/// Every operation of the interface.
pub const TABLE: &[Row] = &[
    // The server and what is public by nature.
    row("healthz", Anybody),
    row("readyz", Anybody),
    row("api_info", Anybody),
    row("list_municipalities", Anybody),
    row("show_municipality", Anybody),
    row("list_categories", Anybody),
    row("list_methods", Anybody),
    row("list_layers", Anybody),
    row("list_releases", Anybody),
    row("list_measures", Anybody),
    row("read_loop", Anybody),
    row("list_watch_wishes", May(O::ModerateReport)),
    sends("add_wish_step", May(O::ModerateReport), r#"{"state":"contacted","reason":"a"}"#),
    Row { parts: &[("?", "q=Smögen")], ..row("find_places", Anybody) },
    Row {
        parts: &[("?", "lon=11.2265&lat=58.3531&category=lighting")],
        ..row("show_owner", Anybody)
    },
    row("show_basemap_tile", Anybody),
    sends("check_text", Anybody, r#"{"text":"The lamp is out."}"#),
    sends(
        "submit_report",
        Anybody,
        r#"{"category":"lighting","place":{"longitude":11.2265,"latitude":58.3531}}"#,
    ),
    // Who somebody is.
    row("read_receipt", Refused),
    sends("reply_to_answer", Refused, r#"{"kind":"reply","text":"x"}"#),
    sends("ask_for_mail", Refused, r#"{"address":"a@example.org"}"#),
    row("stop_mail", Refused),
    sends("sign_in", Refused, r#"{"name":"nobody at all","password":"wrong"}"#),
    row("sign_out", Anybody),
    row("show_session", Session),
    row("challenge_passkey", Anybody),
    sends("sign_in_by_passkey", Anybody, "{}"),
    row("sign_in_outside", Anybody),
    row("show_account", Session),
    sends("change_password", Session, r#"{"present":"wrong","new":"twelve letters"}"#),
    row("start_one_time", FreshSession),
    sends("set_one_time", FreshSession, r#"{"code":"000000"}"#),
    row("remove_one_time", FreshSession),
    row("renew_recovery_codes", FreshSession),
    row("start_passkey", FreshSession),
    sends("save_passkey", FreshSession, r#"{"label":"x","answer":{}}"#),
    row("remove_passkey", FreshSession),
    row("sign_out_everywhere", Session),
    // The queue, records and retention.
    row("review_queue", May(O::ModerateReport)),
    sends(
        "act_on_reports",
        May(O::ModerateReport),
        r#"{"ids":["0123456789abcdef0123456789abcdef"],"action":"put_aside"}"#,
    ),
    row("answer_templates", May(O::ReadReport)),
    sends(
        "save_answer_template",
        May(O::ModerateReport),
        r#"{"title":"A","textSv":"A.","textEn":"A."}"#,
    ),
    row("delete_answer_template", May(O::ModerateReport)),
    row("list_forwards", May(O::ModerateReport)),
    sends("forward_report", May(O::ModerateReport), r#"{"owner":"Gatukontoret"}"#),
    Row {
        parts: &[("{forward}", "0123456789abcdef0123456789abcdef")],
        ..row("close_forward", May(O::ModerateReport))
    },
    row("list_redactions", May(O::ModerateReport)),
    sends(
        "redact_report",
        May(O::ModerateReport),
        r#"{"reason":"secret","spans":[{"from":0,"to":1}]}"#,
    ),
    row("redacted_original", May(O::ModerateReport)),
    row("record_requests", May(O::HandleRecords)),
    sends("open_request", May(O::HandleRecords), r#"{"reference":"KS 1","asked":"Allt"}"#),
    row("record_request", May(O::HandleRecords)),
    row("close_request", May(O::HandleRecords)),
    Row {
        parts: &[("{report}", "0123456789abcdef0123456789abcdef")],
        ..sends("review_record", May(O::HandleRecords), r#"{"verdict":"release"}"#)
    },
    row("export_request", May(O::HandleRecords)),
    row("show_retention", May(O::ManageRetention)),
    sends(
        "save_decision",
        May(O::ManageRetention),
        r#"{"class":"report","number":"1","decidedOn":"2026-01-01","days":99}"#,
    ),
    sends("run_retention", May(O::ManageRetention), r#"{"class":"report","number":"1"}"#),
    // Users.
    row("add_voice", Anybody),
    row("list_partners", May(O::ManagePartners)),
    sends("add_partner", May(O::ManagePartners), r#"{"name":"Skolan","kind":"school"}"#),
    row("revoke_partner", May(O::ManagePartners)),
    row("list_users", May(O::ManageUsers)),
    sends("create_user", May(O::ManageUsers), r#"{"name":"new","roles":[]}"#),
    sends("change_user", May(O::ManageUsers), r#"{"roles":[],"active":true}"#),
    row("reset_user", May(O::ManageUsers)),
    row("end_user_sessions", May(O::ManageUsers)),
    sends("issue_token", May(O::ManageUsers), r#"{"label":"x","days":1}"#),
    row("revoke_token", May(O::ManageUsers)),
    sends("demand_second_factor", May(O::ManageUsers), r#"{"secondFactor":[]}"#),
    // Reports.
    row("read_report", May(O::ReadReport)),
    row("show_photo", May(O::ReadReport)),
    sends("answer_report", May(O::AnswerReport), r#"{"kind":"answer","text":"x"}"#),
    row("mark_thread_read", May(O::AnswerReport)),
    row("list_waiting", May(O::AnswerReport)),
    sends("change_status", May(O::ModerateReport), r#"{"status":"planned"}"#),
    sends("quarantine_report", May(O::ModerateReport), r#"{"reason":"staff"}"#),
    sends("merge_report", May(O::ModerateReport), r#"{"into":"0123456789abcdef0123456789abcdee"}"#),
    sends("mark_duplicate", May(O::ModerateReport), r#"{"of":"0123456789abcdef0123456789abcdee"}"#),
    sends("publish_defect", May(O::ModerateReport), r#"{"owner":"municipality"}"#),
    row("withdraw_defect", May(O::ModerateReport)),
    // Layers and methods.
    row("show_layer", Sees(Layer::Reports)),
    row("show_tile", Sees(Layer::Reports)),
    row("follow_events", May(O::FollowEvents)),
    row("analyse", Sees(Layer::Coverage)),
    sends("plan_areas", Sees(Layer::Plan), r#"{"k":2}"#),
    sends("plan_sites", Sees(Layer::Hotspots), r#"{"p":1,"radiusM":1000}"#),
    row("follow_run", Session),
    row("cancel_run", Session),
    // Controls.
    row("list_control_candidates", May(O::LogControl)),
    row("list_controls", Sees(Layer::Controls)),
    row("report_controls", Sees(Layer::Controls)),
    sends(
        "create_control",
        May(O::LogControl),
        r#"{"kind":"speed","site":"x","dueOn":"2026-11-24"}"#,
    ),
    sends("add_control_step", May(O::LogControl), r#"{"act":"lapsed","reason":"weather"}"#),
    // Plans.
    sends(
        "plan_patrol",
        May(O::PlanPatrol),
        r#"{"shifts":[{"unit":"A","from":"2026-11-22T14:00","to":"2026-11-22T22:00"}]}"#,
    ),
    sends(
        "keep_plan",
        May(O::PlanPatrol),
        r#"{"question":{"shifts":[]},"digest":"00","status":"draft"}"#,
    ),
    sends("change_plan", May(O::PlanPatrol), r#"{"status":"decided"}"#),
    // An area is known to who has a role in all of it; to others there is none.
    row("list_areas", Session),
    row("show_area", Session),
    sends(
        "keep_patrol_areas",
        May(O::PlanPatrol),
        r#"{"name":"x","question":{"k":2},"digest":"00"}"#,
    ),
    row("delete_patrol_areas", May(O::PlanPatrol)),
    row("list_patrol_areas", Sees(Layer::PatrolAreas)),
    row("list_plans", Sees(Layer::Plan)),
    row("list_sheet_recipients", May(O::PlanPatrol)),
    sends("send_plan_sheet", May(O::PlanPatrol), r#"{"unit":"A","address":"a@example.org"}"#),
    row("list_stop_wishes", Sees(Layer::Plan)),
    sends(
        "wish_for_stop",
        May(O::PlanPatrol),
        r#"{"unit":"A","place":{"longitude":11.2242,"latitude":58.3546},"note":"a"}"#,
    ),
    row("end_stop_wish", May(O::PlanPatrol)),
    row("show_plan", Sees(Layer::Plan)),
    row("show_plan_file", Sees(Layer::Plan)),
    row("show_current_plans", Sees(Layer::Plan)),
    // Hot spots, measures, presence.
    row("list_vetoes", Sees(Layer::Hotspots)),
    sends(
        "veto_spot",
        May(O::VetoSpot),
        r#"{"spot":"100/1/1","reason":"handled","note":null,"reviewOn":"2027-02-01"}"#,
    ),
    sends("review_veto", May(O::VetoSpot), r#"{"outcome":"ended","note":"x"}"#),
    sends(
        "create_measure",
        May(O::WriteMeasure),
        r#"{"problem":{"sv":"a","en":"a"},"action":{"sv":"a","en":"a"},"owner":"x","decidedOn":"2026-01-01","dueOn":"2026-02-01","indicator":"x"}"#,
    ),
    sends(
        "replace_measure",
        May(O::WriteMeasure),
        r#"{"problem":{"sv":"a","en":"a"},"action":{"sv":"a","en":"a"},"owner":"x","decidedOn":"2026-01-01","dueOn":"2026-02-01","indicator":"x"}"#,
    ),
    sends(
        "log_visit",
        May(O::LogPoliceVisit),
        r#"{"unit":"a","unitKind":"area_police","place":{"longitude":11.2265,"latitude":58.3531},"startedAt":"2026-11-22T10:00:00Z","endedAt":"2026-11-22T10:15:00Z","mode":"foot","purpose":"presence"}"#,
    ),
    Row {
        parts: &[("?", "unit=op-1")],
        ..row("read_shift", MayOne(&[O::LogCivilVisit, O::LogPoliceVisit]))
    },
    row("read_visit", Sees(Layer::Visits)),
    sends("withdraw_visit", MayOne(&[O::LogCivilVisit, O::LogPoliceVisit]), "{}"),
    row("list_presence", May(O::TellPresence)),
    sends("tell_presence", May(O::TellPresence), r#"{"rows":[]}"#),
    sends("import_presence", May(O::TellPresence), "district,week,visits,minutes\n"),
    row("list_summaries", Sees(Layer::Hotspots)),
    // Watch, calendar, figures.
    row("list_watch_areas", Anybody),
    row("list_bulletins", Anybody),
    row("list_calendar", Anybody),
    sends("create_watch_area", May(O::WriteCalendar), AREA),
    sends("replace_watch_area", May(O::WriteCalendar), AREA),
    sends(
        "log_pass",
        May(O::LogCivilVisit),
        r#"{"startedAt":"2026-11-22T08:00","endedAt":"2026-11-22T09:00","seen":"nothing"}"#,
    ),
    sends(
        "publish_bulletin",
        May(O::WriteCalendar),
        r#"{"until":"2026-12-20","title":{"sv":"a"},"text":{"sv":"a"}}"#,
    ),
    sends("create_calendar_entry", May(O::WriteCalendar), MEETING),
    sends("replace_calendar_entry", May(O::WriteCalendar), MEETING),
    row("list_figures", May(O::ReadReport)),
    sends("save_figures", May(O::TypeFigures), r#"{"figures":[]}"#),
    // Releases.
    row("preview_release", May(O::PreviewRelease)),
    row("publish_release", May(O::PublishRelease)),
    row("list_embargoes", May(O::PreviewRelease)),
    sends(
        "save_embargo",
        May(O::PublishRelease),
        r#"{"name":"x","from":"2026-01-01","to":"2026-02-01"}"#,
    ),
    row("lift_embargo", May(O::PublishRelease)),
    // Files.
    row("list_imports", May(O::ImportFile)),
    Row {
        parts: &[("?", "kind=reports&name=x.csv")],
        ..sends("upload_file", May(O::ImportFile), "id;x;y\n1;2;3\n")
    },
    row("read_import", May(O::ImportFile)),
    row("discard_import", May(O::ImportFile)),
    sends("set_import", May(O::ImportFile), r#"{"kind":"reports","dataset":"x"}"#),
    row("check_import", May(O::ImportFile)),
    row("start_import", May(O::ImportFile)),
    row("undo_import", May(O::ImportFile)),
];
