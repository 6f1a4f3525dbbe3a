//! What becomes of an envelope that comes in.

use crate::common::*;
use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::suite::{SecretKey, Suite};
use lianzhi_exchange::compact::{MemberKey, Roster, Shared};
use lianzhi_exchange::envelope::{Address, Envelope, Parcel, PartContent};
use lianzhi_exchange::inbound::{CLOCK_SKEW, Content, Given, Head, Known, Opened, Verdict, Way, judge};
use lianzhi_exchange::refusal::{Lacking, Refusal, Remedy};
use lianzhi_exchange::signature::{Signature, Statement};
use lianzhi_exchange::stream::{ExhibitName, StreamEntry};
use lianzhi_ids::{Digest, NodeCode};

fn opening() -> Envelope {
    envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address(&[WUJIANG]))
}

/// Wujiang, which knows nothing of the docket yet.
struct Wujiang {
    roster: Roster,
    me: NodeCode,
    now: Timestamp,
    parties: Vec<NodeCode>,
}

impl Wujiang {
    fn new() -> Wujiang {
        let parties = vec![node(QINGPU), node(WUJIANG)];
        Wujiang { roster: roster(), me: node(WUJIANG), now: morning(), parties }
    }

    fn known(&self) -> Known<'_> {
        Known {
            roster: &self.roster,
            roster_at: self.now,
            me: &self.me,
            way: Way::Posted,
            restoring: false,
            given: None,
            head: Head::NONE,
            held: &[],
            docket: None,
            content: Some(Content { used: &[Shared::Narrative], category: Some("E03001"), onward: false }),
        }
    }

    fn opened(&self) -> Option<Opened<'_>> {
        Some(Opened { kind: "lead", list: Some(dumping().digest()), parties: Some(&self.parties) })
    }

    fn say<'a>(&'a self, envelope: &'a Envelope, change: impl FnOnce(&mut Known<'a>)) -> String {
        let signature = envelope.sign(&key(envelope.author().as_str())).unwrap();
        let mut known = self.known();
        change(&mut known);
        said(&judge(envelope, &signature, self.now, &known))
    }
}

/// A verdict in a word.
fn said(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Take { entries, stale_roster, .. } => {
            format!("take {}{}", entries.len(), if *stale_roster { " stale" } else { "" })
        }
        Verdict::Again(_) => "again".into(),
        Verdict::Gap(Lacking { author, from, .. }) => format!("gap {author} {from}"),
        Verdict::NotUnderstood { kind, entries } => format!("not-understood {kind} {}", entries.len()),
        Verdict::Refused(refusal) => refusal.code().into(),
    }
}

#[test]
fn an_opening_under_an_entry_in_force_is_taken() {
    let here = Wujiang::new();
    let envelope = opening();
    let signature = envelope.sign(&key(QINGPU)).unwrap();
    let known = here.known();
    let Verdict::Take { entries, decision: Some(decision), stale_roster: false } =
        judge(&envelope, &signature, here.now, &known)
    else {
        panic!("not taken");
    };
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (decision.list, decision.opening, decision.used),
        (dumping().digest(), true, vec![Shared::Narrative])
    );
}

#[test]
fn nothing_is_believed_before_the_signature() {
    let here = Wujiang::new();
    let by = |envelope: &Envelope, signer: &SecretKey, id: Option<&str>| {
        let mut signature = envelope.sign(signer).unwrap();
        signature.key = id.map_or(signature.key, str::to_owned);
        said(&judge(envelope, &signature, here.now, &here.known()))
    };
    let qingpu = key(QINGPU).public().id();
    assert_eq!(by(&opening(), &key(JIASHAN), None), "unknown-key");
    assert_eq!(by(&opening(), &key(JIASHAN), Some(&qingpu)), "wrong-signature");
    let stranger = envelope(&entry(7, HEFEI, 0, Digest::ZERO, "移送"), address(&[WUJIANG]));
    assert_eq!(by(&stranger, &key(HEFEI), None), "not-a-member");
    // Wrong in every other way too, and still no more is said.
    let worse = Address { list: None, ..address(&[JIASHAN]) };
    let worse = envelope(&entry(7, QINGPU, 3, Digest([1; 32]), "移送"), worse);
    assert_eq!(by(&worse, &key(JIASHAN), Some(&qingpu)), "wrong-signature");
    let flipped = Signature { value: vec![0; 64], key: qingpu };
    assert_eq!(said(&judge(&opening(), &flipped, here.now, &here.known())), "wrong-signature");
}

#[test]
fn keys_count_in_their_time_and_never_after_revocation() {
    let mut here = Wujiang::new();
    let new = SecretKey::from_secret(Suite::Sm2, &[99; 32]).unwrap();
    let noon = morning() + SignedDuration::from_hours(4);
    here.now = morning() + SignedDuration::from_hours(9);
    here.roster.epoch.members[0].keys[0].until = Some(noon);
    here.roster.epoch.members[0].keys.push(MemberKey { key: new.public().clone(), from: noon, until: None });
    let say = |here: &Wujiang, time: Timestamp, signer: &SecretKey| {
        let envelope =
            envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), Address { time, ..address(&[WUJIANG]) });
        said(&judge(&envelope, &envelope.sign(signer).unwrap(), here.now, &here.known()))
    };
    assert_eq!(say(&here, morning(), &key(QINGPU)), "take 1");
    assert_eq!(say(&here, noon, &key(QINGPU)), "unknown-key");
    assert_eq!(say(&here, noon, &new), "take 1");
    assert_eq!(say(&here, morning(), &new), "unknown-key");
    here.roster.revoked.push((node(QINGPU), key(QINGPU).public().id()));
    assert_eq!(say(&here, morning(), &key(QINGPU)), "revoked-key");
    assert_eq!(say(&here, noon, &new), "take 1");
    assert_eq!(Refusal::RevokedKey(String::new()).remedy(), Remedy::SignAgain);
}

#[test]
fn only_who_is_addressed_takes_what_is_posted() {
    let here = Wujiang::new();
    let other = envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address(&[JIASHAN]));
    assert_eq!(here.say(&other, |_| {}), "not-addressed");
    assert_eq!(here.say(&other, |known| known.way = Way::Pulled), "take 1");
    let closed = Address { list: Some(ran_out().digest()), ..address(&[JIASHAN]) };
    let closed = envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), closed);
    assert_eq!(here.say(&closed, |known| known.way = Way::Pulled), "expired-list-entry");
}

#[test]
fn the_same_again_gets_the_same_receipt_and_other_words_are_a_fork() {
    let here = Wujiang::new();
    let one = opening();
    let receipt = Statement { statement: "{}".into(), signature: one.sign(&key(WUJIANG)).unwrap() };
    let given = Given { digest: one.digest(), receipt: &receipt };
    let held = [one.entries[0].digest];
    let after = |known: &mut Known<'_>| known.head = Head { next: 1, digest: held[0] };
    assert_eq!(here.say(&one, |known| (known.given = Some(Given { ..given }), after(known)).1), "again");
    let other = envelope(&entry(7, QINGPU, 0, Digest::ZERO, "另一说法"), address(&[WUJIANG]));
    let mut known = here.known();
    (known.given, known.held, known.docket) = (Some(given), &held, here.opened());
    after(&mut known);
    let judged = judge(&other, &other.sign(&key(QINGPU)).unwrap(), here.now, &known);
    assert!(matches!(judged, Verdict::Refused(Refusal::Fork { seq: 0 })));
    // The same words to other addressees under the same name.
    let readdressed = envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address(&[WUJIANG, JIASHAN]));
    let judged = judge(&readdressed, &readdressed.sign(&key(QINGPU)).unwrap(), here.now, &known);
    assert_eq!((said(&judged), judged.answer().unwrap().status()), ("fork".into(), 409));
}

#[test]
fn entries_follow_without_gap_and_what_is_known_is_left_out() {
    let here = Wujiang::new();
    let all = envelope_of(7, QINGPU, &["一", "二", "三"], 0, Digest::ZERO, address(&[WUJIANG]));
    let digests: Vec<Digest> = all.entries.iter().map(|said| said.digest).collect();
    let later = envelope_of(7, QINGPU, &["三"], 2, digests[1], address(&[WUJIANG]));
    let say = |envelope: &Envelope, next: usize, first: usize| {
        let signature = envelope.sign(&key(QINGPU)).unwrap();
        let mut known = here.known();
        known.head =
            Head { next: next as u32, digest: next.checked_sub(1).map_or(Digest::ZERO, |i| digests[i]) };
        known.held = digests.get(first..next).unwrap_or_default();
        known.docket = (next > 0).then(|| here.opened()).flatten();
        said(&judge(envelope, &signature, here.now, &known))
    };
    assert_eq!(say(&all, 0, 0), "take 3");
    assert_eq!(say(&all, 2, 0), "take 1");
    assert_eq!(say(&all, 3, 0), "take 0");
    assert_eq!(say(&later, 0, 2), "gap 310118 0");
    assert_eq!(say(&later, 1, 2), "gap 310118 1");
    assert_eq!(say(&later, 2, 2), "take 1");
    assert_eq!(say(&later, 3, 2), "take 0");
    // The entry before is another one than ours.
    let forked = envelope_of(7, QINGPU, &["三"], 2, Digest([8; 32]), address(&[WUJIANG]));
    assert_eq!(say(&forked, 2, 2), "fork");
    let forked = envelope_of(7, QINGPU, &["一", "二", "改"], 0, Digest::ZERO, address(&[WUJIANG]));
    assert_eq!(say(&forked, 3, 0), "fork");
}

#[test]
fn a_docket_opens_by_its_founder_and_belongs_to_its_parties() {
    let here = Wujiang::new();
    let answer = envelope(&entry(7, JIASHAN, 0, Digest::ZERO, "答复"), address(&[WUJIANG]));
    assert_eq!(here.say(&answer, |_| {}), "gap 310118 0", "the founder's opening comes first");
    assert_eq!(here.say(&answer, |known| known.docket = here.opened()), "not-a-party");
    let three = [node(QINGPU), node(WUJIANG), node(JIASHAN)];
    let list = Some(dumping().digest());
    let joined = Opened { kind: "lead", list, parties: Some(&three) };
    let signature = answer.sign(&key(JIASHAN)).unwrap();
    let mut known = here.known();
    known.docket = Some(joined);
    assert_eq!(said(&judge(&answer, &signature, here.now, &known)), "take 1");
    known.docket = Some(Opened { kind: "bulletin", ..joined });
    assert_eq!(said(&judge(&answer, &signature, here.now, &known)), "malformed");
    known.docket = Some(Opened { list: Some(ran_out().digest()), ..joined });
    assert_eq!(said(&judge(&answer, &signature, here.now, &known)), "no-list-entry");
    known.docket = Some(Opened { list: None, ..joined });
    assert_eq!(said(&judge(&answer, &signature, here.now, &known)), "no-list-entry");
}

#[test]
fn what_comes_in_our_own_name_is_ours_only_after_a_restore() {
    let here = Wujiang::new();
    let ours = envelope(&entry(7, WUJIANG, 0, Digest::ZERO, "答复"), address(&[QINGPU]));
    let signature = ours.sign(&key(WUJIANG)).unwrap();
    let digest = ours.entries[0].digest;
    let mut known = Known { way: Way::Pulled, docket: here.opened(), ..here.known() };
    assert_eq!(said(&judge(&ours, &signature, here.now, &known)), "own-entry");
    known.restoring = true;
    assert_eq!(said(&judge(&ours, &signature, here.now, &known)), "take 1");
    let held = [digest];
    let known = Known { restoring: false, head: Head { next: 1, digest }, held: &held, ..known };
    assert_eq!(said(&judge(&ours, &signature, here.now, &known)), "take 0", "an echo");
}

#[test]
fn the_list_is_asked_at_the_receiver_too() {
    let here = Wujiang::new();
    let with = |address: Address| envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address);
    assert_eq!(here.say(&with(Address { list: None, ..address(&[WUJIANG]) }), |_| {}), "no-list-entry");
    let expired = Some(ran_out().digest());
    assert_eq!(
        here.say(&with(Address { list: expired, ..address(&[WUJIANG]) }), |_| {}),
        "expired-list-entry"
    );
    let particulars = Content { used: &[Shared::Particulars], category: None, onward: false };
    assert_eq!(here.say(&opening(), |known| known.content = Some(particulars)), "field-not-allowed");
    let mut here = here;
    here.roster.epoch.list[0].fields.retain(|field| *field != Shared::Exhibits);
    let list = Some(here.roster.epoch.list[0].digest());
    let file = ExhibitName { digest: Digest([1; 32]), size: 1, media: "image/jpeg".into() };
    let exhibits = StreamEntry { exhibits: vec![file], ..entry(7, QINGPU, 0, Digest::ZERO, "移送") };
    let exhibits = envelope(&exhibits, Address { list, ..address(&[WUJIANG]) });
    assert_eq!(
        here.say(&exhibits, |_| {}),
        "field-not-allowed",
        "files are seen without asking the procedure"
    );
}

#[test]
fn what_membership_allows_needs_no_entry() {
    let here = Wujiang::new();
    let compact = StreamEntry { kind: "compact".into(), ..entry(7, QINGPU, 0, Digest::ZERO, "提议") };
    let compact = envelope(&compact, Address { list: None, ..address(&[WUJIANG]) });
    assert_eq!(here.say(&compact, |known| known.content = Some(Content::PLAIN)), "take 1");
    let unheard = StreamEntry { kind: "drone".into(), ..entry(7, QINGPU, 0, Digest::ZERO, "起飞") };
    let unheard = envelope(&unheard, address(&[WUJIANG]));
    assert_eq!(here.say(&unheard, |known| known.content = None), "not-understood drone 1");
    assert_eq!(here.say(&unheard, |known| known.content = Some(Content::PLAIN)), "no-list-entry");
}

#[test]
fn epochs_and_clocks_are_compared() {
    let mut here = Wujiang::new();
    let with = |address: Address| envelope(&entry(7, QINGPU, 0, Digest::ZERO, "移送"), address);
    assert_eq!(here.say(&with(Address { epoch: 4, ..address(&[WUJIANG]) }), |_| {}), "unknown-epoch");
    let branch = Address { roster: Digest([4; 32]), ..address(&[WUJIANG]) };
    assert_eq!(here.say(&with(branch), |_| {}), "unknown-epoch", "same number, other digest");
    assert_eq!(here.say(&with(Address { epoch: 2, ..address(&[WUJIANG]) }), |_| {}), "take 1");
    // Somebody who came in with an epoch that we haven't seen.
    let stranger = Address { epoch: 4, ..address(&[WUJIANG]) };
    let stranger = envelope(&entry(7, HEFEI, 0, Digest::ZERO, "移送"), stranger);
    assert_eq!(here.say(&stranger, |_| {}), "unknown-epoch");
    let ahead = |by: SignedDuration| with(Address { time: morning() + by, ..address(&[WUJIANG]) });
    assert_eq!(here.say(&ahead(CLOCK_SKEW), |_| {}), "take 1");
    assert_eq!(here.say(&ahead(CLOCK_SKEW + SignedDuration::from_secs(1)), |_| {}), "clock-ahead");
    here.now = morning() + SignedDuration::from_hours(73);
    assert_eq!(here.say(&opening(), |known| known.roster_at = morning()), "take 1 stale");
}

#[test]
fn what_can_t_be_read_has_its_code() {
    let code = |json: &str| match Parcel::parse(json.as_bytes()).and_then(|p| p.open()) {
        Ok(_) => "taken",
        Err(error) => Refusal::from(&error).code(),
    };
    let part = PartContent::new("narrative", [1; 16], "夜间".into());
    let naming = StreamEntry { parts: vec![part.digest], ..entry(7, QINGPU, 0, Digest::ZERO, "移送") };
    let made = envelope(&naming, address(&[WUJIANG]));
    let good = Parcel::new(&made, made.sign(&key(QINGPU)).unwrap(), vec![part]).unwrap().to_json().unwrap();
    assert_eq!(code(&good), "taken");
    assert_eq!(code(&good.replace("夜间", "白天")), "malformed");
    assert_eq!(code("{}"), "malformed");
    assert_eq!(code(&good.replace(r#"{\"v\":1,"#, r#"{\"v\":2,"#)), "too-new-version");
    assert_eq!(code(&good.replace(r#"{\"v\":1,"#, r#"{\"v\":0,"#)), "too-old-version");
    assert_eq!(code(&good.replace("移送", &"移".repeat(30_000))), "too-large");
    assert_eq!(code(&" ".repeat(300 << 10)), "too-large");
}
