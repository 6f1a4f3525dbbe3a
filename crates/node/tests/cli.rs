//! The program as its operators use it: the real binary, its exit codes, its words, its files.
//!
//! PostgreSQL is found as in the store's suite (`LIANZHI_TEST_POSTGRES`, the local socket, 127.0.0.1).

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

#[path = "cli/program.rs"]
mod program;

#[path = "cli/crash.rs"]
mod crash;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/exchange.rs"]
mod exchange;
#[path = "cli/law.rs"]
mod law;
#[path = "cli/proof.rs"]
mod proof;
#[path = "cli/restore.rs"]
mod restore;
#[path = "cli/storage.rs"]
mod storage;
#[path = "cli/tables.rs"]
mod tables;
