//! Logs go to standard error, as text or as one JSON object a line.

use serde::{Deserialize, Serialize};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Form of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For collectors.
    Json,
}

/// Begins logging. `LIANZHI_LOG` goes before the filter of the configuration, e.g. `info,lianzhi_app=debug`.
pub fn start(format: Format, filter: &str) {
    let filter = EnvFilter::try_from_env("LIANZHI_LOG")
        .or_else(|_| EnvFilter::try_new(filter))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process changes nothing.
    let _ = match format {
        Format::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Logging for commands that print their own results: only what is wrong.
pub fn quiet() {
    start(Format::Text, "warn");
}
