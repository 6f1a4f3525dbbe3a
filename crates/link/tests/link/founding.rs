//! From nothing to a compact in force, over real HTTP: cards, founding, joining, comparing, countersigning.

use lianzhi_app::Caller;
use lianzhi_app::compact::CompactView;
use lianzhi_exchange::compact::{Card, Change};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, members, until};
use serde_json::json;

async fn view(site: &Site) -> CompactView {
    site.node.app.compact_view(&site.node.as_("liaison")).await.unwrap()
}

fn address(site: &Site) -> String {
    format!("http://{}", site.address)
}

/// The founder asks the others for their cards and proposes the first version with those that are given.
async fn found(f: &Federation, with: &[usize], k: u8) {
    let a = &f.sites[0];
    let who = a.node.as_("liaison");
    let mut cards: Vec<Card> = Vec::new();
    for n in with {
        cards.push(a.node.app.ask_card(&who, &address(&f.sites[*n])).await.unwrap());
    }
    let list = vec![members::entry("HZ-01")];
    a.node.app.found(&who, "长三角协作机制", k, cards, list).await.unwrap();
}

/// The joiner fetches from the founder what was said, and confirms what was shown.
async fn join(f: &Federation, n: usize) {
    let (a, site) = (&f.sites[0], &f.sites[n]);
    let who = site.node.as_("liaison");
    let invitation = site.node.app.invitation(&who, &address(a)).await.unwrap();
    site.node.app.join(&who, &address(a), invitation.digest).await.unwrap();
}

/// Compares every member's fingerprint, as its own screen shows it, and countersigns the first proposal.
async fn countersign(f: &Federation, n: usize) {
    let site = &f.sites[n];
    let proposal = view(site).await.proposals.remove(0);
    for member in proposal.epoch.members.iter().filter(|m| !m.own && !m.compared) {
        let theirs = f.sites.iter().find(|s| s.code.as_str() == member.node).unwrap();
        let card = theirs.node.app.own_card().await.unwrap();
        let fingerprint = card.member.keys[0].key.fingerprint();
        let command = json!({ "command": "trust", "node": member.node, "fingerprint": fingerprint });
        site.node.app.compact_command(&site.node.as_("liaison"), command).await.unwrap();
    }
    let command = json!({ "command": "countersign", "epoch": proposal.epoch.digest });
    site.node.app.compact_command(&site.node.as_("leader"), command).await.unwrap();
}

async fn in_force(site: &Site, number: u32) {
    until("the version is in force", async || {
        let roster = site.node.app.directory().roster.clone();
        roster.is_some_and(|r| r.epoch.number == number)
    })
    .await;
}

fn places() -> [Place; 4] {
    [Place::sqlite(), Place::sqlite(), Place::sqlite(), Place::sqlite()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_nodes_come_from_nothing_to_a_compact_in_force() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    assert_eq!(view(&f.sites[0]).await.standing, "none");
    found(&f, &[1, 2, 3], 3).await;
    assert_eq!(view(&f.sites[0]).await.standing, "proposed");
    // Whoever has not joined hears nothing; whoever has is asked to compare and to countersign.
    assert_eq!(view(&f.sites[1]).await.standing, "none");
    for n in 1..4 {
        join(&f, n).await;
        let directory = f.sites[n].node.app.directory();
        assert!(directory.roster.is_none() && directory.proposed.is_some());
    }
    // Before it is in force nothing else can be said under it.
    let early = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await;
    assert!(early.is_err());
    for n in [0, 1, 2] {
        countersign(&f, n).await;
    }
    for site in &f.sites {
        in_force(site, 1).await;
        let directory = site.node.app.directory();
        assert!(directory.proposed.is_none(), "what was proposed does not linger");
        let view = view(site).await;
        let epoch = view.epoch.unwrap();
        assert_eq!((view.standing, epoch.members.len(), epoch.list.len()), ("in_force", 4, 1));
        assert_eq!(epoch.signed.len(), 3);
    }
    let digests: Vec<_> =
        f.sites.iter().map(|s| s.node.app.directory().roster.clone().unwrap().digest).collect();
    assert!(digests.iter().all(|d| *d == digests[0]));
    // The projections made anew from the record say the same.
    for site in &f.sites {
        let app = &site.node.app;
        let before = app.directory().roster.clone().unwrap();
        let keys = site.node.life.keys.clone();
        lianzhi_app::rebuild::rebuild(app.store(), &keys, &site.code, |_, _| {}).await.unwrap();
        app.reload().await.unwrap();
        assert_eq!(app.directory().roster.clone().unwrap(), before);
        assert!(app.directory().proposed.is_none());
    }
    // Now a lead goes over, under the entry that was agreed.
    let id = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("the lead arrives", async || f.sites[1].docket_of(&f.sites[0], id).await.is_some()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fourth_joins_a_compact_in_force_and_another_leaves_it() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1, 2], 2).await;
    for n in [1, 2] {
        join(&f, n).await;
    }
    for n in [0, 1] {
        countersign(&f, n).await;
    }
    for site in &f.sites[..3] {
        in_force(site, 1).await;
    }
    // A stranger learns nothing of it, a candidate does.
    let (a, d) = (&f.sites[0], &f.sites[3]);
    let who = d.node.as_("liaison");
    let refused = d.node.app.invitation(&who, &address(a)).await.unwrap_err();
    assert_eq!(refused.code, "no-answer");
    let card = a.node.app.ask_card(&a.node.as_("liaison"), &address(d)).await.unwrap();
    let put = vec![Change::PutMember { card: Box::new(card) }, Change::SetK { k: 3 }];
    a.node.app.propose(&a.node.as_("liaison"), put).await.unwrap();
    join(&f, 3).await;
    assert_eq!(view(d).await.standing, "candidate");
    assert!(d.node.app.directory().roster.is_none());
    for n in [0, 1] {
        let site = &f.sites[n];
        until("the proposal is known", async || !view(site).await.proposals.is_empty()).await;
        countersign(&f, n).await;
    }
    for site in &f.sites {
        in_force(site, 2).await;
    }
    // Leaving counts at once, everywhere.
    let c = &f.sites[2];
    let leave = json!({ "command": "leave", "reason": "机构调整" });
    c.node.app.compact_command(&c.node.as_("leader"), leave).await.unwrap();
    assert!(c.node.app.directory().roster.is_none(), "who left works under no compact");
    until("the others know", async || {
        let roster = a.node.app.directory().roster.clone().unwrap();
        roster.member(&c.code).is_none()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_signed_by_a_named_key_is_not_joined() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1], 2).await;
    let (a, b, c) = (&f.sites[0], &f.sites[1], &f.sites[2]);
    // Whom no proposal names is told nothing.
    let who = c.node.as_("liaison");
    assert!(c.node.app.invitation(&who, &address(a)).await.is_err());
    // Only the version that was shown is confirmed, and only by who may.
    let who = b.node.as_("liaison");
    let other = lianzhi_ids::Digest([9; 32]);
    assert!(b.node.app.join(&who, &address(a), other).await.is_err());
    assert!(b.node.app.invitation(&b.node.as_("handler"), &address(a)).await.is_err());
    assert_eq!(view(b).await.standing, "none");
    assert!(b.node.app.ask_card(&Caller::public("198.51.100.7"), &address(a)).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_version_that_is_withdrawn_and_made_anew_comes_into_force() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1, 2], 2).await;
    join(&f, 1).await;
    let a = &f.sites[0];
    let first = view(a).await.proposals.remove(0).epoch.digest;
    let withdraw = json!({ "command": "withdraw", "epoch": first, "reason": "漏列一家成员" });
    a.node.app.compact_command(&a.node.as_("liaison"), withdraw).await.unwrap();
    found(&f, &[1, 2, 3], 3).await;
    let talked_of = |site: &Site| site.node.app.directory().proposed.clone().map(|r| r.digest.to_string());
    assert_ne!(talked_of(a), Some(first.to_string()), "the one that was withdrawn is talked of no more");
    // Who joined the first hears that it was withdrawn, and joins the second like the others.
    for n in 1..4 {
        join(&f, n).await;
        let site = &f.sites[n];
        until("the second version is talked of", async || talked_of(site) == talked_of(a)).await;
    }
    for n in 0..3 {
        countersign(&f, n).await;
    }
    for site in &f.sites {
        in_force(site, 1).await;
        assert_eq!(view(site).await.epoch.unwrap().members.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_member_said_of_the_compact_and_in_meetings_comes_back_after_a_restore() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1, 2], 2).await;
    for n in [1, 2] {
        join(&f, n).await;
    }
    for n in [0, 1] {
        countersign(&f, n).await;
    }
    for site in &f.sites[..3] {
        in_force(site, 1).await;
    }
    let convene = async |site: &Site, title: &str| {
        let at = site.node.app.now() + jiff::SignedDuration::from_hours(48);
        let command = json!({
            "command": "convene", "kind": "mechanism", "title": title, "at": at, "place": "青浦",
            "agenda": "清单修订", "participants": ["320509", "330421"],
        });
        site.node.app.open_shared(&site.node.as_("liaison"), Kind::Meeting, command, None).await.unwrap().id
    };
    let early = convene(&f.sites[0], "第一次机制会议").await;
    until("the meeting is known", async || f.sites[1].docket_of(&f.sites[0], early).await.is_some()).await;
    let backup = places[0].copy().await;
    // After the backup: a change is proposed, a notice is given, another meeting is convened.
    let a = &f.sites[0];
    let put = vec![Change::PutEntry { entry: Box::new(members::entry("HZ-02")) }];
    a.node.app.propose(&a.node.as_("liaison"), put).await.unwrap();
    let liaisons = json!({ "command": "liaisons", "liaisons": "联络员乙 021-5555" });
    a.node.app.compact_command(&a.node.as_("liaison"), liaisons).await.unwrap();
    let late = convene(a, "第二次机制会议").await;
    for n in [1, 2] {
        until("the meeting is known", async || f.sites[n].docket_of(&f.sites[0], late).await.is_some()).await;
        until("the proposal is known", async || !view(&f.sites[n]).await.proposals.is_empty()).await;
    }
    let said = async |site: &Site, docket| {
        let x = site.node.app.store().exchange.clone();
        let shared = x.shared_of(docket).await.unwrap().unwrap();
        (shared.clone(), site.node.app.heads(&shared).await.unwrap())
    };
    let (late_name, late_heads) = said(a, late).await;
    let proposal = view(a).await.proposals.remove(0).epoch.digest;
    let contact = |site: &Site| {
        let roster = site.node.app.directory().roster.clone().unwrap();
        let member = roster.member(&f.sites[0].code).cloned();
        member.unwrap().liaisons.first().map(|l| l.name.clone())
    };
    assert_eq!(contact(a).as_deref(), Some("联络员乙"));

    f.sites[0].restore(&backup, true).await;
    f.sites[0].begin_again();
    let a = &f.sites[0];
    until("the members have answered", async || {
        a.node.app.opened_generation().is_some_and(|g| g.awaited.is_empty())
    })
    .await;
    // Its own words are back with their original bytes: the proposal, the notice, the meeting; nobody is accused.
    assert_eq!(view(a).await.proposals.remove(0).epoch.digest, proposal);
    let roster = a.node.app.directory().roster.clone().unwrap();
    let own = roster.member(&a.code).unwrap().liaisons.first().map(|l| l.name.clone());
    assert_eq!(own.as_deref(), Some("联络员乙"));
    assert_eq!(a.node.app.heads(&late_name).await.unwrap(), late_heads);
    let meetings = a.node.app.gatherings(&a.node.as_("liaison"), Kind::Meeting).await.unwrap();
    assert_eq!(meetings.len(), 2, "both meetings are there");
    for site in &f.sites[..3] {
        assert!(site.node.app.forks().await.unwrap().is_empty());
    }
    // And it goes on: the change comes into force.
    for n in [0, 1] {
        countersign(&f, n).await;
    }
    for site in &f.sites[..3] {
        in_force(site, 2).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_roster_goes_on_with_a_warning_and_lets_nobody_new_in() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1, 2], 2).await;
    for n in [1, 2] {
        join(&f, n).await;
    }
    for n in [0, 1] {
        countersign(&f, n).await;
    }
    for site in &f.sites[..3] {
        in_force(site, 1).await;
    }
    let (a, d) = (&f.sites[0], &f.sites[3]);
    let who = a.node.as_("liaison");
    let card = a.node.app.ask_card(&who, &address(d)).await.unwrap();
    let put = vec![Change::PutMember { card: Box::new(card) }, Change::SetK { k: 3 }];
    a.node.app.propose(&who, put.clone()).await.unwrap();
    // Days later, but another member was heard a moment ago; a process that begins anew knows it too.
    f.pass(jiff::SignedDuration::from_hours(80));
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it is acknowledged", async || a.outbox(id).await.iter().all(|row| row.done)).await;
    assert!(!view(a).await.stale);
    f.sites[1].stop().await;
    f.sites[2].stop().await;
    f.sites[0].crash(&places[0]).await;
    let (a, d) = (&f.sites[0], &f.sites[3]);
    assert!(!view(a).await.stale);
    d.node.app.invitation(&d.node.as_("liaison"), &address(a)).await.unwrap();
    // Nobody is heard for three days and an hour.
    f.pass(jiff::SignedDuration::from_hours(73));
    assert!(view(a).await.stale);
    let code = |refused: Result<lianzhi_app::Done, lianzhi_procedure::Refusal>| refused.unwrap_err().code;
    assert_eq!(code(a.node.app.propose(&a.node.as_("liaison"), put).await), "stale-roster");
    let open = view(a).await.proposals.remove(0).epoch.digest;
    let countersign = json!({ "command": "countersign", "epoch": open });
    let signed = a.node.app.compact_command(&a.node.as_("leader"), countersign).await;
    assert_eq!(code(signed), "stale-roster");
    let trust = json!({ "command": "trust", "node": d.code, "fingerprint": "x" });
    let compared = a.node.app.compact_command(&a.node.as_("liaison"), trust).await;
    assert_eq!(code(compared), "stale-roster");
    assert!(d.node.app.invitation(&d.node.as_("liaison"), &address(a)).await.is_err());
    // With those who are known it goes on, and one answer of one of them is enough.
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    f.sites[1].begin_again();
    let a = &f.sites[0];
    until("it is acknowledged", async || a.outbox(id).await.iter().all(|row| row.done)).await;
    assert!(!view(a).await.stale);
    f.sites[3].node.app.invitation(&f.sites[3].node.as_("liaison"), &address(a)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_moves_while_it_runs_is_found_where_it_went() {
    let places = places();
    let mut f = Federation::apart(&places.each_ref()).await;
    f.sites.iter_mut().for_each(Site::start);
    found(&f, &[1, 2], 2).await;
    for n in [1, 2] {
        join(&f, n).await;
    }
    for n in [0, 1] {
        countersign(&f, n).await;
    }
    for site in &f.sites[..3] {
        in_force(site, 1).await;
    }
    let old = address(&f.sites[1]);
    f.sites[1].stop().await;
    let waits = f.sites[0].send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it does not arrive", async || f.sites[0].outbox(waits).await.iter().all(|row| row.attempts > 0))
        .await;
    // It listens elsewhere and says so to those it reaches; the third is away.
    f.sites[2].stop().await;
    f.sites[1].begin_elsewhere();
    let (a, b) = (&f.sites[0], &f.sites[1]);
    assert_ne!(address(b), old);
    let command = json!({ "command": "move", "addresses": address(b) });
    b.node.app.compact_command(&b.node.as_("admin"), command).await.unwrap();
    let moved = b.code.clone();
    let addresses = |site: &Site| {
        let roster = site.node.app.directory().roster.clone().unwrap();
        roster.member(&moved).unwrap().addresses.clone()
    };
    until("what waited arrives", async || {
        f.pass(jiff::SignedDuration::from_secs(2));
        b.docket_of(a, waits).await.is_some()
    })
    .await;
    assert_eq!(addresses(a), [address(b)]);
    // Whoever was away hears of it when it is back, and writes there.
    f.sites[2].begin_again();
    let (b, c) = (&f.sites[1], &f.sites[2]);
    until("the third knows", async || {
        f.pass(jiff::SignedDuration::from_secs(2));
        addresses(c) == [address(b)]
    })
    .await;
    let id = c.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("the lead arrives", async || {
        f.pass(jiff::SignedDuration::from_secs(2));
        b.docket_of(c, id).await.is_some()
    })
    .await;
}
