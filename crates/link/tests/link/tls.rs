//! The exchange over TLS, with certificates that members issue each other or that nobody trusts.

use lianzhi_app::App;
use lianzhi_exchange::compact::Roster;
use lianzhi_link::{Config, Pump, Tls, TlsCaller, TlsListener};
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Somebody who issues certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = folder.join(format!("{name}.pem"));
        std::fs::write(&pem, params.self_signed(&key).unwrap().pem()).unwrap();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for this machine, with its key; `roots` are those whose certificates callers must show.
    fn issue(&self, folder: &Path, name: &str, roots: Option<&Authority>) -> Tls {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let own = KeyPair::generate().unwrap();
        let (cert, key) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
        std::fs::write(&cert, params.signed_by(&own, &self.issuer).unwrap().pem()).unwrap();
        std::fs::write(&key, own.serialize_pem()).unwrap();
        Tls { cert, key, client_ca: roots.map(|roots| roots.pem.clone()) }
    }
}

/// Serves a member's exchange over TLS; gives where.
async fn serve(app: App, config: &Config) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = TlsListener::new(listener, config.tls.as_ref().unwrap()).unwrap();
    let service = lianzhi_link::router(app, config).into_make_service_with_connect_info::<TlsCaller>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Two members that are reached over TLS only, each with these certificates.
async fn members(places: &[&Place; 2], tls: [Tls; 2]) -> (Federation, [SocketAddr; 2]) {
    let mut f = Federation::new(places).await;
    let mut roster: Roster = f.sites[0].node.app.roster().unwrap().as_ref().clone();
    let mut addresses = Vec::new();
    for ((site, tls), member) in f.sites.iter_mut().zip(tls).zip(&mut roster.epoch.members) {
        site.link = Config { tls: Some(tls), allow_private: true, ..Config::default() };
        let address = serve(site.node.app.clone(), &site.link).await;
        member.addresses = vec![format!("https://{address}")];
        addresses.push(address);
    }
    f.agree(&roster).await;
    (f, addresses.try_into().unwrap())
}

/// Says hello over TLS, with a certificate or without; what comes back, or why nothing does.
async fn hello(to: SocketAddr, roots: &Authority, own: Option<&Tls>) -> Result<String, String> {
    let mut store = rustls::RootCertStore::empty();
    store.add(CertificateDer::from_pem_file(&roots.pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store);
    let config = match own {
        None => builder.with_no_client_auth(),
        Some(tls) => {
            let chain = vec![CertificateDer::from_pem_file(&tls.cert).unwrap()];
            builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(&tls.key).unwrap()).unwrap()
        }
    };
    let words = |e: std::io::Error| e.to_string();
    let stream = tokio::net::TcpStream::connect(to).await.map_err(words)?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = connector.connect(name, stream).await.map_err(words)?;
    let request = format!("GET /exchange/v1/card HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(words)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(words)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

async fn arrives(f: &Federation) {
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("the matter arrives", async || b.docket_of(a, id).await.is_some()).await;
    let there = b.docket_of(a, id).await.unwrap();
    b.done("liaison", there, json!({ "command": "register" })).await;
    until("the answer arrives", async || a.node.row(id.0).await.stage == "registered").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_that_show_each_other_their_certificates_exchange_and_nobody_else_gets_in() {
    let (places, folder) = ([Place::sqlite(), Place::sqlite()], tempfile::tempdir().unwrap());
    let (ours, strange) =
        (Authority::new(folder.path(), "compact"), Authority::new(folder.path(), "strange"));
    let tls = ["a", "b"].map(|name| ours.issue(folder.path(), name, Some(&ours)));
    let own = tls[0].clone();
    let (mut f, [_, b]) = members(&places.each_ref(), tls).await;
    f.sites.iter_mut().for_each(Site::start);
    arrives(&f).await;
    // Who shows a certificate of the members' authority is let in as far as the signatures; who shows none, or one of
    // somebody else, does not come so far.
    let answer = hello(b, &ours, Some(&own)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let none = hello(b, &ours, None).await.unwrap_err();
    assert!(none.contains("CertificateRequired"), "{none}");
    let other = strange.issue(folder.path(), "other", None);
    assert!(hello(b, &ours, Some(&other)).await.is_err());
    // Nor is unencrypted HTTP answered there.
    assert!(reqwest::get(format!("http://{b}/exchange/v1/card")).await.is_err());
    assert!(
        hello(b, &strange, Some(&own)).await.is_err(),
        "a caller that does not know the authority goes away"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_whose_certificate_nobody_vouches_for_is_not_spoken_to() {
    let (places, folder) = ([Place::sqlite(), Place::sqlite()], tempfile::tempdir().unwrap());
    let (ours, strange) =
        (Authority::new(folder.path(), "compact"), Authority::new(folder.path(), "strange"));
    // The second has its certificate from somebody else: as if another stood in its place.
    let tls = [ours.issue(folder.path(), "a", Some(&ours)), strange.issue(folder.path(), "b", Some(&ours))];
    let (mut f, _) = members(&places.each_ref(), tls).await;
    f.sites[0].start();
    let [a, b] = &f.sites[..] else { panic!() };
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    until("it is found out", async || a.outbox(id).await.iter().all(|row| row.attempts > 0)).await;
    let row = a.outbox(id).await.remove(0);
    assert!(!row.done && row.error.contains("certificate"), "{}", row.error);
    assert_eq!(b.docket_of(a, id).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_members_certificates_a_listener_is_only_encrypted() {
    let (place, folder) = (Place::sqlite(), tempfile::tempdir().unwrap());
    let ours = Authority::new(folder.path(), "compact");
    let f = Federation::new(&[&place]).await;
    let tls = ours.issue(folder.path(), "a", None);
    let config = Config { tls: Some(tls), allow_private: true, ..Config::default() };
    let address = serve(f.sites[0].node.app.clone(), &config).await;
    let answer = hello(address, &ours, None).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_that_do_not_fit_are_named_before_anything_listens() {
    let (place, folder) = (Place::sqlite(), tempfile::tempdir().unwrap());
    let ours = Authority::new(folder.path(), "compact");
    let f = Federation::new(&[&place]).await;
    let (one, other) =
        (ours.issue(folder.path(), "a", Some(&ours)), ours.issue(folder.path(), "b", Some(&ours)));
    let mixed = Tls { key: other.key, ..one.clone() };
    let missing = Tls { cert: folder.path().join("nothing.crt"), ..one };
    let app = &f.sites[0].node.app;
    for (tls, words) in [(mixed, "TLS 配置无效"), (missing, "nothing.crt")] {
        let config = Config { tls: Some(tls), ..Config::default() };
        let error = Pump::new(app.clone(), &config).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
