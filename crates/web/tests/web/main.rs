//! The web face of a node, asked as its clients ask: over a socket, with a real store behind it.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod access;
mod admin;
mod audit;
mod bad_input;
mod board;
mod cases;
mod citizen;
mod compact;
mod cooperation;
mod files;
mod follow;
mod interface;
mod law;
mod leftovers;
mod lists;
mod live;
mod main_job;
mod maps;
mod node;
mod office;
mod register;
mod repeats;
mod roster;
mod snapshots;
mod spots;
mod stats;
mod surface;
mod todo;
mod tus_client;
mod wall;
