//! Prints the raw grouped-insert rate of an empty database: `raw_insert <url> <dir> [intakes] [group]`.

use std::path::Path;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, dir, rest @ ..] = arguments.as_slice() else {
        return Err("usage: raw_insert <url> <dir> [intakes] [group]".into());
    };
    let number = |i: usize, default: usize| rest.get(i).map_or(Ok(default), |text| text.parse());
    let (intakes, group) = (number(0, 50_000)?, number(1, 256)?);
    let rate = lianzhi_store::baseline::run(url, Path::new(dir), intakes, group).await?;
    println!(
        "{intakes} intakes in groups of {group}: {:.0} intakes/s, {:.0} rows/s",
        rate.intakes_per_s, rate.rows_per_s
    );
    Ok(())
}
