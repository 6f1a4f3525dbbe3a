//! What an actor may do now.
pub(super) fn offers(_: &super::State, _: &crate::Facts<'_>) -> Vec<crate::Offer> { Vec::new() }
