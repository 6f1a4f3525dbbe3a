//! `lianzhi openapi`: prints the document that `/api/openapi.json` serves.

use crate::failure::Failure;
use std::process::ExitCode;

pub fn run() -> Result<ExitCode, Failure> {
    let text = serde_json::to_string_pretty(lianzhi_web::openapi::openapi())
        .map_err(|e| Failure::words(e.to_string()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
