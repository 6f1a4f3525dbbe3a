//! The way that a matter went: every place that its record names, in order.

use crate::map::unit_place;
use crate::record::RecordLine;
use crate::world::World;
use crate::{App, Caller, exif};
use futures::TryStreamExt;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, UnitCode};
use lianzhi_procedure::report::Event;
use lianzhi_procedure::{AnyEvent, ExhibitRef, Kind, Placing, Refusal};
use lianzhi_territory::{Point, outline};

/// Photos whose place is looked for, of one matter.
const PHOTOS_MAX: usize = 60;

/// What a stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopKind {
    /// Reported there.
    Reported,
    /// The place was set or corrected.
    Placed,
    /// Given to a unit; drawn in its nearest grid, nobody was there.
    Given,
    /// Somebody arrived.
    Arrived,
    /// A photo says that it was taken there.
    Photo,
}

impl StopKind {
    /// Code for pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            StopKind::Reported => "reported",
            StopKind::Placed => "placed",
            StopKind::Given => "given",
            StopKind::Arrived => "arrived",
            StopKind::Photo => "photo",
        }
    }
}

/// A stop of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// What it is.
    pub kind: StopKind,
    /// The entry that says so, from 0.
    pub seq: i32,
    /// When.
    pub at: Timestamp,
    /// Who, in words.
    pub who: String,
    /// What happened, in words.
    pub title: String,
    /// Particulars: the unit, the grid, the photo's kind.
    pub note: String,
    /// Where; none when the record names no place that can be drawn.
    pub point: Option<Point>,
    /// Metres to the place of the matter as it stands; none without both.
    pub metres: Option<f64>,
}

/// What an event adds to the way, before photos are looked into.
struct Leg {
    kind: StopKind,
    note: String,
    point: Option<Point>,
}

/// Walks along a record.
struct Walk<'w> {
    world: &'w World,
    /// Where the matter is, as known so far.
    here: Option<Point>,
    unit: Option<UnitCode>,
}

impl Walk<'_> {
    fn grid_name(&self, grid: &lianzhi_ids::GridCode) -> String {
        self.world.directory.grids.get(grid).map_or_else(|| grid.to_string(), |g| g.name.clone())
    }

    fn given(&mut self, unit: &UnitCode) -> Option<Leg> {
        // The same unit again is no way at all.
        if self.unit.as_ref() == Some(unit) {
            return None;
        }
        self.unit = Some(unit.clone());
        Some(Leg {
            kind: StopKind::Given,
            note: self.world.directory.unit_name(unit).to_owned(),
            point: unit_place(&self.world.grids, &self.world.directory, unit, self.here),
        })
    }

    fn leg(&mut self, event: &Event) -> Option<Leg> {
        match event {
            Event::Registered { point, placing, .. } => {
                self.here = *point;
                let note = placing.grid().map_or_else(|| unplaced(placing), |g| self.grid_name(g));
                Some(Leg { kind: StopKind::Reported, note, point: *point })
            }
            Event::Placed { point, grid, .. } => {
                let middle = || self.world.grids.get(grid).and_then(|g| outline::middle(&g.area));
                let there = point.or_else(middle);
                self.here = point.or(self.here).or(there);
                Some(Leg { kind: StopKind::Placed, note: self.grid_name(grid), point: there })
            }
            Event::Dispatched { unit, .. } | Event::SentOutside { unit, .. } => self.given(unit),
            Event::Pooled { unit: Some(unit), .. } => self.given(unit),
            Event::Arrived { point, .. } => {
                Some(Leg { kind: StopKind::Arrived, note: String::new(), point: *point })
            }
            _ => None,
        }
    }
}

fn unplaced(placing: &Placing) -> String {
    match placing {
        Placing::Outside => "不在辖区内".into(),
        _ => "尚未定位".into(),
    }
}

/// The photos that an event brought, with their kind in words.
fn photos(event: &Event) -> Vec<(&'static str, &ExhibitRef)> {
    match event {
        Event::Registered { exhibits, .. } => exhibits.iter().map(|e| ("上报照片", e)).collect(),
        Event::Arrived { exhibits, .. } => exhibits.iter().map(|e| ("到场照片", e)).collect(),
        Event::Handled { before, after, .. } => {
            let before = before.iter().map(|e| ("处置前照片", e));
            before.chain(after.iter().map(|e| ("处置后照片", e))).collect()
        }
        Event::Verified { exhibits, .. } => exhibits.iter().map(|e| ("核查照片", e)).collect(),
        Event::Added { exhibits, .. } => exhibits.iter().map(|e| ("补充照片", e)).collect(),
        _ => Vec::new(),
    }
}

impl App {
    /// The way of a matter. Photos are looked into for the place where they were taken.
    ///
    /// # Errors
    /// When there is no such matter that the caller may see.
    pub async fn route(&self, who: &Caller, id: DocketId) -> Result<Vec<Stop>, Refusal> {
        let record = self.record(who, id).await?;
        let world = self.world();
        let mut walk = Walk { world: &world, here: None, unit: None };
        let (mut stops, mut looked) = (Vec::new(), 0);
        for line in &record {
            let Ok(AnyEvent::Report(event)) = Kind::Report.event(&line.event.to_string()) else { continue };
            if let Some(leg) = walk.leg(&event) {
                stops.push(stop(line, leg));
            }
            for (what, photo) in photos(&event) {
                if looked >= PHOTOS_MAX || photo.media != "image/jpeg" {
                    continue;
                }
                looked += 1;
                if let Some(point) = self.taken_at(photo.digest, photo.size).await {
                    let leg = Leg { kind: StopKind::Photo, note: what.to_owned(), point: Some(point) };
                    stops.push(stop(line, leg));
                }
            }
        }
        for stop in &mut stops {
            stop.metres = walk.here.zip(stop.point).map(|(here, there)| here.metres_to(there));
        }
        Ok(stops)
    }

    async fn taken_at(&self, digest: Digest, size: u64) -> Option<Point> {
        let blobs = &self.inner.store.blobs;
        let mut bytes = blobs.read(digest, 0, size.min(exif::FRONT_BYTES)).await.ok()?;
        let mut front = Vec::new();
        while let Some(some) = bytes.try_next().await.ok()? {
            front.extend_from_slice(&some);
        }
        exif::place(&front)
    }
}

fn stop(line: &RecordLine, leg: Leg) -> Stop {
    Stop {
        kind: leg.kind,
        seq: line.seq,
        at: line.happened.unwrap_or(line.at),
        who: line.actor.clone(),
        title: line.title.clone(),
        note: leg.note,
        point: leg.point,
        metres: None,
    }
}
