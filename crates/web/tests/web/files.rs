//! Files in and out of custody.

use crate::node::{Node, problem};
use base64::Engine;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::io::Cursor;
use tokio::io::AsyncWriteExt;

/// A picture that compresses badly, so that its size can be chosen.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).rotate_left(x % 13);
        let [r, g, b, _] = noise.to_le_bytes();
        image::Rgb([r, g, b])
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

/// Uploads in one go and gives the exhibit's id.
pub async fn upload(node: &Node, token: Option<&str>, bytes: &[u8]) -> String {
    let answer = send(node, token, "现场.png", bytes).await;
    assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
    answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn send(node: &Node, token: Option<&str>, name: &str, bytes: &[u8]) -> Response {
    let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("file", part);
    let mut request = node.request(Method::POST, "/api/v1/exhibits").multipart(form);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn an_exhibit_is_named_by_the_digest_of_its_untouched_bytes() {
    let node = Node::start().await;
    let token = node.token("officer-a").await;
    let bytes = png(64, 48);
    let answer = send(&node, Some(&token), "../../etc/现场\u{202e}.png", &bytes).await;
    let taken: Value = answer.json().await.unwrap();
    assert_eq!(taken["media"], "image/png");
    assert_eq!(taken["name"], "现场.png");
    assert_eq!(taken["size"], bytes.len());
    let id = taken["id"].as_str().unwrap();
    assert_eq!(id, upload(&node, Some(&token), &bytes).await, "the same file again is the same exhibit");
    let back = node.get(&format!("/files/{id}")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(back.status(), StatusCode::OK);
    assert_eq!(back.bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn files_that_are_no_evidence_are_refused_with_what_is_taken() {
    let node = Node::start().await;
    let token = node.token("officer-a").await;
    let polyglot = [png(8, 8), b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x10\0\0\0\x10\0\0\0\0\0".to_vec()].concat();
    let scripted = [png(8, 8), b"<script>alert(1)</script>".to_vec()].concat();
    for (name, bytes) in [
        ("page.png", b"<!doctype html><script>alert(1)</script>".to_vec()),
        ("drawing.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec()),
        ("photo.jpg", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".to_vec()),
        ("photo.png", polyglot),
        ("photo2.png", scripted),
        ("broken.png", png(8, 8)[..40].to_vec()),
        ("empty.png", Vec::new()),
    ] {
        let answer = send(&node, Some(&token), name, &bytes).await;
        let problem = problem(answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "file-kind").await;
        assert_eq!(problem["field"], "file", "{name}");
    }
    let none = reqwest::multipart::Form::new().text("note", "no file");
    let none = node
        .request(Method::POST, "/api/v1/exhibits")
        .multipart(none)
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    problem(none, StatusCode::BAD_REQUEST, "no-file").await;
    let json = node.post("/api/v1/exhibits", &json!({})).bearer_auth(&token).send().await.unwrap();
    problem(json, StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type").await;
}

#[tokio::test]
async fn the_public_has_a_size_and_a_day() {
    let node = Node::with(|config| {
        config.public_file_bytes_max = 20_000;
        config.public_bytes_per_day_max = 30_000;
    })
    .await;
    let (small, large) = (png(64, 64), png(200, 200));
    assert!(small.len() < 15_000 && small.len() > 10_000, "{}", small.len());
    let too_large = send(&node, None, "a.png", &large).await;
    problem(too_large, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
    upload(&node, None, &small).await;
    let mut other = png(64, 65);
    upload(&node, None, &other).await;
    other = png(65, 64);
    let third = send(&node, None, "c.png", &other).await;
    problem(third, StatusCode::TOO_MANY_REQUESTS, "too-often").await;
    // A day later there is room again.
    node.hands.forward(jiff::SignedDuration::from_hours(25));
    upload(&node, None, &other).await;
}

/// A matter of the public with a photo, handled by officer-a with another.
async fn matter_with_photos(node: &Node) -> (Value, String) {
    node.on_duty("officer-a", "squad-a").await;
    let photo = upload(node, None, &png(640, 480)).await;
    let body = json!({
        "category": "E09005", "description": "店外经营", "place": { "lng": 121.02, "lat": 31.02 }, "exhibits": [photo],
    });
    let receipt: Value = node.post("/api/v1/reports", &body).send().await.unwrap().json().await.unwrap();
    (receipt, photo)
}

#[tokio::test]
async fn a_file_is_shown_to_those_who_may_read_the_matter_and_each_look_is_recorded() {
    let node = Node::start().await;
    let (receipt, photo) = matter_with_photos(&node).await;
    let path = format!("/files/{photo}");
    let officer = node.token("officer-a").await;
    let seen = node.get(&path).bearer_auth(&officer).send().await.unwrap();
    assert_eq!(seen.status(), StatusCode::OK);
    let headers = seen.headers();
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("inline; filename*=UTF-8''"));
    assert!(headers["cache-control"].to_str().unwrap().contains("private"));

    let other = node.token("officer-b").await;
    problem(
        node.get(&path).bearer_auth(&other).send().await.unwrap(),
        StatusCode::NOT_FOUND,
        "no-such-address",
    )
    .await;
    assert_eq!(node.get(&path).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let auditor = node.token("auditor").await;
    node.app.flush_access().await;
    let log: Value = node
        .get(&format!("/api/v1/access?matter={}", receipt["id"]))
        .bearer_auth(&auditor)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let looks: Vec<_> = log.as_array().unwrap().iter().filter(|l| l["action"] == "exhibit").collect();
    assert_eq!(looks.len(), 1, "{log}");
    assert_eq!(looks[0]["actor"], "person:officer-a");
}

#[tokio::test]
async fn the_public_sees_only_copies_of_its_own_matter_without_metadata() {
    let node = Node::start().await;
    let (receipt, photo) = matter_with_photos(&node).await;
    let number = crate::main_job::percent(receipt["number"].as_str().unwrap());
    let code = receipt["follow_code"].as_str().unwrap();
    let copy = node.get(&format!("/files/{photo}?number={number}&code={code}")).send().await.unwrap();
    assert_eq!(copy.status(), StatusCode::OK, "{}", copy.text().await.unwrap());
    assert_eq!(copy.headers()["content-type"], "image/jpeg");
    let copy = copy.bytes().await.unwrap();
    assert!(!copy.windows(4).any(|w| w == b"Exif"));
    assert_eq!(image::load_from_memory(&copy).unwrap().width(), 640);
    let thumb =
        node.get(&format!("/files/{photo}?number={number}&code={code}&size=thumb")).send().await.unwrap();
    assert_eq!(image::load_from_memory(&thumb.bytes().await.unwrap()).unwrap().width(), 320);

    let wrong = node.get(&format!("/files/{photo}?number={number}&code=WRONG234")).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::NOT_FOUND);
    // Another's photo is not opened by one's own code.
    let token = node.token("officer-a").await;
    let other = upload(&node, Some(&token), &png(20, 20)).await;
    let other = node.get(&format!("/files/{other}?number={number}&code={code}")).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ranges_are_answered_in_part() {
    let node = Node::start().await;
    let token = node.token("officer-a").await;
    let bytes = png(100, 100);
    let id = upload(&node, Some(&token), &bytes).await;
    let get = |range: &'static str| {
        node.get(&format!("/files/{id}")).header("range", range).bearer_auth(&token).send()
    };
    let part = get("bytes=10-19").await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], format!("bytes 10-19/{}", bytes.len()).as_str());
    assert_eq!(part.headers()["content-length"], "10");
    assert_eq!(part.bytes().await.unwrap(), bytes[10..20]);
    let last = get("bytes=-5").await.unwrap();
    assert_eq!(last.bytes().await.unwrap(), bytes[bytes.len() - 5..]);
    let beyond = get("bytes=99999999-").await.unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.headers()["content-range"], format!("bytes */{}", bytes.len()).as_str());

    let head = node.request(Method::HEAD, &format!("/files/{id}")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["content-length"], bytes.len().to_string().as_str());
    assert_eq!(head.headers()["accept-ranges"], "bytes");
    let etag = head.headers()["etag"].clone();
    let same = node
        .get(&format!("/files/{id}"))
        .header("if-none-match", &etag)
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    let stale = node
        .get(&format!("/files/{id}"))
        .header("range", "bytes=0-9")
        .header("if-range", "\"another\"")
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(stale.status(), StatusCode::OK, "another version: the whole");
}

fn metadata(name: &str) -> String {
    format!("filename {}", base64::engine::general_purpose::STANDARD.encode(name))
}

#[tokio::test]
async fn an_upload_that_broke_off_is_resumed() {
    let node = Node::start().await;
    let bytes = png(900, 900);
    assert!(bytes.len() > 1_200_000, "more than one piece: {}", bytes.len());
    let options = node.request(Method::OPTIONS, "/files").send().await.unwrap();
    assert_eq!(options.headers()["tus-version"], "1.0.0");
    assert!(options.headers()["tus-extension"].to_str().unwrap().contains("creation-with-upload"));

    let tus = |method: Method, path: &str| node.request(method, path).header("tus-resumable", "1.0.0");
    let created = tus(Method::POST, "/files")
        .header("upload-length", bytes.len())
        .header("upload-metadata", metadata("现场.png"))
        .send()
        .await
        .unwrap();
    assert_eq!(created.status(), StatusCode::CREATED, "{}", created.text().await.unwrap());
    assert!(created.headers()["upload-expires"].to_str().unwrap().ends_with("GMT"));
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let patch = |offset: usize, piece: Vec<u8>| {
        tus(Method::PATCH, &path)
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
            .body(piece)
            .send()
    };
    let first = patch(0, bytes[..700_000].to_vec()).await.unwrap();
    assert_eq!(first.status(), StatusCode::NO_CONTENT);
    assert_eq!(first.headers()["upload-offset"], "700000");

    // The connection breaks in the middle of the second piece: what arrived stays.
    let host = node.url.strip_prefix("http://").unwrap();
    let mut wire = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {host}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 700000\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        bytes.len() - 700_000
    );
    wire.write_all(request.as_bytes()).await.unwrap();
    wire.write_all(&bytes[700_000..900_000]).await.unwrap();
    wire.shutdown().await.unwrap();
    drop(wire);
    let head = async || tus(Method::HEAD, &path).send().await.unwrap();
    // The node writes down what came in when it notices the break; until then the old offset is the truth, too.
    let mut offset = 0;
    for _ in 0..200 {
        let answer = head().await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["upload-length"], bytes.len().to_string().as_str());
        offset = answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap();
        if offset > 700_000 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(offset, 900_000);

    let wrong = patch(5, bytes[5..10].to_vec()).await.unwrap();
    problem(wrong, StatusCode::CONFLICT, "upload-offset").await;
    let rest = patch(offset, bytes[offset..].to_vec()).await.unwrap();
    assert_eq!(rest.status(), StatusCode::NO_CONTENT, "{}", rest.text().await.unwrap());
    let exhibit = rest.headers()["lianzhi-exhibit"].to_str().unwrap().to_owned();
    assert_eq!(head().await.headers()["lianzhi-exhibit"], exhibit.as_str());

    let body =
        json!({ "description": "店外经营", "place": { "lng": 121.02, "lat": 31.02 }, "exhibits": [exhibit] });
    assert_eq!(node.post("/api/v1/reports", &body).send().await.unwrap().status(), StatusCode::CREATED);
    let token = node.token("dispatch").await;
    let back = node.get(&format!("/files/{exhibit}")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(back.bytes().await.unwrap(), bytes);
}

/// The checksum that goes with a piece, as `Upload-Checksum` wants it.
fn sha256(piece: &[u8]) -> String {
    use sha2::Digest as _;
    format!("sha256 {}", base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(piece)))
}

#[tokio::test]
async fn a_piece_that_is_not_its_checksum_leaves_nothing() {
    let node = Node::start().await;
    let bytes = png(600, 600);
    let tus = |method: Method, path: &str| node.request(method, path).header("tus-resumable", "1.0.0");
    let options = node.request(Method::OPTIONS, "/files").send().await.unwrap();
    assert_eq!(options.headers()["tus-checksum-algorithm"], "sha256,sha1");
    for extension in ["creation", "creation-with-upload", "checksum", "termination", "expiration"] {
        let said = options.headers()["tus-extension"].to_str().unwrap();
        assert!(said.split(',').any(|e| e == extension), "{extension}: {said}");
    }
    let created = tus(Method::POST, "/files")
        .header("upload-length", bytes.len())
        .header("upload-metadata", metadata("现场.png"))
        .header("content-type", "application/offset+octet-stream")
        .header("upload-checksum", sha256(&bytes[..1000]))
        .body(bytes[..1000].to_vec())
        .send()
        .await
        .unwrap();
    assert_eq!(created.headers()["upload-offset"], "1000");
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let patch = |piece: &[u8], checksum: String| {
        tus(Method::PATCH, &path)
            .header("upload-offset", 1000)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-checksum", checksum)
            .body(piece.to_vec())
            .send()
    };
    let rest = &bytes[1000..];
    let mut damaged = rest.to_vec();
    damaged[7] ^= 1;
    let answer = patch(&damaged, sha256(rest)).await.unwrap();
    problem(answer, StatusCode::from_u16(460).unwrap(), "checksum-mismatch").await;
    let unknown = patch(rest, "md5 1B2M2Y8AsgTpgAmY7PhCfg==".into()).await.unwrap();
    problem(unknown, StatusCode::BAD_REQUEST, "checksum").await;
    let head = tus(Method::HEAD, &path).send().await.unwrap();
    assert_eq!(head.headers()["upload-offset"], "1000");
    assert_eq!(head.headers()["upload-metadata"], metadata("现场.png").as_str());
    let whole = patch(rest, sha256(rest)).await.unwrap();
    assert_eq!(whole.status(), StatusCode::NO_CONTENT, "{}", whole.text().await.unwrap());
    let exhibit = whole.headers()["lianzhi-exhibit"].to_str().unwrap();
    assert_eq!(exhibit, hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes)));
}

#[tokio::test]
async fn an_upload_is_given_up_by_whoever_has_it_and_takes_nothing_more() {
    let node = Node::start().await;
    let (mine, other) = (node.token("officer-a").await, node.token("officer-b").await);
    let tus = |method: Method, path: &str, token: &str| {
        node.request(method, path).header("tus-resumable", "1.0.0").bearer_auth(token)
    };
    let created = tus(Method::POST, "/files", &mine).header("upload-length", 10).send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let foreign = tus(Method::DELETE, &path, &other).send().await.unwrap();
    problem(foreign, StatusCode::NOT_FOUND, "no-such-upload").await;
    let gone = tus(Method::DELETE, &path, &mine).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    for method in [Method::PATCH, Method::DELETE] {
        let after = tus(method, &path, &mine)
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body("x")
            .send()
            .await
            .unwrap();
        problem(after, StatusCode::GONE, "upload-given-up").await;
    }
    assert_eq!(tus(Method::HEAD, &path, &mine).send().await.unwrap().status(), StatusCode::GONE);
}

#[tokio::test]
async fn a_client_that_can_only_post_says_which_method_it_means() {
    let node = Node::start().await;
    let tus = |path: &str| node.request(Method::POST, path).header("tus-resumable", "1.0.0");
    let created = tus("/files").header("upload-length", 10).send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let patched = tus(&path)
        .header("x-http-method-override", "PATCH")
        .header("upload-offset", 0)
        .header("content-type", "application/offset+octet-stream")
        .body("01234")
        .send()
        .await
        .unwrap();
    assert_eq!(patched.headers()["upload-offset"], "5");
    let head = tus(&path).header("x-http-method-override", "HEAD").send().await.unwrap();
    assert_eq!(head.headers()["upload-offset"], "5");
    let none = tus(&path).send().await.unwrap();
    problem(none, StatusCode::METHOD_NOT_ALLOWED, "method-override").await;
    let gone = tus(&path).header("x-http-method-override", "DELETE").send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn tus_refuses_what_does_not_fit() {
    let node = Node::with(|config| config.public_file_bytes_max = 100_000).await;
    let tus = |method: Method, path: &str| node.request(method, path).header("tus-resumable", "1.0.0");
    let other = node
        .request(Method::POST, "/files")
        .header("tus-resumable", "0.2.2")
        .header("upload-length", 5)
        .send();
    let other = other.await.unwrap();
    assert_eq!(other.headers()["tus-version"], "1.0.0");
    problem(other, StatusCode::PRECONDITION_FAILED, "tus-version").await;
    let large = tus(Method::POST, "/files").header("upload-length", 100_001).send().await.unwrap();
    problem(large, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
    let no_length = tus(Method::POST, "/files").send().await.unwrap();
    problem(no_length, StatusCode::BAD_REQUEST, "header").await;
    let nothing = tus(Method::HEAD, "/files/00000000000000000000000000000000").send().await.unwrap();
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);

    // More bytes than announced, and what turns out to be no photo.
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let created = tus(Method::POST, "/files").header("upload-length", page.len()).send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let send = |body: Vec<u8>| {
        tus(Method::PATCH, &path)
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(body)
            .send()
    };
    problem(send(page.clone()).await.unwrap(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "file-kind").await;

    let created = tus(Method::POST, "/files").header("upload-length", 10).send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let over = tus(Method::PATCH, &path)
        .header("upload-offset", 0)
        .header("content-type", "application/offset+octet-stream")
        .body(vec![0; 20])
        .send()
        .await
        .unwrap();
    problem(over, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;

    let created = tus(Method::POST, "/files").header("upload-length", 10).send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    node.hands.forward(jiff::SignedDuration::from_hours(25));
    let expired = tus(Method::HEAD, &path).send().await.unwrap();
    assert_eq!(expired.status(), StatusCode::GONE);
}
