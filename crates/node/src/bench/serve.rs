//! A node with very many matters to look at: for browsers that measure (`LIANZHI_MEASURE`), or by hand.

use super::stage::{Place, Stage};
use super::{Failure, ServeArgs};
use lianzhi_sim::{DemoFile, DemoNode};
use std::collections::HashMap;

pub(super) async fn run(args: &ServeArgs) -> Result<(), Failure> {
    let place = Place::new(args.database.as_deref(), Some(&args.dir))?;
    place.seed(args.matters).await?;
    let stage = Stage::open(place).await?;
    stage.app.integrate_log().await;
    let hashes: HashMap<&str, String> = stage
        .city
        .people
        .iter()
        .map(|e| e.password.as_str())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|password| (password, lianzhi_app::hash_password(password)))
        .collect();
    let credentials: Vec<_> = stage
        .city
        .people
        .iter()
        .filter_map(|e| Some((e.person.code.clone(), hashes.get(e.password.as_str())?.clone())))
        .collect();
    stage.app.set_credentials(&credentials).await?;
    let tokens = HashMap::from([(stage.dispatcher.to_string(), stage.token.clone())]);
    let url = format!("http://{}", stage.at);
    let file = stage.dir.join("demo.json");
    let node = DemoNode::of(&stage.city, &url, &tokens, &[]);
    std::fs::write(&file, serde_json::to_vec_pretty(&DemoFile { nodes: vec![node], story: None })?)?;
    println!("{url}, people in {}; Ctrl+C ends it", file.display());
    tokio::signal::ctrl_c().await?;
    Ok(())
}
