//! What other members told of their published decisions.

use crate::engine::{Cells, Value, values};
use crate::rows::Stored;
use crate::table::{Clash, Kind, Table};
use lianzhi_app::ports::{StoreError, ToldRow};

pub(crate) static TOLD: Table = Table {
    name: "told",
    columns: &[
        ("node", Kind::Text),
        ("item", Kind::Text),
        ("at", Kind::Int),
        ("asked_at", Kind::Int),
        ("error", Kind::Text),
        ("told", Kind::Text),
    ],
    key: &["item", "node"],
    clash: Clash::Replace,
};

impl Stored for ToldRow {
    fn write(&self, out: &mut Vec<Value>) {
        out.extend(values![self.node.as_str(), &self.item, self.at, self.asked_at, &self.error, &self.told]);
    }
    fn read(c: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(ToldRow {
            node: crate::exchange::name(c)?,
            item: c.text()?,
            at: c.int_opt()?,
            asked_at: c.int()?,
            error: c.text()?,
            told: c.text()?,
        })
    }
}
