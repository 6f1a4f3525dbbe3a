//! What was reported near by, for somebody who is about to report: enough to see that it is the same, and nothing of
//! what others wrote. Found by the same engine that proposes repeats at intake.

use crate::intake::{PlaceInput, category_of};
use crate::ports::MatterRow;
use crate::project::Narrative;
use crate::repeats::Seen;
use crate::shared::unavailable;
use crate::submit::point_of;
use crate::{App, ReportInput};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, DocketId, UnitCode};
use lianzhi_procedure::Refusal;
use lianzhi_territory::Point;
use lianzhi_triage::Features;

/// How near a matter must be to be shown to the public, metres.
pub const NEAR_PUBLIC_M: f64 = 250.0;
/// Distances are told in these steps, metres: who asks again and again shall not learn whose door it is.
const STEPS_M: [u32; 4] = [50, 100, 150, 250];
/// Shown at most.
const SHOWN_MAX: usize = 3;

/// A matter near by, as anybody may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMatter {
    /// Which, for saying that it is the same.
    pub id: DocketId,
    /// Name of its category.
    pub category: String,
    /// Where it stands, in plain words.
    pub stage: &'static str,
    /// Since when it is known.
    pub since: Timestamp,
    /// Not farther than this, metres.
    pub within_m: u32,
    /// Who handles it.
    pub unit: Option<String>,
}

/// Where a matter stands, in words for the public.
#[must_use]
pub fn public_stage(code: &str, arrived: bool) -> &'static str {
    match (code, arrived) {
        ("pooled", _) => "正在派人",
        ("assigned", _) => "已派给队员",
        ("outside", _) => "有关部门正在办",
        ("working", true) => "正在现场处理",
        ("working", false) => "队员正在处理",
        ("suspended", _) => "暂缓，到时接着办",
        ("to_verify", _) => "已处理，正在核查",
        ("to_answer" | "to_close", _) => "已处理",
        ("joined", _) => "和另一件一起办",
        ("return_asked", _) => "正在核对由谁办",
        ("dismissed", _) => "不予受理",
        ("withdrawn", _) => "已撤回",
        ("returned", _) => "已退回热线",
        _ => "已办结",
    }
}

/// The step that a distance is told in.
fn told(metres: f64) -> u32 {
    STEPS_M.into_iter().find(|step| metres <= f64::from(*step)).unwrap_or(STEPS_M[STEPS_M.len() - 1])
}

fn point_of_row(row: &MatterRow) -> Option<Point> {
    row.lng.zip(row.lat).map(|(lng_e6, lat_e6)| Point { lng_e6, lat_e6 })
}

impl App {
    /// Open matters near by that may be the same as what somebody is about to report. None without a place.
    ///
    /// # Errors
    /// A place or category that is none.
    pub async fn near(&self, input: &ReportInput) -> Result<Vec<NearMatter>, Refusal> {
        let PlaceInput { lng, lat, crs, address } = &input.place;
        let narrative = Narrative {
            description: input.description.trim().to_owned(),
            address: address.as_deref().unwrap_or_default().trim().to_owned(),
        };
        let point = match point_of(*lng, *lat, crs.as_deref())? {
            Some(point) => Some(point),
            None if narrative.address.is_empty() => None,
            None => self.world().place_address(&narrative.address).0,
        };
        let Some(point) = point else { return Ok(Vec::new()) };
        let category = input.category.as_deref().map(str::trim).filter(|c| !c.is_empty());
        let category = category.map(category_of).transpose()?;
        // Who complains is left out: it would tell whose telephone complained before.
        let seen =
            Seen { at: self.now(), point: Some(point), category, narrative: &narrative, complainant: None };
        let rows = self.alike(point, &crate::repeats::features(&seen)).await?;
        let directory = self.directory();
        Ok(rows
            .into_iter()
            .take(SHOWN_MAX)
            .map(|(metres, row)| NearMatter {
                id: row.id,
                category: row
                    .category
                    .as_deref()
                    .and_then(|c| CategoryCode::parse(c).ok())
                    .map_or_else(|| "尚未分类".to_owned(), |c| directory.category_name(&c).to_owned()),
                stage: public_stage(&row.stage, false),
                since: Timestamp::from_microsecond(row.reported_at).unwrap_or_default(),
                within_m: told(metres),
                unit: row
                    .unit
                    .as_deref()
                    .and_then(|u| UnitCode::parse(u).ok())
                    .map(|u| directory.unit_name(&u).to_owned()),
            })
            .collect())
    }

    /// Open matters near by that are like this one, best first, with their distance in metres.
    async fn alike(&self, point: Point, features: &Features) -> Result<Vec<(f64, MatterRow)>, Refusal> {
        let found = self.inner.shared.recent().read().find(features);
        let ids: Vec<DocketId> = found.iter().map(|d| d.docket).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.inner.store.journal.matters(&ids).await.map_err(|e| unavailable(&e))?;
        let near = |id: &DocketId| {
            let row = rows.iter().find(|row| row.id == *id && row.open && row.joined_to.is_none())?;
            let metres = point_of_row(row)?.metres_to(point);
            (metres <= NEAR_PUBLIC_M).then(|| (metres, row.clone()))
        };
        Ok(ids.iter().filter_map(near).collect())
    }

    /// The matter that a reporter says is the same, when it is open, near by and alike: nobody joins his report to
    /// whatever he likes.
    pub(crate) async fn same(
        &self,
        id: DocketId,
        point: Point,
        features: &Features,
    ) -> Result<Option<MatterRow>, Refusal> {
        let alike = self.alike(point, features).await?;
        Ok(alike.into_iter().map(|(_, row)| row).find(|row| row.id == id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_procedure::report::STAGES;

    #[test]
    fn distances_are_told_in_steps() {
        assert_eq!((told(0.0), told(50.0), told(50.1), told(249.0), told(9000.0)), (50, 50, 100, 250, 250));
    }

    #[test]
    fn every_stage_has_plain_words_of_its_own() {
        for (code, _) in STAGES {
            assert!(public_stage(code, false) != "已办结" || *code == "closed", "{code}");
        }
    }
}
