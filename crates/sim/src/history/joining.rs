//! A lead about what a case already looks into: joined to that case (并案).

use super::act::Doing;
use super::cases::{Move, Theme};
use jiff::Timestamp;
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::facts::Target;
use lianzhi_procedure::penalty::{Bringing, Command, NewParty, NewViolation, Outcome};
use lianzhi_procedure::{Actor, AnyCommand, LookUps, Refusal, Text};
use serde_json::json;

/// Checked, and joined.
const WAY: [Move; 4] = [Move::Register, Move::Assign, Move::Verify, Move::Join];

/// The party of a case that is being looked into, reported once more.
pub(super) const THEMES: [Theme; 1] = [Theme {
    item: "JZLJ-07",
    kind: "company",
    title: "某运输有限公司又被举报沿途遗撒案",
    facts: "同一车队当日另一辆车没有密闭，沿途遗撒，与在办案件的当事人和路段相同。",
    name: "示例运输有限公司甲",
    number: "91310000EXAMPLE001",
    reported: false,
    way: &WAY,
    steps: WAY.len(),
    days: 0,
    scanned: false,
}];

impl Doing {
    /// The case of the same party that is still being looked into.
    fn same_party(&self, n: usize) -> Option<DocketId> {
        let number = self.cases[n].theme.number;
        let looks = |(other, plot): &(usize, &super::cases::Plot)| {
            let open = self.case(*other).is_ok_and(|case| {
                case.filed().is_some() && matches!(case.outcome, Outcome::Open) && case.open()
            });
            *other != n && plot.theme.number == number && open
        };
        self.cases.iter().enumerate().find(looks).and_then(|(_, plot)| plot.docket)
    }

    /// The squad leader joins it; what it knows goes along, sealed anew, as the application does it.
    pub(super) fn join_case(&mut self, now: Timestamp, n: usize) -> Result<DocketId, Refusal> {
        let nobody = || Refusal::missing("没有可以并入的案件。");
        let (from, to) = self.cases[n].docket.zip(self.same_party(n)).ok_or_else(nobody)?;
        let town = self.cases[n].town.clone();
        let leader = self.staff.of(Role::SquadLeader, &town, &mut self.case_rng).ok_or_else(nobody)?;
        let case = self.case(n)?;
        let text = |digest| {
            let docket = self.ledger.dockets.get(&from);
            Text::Plain(docket.and_then(|d| d.texts.get(&digest)).cloned().unwrap_or_default())
        };
        let what = Bringing {
            from,
            number: case.number.clone(),
            parties: case
                .present()
                .map(|p| {
                    let (kind, capacity) = (p.subject.kind, p.subject.capacity);
                    let particulars = text(p.subject.particulars.digest);
                    (NewParty { kind, capacity, particulars }, p.subject.key)
                })
                .collect(),
            violations: case
                .violations
                .iter()
                .map(|v| NewViolation {
                    item: v.item.clone(),
                    from: v.from,
                    to: Some(v.to),
                    continuing: v.continuing,
                    harm: v.harm,
                    facts: text(v.facts.digest),
                })
                .collect(),
            evidence: Vec::new(),
        };
        let at = now.as_microsecond();
        let join =
            json!({ "command": "join", "to": to.0, "note": "同一当事人的同一违法行为，并入在办案件。" });
        let target = Target { docket: to, open: true, joined: false, lead: None };
        let look_ups = LookUps { target: Some(target), ..LookUps::default() };
        let join = lianzhi_procedure::Kind::Penalty.command(join)?;
        self.ledger.give(Some(from), &leader.actor, join, look_ups, at)?;
        let bring = AnyCommand::Penalty(Command::Bring(Box::new(what)));
        self.ledger.give(Some(to), &Actor::System, bring, LookUps::default(), at)?;
        Ok(from)
    }
}
