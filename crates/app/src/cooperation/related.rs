//! What a matter has to do with others, both ways: the letters that went out over it, the matter that a letter came from or
//! became.

use super::overview::partners_of;
use crate::penalty::case_of;
use crate::ports::{Filter, MatterRow, Order};
use crate::project::{Live, tagged};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_exchange::compact::Form;
use lianzhi_ids::DocketId;
use lianzhi_procedure::cooperation::file_of;
use lianzhi_procedure::report::State;
use lianzhi_procedure::{AnyState, Kind, Refusal, Tag};

/// Letters over one matter that its page shows at most.
const RELATED_MAX: i64 = 50;

/// A matter that another one has to do with.
#[derive(Debug, Clone)]
pub struct Related {
    /// Its row.
    pub row: MatterRow,
    /// What it is to the one that is looked at, in words.
    pub relation: &'static str,
}

/// What a matter of cooperation is to a local one that it is tied to.
fn to_local(row: &MatterRow) -> &'static str {
    let incoming = partners_of(row).is_some_and(|(side, _)| side == super::Side::Incoming);
    match (Form::from_code(&row.kind), incoming) {
        (Some(Form::Lead), true) => "来自",
        (Some(Form::Dispute), _) => "管辖争议",
        (_, true) => "对方来件",
        (_, false) => "由本件发出",
    }
}

impl App {
    /// Matters of cooperation that have to do with this one, and of one of cooperation also the local one; what the caller
    /// may not see is left out.
    pub(crate) async fn related(
        &self,
        who: &Caller,
        id: DocketId,
        live: &Live,
    ) -> Result<Vec<Related>, Refusal> {
        let journal = &self.inner.store.journal;
        let mut all: Vec<Related> = Vec::new();
        let mut add = |row: MatterRow, relation| {
            if row.id != id && all.iter().all(|known| known.row.id != row.id) {
                all.push(Related { row, relation });
            }
        };
        let rows = async |ids: Vec<DocketId>| match ids.is_empty() {
            true => Ok(Vec::new()),
            false => journal.matters(&ids).await.map_err(|e| unavailable(&e)),
        };
        match (&live.state, file_of(&live.state), case_of(&live.state)) {
            (_, Some(file), _) => {
                for row in rows(file.link.into_iter().collect()).await? {
                    let form = Form::from_code(&row.kind);
                    let relation = match (form, file.mine(), file.form) {
                        // What was linked to a piece of evidence asks for its verification.
                        (Some(Form::Assistance), _, form) if form != Form::Assistance => "现场核实",
                        (Some(_), ..) => "起因",
                        (None, true, _) => "起因",
                        (None, false, Form::Lead) => "本机关办件",
                        (None, false, _) => "本机关案件",
                    };
                    add(row, relation);
                }
                for row in self.letters_over(id).await? {
                    add(row, "由本件引起");
                }
            }
            (AnyState::Report(State::File(file)), ..) => {
                for row in rows(file.intake.cooperation.iter().map(|c| c.docket).collect()).await? {
                    let relation = to_local(&row);
                    add(row, relation);
                }
                for row in self.letters_over(id).await? {
                    let relation = to_local(&row);
                    add(row, relation);
                }
            }
            (_, _, Some(case)) => {
                for row in self.letters_over(id).await? {
                    let relation = to_local(&row);
                    add(row, relation);
                }
                // What the case was opened from brings its own.
                for origin in rows(case.origin.into_iter().collect()).await? {
                    if Form::from_code(&origin.kind).is_some() {
                        add(origin.clone(), "来自");
                    }
                    for row in self.letters_over(origin.id).await? {
                        let relation = if to_local(&row) == "来自" { "来自" } else { "由线索发出" };
                        add(row, relation);
                    }
                }
            }
            _ => {}
        }
        all.retain(|related| {
            self.may(who, crate::read::reading_of(&related.row), Some(&related.row)).is_ok()
        });
        Ok(all)
    }

    /// Matters of cooperation that are tied to a matter of this node, oldest first.
    async fn letters_over(&self, id: DocketId) -> Result<Vec<MatterRow>, Refusal> {
        let secret = vec![tagged(self.inner.shared.keys(), &Tag::Origin(id))];
        let filter = Filter { secret, kind: None, ..filter_of_kind(Kind::Lead.code()) };
        let page = self.inner.store.queries.list(&filter, Order::Newest, None, RELATED_MAX).await;
        let rows = page.map_err(|e| unavailable(&e))?.rows;
        let mut rows: Vec<_> = rows.into_iter().filter(|row| Form::from_code(&row.kind).is_some()).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(rows);
        }
        // Two tags may share their eight bytes: what was found is looked at again.
        let lives = self.inner.shared.lives(&self.inner.store, &ids).await.map_err(|e| unavailable(&e))?;
        rows.retain(|row| {
            lives.get(&row.id).and_then(|live| file_of(&live.state)).is_some_and(|f| f.link == Some(id))
        });
        rows.reverse();
        Ok(rows)
    }
}
