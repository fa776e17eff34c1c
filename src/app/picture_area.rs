//! An area, such as a local police area, as one picture: each municipality's
//! reports and presence beside the others', for who has a role in all of them.

use super::layers::{LayerAnswer, LayerRequest, parse_query};
use super::{App, Error, Result, Staff, failure};
use crate::encode::Value;
use crate::store::Area;
use fyren_core::domain::{Layer, MunicipalityCode, may_see};
use jiff::ToSpan;
use jiff::civil::Date;

/// Days that a picture of an area speaks of.
const DAYS: i64 = 365;

/// An area as one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaPicture {
    /// Its name.
    pub name: String,
    /// Its municipalities, by name.
    pub members: Vec<AreaMember>,
}

/// A municipality within the picture of an area. Each number is the sum of the
/// layer `coverage` over its districts and what lies in none.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaMember {
    /// Its code.
    pub code: MunicipalityCode,
    /// Its name.
    pub name: String,
    /// First local day of the reports and the presence.
    pub from: Date,
    /// Reports that count for need.
    pub reports: i64,
    /// Visits, of both contexts.
    pub visits: i64,
    /// Minutes of them.
    pub presence_minutes: i64,
    /// Days since the last visit to any district; `None` where there was none.
    pub days_since_visit: Option<i64>,
    /// Districts without any visit in these days.
    pub unvisited: usize,
    /// Districts.
    pub districts: usize,
    /// Residents, where they are known of every district.
    pub residents: Option<i64>,
}

impl App {
    /// The areas in all of whose municipalities `staff` has a role that sees
    /// presence beside need, by name.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the store cannot be read.
    pub async fn areas_of(&self, staff: &Staff) -> Result<Vec<Area>> {
        let mut areas = self.store(staff.context()).areas().await.map_err(failure)?;
        let seen = |code: &MunicipalityCode| {
            staff.roles_in(code).iter().any(|role| may_see(*role, Layer::Coverage))
        };
        areas
            .retain(|area| !area.municipalities.is_empty() && area.municipalities.iter().all(seen));
        Ok(areas)
    }

    /// One of those areas as a picture; every municipality of it is noted as
    /// read.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an area that is not there or not for `staff`,
    /// which must not differ.
    pub async fn picture_area(&self, staff: &Staff, name: &str) -> Result<AreaPicture> {
        let areas = self.areas_of(staff).await?;
        let area = areas.into_iter().find(|area| area.name == name).ok_or(Error::NotFound)?;
        let mut members = Vec::with_capacity(area.municipalities.len());
        for code in &area.municipalities {
            members.push(self.picture_member(staff, code).await?);
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(AreaPicture { name: area.name, members })
    }

    async fn picture_member(&self, staff: &Staff, code: &MunicipalityCode) -> Result<AreaMember> {
        let ground = self.ground(code.as_str()).await?;
        let today = self.today(&ground.zone);
        let from = today.saturating_sub(DAYS.days());
        let asked = [("from".to_owned(), from.to_string())];
        let query =
            parse_query(Layer::Coverage, &asked, &ground.zone).map_err(Error::BadParameter)?;
        self.note_read(staff, code, Layer::Coverage).await?;
        let name = ground.municipality.name.clone();
        let request = LayerRequest {
            ground,
            layer: Layer::Coverage,
            roles: Some(staff.roles_in(code).to_vec()),
            query,
            today,
        };
        let answer = self.layers.prepare(request).await?.answer().await?;
        Ok(AreaMember { code: code.clone(), name, from, ..summed(&answer, code) })
    }
}

/// The sums of the rows of a coverage.
fn summed(answer: &LayerAnswer, code: &MunicipalityCode) -> AreaMember {
    let rows: Vec<_> = answer.features().map(|row| row.fields).collect();
    let all = |name: &str| rows.iter().map(|row| whole(row, name)).collect::<Vec<_>>();
    let sum = |name: &str| all(name).into_iter().flatten().sum::<i64>();
    let nowhere = answer.members().iter().find(|(name, _)| *name == "withoutDistrict");
    let nowhere = |name: &str| match nowhere {
        Some((_, Value::Object(fields))) => whole(fields, name).unwrap_or(0),
        _ => 0,
    };
    AreaMember {
        code: code.clone(),
        name: String::new(),
        from: Date::default(),
        reports: sum("reports") + nowhere("reports"),
        visits: sum("visits") + nowhere("visits"),
        presence_minutes: sum("presenceMinutes") + nowhere("presenceMinutes"),
        days_since_visit: all("daysSinceVisit").into_iter().flatten().min(),
        unvisited: all("visits").iter().filter(|visits| **visits == Some(0)).count(),
        districts: rows.len(),
        residents: all("residents").into_iter().sum(),
    }
}

fn whole(fields: &[(&str, Value<'_>)], name: &str) -> Option<i64> {
    match fields.iter().find(|(field, _)| *field == name) {
        Some((_, Value::Int(number))) => Some(*number),
        _ => None,
    }
}
