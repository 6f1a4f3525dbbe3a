//! What goes to several members at once, a bulletin or a dispute, as a line for each of them: with its own term, and how far it
//! got.

use super::overview::{CooperationRow, Side, partners_of, shown};
use super::view::bare;
use crate::App;
use crate::ports::MatterRow;
use crate::shared::unavailable;
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::cooperation::{Answer, File, Term, file_of};
use lianzhi_procedure::directory::Directory;

/// How far a receiver got, in words.
const fn reached(awaited: Option<&str>, acknowledged: bool) -> &'static str {
    match (awaited, acknowledged) {
        (None, _) => "已反馈措施",
        (Some(_), true) => "待反馈措施",
        (Some(_), false) => "待签收",
    }
}

/// For what a letter that never left waits.
fn draft(file: &File) -> Option<&'static str> {
    let draft = file.draft.as_ref().filter(|_| !file.sent())?;
    Some(match (&draft.reviewed, draft.sent_back) {
        (Some(_), _) => "草稿，待签发",
        (None, Some(_)) => "草稿，退回修改",
        (None, None) => "草稿，待审核",
    })
}

/// A line for each receiver.
fn lines(
    row: &CooperationRow,
    file: &File,
    directory: &Directory,
    now: Timestamp,
) -> Vec<(NodeCode, CooperationRow)> {
    let to = |node: &NodeCode| CooperationRow {
        partner: node.to_string(),
        province: node.province().map_or("", |p| p.short()),
        partner_name: bare(directory, node),
        draft: draft(file),
        ..row.clone()
    };
    if file.form != Form::Bulletin || !file.sent() {
        return file.receivers().into_iter().map(|node| (node.clone(), to(node))).collect();
    }
    let until = if file.open() { now } else { file.changed };
    let answer = |answer: Answer<'_>| {
        let awaited = answer.awaited();
        let open = file.open() && awaited.is_some();
        let line = CooperationRow {
            awaits: row.awaits.filter(|_| open),
            open,
            overdue: answer.overdue(until),
            due_at: open.then(|| answer.due.as_microsecond()),
            due_name: if open { Term::Answer.title().to_owned() } else { String::new() },
            stage_title: match file.open() {
                true => reached(awaited, answer.acknowledged.is_some()),
                false => row.stage_title,
            },
            ..to(answer.node)
        };
        (answer.node.clone(), line)
    };
    file.answers().into_iter().map(answer).collect()
}

impl App {
    /// What this node sent, of these rows, as a line for each receiver.
    pub(super) async fn each_receiver(
        &self,
        rows: Vec<MatterRow>,
        form: Form,
    ) -> Result<Vec<(NodeCode, CooperationRow)>, Refusal> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let lives = self.inner.shared.lives(&self.inner.store, &ids).await.map_err(|e| unavailable(&e))?;
        let (directory, now) = (self.directory(), self.now());
        let mut all = Vec::new();
        for row in rows {
            let file = lives.get(&row.id).and_then(|live| file_of(&live.state));
            let way = partners_of(&row).filter(|(side, _)| *side == Side::Outgoing);
            if let (Some(file), Some((side, to))) = (file, way) {
                all.extend(lines(&shown(row, form, side, &to, &directory), file, &directory, now));
            }
        }
        Ok(all)
    }
}
