//! Sign-in, sessions, second factor, tokens.

use jiff::SignedDuration;
use lianzhi_app::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_procedure::RefusalKind;
use lianzhi_testkit::{Node, Place, city};
use serde_json::json;
use totp_rs::{Algorithm, Builder, Secret};

const PASSWORD: &str = "chang-an-jie-2026!";

async fn with_password(place: &Place, person: &str) -> Node {
    let node = Node::off_duty(place).await;
    let hash = tokio::task::spawn_blocking(|| lianzhi_app::hash_password(PASSWORD)).await.unwrap();
    node.app.set_credentials(&[(city::person(person), hash)]).await.unwrap();
    node
}

async fn try_in(app: &App, password: &str) -> Result<lianzhi_app::SignedIn, lianzhi_procedure::Refusal> {
    app.sign_in("officer-a1", password, "198.51.100.7", "a browser").await
}

pub async fn five_wrong_passwords_and_the_account_rests(place: &Place) {
    let node = with_password(place, "officer-a1").await;
    let unknown = node.app.sign_in("nobody", PASSWORD, "", "").await.unwrap_err();
    for _ in 0..4 {
        let refusal = try_in(&node.app, "wrong").await.unwrap_err();
        assert_eq!(refusal, unknown, "a wrong name and a wrong password sound the same");
    }
    // The right one in between begins the count anew.
    try_in(&node.app, PASSWORD).await.unwrap();
    for _ in 0..5 {
        assert_eq!(try_in(&node.app, "wrong").await.unwrap_err().code, "sign-in");
    }
    assert_eq!(try_in(&node.app, PASSWORD).await.unwrap_err().code, "locked");
    node.clock().minutes(14);
    assert_eq!(try_in(&node.app, PASSWORD).await.unwrap_err().code, "locked");
    node.clock().minutes(2);
    try_in(&node.app, PASSWORD).await.unwrap();
    // An administrator resets it: a one-time password that must be changed.
    for _ in 0..5 {
        try_in(&node.app, "wrong").await.unwrap_err();
    }
    assert!(node.app.reset_password(&node.as_("captain-a"), &city::person("officer-a1")).await.is_err());
    let once = node.app.reset_password(&node.as_("admin"), &city::person("officer-a1")).await.unwrap();
    assert!(try_in(&node.app, &once).await.unwrap().must_change);
}

pub async fn sessions_end_unused_and_at_all(place: &Place) {
    let node = with_password(place, "officer-a1").await;
    let cookie = try_in(&node.app, PASSWORD).await.unwrap().cookie;
    assert_eq!(node.app.session(&cookie).await.unwrap().person.code, city::person("officer-a1"));
    assert!(node.app.session("made-up").await.is_none());
    // Used every eleven hours it lives, but not for more than a week.
    for hours in (11..=7 * 24).step_by(11) {
        node.clock().set(lianzhi_testkit::at(lianzhi_testkit::MORNING) + SignedDuration::from_hours(hours));
        assert_eq!(node.app.session(&cookie).await.is_some(), hours < 7 * 24, "hour {hours}");
    }
    node.clock().set(lianzhi_testkit::at(lianzhi_testkit::MORNING) + SignedDuration::from_hours(7 * 24));
    assert!(node.app.session(&cookie).await.is_none());
    let cookie = try_in(&node.app, PASSWORD).await.unwrap().cookie;
    node.clock().minutes(12 * 60 + 1);
    assert!(node.app.session(&cookie).await.is_none(), "unused for half a day");
    let cookie = try_in(&node.app, PASSWORD).await.unwrap().cookie;
    node.app.sign_out(&cookie).await;
    assert!(node.app.session(&cookie).await.is_none());
    // A new password ends all sessions.
    let cookie = try_in(&node.app, PASSWORD).await.unwrap().cookie;
    let me = node.as_("officer-a1");
    for weak in ["short", "officer-a1-x", "1234567890", PASSWORD] {
        assert_eq!(node.app.change_password(&me, PASSWORD, weak).await.unwrap_err().field, Some("new"));
    }
    assert_eq!(
        node.app.change_password(&me, "wrong", "another-good-one").await.unwrap_err().field,
        Some("old")
    );
    node.app.change_password(&me, PASSWORD, "another-good-one").await.unwrap();
    assert!(node.app.session(&cookie).await.is_none());
}

/// The code that the telephone shows.
fn code(node: &Node, secret: &str, steps: i64) -> String {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        // As an authenticator takes it from the keyboard.
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("officer-a1")
        .with_issuer(Some("x".to_owned()))
        .build()
        .unwrap();
    totp.generate(u64::try_from(node.app.now().as_second() + 30 * steps).unwrap()).to_string()
}

pub async fn a_code_of_the_second_factor_works_once_and_cannot_be_guessed_at(place: &Place) {
    let node = with_password(place, "officer-a1").await;
    let me = node.as_("officer-a1");
    let (secret, url) = node.app.enroll_totp(&me).await.unwrap();
    assert!(url.starts_with("otpauth://totp/"));
    assert!(node.app.confirm_totp(&me, &secret, "000000").await.is_err());
    assert!(!try_in(&node.app, PASSWORD).await.unwrap().second_factor, "not in force before it is confirmed");
    node.app.confirm_totp(&me, &secret, &code(&node, &secret, 0)).await.unwrap();

    node.clock().minutes(5);
    let signed_in = try_in(&node.app, PASSWORD).await.unwrap();
    assert!(signed_in.second_factor && node.app.session(&signed_in.cookie).await.unwrap().half);
    let now = code(&node, &secret, 0);
    node.app.second_factor(&signed_in.cookie, &now).await.unwrap();
    assert!(!node.app.session(&signed_in.cookie).await.unwrap().half);
    // The same code again, overheard: refused; and one of before: refused.
    let thief = try_in(&node.app, PASSWORD).await.unwrap();
    for overheard in [now, code(&node, &secret, -1)] {
        assert_eq!(
            node.app.second_factor(&thief.cookie, &overheard).await.unwrap_err().code,
            "second-factor"
        );
    }
    // Signing in again with the password gives no further guesses.
    for _ in 0..3 {
        let thief = try_in(&node.app, PASSWORD).await.unwrap();
        node.app.second_factor(&thief.cookie, "123").await.unwrap_err();
    }
    assert_eq!(try_in(&node.app, PASSWORD).await.unwrap_err().code, "locked");
    node.clock().minutes(16);
    let signed_in = try_in(&node.app, PASSWORD).await.unwrap();
    node.clock().minutes(11);
    assert!(
        node.app.second_factor(&signed_in.cookie, &code(&node, &secret, 0)).await.is_err(),
        "half a session lives ten minutes"
    );
}

pub async fn a_token_reaches_as_far_as_its_scopes_and_as_long_as_it_lives(place: &Place) {
    let node = Node::new(place).await;
    let id = DocketId(node.report("店外摆摊", 0).await.id);
    let me = node.as_("officer-a1");
    let issue = async |scopes: &[&str], days: i64| {
        let scopes: Vec<_> = scopes.iter().map(ToString::to_string).collect();
        node.app.issue_token(&me, "手机", &scopes, days).await
    };
    for (scopes, days) in [(&["read", "root"][..], 1), (&[], 1), (&["read"], 0), (&["read"], 367)] {
        assert_eq!(issue(scopes, days).await.unwrap_err().kind, RefusalKind::Invalid);
    }
    assert!(node.app.issue_token(&Caller::public(""), "x", &["read".into()], 1).await.is_err());
    let reads = issue(&["read"], 30).await.unwrap();
    let writes = issue(&["write"], 30).await.unwrap();
    let as_token = async |token: &str| node.app.bearer(token, "198.51.100.7").await;
    let reader = as_token(&reads).await.unwrap();
    assert!(node.app.list(&reader, &lianzhi_app::ListQuery::default(), None, 10).await.is_ok());
    let accept = json!({ "command": "accept" });
    assert_eq!(node.app.command(&reader, id, accept.clone(), None, None).await.unwrap_err().code, "scope");
    assert_eq!(node.app.report(&reader, node.input("x", 0), None).await.unwrap_err().code, "scope");
    let record = lianzhi_procedure::register::Record::Settings(city::settings());
    assert_eq!(node.app.put_register(&reader, record).await.unwrap_err().code, "scope");
    let writer = as_token(&writes).await.unwrap();
    assert_eq!(
        node.app.list(&writer, &lianzhi_app::ListQuery::default(), None, 10).await.unwrap_err().code,
        "scope"
    );
    node.app.command(&writer, id, accept, None, None).await.unwrap();

    assert!(as_token("lz_made-up").await.is_err());
    let row = node.app.tokens(&me).await.unwrap().into_iter().find(|t| t.scopes == ["write"]).unwrap();
    assert!(node.app.revoke_token(&node.as_("officer-a2"), row.digest).await.is_err(), "not his");
    node.app.revoke_token(&me, row.digest).await.unwrap();
    assert!(as_token(&writes).await.unwrap_err().rule.contains("撤销"));
    node.clock().minutes(30 * 24 * 60);
    assert!(as_token(&reads).await.unwrap_err().rule.contains("过期"));
}
