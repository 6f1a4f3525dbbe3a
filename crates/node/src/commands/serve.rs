//! `lianzhi serve`: runs the node until it is told to stop.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::Args;
use lianzhi_link::{Pump, TlsCaller, TlsListener};
use lianzhi_web::WebState;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

/// Run the node.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    which: Which,
    /// Where to listen, instead of what the configuration says.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let mut config = self.which.load()?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        crate::logs::start(config.log.format, &config.log.filter);
        let node = Node::open(config).await?;
        for problem in node.app.problems() {
            tracing::warn!("{problem}");
        }
        // They are read once, and documents are set in what is there.
        tokio::task::spawn_blocking(|| {
            for (face, _) in lianzhi_app::missing_fonts() {
                tracing::warn!("字体：{face}");
            }
        });
        let listener = listen(node.config.listen).await?;
        let running = Running::start(node, listener).await?;
        let url = running.url.clone();
        until_stopped(vec![running], || tracing::info!(url, "ready")).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Takes the address before anything is announced.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|e| Failure::words(format!("不能监听 {address}：{e}。请换一个端口，或停止占用它的程序")))
}

fn failed(error: std::io::Error) -> Failure {
    Failure::words(format!("网络服务中断：{error}"))
}

/// A node that serves.
pub struct Running {
    /// The node.
    pub node: Node,
    /// Where it answers.
    pub url: String,
    /// What goes on beside it and ends first.
    pub beside: Vec<JoinHandle<()>>,
    state: WebState,
    server: JoinHandle<std::io::Result<()>>,
    work: Vec<JoinHandle<()>>,
    pump: lianzhi_link::Running,
}

impl Running {
    /// Lets a node serve from now on.
    pub async fn start(node: Node, listener: TcpListener) -> Result<Running, Failure> {
        let mut config = node.config.clone();
        config.listen = listener.local_addr().map_err(failed)?;
        if let Some(seal) = &config.seal {
            let service = seal.service().map_err(|e| Failure::words(e.to_string()))?;
            node.app.seal_with(std::sync::Arc::new(service));
        }
        let state = WebState::new(node.app.clone(), config.web());
        let work = node.app.background();
        let link = config.link();
        let exchange = lianzhi_link::router(node.app.clone(), &link);
        let router = lianzhi_web::router(state.clone());
        let router = match config.exchange.listen {
            None => router.merge(exchange),
            Some(address) => {
                let stopping = state.shutdown.clone();
                let stopped = async move { stopping.cancelled().await };
                serve_exchange(address, &link, exchange, stopped).await?;
                router
            }
        };
        let pump = Pump::new(node.app.clone(), &link).map_err(|e| Failure::words(e.to_string()))?.start();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let stopping = state.shutdown.clone();
        let server = tokio::spawn(
            axum::serve(listener, service)
                .with_graceful_shutdown(async move { stopping.cancelled().await })
                .into_future(),
        );
        Ok(Running { node, url: config.base_url(), beside: Vec::new(), state, server, work, pump })
    }

    /// Stops accepting, lets running requests finish, signs what was recorded.
    async fn stop(self) {
        drop(self.pump);
        for task in self.beside {
            task.abort();
        }
        self.state.shutdown.cancel();
        let seconds = self.node.config.limits.drain_seconds;
        let patience = Duration::from_secs(seconds);
        if !self.server.is_finished() && tokio::time::timeout(patience, self.server).await.is_err() {
            tracing::warn!(seconds, "some requests did not finish in time");
        }
        for task in self.work {
            task.abort();
        }
        self.node.app.integrate_log().await;
        self.node.app.flush_access().await;
    }
}

/// Lets nodes serve side by side until SIGTERM or SIGINT, or until one of them fails; then all stop. `ready` is called
/// when signals are heard.
pub async fn until_stopped(mut nodes: Vec<Running>, ready: impl FnOnce()) -> Result<(), Failure> {
    let stop = stop_signal().map_err(failed)?;
    ready();
    let servers = nodes.iter_mut().map(|node| &mut node.server);
    let outcome = tokio::select! {
        () = stop => {
            tracing::info!("stopping: running requests are finished");
            Ok(())
        }
        (ended, ..) = futures::future::select_all(servers) => {
            ended.unwrap_or_else(|e| Err(std::io::Error::other(e))).map_err(failed)
        }
    };
    futures::future::join_all(nodes.into_iter().map(Running::stop)).await;
    tracing::info!("stopped");
    outcome
}

/// Serves the exchange on its own address, encrypted when it has certificates, until the node stops.
async fn serve_exchange(
    address: SocketAddr,
    link: &lianzhi_link::Config,
    exchange: axum::Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|e| Failure::words(format!("交换服务不能监听 {address}：{e}。请核对 exchange.listen")))?;
    match &link.tls {
        None => {
            let service = exchange.into_make_service_with_connect_info::<SocketAddr>();
            tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(stopped).into_future());
        }
        Some(tls) => {
            let listener = TlsListener::new(listener, tls).map_err(|e| Failure::words(e.to_string()))?;
            let service = exchange.into_make_service_with_connect_info::<TlsCaller>();
            tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(stopped).into_future());
        }
    }
    Ok(())
}

/// Hears SIGTERM and SIGINT from now on, and ends when one comes. Made before the node says that it is ready: whoever
/// waits for that may stop it at once.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
