//! The weekly look for places where reports have become more frequent.

use super::{Analysis, Method, Question, parse_question};
use crate::app::{App, Error, Result, failure};
use crate::store::NewJob;
use fyren_core::domain::Role;
use jiff::{SignedDuration, civil::Weekday};
use std::sync::Arc;

/// The hour of Monday from which on the week before is looked at.
const NIGHT_ENDS: i8 = 4;

/// How long one node may be at a municipality before another tries.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

impl App {
    /// Looks at every municipality that nobody has looked at this week, once
    /// for all nodes, and tells the log how many alarms there are. The answer is
    /// remembered, so that whoever asks for `alerts` that day has it at once.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn look_for_alerts(&self) -> Result<()> {
        let holder = self.new_id().to_string();
        for municipality in self.municipalities().await? {
            let ground = self.ground(municipality.code.as_str()).await?;
            let local = self.clock.now().to_zoned(ground.zone.clone());
            if local.weekday() != Weekday::Monday || local.hour() < NIGHT_ENDS {
                continue;
            }
            let week = local.date().iso_week_date();
            let name = format!("alerts:{}:{}-W{:02}", ground.code(), week.year(), week.week());
            let now = self.clock.now();
            let job = NewJob { name: name.clone(), payload: String::new(), due: now };
            self.municipal.enqueue_job(job).await.map_err(failure)?;
            let leased = self.municipal.lease_job(&name, &holder, now, now + LEASE).await;
            if !leased.map_err(failure)? {
                continue;
            }
            let query = parse_question(Method::Alerts, &[], &ground.zone);
            let question = Question {
                query: query.map_err(Error::BadParameter)?,
                today: self.today(&ground.zone),
                method: Method::Alerts,
                roles: Some(vec![Role::PolicePlanner]),
                ground: Arc::clone(&ground),
            };
            let asked = self.ask(question).await?;
            match self.analyse(asked).await? {
                Analysis::Ready(answer) => {
                    let count = answer.number_returned();
                    tracing::info!(job = "alerts", municipality = %ground.code(), count, "looked for alerts");
                }
                Analysis::Running(_) => {
                    tracing::info!(job = "alerts", municipality = %ground.code(), "still looking for alerts");
                }
            }
            self.municipal.finish_job(&name, &holder, self.clock.now()).await.map_err(failure)?;
        }
        Ok(())
    }
}
