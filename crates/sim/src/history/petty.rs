//! Decisions on the spot and slips of a city: a handful, so that every stage can be seen on the phone of somebody.

use super::What;
use super::act::Doing;
use super::photos::Photos;
use super::staff::{at_desk, minutes};
use crate::ledger::Became;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, DocketId, Role};
use lianzhi_procedure::{AnyCommand, Kind, LookUps, Refusal, slip, spot};
use serde_json::{Value, json};

/// Minutes between two steps on the street.
const STEP_MINS: i64 = 9;
/// Vehicles on the pavement: 20 to 200 yuan everywhere (道路交通安全法 93(2)).
const ITEM: &str = "CL-01";

const PARKED: &str = "机动车停放在人行道上，妨碍行人通行，经责令拒不驶离。";

/// Washing vehicles on the road: on the list of first minor violations where there is one.
const LISTED: &str = "ZD-05";

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// A whole form with a fine, fen.
    Sheet(i64),
    /// A form that is only begun.
    Form,
    Hand,
    Refuse,
    Collect,
    HandIn,
    Deposit,
    Lodge,
    Publish,
    KeepBack,
    /// Not punished, with a promise.
    Promise,
    /// A form for what stands on the list of first minor violations, the list confirmed, not punished by it.
    Washing,
    ListConfirmed,
    Listed,
    Tip,
    Look(bool),
    Warn,
    /// A tip with a signed promise.
    TipPromised,
    /// The promise of a sheet was not kept.
    Broken,
    /// Not paid in time: demanded.
    Demand,
    DemandServed,
    /// Put right on the spot: not punished.
    Spared,
    /// Disputed: it goes on as a case.
    GoOver,
    /// A form that was spoilt.
    Void,
    /// The decision was wrong; or the slip.
    Withdraw,
    /// A tip for information only.
    Told,
    /// What was said was not heeded: it goes on as a case.
    SlipOver,
}

impl Deed {
    /// Days that pass before it, besides the usual minutes.
    const fn days_before(self) -> i64 {
        match self {
            Demand => 17,
            DemandServed => 1,
            _ => 0,
        }
    }
}

/// Who, how many days before history ends, and what was done. People are invented.
struct Petty {
    name: &'static str,
    number: &'static str,
    days: i64,
    deeds: &'static [Deed],
}

impl Petty {
    /// Whether slips are given, and no decision is made.
    const fn slips(&self) -> bool {
        matches!(self.deeds, [Tip | TipPromised | Told, ..])
    }
}

use Deed::{
    Broken, Collect, Demand, DemandServed, Deposit, Form, GoOver, Hand, HandIn, KeepBack, ListConfirmed,
    Listed, Lodge, Look, Promise, Publish, Refuse, Sheet, SlipOver, Spared, Tip, TipPromised, Told, Void,
    Warn, Washing, Withdraw,
};

const PETTY: [Petty; 20] = [
    Petty {
        name: "示例车主甲",
        number: "310000198501010001",
        days: 6,
        deeds: &[Sheet(10_000), Collect, Hand, HandIn, Deposit, Lodge, Publish],
    },
    Petty {
        name: "示例车主乙",
        number: "310000198501010002",
        days: 5,
        deeds: &[Sheet(10_000), Refuse, Lodge, KeepBack],
    },
    Petty { name: "示例车主丙", number: "310000198501010003", days: 2, deeds: &[Sheet(12_000), Hand] },
    Petty { name: "示例车主丁", number: "310000198501010004", days: 1, deeds: &[Sheet(10_000)] },
    Petty { name: "示例车主戊", number: "310000198501010005", days: 3, deeds: &[Form, Promise, Hand] },
    Petty { name: "示例车主己", number: "310000198501010006", days: 2, deeds: &[Tip] },
    Petty { name: "示例车主庚", number: "310000198501010007", days: 4, deeds: &[Tip, Look(true)] },
    Petty {
        name: "示例车主辛", number: "310000198501010008", days: 4, deeds: &[Tip, Look(false), Warn]
    },
    Petty { name: "示例车主壬", number: "310000198501010009", days: 2, deeds: &[TipPromised] },
    Petty {
        name: "示例车主癸",
        number: "310000198501010010",
        days: 3,
        deeds: &[Form, Promise, Hand, Broken],
    },
    Petty {
        name: "示例车主子",
        number: "310000198501010011",
        days: 20,
        deeds: &[Sheet(10_000), Hand, Lodge, Demand, DemandServed],
    },
    Petty {
        name: "示例洗车店主丑",
        number: "310000198501010012",
        days: 4,
        deeds: &[Washing, ListConfirmed, Listed, Hand],
    },
    Petty { name: "示例车主寅", number: "310000198501010013", days: 5, deeds: &[Form, Spared] },
    Petty { name: "示例车主卯", number: "310000198501010014", days: 5, deeds: &[Form, GoOver] },
    Petty { name: "示例车主辰", number: "310000198501010015", days: 6, deeds: &[Form, Void] },
    Petty {
        name: "示例车主巳",
        number: "310000198501010016",
        days: 7,
        deeds: &[Sheet(10_000), Hand, Withdraw],
    },
    Petty { name: "示例车主午", number: "310000198501010017", days: 3, deeds: &[Told] },
    Petty { name: "示例车主未", number: "310000198501010018", days: 5, deeds: &[Tip, Look(false)] },
    Petty {
        name: "示例车主申", number: "310000198501010019", days: 6, deeds: &[Tip, Look(false), SlipOver]
    },
    Petty { name: "示例车主酉", number: "310000198501010020", days: 4, deeds: &[Tip, Withdraw] },
];

/// One of them on its way.
pub(super) struct Walk {
    petty: &'static Petty,
    next: usize,
    docket: Option<DocketId>,
    unit: String,
    lead: Caller,
    second: String,
    spot: usize,
}

impl Doing {
    /// Plans them so that all their steps were taken when history ends.
    pub(super) fn plan_petty(&mut self) {
        let listed = self.has_a_list();
        let done = PETTY.iter().filter(|petty| listed || !petty.deeds.contains(&Washing));
        for (n, petty) in done.enumerate() {
            let towns = self.city.place.towns;
            let Some(town) = towns.get(n % towns.len().max(1)) else { return };
            let Some(lead) = self.staff.of(Role::Officer, town.code, &mut self.case_rng) else { continue };
            let second = (0..20).find_map(|_| {
                let other = self.staff.of(Role::Officer, town.code, &mut self.case_rng)?;
                let code = other.actor.person()?.to_string();
                (lead.actor.person().map(ToString::to_string).as_ref() != Some(&code)).then_some(code)
            });
            let Some(second) = second else { continue };
            let spots = self.city.spots.iter().enumerate();
            let spot =
                spots.filter(|(_, s)| towns[s.town].code == town.code).map(|(i, _)| i).nth(n).unwrap_or(0);
            let longest =
                SignedDuration::from_mins(STEP_MINS * i64::try_from(petty.deeds.len()).unwrap_or(1) + 60);
            let day = self.until - SignedDuration::from_hours(24 * petty.days);
            let begin = at_desk(day, &mut self.case_rng).min(self.until - longest);
            let walk = self.petty.len();
            let unit = town.code.to_owned();
            self.petty.push(Walk { petty, next: 0, docket: None, unit, lead, second, spot });
            let mut days = 0;
            for (step, deed) in petty.deeds.iter().enumerate() {
                days += deed.days_before();
                let at = begin
                    + SignedDuration::from_hours(24 * days)
                    + SignedDuration::from_mins(STEP_MINS * i64::try_from(step).unwrap_or(0));
                let at = minutes(at, 0..3, &mut self.case_rng);
                self.at(at, What::Petty { walk });
            }
        }
    }

    /// Whether a list of first minor violations holds in this place for what is washed in the street.
    fn has_a_list(&self) -> bool {
        let directory = &self.ledger.world.directory;
        let day = lianzhi_procedure::beijing_date(self.until);
        let place = directory.law.place(directory.node.as_str());
        place.is_ok_and(|place| directory.law.free(LISTED, &place, day).is_some())
    }

    /// The next step of one of them.
    pub(super) fn petty_step(&mut self, now: Timestamp, n: usize) {
        let Some(deed) = self.petty[n].petty.deeds.get(self.petty[n].next).copied() else { return };
        match self.deed(now, n, deed) {
            Ok(became) => {
                self.petty[n].next += 1;
                self.petty[n].docket = Some(became.id);
                self.counts.commands += 1;
            }
            Err(refusal) => self.refused(&refusal),
        }
    }

    fn deed(&mut self, now: Timestamp, n: usize, deed: Deed) -> Result<Became, Refusal> {
        let exhibits = match deed {
            HandIn | Collect | Lodge | Publish | KeepBack | Refuse | Demand | ListConfirmed | GoOver
            | Void | Withdraw | SlipOver => Vec::new(),
            _ => Photos::some(&self.photos.before, 1, &mut self.case_rng),
        };
        let walk = &self.petty[n];
        let kind = if walk.petty.slips() { Kind::Slip } else { Kind::Spot };
        let mut command = kind.command(self.petty_command(now, walk, deed, &exhibits))?;
        let point = Some(self.city.spots[walk.spot].point);
        match &mut command {
            AnyCommand::Spot(spot::Command::Open(new)) => new.point = point,
            AnyCommand::Slip(slip::Command::Give { point: at, .. }) => *at = point,
            _ => {}
        }
        let look_ups = LookUps {
            exhibits: self.photos.in_custody(&exhibits),
            subject: Some(self.giver.keyed("subject", walk.petty.number)),
            ..LookUps::default()
        };
        let other = match deed {
            ListConfirmed => self.staff.any(Role::LegalReviewer, &mut self.case_rng),
            // Whoever took the cash does not receive it himself.
            HandIn => self.staff.person(&self.petty[n].second),
            Withdraw if !self.petty[n].petty.slips() => self.staff.any(Role::Leader, &mut self.case_rng),
            _ => None,
        };
        let walk = &self.petty[n];
        let (docket, actor) = (walk.docket, other.map_or_else(|| walk.lead.actor.clone(), |who| who.actor));
        let became = self.ledger.give(docket, &actor, command, look_ups, now.as_microsecond())?;
        if matches!(deed, GoOver | SlipOver) {
            let walk = &self.petty[n];
            let case = self.over(now, walk, deed, became.id);
            let subject = Some(self.giver.keyed("subject", walk.petty.number));
            let look_ups = LookUps { subject, ..LookUps::default() };
            self.ledger.give(None, &actor, Kind::Penalty.command(case)?, look_ups, now.as_microsecond())?;
        }
        Ok(became)
    }

    /// Who it is about, as it is typed.
    fn particulars(&self, walk: &Walk) -> String {
        json!({
            "name": walk.petty.name, "id_number": walk.petty.number, "address": self.city.spots[walk.spot].address,
            "representative": "", "phone": "",
        })
        .to_string()
    }

    /// The case in which it goes on.
    fn over(&self, now: Timestamp, walk: &Walk, deed: Deed, from: DocketId) -> Value {
        json!({
            "command": "register", "source": if deed == GoOver { "spot" } else { "slip" }, "origin": from,
            "unit": walk.unit, "title": "涉嫌机动车违停案", "place": self.city.spots[walk.spot].address, "kind": "person",
            "particulars": self.particulars(walk), "item": ITEM, "from": lianzhi_procedure::beijing_date(now),
            "facts": PARKED,
        })
    }

    fn petty_command(&self, now: Timestamp, walk: &Walk, deed: Deed, exhibits: &[Digest]) -> Value {
        let today = lianzhi_procedure::beijing_date(now);
        let later = |days: i64| today.saturating_add(jiff::Span::new().days(days));
        let address = &self.city.spots[walk.spot].address;
        let particulars = self.particulars(walk);
        let mut form = json!({
            "command": "open", "unit": walk.unit, "place": address, "kind": "person", "particulars": particulars,
            "item": ITEM, "from": today, "facts": PARKED,
            "second": walk.second, "shown": true, "exhibits": exhibits,
        });
        match deed {
            Form => form,
            Sheet(fine) => {
                for (name, value) in [
                    ("told", json!(true)),
                    ("heard", json!(true)),
                    ("fine", json!(fine)),
                    ("tier", json!("一般")),
                ] {
                    form[name] = value;
                }
                form
            }
            Washing => {
                form["item"] = json!(LISTED);
                form["facts"] = json!("在人行道上摆放水枪清洗车辆，污水流到路面，没有造成其他后果。");
                form
            }
            ListConfirmed => {
                json!({ "command": "confirm_list", "note": "《城市管理轻微违法违规行为免罚清单》第四项，已与公布的文本核对。" })
            }
            Listed => json!({
                "command": "spare", "ground": "minor", "listed": true, "note": "首次被发现，当场停止并清理了路面，没有造成后果。",
                "education": "讲解占用道路洗车的规定。", "promise": later(7), "exhibits": exhibits,
            }),
            Hand => json!({ "command": "hand", "exhibits": exhibits }),
            Refuse => {
                json!({ "command": "hand", "refused": true, "note": "当事人拒绝签收，居委会工作人员在场。" })
            }
            Collect => json!({ "command": "collect", "ground": "small", "ticket": "示例票据 0100" }),
            HandIn => json!({ "command": "hand_in", "receipt": "示例收据 0100" }),
            Deposit => json!({
                "command": "deposit", "ticket": "示例票据 0100", "on": today, "reference": "示例银行凭证 0100", "exhibits": exhibits,
            }),
            Lodge => json!({ "command": "lodge" }),
            Publish => json!({ "command": "publish" }),
            KeepBack => json!({ "command": "keep_back", "note": "情节轻微，不具有社会影响。" }),
            Promise => json!({
                "command": "spare", "ground": "minor", "note": "停放时间短，没有造成后果，承诺不再停放。",
                "education": "讲解人行道停放的规定和安全隐患。", "promise": later(7), "exhibits": exhibits,
            }),
            Tip | TipPromised | Told => json!({
                "command": "give", "level": "tip", "promised": deed == TipPromised, "unit": walk.unit, "place": address, "kind": "person",
                "particulars": particulars, "item": ITEM, "note": "请将车辆停入泊位，不要占用人行道。",
                "until": (deed != Told).then(|| later(7)), "exhibits": exhibits,
            }),
            Spared => json!({
                "command": "spare", "ground": "minor", "note": "停放不足五分钟，当场驶离，没有造成后果。", "corrected": true,
                "education": "讲解人行道停放的规定。", "exhibits": exhibits,
            }),
            GoOver => json!({ "command": "go_over", "note": "当事人对违法事实有异议，需要调查。" }),
            SlipOver => json!({ "command": "go_over", "note": "经提示、复查没有改正。" }),
            Void => json!({ "command": "void", "note": "当事人信息填写错误，另用一份。" }),
            Withdraw => {
                json!({ "command": "withdraw", "note": "经核实车辆属于执行任务的救护车，认定有误。" })
            }
            Broken => json!({
                "command": "reinspect", "done": false, "note": "车辆又停在原处，没有兑现承诺。", "exhibits": exhibits,
            }),
            Demand => {
                json!({ "command": "demand", "note": "请缴纳罚款和加处罚款，逾期不缴的申请人民法院强制执行。" })
            }
            DemandServed => json!({
                "command": "serve_demand", "way": "post", "on": today, "note": "EMS 示例 0001，本人签收。", "exhibits": exhibits,
            }),
            Look(done) => json!({
                "command": "reinspect", "done": done, "exhibits": exhibits,
                "note": if done { "车辆已停入泊位。" } else { "仍然占用人行道停放。" },
            }),
            Warn => json!({
                "command": "give_again", "level": "warning", "note": "请立即改正，再次停放的依法处罚。", "until": later(3),
                "exhibits": exhibits,
            }),
        }
    }
}
