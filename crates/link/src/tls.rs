//! TLS of the exchange's own listener and of calls to members: certificates from files, members' certificates where the
//! operator wants them.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that wait for the server to take them.
const WAITING_MAX: usize = 256;

/// Files of certificates, PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The node's certificate with those that lead to its root.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Roots that issue the members' certificates: callers must show one of theirs, and this node shows its own when it
    /// calls. Servers of members may have theirs from these roots too.
    pub client_ca: Option<PathBuf>,
}

/// Certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("证书文件 {path} 无法读取：{reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// They do not fit together.
    #[error("TLS 配置无效：{0}")]
    Config(String),
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bad = |e: rustls::pki_types::pem::Error| TlsError::File { path: path.into(), reason: e.to_string() };
    CertificateDer::pem_file_iter(path).map_err(bad)?.collect::<Result<_, _>>().map_err(bad)
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path)
        .map_err(|e| TlsError::File { path: path.into(), reason: e.to_string() })
}

fn roots(path: &Path, into: &mut RootCertStore) -> Result<(), TlsError> {
    for certificate in certificates(path)? {
        into.add(certificate).map_err(|e| TlsError::File { path: path.into(), reason: e.to_string() })?;
    }
    Ok(())
}

fn config(error: &dyn std::fmt::Display) -> TlsError {
    TlsError::Config(error.to_string())
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS of calls: the machine's roots and those of the members; with this node's certificate where members show theirs.
pub(crate) fn client(tls: Option<&Tls>) -> Result<ClientConfig, TlsError> {
    use hyper_rustls::ConfigBuilderExt;
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| config(&e))?;
    let Some((tls, ca)) = tls.and_then(|tls| Some((tls, tls.client_ca.as_ref()?))) else {
        // A machine without certificates can still call where nothing is encrypted (demonstrations).
        return Ok(match builder.clone().with_native_roots() {
            Ok(builder) => builder.with_no_client_auth(),
            Err(error) => {
                tracing::warn!(%error, "no root certificates on this machine");
                builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
            }
        });
    };
    let mut store = RootCertStore::empty();
    roots(ca, &mut store)?;
    builder
        .with_root_certificates(store)
        .with_client_auth_cert(certificates(&tls.cert)?, key(&tls.key)?)
        .map_err(|e| config(&e))
}

fn server(tls: &Tls) -> Result<ServerConfig, TlsError> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| config(&e))?;
    let builder = match &tls.client_ca {
        Some(ca) => {
            let mut store = RootCertStore::empty();
            roots(ca, &mut store)?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(store), provider())
                .build()
                .map_err(|e| config(&e))?;
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    builder.with_single_cert(certificates(&tls.cert)?, key(&tls.key)?).map_err(|e| config(&e))
}

/// A listener whose connections have shaken hands. Handshakes run beside each other: a slow one holds nobody up.
#[derive(Debug)]
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl TlsListener {
    /// Wraps a listener.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(listener: TcpListener, tls: &Tls) -> Result<TlsListener, TlsError> {
        let acceptor = TlsAcceptor::from(Arc::new(server(tls)?));
        let address = listener.local_addr().map_err(|e| config(&e))?;
        let (done, ready) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(async move {
            loop {
                let (stream, from) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                };
                let Ok(room) = done.clone().reserve_owned().await else { return };
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => {
                            room.send((stream, from));
                        }
                        Ok(Err(error)) => tracing::debug!(%from, %error, "no handshake"),
                        Err(_) => tracing::debug!(%from, "handshake too slow"),
                    }
                });
            }
        });
        Ok(TlsListener { ready, address, task })
    }
}

/// Who called over TLS.
#[derive(Debug, Clone, Copy)]
pub struct TlsCaller(pub SocketAddr);

impl axum::extract::connect_info::Connected<axum::serve::IncomingStream<'_, TlsListener>> for TlsCaller {
    fn connect_info(stream: axum::serve::IncomingStream<'_, TlsListener>) -> Self {
        TlsCaller(*stream.remote_addr())
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // The task ends only with this listener.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}
