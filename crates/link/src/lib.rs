//! The exchange between members over HTTP: `/exchange/v1`. [`router`] takes in, [`Pump`] carries out; what is said and
//! believed is decided in `lianzhi-exchange` and kept by `lianzhi-app`.
//!
//! Every request is signed (RFC 9421) by a member's key; envelopes have their own signatures and outlive the hop. Nothing of
//! a request is looked at before its signature holds, except who it says it is from.

mod address;
mod client;
mod doubt;
mod fetch;
mod gaps;
mod neighbour;
mod problem;
mod pump;
mod restore;
mod seal;
mod server;
mod tls;

pub use address::AddressError;
pub use client::{CallError, Client};
pub use pump::{HEARTBEAT, Pump, Running, WITNESSES_MAX};
pub use seal::{HttpSeal, SealConfig, SealConfigError};
pub use server::router;
pub use tls::{Tls, TlsCaller, TlsError, TlsListener};

use std::num::NonZeroU32;

/// Where the exchange lies.
pub const PATH: &str = "/exchange/v1";
/// Header of answers with the number of the epoch that the answering node works by: a hint to look, nothing that is
/// believed.
pub const HEADER_EPOCH: &str = "lianzhi-epoch";

/// Requests that are answered in a second; those beyond it are told to come later. A batch of 64 envelopes is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Of one network address, whoever it is.
    pub per_address: NonZeroU32,
    /// Of one member.
    pub per_member: NonZeroU32,
}

impl Default for Rates {
    fn default() -> Rates {
        let more = |n: u32| NonZeroU32::MIN.saturating_add(n);
        Rates { per_address: more(499), per_member: more(299) }
    }
}

/// What the exchange must be told.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Addresses of members may lead inside and be unencrypted: for members that share a network of their own,
    /// demonstrations and tests.
    pub allow_private: bool,
    /// Names under which this node is reached, besides those that the roster gives it: host and, unless it is the scheme's
    /// own, port.
    pub authorities: Vec<String>,
    /// Certificates; none where a proxy in front has them.
    pub tls: Option<Tls>,
    /// Largest file that is fetched from a member, bytes; unlimited when not given.
    pub exhibit_bytes_max: Option<u64>,
    /// How often others may ask.
    pub rates: Rates,
}
