//! Where a node keeps what it has: a configuration elsewhere, exhibits in a bucket.

use crate::program::{Home, Serving, done, lianzhi, post};
use lianzhi_testkit::Storage;
use serde_json::json;
use std::path::Path;

/// A photo: one white dot.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\rE\xde\xb8\0\0\0\0IEND\xaeB`\x82";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Reports something with the photo; gives the photo's id.
async fn report_with_photo(node: &Serving, token: &str) -> String {
    let part = reqwest::multipart::Part::bytes(PHOTO).file_name("现场.png");
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/exhibits", node.url))
        .bearer_auth(token)
        .multipart(reqwest::multipart::Form::new().part("file", part))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    let exhibit = answer.json::<serde_json::Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let body = json!({"description": "店外经营", "category": "E09005", "exhibits": [exhibit],
        "place": {"lng": 121.1142, "lat": 31.1508}});
    let (status, receipt) = post(&node.url, token, "/api/v1/reports", &body).await;
    assert_eq!(status, 201, "{receipt}");
    exhibit
}

/// What the node has already goes into the bucket under the same names, as the operator's page says.
async fn carry_over(blobs: &Path, bucket: &str) {
    let mut folders = vec![blobs.join("objects")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = text(path.strip_prefix(blobs).unwrap());
            let body = std::fs::read(&path).unwrap();
            let put = reqwest::Client::new().put(format!("{bucket}/{name}")).body(body).send().await.unwrap();
            assert!(put.status().is_success(), "{name}");
        }
    }
    std::fs::remove_dir_all(blobs.join("objects")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_elsewhere_is_backed_up_and_what_is_restored_starts() {
    let home = Home::new();
    let elsewhere = home.beside("etc");
    std::fs::create_dir(&elsewhere).unwrap();
    let config = elsewhere.join("lianzhi.toml");
    let written = std::fs::read_to_string(home.dir().join("lianzhi.toml")).unwrap();
    let written = written.replace("data_dir = \".\"", &format!("data_dir = \"{}\"", home.dir().display()));
    std::fs::write(&config, format!("# 说明留着\n{written}")).unwrap();
    std::fs::remove_file(home.dir().join("lianzhi.toml")).unwrap();

    let node = Serving::start(&config);
    report_with_photo(&node, &home.token("hotline")).await;
    let backup = home.beside("backup");
    done(["backup", "--config", text(&config), "--with-keys", text(&backup)]);
    assert_eq!(node.stop(), 0);
    assert!(std::fs::read_to_string(backup.join("lianzhi.toml")).unwrap().contains("说明留着"));
    assert!(done(["verify", text(&backup)]).contains("未发现改动"));
    let restored = home.beside("restored");
    done(["restore", text(&backup), "--dir", text(&restored)]);
    let node = Serving::start(&restored);
    report_with_photo(&node, &home.token("hotline")).await;
    assert_eq!(node.stop(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exhibits_in_a_bucket_are_served_backed_up_verified_and_restored() {
    let storage = Storage::start(env!("CARGO_TARGET_TMPDIR").as_ref());
    let home = Home::new();
    let config = home.dir().join("lianzhi.toml");
    let bucket =
        format!("[exhibits]\nbucket = \"lianzhi\"\nendpoint = \"{}\"\nprefix = \"310118\"\n", storage.url);
    let written = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{written}\n{bucket}")).unwrap();
    carry_over(&home.dir().join("blobs"), &format!("{}/lianzhi/310118", storage.url)).await;

    let node = Serving::start(&home.dir());
    let token = home.token("hotline");
    let exhibit = report_with_photo(&node, &token).await;
    assert!(!home.dir().join("blobs/objects").exists(), "not in the folder");
    let file = |range: &'static str| {
        reqwest::Client::new()
            .get(format!("{}/files/{exhibit}", node.url))
            .bearer_auth(home.token("dispatcher"))
            .header("range", range)
            .send()
    };
    let part = file("bytes=1-3").await.unwrap();
    assert_eq!(part.status(), 206, "{}", part.text().await.unwrap());
    assert_eq!(part.headers()["content-range"], format!("bytes 1-3/{}", PHOTO.len()).as_str());
    assert_eq!(part.bytes().await.unwrap(), &PHOTO[1..4]);
    assert_eq!(file("bytes=0-").await.unwrap().bytes().await.unwrap(), PHOTO);
    assert_eq!(file("bytes=999999-").await.unwrap().status(), 416);

    let backup = home.beside("backup");
    done(["backup", "--config", text(&home.dir()), "--with-keys", text(&backup)]);
    assert_eq!(node.stop(), 0);
    assert!(home.intact().contains("未发现改动"));
    let doctor = lianzhi(["doctor", "--config", text(&home.dir())]);
    assert!(doctor.said.contains("✓ 证据：s3://lianzhi/310118"), "{}", doctor.said);

    // What somebody takes out of the bucket, or changes in it, is missed and named.
    let object =
        format!("{}/lianzhi/310118/objects/{}/{}/{exhibit}", storage.url, &exhibit[..2], &exhibit[2..4]);
    // The storage shows private objects to whoever has a name; it checks no signature.
    let mut name = reqwest::header::HeaderMap::new();
    name.insert("authorization", "AWS key:signature".parse().unwrap());
    let client = reqwest::Client::builder().default_headers(name).build().unwrap();
    assert_eq!(client.get(&object).send().await.unwrap().bytes().await.unwrap(), PHOTO);
    assert!(client.delete(&object).send().await.unwrap().status().is_success());
    let ran = home.verify();
    assert!(ran.code == 1 && ran.said.contains(&exhibit[..8]), "{}", ran.said);
    let mut changed = PHOTO.to_vec();
    changed[40] ^= 1;
    assert!(client.put(&object).body(changed).send().await.unwrap().status().is_success());
    let ran = home.verify();
    assert!(ran.code == 1 && ran.said.contains(&exhibit[..8]), "{}", ran.said);
    assert!(client.delete(&object).send().await.unwrap().status().is_success());

    // The backup has its own copy: checked as it is, and restored into a folder or into the bucket.
    assert!(done(["verify", text(&backup)]).contains("未发现改动"));
    let folder = home.beside("folder");
    assert!(done(["restore", text(&backup), "--dir", text(&folder)]).contains("未发现改动"));
    assert!(folder.join("blobs/objects").is_dir());
    assert_eq!(
        client.get(&object).send().await.unwrap().status(),
        404,
        "a trial restore leaves the bucket alone"
    );
    let again = home.beside("again");
    assert!(done(["restore", text(&backup), "--dir", text(&again), "--to-bucket"]).contains("未发现改动"));
    assert_eq!(client.get(&object).send().await.unwrap().bytes().await.unwrap(), PHOTO);
    assert!(home.intact().contains("未发现改动"), "the first node finds it again");

    // A storage that does not answer is said so, and nothing hangs.
    drop(storage);
    let doctor = lianzhi(["doctor", "--config", text(&home.dir())]);
    assert!(doctor.code == 1 && doctor.said.contains("✗ 证据"), "{}", doctor.said);
}
