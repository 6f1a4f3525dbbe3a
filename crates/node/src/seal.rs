//! The agency's electronic seal in the configuration.

use crate::config::ConfigError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// The agency's electronic seal: a service that takes a PDF and gives it back sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Where the service takes PDFs.
    pub url: String,
    /// File with the token that it asks for, on one line. Relative to the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
    /// How long it may take. Whoever signs waits for it.
    #[serde(default = "seal_seconds")]
    pub seconds: u64,
    /// Largest sealed PDF, megabytes.
    #[serde(default = "seal_mb")]
    pub mb: u64,
}

fn seal_seconds() -> u64 {
    10
}
fn seal_mb() -> u64 {
    20
}

impl Seal {
    /// What is wrong with it, if anything.
    pub fn fault(&self, request_seconds: u64) -> Option<&'static str> {
        if !(1..=60).contains(&self.seconds) || self.seconds >= request_seconds {
            Some("seal.seconds 应为 1 到 60，并且小于 limits.request_seconds")
        } else if self.mb == 0 || self.mb > 200 {
            Some("seal.mb 应为 1 到 200")
        } else {
            None
        }
    }

    /// The service, with its token.
    ///
    /// # Errors
    /// When the token cannot be read or the address is none that may be called.
    pub fn service(&self) -> Result<lianzhi_link::HttpSeal, ConfigError> {
        let bad = |reason: String| ConfigError::Unreadable {
            path: self.token_file.clone().unwrap_or_default(),
            reason,
        };
        let token = match &self.token_file {
            Some(path) => {
                Some(std::fs::read_to_string(path).map_err(|e| bad(e.to_string()))?.trim().to_owned())
            }
            None => None,
        };
        lianzhi_link::HttpSeal::new(&lianzhi_link::SealConfig {
            url: self.url.clone(),
            token,
            patience: Duration::from_secs(self.seconds),
            bytes_max: usize::try_from(self.mb << 20).unwrap_or(usize::MAX),
        })
        .map_err(|e| bad(e.to_string()))
    }
}
