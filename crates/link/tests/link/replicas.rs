//! Several replicas of one member on one database.

use lianzhi_app::{App, Config};
use lianzhi_link::Pump;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_replicas_one_carries_out_and_the_other_takes_over() {
    lianzhi_testkit::run(Place::postgres().await, async |postgres: &Place| {
        let sqlite = Place::sqlite();
        let mut f = Federation::new(&[postgres, &sqlite]).await;
        f.sites[1].start();
        let (site, life) = (&f.sites[0], f.sites[0].node.life.clone());
        let config = Config { log_dir: postgres.dir.path().join("log-2"), ..site.node.app.config().clone() };
        let second =
            App::open(config, postgres.store().await, life.clock, life.entropy, life.keys).await.unwrap();
        let first = Pump::new(site.node.app.clone(), &site.link).unwrap().start();
        until("the first carries out", async || first.leads()).await;
        let other = Pump::new(second.clone(), &site.link).unwrap().start();
        let id = site.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
        until("it arrives", async || f.sites[1].docket_of(site, id).await.is_some()).await;
        assert!(first.leads() && !other.leads(), "one of them");
        // The first ends as after a crash: what is said through it is carried out by the other.
        drop(first);
        until("the other carries out", async || other.leads()).await;
        let id = site.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
        until("it arrives", async || f.sites[1].docket_of(site, id).await.is_some()).await;
        drop(other);
    })
    .await;
}
