//! Time to pay that a party asks for, and that is given to it (行政处罚法 66(2)).

use crate::PartRef;
use crate::penalty::Part;
use jiff::Timestamp;

/// What a party that cannot pay at once asks for (66(2)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// Parts in which it would pay.
    pub parts: Vec<Part>,
    /// Why, in its words.
    pub note: PartRef,
    /// When it was entered.
    pub at: Timestamp,
}

/// The same, granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deferral {
    /// 文号.
    pub number: String,
    /// What was asked for.
    pub asked: Later,
    /// When it was granted.
    pub at: Timestamp,
}
