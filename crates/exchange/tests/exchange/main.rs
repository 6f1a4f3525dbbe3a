//! What members say to each other and believe, as sentences: given, when, then.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod compact;
