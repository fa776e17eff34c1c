//! The demonstration tells its story on whatever day it is opened.

use super::server::Server;
use fyren_core::domain::Role;

/// New Year, the days on which clocks are set, high summer, a leap day, and the
/// night of December in which nothing was to be seen; early, late and at noon.
const MOMENTS: [&str; 6] = [
    "2026-12-31T23:00:30Z",
    "2027-03-28T22:59:00Z",
    "2026-07-15T12:00:00Z",
    "2026-10-25T00:30:00Z",
    "2028-02-29T08:00:00Z",
    "2026-12-01T02:10:00Z",
];

#[tokio::test]
async fn a_patrol_can_be_sent_to_a_confirmed_spot_at_any_moment() {
    for moment in MOMENTS {
        let server = Server::of_demonstration(moment).await;
        let path = "/api/v1/municipalities/1427/layers/hotspots";
        let spots = server.get_as(Role::PolicePlanner, path).await.json();
        assert_eq!(spots["expectedFrom"], "own_history", "{moment}");
        let told = spots["features"].as_array().unwrap().iter().map(|spot| &spot["properties"]);
        let confirmed: Vec<_> = told.filter(|spot| spot["status"] == "confirmed").collect();
        assert!(!confirmed.is_empty(), "{moment}: {spots}");
        let defects = server.get("/api/v1/municipalities/1427/layers/defects", &[]).await.json();
        let shown = defects["features"].as_array().unwrap();
        let done = shown.iter().filter(|defect| defect["properties"]["status"] == "done").count();
        assert!(done > 0 && done < shown.len(), "{moment}: {done} of {} are mended", shown.len());
        let synthetic = server.get_as(Role::PolicePlanner, "/api/v1/municipalities/1427").await;
        assert_eq!(synthetic.json()["synthetic"], true, "{moment}: labelled");
    }
}
