//! The resumable way, proven with somebody else's client: `tuspy` from PyPI, in a virtual environment of its own.

use crate::files::png;
use crate::node::Node;
use tokio::process::Command;

/// The client, pinned so that a failure is ours.
const CLIENT: &str = "tuspy==1.1.0";

/// Uploads the first half, drops everything, resumes by address alone, and prints the exhibit.
const SCRIPT: &str = r#"
import sys, requests
from tusclient import client
url, path, token = sys.argv[1], sys.argv[2], sys.argv[3]
tus = client.TusClient(url + "/files", headers={"Authorization": "Bearer " + token})
first = tus.uploader(path, chunk_size=300_000, metadata={"filename": "现场.png"})
first.upload_chunk()
assert first.offset == 300_000, first.offset
second = client.TusClient(url + "/files", headers={"Authorization": "Bearer " + token}).uploader(path, chunk_size=300_000, url=first.url)
assert second.offset == 300_000, second.offset
second.upload()
head = requests.head(first.url, headers={"Tus-Resumable": "1.0.0", "Authorization": "Bearer " + token})
assert head.headers["Upload-Offset"] == head.headers["Upload-Length"], head.headers
print(head.headers["Lianzhi-Exhibit"])
# The same once more with a checksum for each piece (this client makes SHA-1), then another upload given up.
checked = tus.uploader(path, chunk_size=300_000, upload_checksum=True)
checked.upload()
assert requests.head(checked.url, headers={"Tus-Resumable": "1.0.0", "Authorization": "Bearer " + token}).headers["Lianzhi-Exhibit"] == head.headers["Lianzhi-Exhibit"]
dropped = tus.uploader(path, chunk_size=300_000, upload_checksum=True)
dropped.upload_chunk()
gone = requests.delete(dropped.url, headers={"Tus-Resumable": "1.0.0", "Authorization": "Bearer " + token})
assert gone.status_code == 204, gone.text
"#;

#[tokio::test]
async fn an_existing_tus_client_uploads_and_resumes() {
    let home = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let python = tokio::task::spawn_blocking(move || lianzhi_testkit::python(home, CLIENT, "tusclient"));
    let python = python.await.unwrap();
    let node = Node::start().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("photo.png");
    let bytes = png(700, 700);
    assert!(bytes.len() > 900_000, "{}", bytes.len());
    std::fs::write(&path, &bytes).unwrap();
    let token = node.token("officer-a").await;
    let out =
        Command::new(python).args(["-c", SCRIPT, &node.url]).arg(&path).arg(&token).output().await.unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let exhibit = String::from_utf8(out.stdout).unwrap().trim().to_owned();
    let back = node.get(&format!("/files/{exhibit}")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(back.bytes().await.unwrap(), bytes);
}
