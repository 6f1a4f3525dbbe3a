//! What a node's program understands.

use crate::common::*;
use lianzhi_docket::suite::Suite;
use lianzhi_exchange::capabilities::{
    Capabilities, CapabilitiesError, KINDS_MAX, Limits, PROTOCOL_VERSIONS, choose_version,
};

fn of(code: &str) -> Capabilities {
    Capabilities {
        node: node(code),
        at: morning(),
        versions: PROTOCOL_VERSIONS.to_vec(),
        kinds: vec!["compact".into(), "lead".into()],
        suites: Suite::ALL.to_vec(),
        limits: Limits::default(),
    }
}

#[test]
fn a_document_counts_for_the_node_that_signed_it() {
    for code in [QINGPU, WUJIANG] {
        let signed = of(code).sign(&key(code)).unwrap();
        assert_eq!(Capabilities::open(&signed, key(code).public(), &node(code)).unwrap(), of(code));
        let other = Capabilities::open(&signed, key(code).public(), &node(JIASHAN));
        assert!(matches!(other, Err(CapabilitiesError::Node(_))));
        assert!(Capabilities::open(&signed, key(JIASHAN).public(), &node(code)).is_err());
    }
    let many = Capabilities { kinds: vec!["lead".into(); KINDS_MAX + 1], ..of(QINGPU) };
    assert!(matches!(many.sign(&key(QINGPU)), Err(CapabilitiesError::Lists)));
    assert!(of(QINGPU).understands("lead") && !of(QINGPU).understands("drone"));
}

#[test]
fn a_later_version_may_say_more() {
    let mut json = serde_json::to_value(of(QINGPU)).unwrap();
    json["drones"] = 3.into();
    json["limits"]["drones"] = 3.into();
    assert_eq!(serde_json::from_value::<Capabilities>(json).unwrap(), of(QINGPU));
}

#[test]
fn the_latest_common_version_is_spoken() {
    assert_eq!(choose_version(&[2, 1], &[3, 2]), Some(2));
    assert_eq!(choose_version(&[2, 1], &[1, 2]), Some(2));
    assert_eq!(choose_version(&[2, 1], &[4, 3]), None);
    let small = Limits { parcels: 8, ..Limits::default() };
    assert_eq!(small.both(Limits::default()), small);
    assert_eq!(Limits::default().both(small), small);
}
