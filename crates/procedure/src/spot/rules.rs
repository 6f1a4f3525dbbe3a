//! What the law demands of a decision on the spot, as lists of what stands in its way: the decision refuses the first of them, the
//! phone shows all.

use super::state::{Opening, Sanction, Sheet};
use crate::directory::Directory;
use crate::facts::{EarlierKind, Prior};
use crate::penalty::once::twice;
use crate::penalty::rules::no;
use crate::penalty::{Capacity, NoPenaltyGround, PartyKind, law_side};
use crate::{Earlier, Facts, Refusal};
use lianzhi_law::{Fen, FreeEntry, FreeList, ThresholdKind};

/// Codes of refusals that the ordinary procedure answers: pages then offer to go over to it.
const ORDINARY: &[&str] = &[
    "over-spot-limit",
    "hearing-owed",
    "disputed",
    "below-range",
    "off-benchmark",
    "review-owed",
    "unverified-basis",
    "spot-not-possible",
    "another-day",
    "harm",
];

/// Whether a refusal is answered by the ordinary procedure.
#[must_use]
pub fn wants_ordinary(refusal: &Refusal) -> bool {
    ORDINARY.contains(&refusal.code)
}

const OVER: &str = "请转为普通程序办理，已经录入的内容一并带入。";

/// Largest fine on the spot for a party, fen (行政处罚法 51).
#[must_use]
pub fn most(kind: PartyKind) -> i64 {
    law_side::kind_of(kind).summary_max().0
}

/// Who cannot be punished (30, 31).
pub(super) fn capacity(capacity: Capacity) -> Option<Refusal> {
    let source = match capacity {
        Capacity::Child => "行政处罚法第三十条",
        Capacity::Incapable => "行政处罚法第三十一条",
        Capacity::Full | Capacity::Minor => return None,
    };
    Some(no(
        "no-capacity",
        format!("当事人{}，不予行政处罚。", capacity.title()),
        "请责令监护人加以管教或者严加看管，按普通程序作出不予处罚决定。",
        source,
    ))
}

/// The same act was punished already or is being dealt with (29). Another act of the same day is said to be one: it was done
/// after the first was decided, or somewhere else.
pub(super) fn once_only(opening: &Opening, facts: &Facts<'_>) -> Option<Refusal> {
    const ANEW: &str = "前次处罚交付以后又违法，或者在另一处违法的，勾选“前次处罚后又实施的另一行为”。";
    let Opening { violation, anew, shown, point, .. } = opening;
    let bars = |prior: &&Prior| {
        prior.bars(&violation.item, violation.from, violation.to)
            && !(*anew && prior.leaves_room(*shown, *point))
    };
    let prior = facts.look_ups.prior.iter().find(bars)?;
    let refusal = twice(prior, "请在该件继续办理");
    if prior.open || prior.by.is_some() {
        return Some(refusal);
    }
    Some(Refusal { remedy: format!("{}{ANEW}", refusal.remedy), ..refusal })
}

/// It is decided where and when the officers are there (51, 52(1)): on another day it is none on the spot any more.
pub(super) fn same_day(sheet: &Sheet, facts: &Facts<'_>) -> Option<Refusal> {
    if let Some(fell) = sheet.fell {
        return Some(no(
            "another-day",
            format!(
                "不予处罚决定已于 {} 被撤销，重新处理的不再是当场，不能作出当场处罚决定。",
                crate::beijing_date(fell)
            ),
            OVER,
            "行政处罚法第五十一条、第五十二条第一款",
        ));
    }
    let (there, today) = (crate::beijing_date(sheet.there), crate::beijing_date(facts.now));
    (there != today).then(|| {
        no(
            "another-day",
            format!("执法人员在场的日期是 {there}，今天已经不是当场，不能作出当场处罚决定。"),
            OVER,
            "行政处罚法第五十一条、第五十二条第一款",
        )
    })
}

/// A rule that punishes only whoever does not follow an order to correct: the order with its day and the look that found it not
/// followed, or what was ordered at once, when, and the picture of it.
fn order_first(opening: &Opening) -> Option<Refusal> {
    let basis = &opening.basis;
    if !basis.order_first || opening.lapsed.is_some() {
        return None;
    }
    let cite = basis.cite();
    if basis.sets_a_day() {
        return Some(no(
            "order-first",
            format!("{cite}规定先责令限期改正，逾期不改正的才给予处罚；没有期满后复查未改正的记录。"),
            "请先发提示单、警示单写明改正的最后一天，期满复查没有改正的，从该单办理当场处罚。",
            &cite,
        ));
    }
    if !opening.disobeyed {
        return Some(no(
            "order-first",
            format!("{cite}规定先责令改正，拒不改正的才给予处罚。"),
            "请先当场责令改正；当事人拒不改正的，勾选“已责令改正，拒不改正”，并写明责令的内容。可以先发提示单、警示单并约定复查。",
            &cite,
        ));
    }
    if opening.ordered.is_none() {
        let refusal =
            Refusal::invalid("ordered", "没有写明责令改正的内容。", "请写明当场责令当事人做什么、怎样改正。");
        return Some(refusal.from_source(cite));
    }
    let pictured = |media: &str| media.starts_with("image/") || media.starts_with("video/");
    (!opening.exhibits.iter().any(|e| pictured(&e.media))).then(|| {
        Refusal::invalid("exhibits", "没有拒不改正的照片或者录像。", "请拍下责令改正后仍未改正的情况。")
            .from_source(cite)
    })
}

/// What stands in the way of this sanction by the sheet's rule, whatever was said before.
pub(super) fn sanction(opening: &Opening, what: Sanction, facts: &Facts<'_>) -> Vec<Refusal> {
    let (basis, kind) = (&opening.basis, opening.subject.kind);
    let mut against = Vec::new();
    let yuan = law_side::yuan;
    if !what.warning && what.fine == 0 {
        against.push(
            Refusal::invalid("fine", "没有选择警告或者填写罚款数额。", "当场处罚只能是警告或者罚款。")
                .from_source("行政处罚法第五十一条"),
        );
    }
    if what.fine < 0 {
        against.push(
            Refusal::invalid("fine", "罚款数额须大于零。", "请填写罚款数额。")
                .from_source("行政处罚法第五十一条"),
        );
    }
    let most = most(kind);
    if what.fine > most {
        let whom = if kind.is_unit() { "法人或者其他组织" } else { "公民" };
        against.push(no(
            "over-spot-limit",
            format!("当场对{whom}罚款不得超过 {}。", yuan(most)),
            OVER,
            "行政处罚法第五十一条",
        ));
    }
    let (day, place) = (crate::beijing_date(facts.now), law_side::place(facts));
    let reached = |kind_of_threshold| {
        let threshold = facts.directory.law.threshold(kind_of_threshold, &place, day);
        threshold.is_some_and(|t| t.reached(law_side::kind_of(kind), Fen(what.fine)))
    };
    if reached(ThresholdKind::Hearing) {
        against.push(no(
            "hearing-owed",
            "该罚款属于较大数额，当事人有权要求听证，不能当场处罚。",
            OVER,
            "行政处罚法第六十三条",
        ));
    }
    if reached(ThresholdKind::LegalReview) {
        against.push(no("review-owed", "该罚款须经法制审核，不能当场处罚。", OVER, "行政处罚法第五十八条"));
    }
    if !basis.verified {
        against.push(no(
            "unverified-basis",
            format!("处罚依据{}没有经过核对，不能在现场作为处罚依据。", basis.cite()),
            "请法制审核员先在事项库确认依据，或者转为普通程序。",
            "行政处罚法第三十八条、第五十一条",
        ));
    }
    if what.fine > 0 || !basis.warns_with_the_order() {
        against.extend(order_first(opening));
    }
    if what.warning && !basis.provides_warning() {
        against.push(no(
            "no-warning",
            format!("{}没有规定警告，不能给予警告。", basis.cite()),
            "请按该条规定的种类和幅度决定；符合不予处罚条件的不予处罚；只作提醒的，发提示单、警示单（不是行政处罚）。",
            "行政处罚法第四条、第三十八条",
        ));
    }
    if what.fine > 0 {
        match basis.max {
            None => against.push(no(
                "spot-not-possible",
                format!("{}没有规定可以当场确定的罚款数额。", basis.cite()),
                OVER,
                "行政处罚法第五十一条",
            )),
            Some(max) if what.fine > max => against.push(
                Refusal::invalid(
                    "fine",
                    format!("超过{}规定的上限 {}。", basis.cite(), yuan(max)),
                    "请在法定幅度内确定罚款数额。",
                )
                .from_source(basis.cite()),
            ),
            Some(_) => {}
        }
        if let Some(min) = basis.min.filter(|min| what.fine < *min) {
            against.push(no(
                "below-range",
                format!("低于{}规定的下限 {}，属于减轻处罚，须经法制审核。", basis.cite(), yuan(min)),
                OVER,
                "行政处罚法第三十二条、第五十八条",
            ));
        }
    }
    against
}

/// Whether a violation stands on a list of first minor violations that holds here, confirmed or not.
pub(super) fn on_a_list(violation: &crate::penalty::Violation, facts: &Facts<'_>) -> bool {
    let place = law_side::place(facts);
    facts.directory.law.free(&violation.item, &place, violation.to).is_some()
}

/// The entry of the list of first minor violations that holds for a sheet.
fn entry<'a>(sheet: &Sheet, directory: &'a Directory) -> Option<&'a FreeEntry> {
    let place = directory.law.place(directory.node.as_str()).ok()?;
    directory.law.free(&sheet.opening.violation.item, &place, sheet.opening.violation.to)
}

/// What speaks for no penalty, for whoever decides: the entry of the list, and that nothing was found before (33(1)).
#[must_use]
pub fn in_favour(sheet: &Sheet, earlier: &[Earlier], directory: &Directory) -> String {
    let item = directory.law.item(&sheet.opening.violation.item);
    let list = item.map_or("", |item| item.free_list.title());
    let first = match before(sheet, earlier) {
        _ if sheet.opening.subject.key.is_none() => "没有证件号码，是否初次须当面核实",
        Some(_) => "不是初次",
        None => "没有查到以前的警示和处罚",
    };
    format!("{first}；免罚清单：{}", entry(sheet, directory).map_or_else(|| list.to_owned(), FreeEntry::cite))
}

/// Whether no penalty is what the law proposes: the first time as far as is known, and on the list.
pub(super) fn proposed(sheet: &Sheet, facts: &Facts<'_>) -> bool {
    sheet.opening.subject.key.is_some()
        && entry(sheet, facts.directory).is_some()
        && !sheet.opening.violation.harm
        && before(sheet, &facts.look_ups.earlier).is_none()
}

/// Whether the standing of the list lets an item be spared by it.
pub(super) fn listed(sheet: &Sheet, facts: &Facts<'_>) -> Option<Refusal> {
    const SOURCE: &str = "行政处罚法第三十三条；轻微违法行为不予处罚清单";
    let item = &sheet.opening.violation.item;
    let law = &facts.directory.law;
    let entry = entry(sheet, facts.directory);
    if entry.is_some_and(FreeEntry::relied_on) {
        return None;
    }
    let list = law.item(item).map_or(FreeList::Unknown, |i| i.free_list);
    if list == FreeList::LikelyNo {
        return Some(no(
            "not-listed",
            format!("该事项{}。", list.title()),
            "请按第三十三条写明具体理由，不以清单为依据。",
            SOURCE,
        ));
    }
    sheet.list_confirmed.is_none().then(|| {
        no(
            "list-unverified",
            match entry {
                Some(entry) => format!(
                    "{}。该条没有与现行清单核对，未经法制审核员确认不得作为不予处罚的依据。",
                    entry.cite()
                ),
                None => format!("该事项{}，未经法制审核员确认不得作为不予处罚的依据。", list.title()),
            },
            "请法制审核员对照现行清单确认；也可以按第三十三条写明具体理由，不以清单为依据。",
            SOURCE,
        )
    })
}

/// What did harm is neither minor without consequences nor of slight consequences (33(1)).
pub(super) fn harmless(sheet: &Sheet, ground: NoPenaltyGround) -> Option<Refusal> {
    let wants = matches!(ground, NoPenaltyGround::Minor | NoPenaltyGround::First);
    (wants && sheet.opening.violation.harm).then(|| {
        no(
            "harm",
            format!("本件登记了危害后果，不属于“{}”。", ground.title()),
            OVER,
            "行政处罚法第三十三条第一款",
        )
    })
}

/// Whether a first violation it is (33(1)): nothing was punished, spared or warned of before for the same item.
pub(super) fn first(sheet: &Sheet, ground: NoPenaltyGround, facts: &Facts<'_>) -> Option<Refusal> {
    if ground != NoPenaltyGround::First {
        return None;
    }
    if sheet.opening.subject.key.is_none() {
        return Some(
            Refusal::invalid(
                "ground",
                "没有当事人的证件号码，查不到以前的处罚和警示，不能认定为初次违法。",
                "请用“补正当事人信息”填写证件号码；违法行为轻微并及时改正、没有造成危害后果的，可以适用另一情形。",
            )
            .from_source("行政处罚法第三十三条第一款"),
        );
    }
    let earlier = before(sheet, &facts.look_ups.earlier)?;
    Some(no(
        "not-first",
        format!(
            "同一当事人 {} 因同一事项已有{}（{}），不是初次违法。",
            earlier.on,
            earlier.kind.title(),
            earlier.number
        ),
        "违法行为轻微并及时改正、没有造成危害后果的，可以适用另一情形；否则请依法处罚。",
        "行政处罚法第三十三条第一款",
    ))
}

/// What the party got before for the same item; tips are advice and do not count.
fn before<'a>(sheet: &Sheet, earlier: &'a [Earlier]) -> Option<&'a Earlier> {
    let counts = |e: &&Earlier| {
        e.item == sheet.opening.violation.item
            && e.kind != EarlierKind::Tip
            && e.number != sheet.opening.number
    };
    earlier.iter().find(counts)
}
