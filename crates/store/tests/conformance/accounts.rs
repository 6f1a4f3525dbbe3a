//! Accounts, sessions, tokens and the access log.

use crate::place::{Place, digest};
use lianzhi_app::ports::{AccessQuery, AccessRow, Credential, DeskLook, SavedView, SessionRow, TokenRow};
use lianzhi_ids::DocketId;

fn session(n: u64, person: &str, expires_at: i64) -> SessionRow {
    SessionRow {
        digest: digest(n),
        person: person.into(),
        csrf: format!("c{n}"),
        created_at: 1,
        used_at: 2,
        expires_at,
        agent: "Firefox".into(),
        half: n.is_multiple_of(2),
    }
}

pub async fn credentials_sessions_and_tokens_are_kept(place: &Place) {
    let store = place.store().await;
    let a = &store.accounts;
    assert_eq!(a.credential("p1").await.unwrap(), None);
    let mut credential = Credential {
        person: "p1".into(),
        password: "$argon2id$".into(),
        totp: Some(vec![1]),
        ..Credential::default()
    };
    a.put_credential(&credential).await.unwrap();
    credential.failures = 3;
    credential.locked_until = Some(99);
    credential.totp = None;
    let other = Credential { person: "p2".into(), must_change: true, totp_step: 7, ..Credential::default() };
    a.put_credentials(&[other.clone(), credential.clone()]).await.unwrap();
    assert_eq!(a.credential("p1").await.unwrap(), Some(credential));
    assert_eq!(a.credential("p2").await.unwrap(), Some(other));

    assert_eq!(a.desk_look("p1").await.unwrap(), None);
    let look = DeskLook { person: "p1".into(), at: 7, since: None };
    a.put_desk_look(&look).await.unwrap();
    assert_eq!(a.desk_look("p1").await.unwrap(), Some(look));
    let look = DeskLook { person: "p1".into(), at: 9, since: Some(7) };
    a.put_desk_look(&look).await.unwrap();
    assert_eq!(a.desk_look("p1").await.unwrap(), Some(look));

    for row in [session(1, "p1", 100), session(2, "p1", 200), session(3, "p2", 100), session(4, "p2", 200)] {
        a.put_session(&row).await.unwrap();
    }
    let renewed = SessionRow { used_at: 50, half: true, ..session(1, "p1", 300) };
    a.put_session(&renewed).await.unwrap();
    assert_eq!(a.session(digest(1)).await.unwrap(), Some(renewed));
    a.drop_session(digest(2)).await.unwrap();
    assert_eq!(a.session(digest(2)).await.unwrap(), None);
    a.drop_sessions(None, 150).await.unwrap();
    assert_eq!(a.session(digest(3)).await.unwrap(), None, "expired");
    assert!(a.session(digest(1)).await.unwrap().is_some());
    a.drop_sessions(Some("p1"), 150).await.unwrap();
    assert_eq!(a.session(digest(1)).await.unwrap(), None);
    assert!(a.session(digest(4)).await.unwrap().is_some(), "somebody else's stays");

    let token = |n: u64, person: &str| TokenRow {
        digest: digest(n),
        person: person.into(),
        name: "巡查系统".into(),
        scopes: vec!["read".into(), "report".into()],
        created_at: n as i64,
        expires_at: 1_000,
        revoked_at: None,
    };
    for row in [token(1, "p1"), token(2, "p2"), token(3, "p1")] {
        a.put_token(&row).await.unwrap();
    }
    let revoked = TokenRow { revoked_at: Some(5), scopes: vec![], ..token(3, "p1") };
    a.put_token(&revoked).await.unwrap();
    assert_eq!(a.token(digest(3)).await.unwrap(), Some(revoked.clone()));
    assert_eq!(a.token(digest(9)).await.unwrap(), None);
    assert_eq!(a.tokens(Some("p1")).await.unwrap(), [token(1, "p1"), revoked.clone()]);
    assert_eq!(a.tokens(None).await.unwrap(), [token(1, "p1"), token(2, "p2"), revoked]);
}

pub async fn the_access_log_reads_newest_first(place: &Place) {
    let store = place.store().await;
    let row = |at: i64, actor: &str, docket: Option<i64>| AccessRow {
        at,
        actor: actor.into(),
        action: "particulars".into(),
        docket: docket.map(DocketId),
        detail: "核实 10.0.0.1".into(),
    };
    let rows = [row(1, "p1", Some(1)), row(2, "p2", Some(1)), row(3, "p1", Some(2)), row(4, "p1", None)];
    store.accounts.record_access(&rows).await.unwrap();
    store.accounts.record_access(&[]).await.unwrap();
    let [a, b, c, d] = rows;
    let read = async |docket: Option<i64>, actor: Option<&str>, before, limit| {
        let query = AccessQuery {
            docket: docket.map(DocketId),
            actor: actor.map(str::to_owned),
            before,
            ..AccessQuery::default()
        };
        store.accounts.access(&query, limit).await.unwrap()
    };
    assert_eq!(read(None, None, None, 10).await, [d.clone(), c.clone(), b.clone(), a.clone()]);
    assert_eq!(read(None, None, Some(4), 2).await, [c.clone(), b.clone()]);
    assert_eq!(read(Some(1), None, None, 10).await, [b, a.clone()]);
    assert_eq!(read(None, Some("p1"), Some(4), 10).await, [c.clone(), a.clone()]);
    assert_eq!(read(Some(1), Some("p1"), None, 10).await, [a]);
    let kind =
        |action: &str| AccessQuery { action: Some(action.into()), since: Some(3), ..AccessQuery::default() };
    assert_eq!(store.accounts.access(&kind("particulars"), 10).await.unwrap(), [d, c]);
    assert!(store.accounts.access(&kind("export"), 10).await.unwrap().is_empty());
    // Several lines of one moment are on one page: page by page none is left out and none comes twice.
    let many: Vec<_> = (0..25).map(|n| row(10 + n / 7, "p3", Some(n))).collect();
    store.accounts.record_access(&many).await.unwrap();
    let (mut seen, mut before, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = read(None, Some("p3"), before, 5).await;
        let Some(last) = page.last() else { break };
        before = Some(last.at);
        seen.extend(page.iter().filter_map(|r| r.docket));
        pages += 1;
    }
    seen.sort_unstable();
    assert_eq!((seen, pages), ((0..25).map(DocketId).collect::<Vec<_>>(), 3));
}

pub async fn views_are_their_owners_and_those_they_are_shared_with(place: &Place) {
    let store = place.store().await;
    let a = &store.accounts;
    let view = |id: &str, owner: &str, shared: Option<&str>| SavedView {
        id: id.into(),
        owner: owner.into(),
        shared: shared.map(str::to_owned),
        name: "今晚要看的".into(),
        query: "stage=pooled&q=%E6%BC%95%E5%B9%B3".into(),
        columns: "number,title,term".into(),
        changed_at: 7,
    };
    let own = view("v1", "p1", None);
    let squad = view("v2", "p2", Some("ZF01"));
    let everybody = view("v3", "p3", Some("bureau"));
    let foreign = view("v4", "p2", None);
    for row in [&own, &squad, &everybody, &foreign] {
        a.put_view(row).await.unwrap();
    }
    let units = ["ZF01".to_owned(), "bureau".to_owned()];
    assert_eq!(a.views("p1", &units).await.unwrap(), [own.clone(), squad.clone(), everybody]);
    assert_eq!(a.views("p1", &[]).await.unwrap(), std::slice::from_ref(&own));
    let renamed = SavedView { name: "改名".into(), shared: Some("ZF02".into()), changed_at: 8, ..own };
    a.put_view(&renamed).await.unwrap();
    assert_eq!(a.view("v1").await.unwrap(), Some(renamed.clone()));
    assert_eq!(a.views("p9", &["ZF02".to_owned()]).await.unwrap(), [renamed]);
    a.drop_view("v1").await.unwrap();
    a.drop_view("v1").await.unwrap();
    assert_eq!(a.view("v1").await.unwrap(), None);

    assert_eq!(a.preference("p1", "columns").await.unwrap(), None);
    a.put_preference("p1", "columns", "number,title").await.unwrap();
    a.put_preference("p1", "columns", "number,unit").await.unwrap();
    a.put_preference("p1", "columns:v2", "number").await.unwrap();
    a.put_preference("p2", "columns", "title").await.unwrap();
    assert_eq!(a.preference("p1", "columns").await.unwrap().as_deref(), Some("number,unit"));
    assert_eq!(a.preference("p1", "columns:v2").await.unwrap().as_deref(), Some("number"));
}
