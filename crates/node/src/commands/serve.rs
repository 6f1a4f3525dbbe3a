//! `lianzhi serve`: runs the node until it is told to stop.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::Args;
use lianzhi_web::WebState;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

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
        let listener = listen(&node).await?;
        run(node, listener, |url| tracing::info!(url, "ready")).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Takes the address before anything is announced.
pub async fn listen(node: &Node) -> Result<TcpListener, Failure> {
    let address = node.config.listen;
    TcpListener::bind(address)
        .await
        .map_err(|e| Failure::words(format!("不能监听 {address}：{e}。请换一个端口，或停止占用它的程序")))
}

/// Serves until SIGTERM or SIGINT: stops accepting, lets running requests finish, signs what was recorded.
pub async fn run(node: Node, listener: TcpListener, ready: impl FnOnce(&str)) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::words(format!("网络服务中断：{e}"));
    let mut config = node.config.clone();
    config.listen = listener.local_addr().map_err(failed)?;
    let state = WebState::new(node.app.clone(), config.web());
    let shutdown = state.shutdown.clone();
    let work = node.app.background();
    let service = lianzhi_web::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = shutdown.clone();
    let mut server = tokio::spawn(
        axum::serve(listener, service)
            .with_graceful_shutdown(async move { stopping.cancelled().await })
            .into_future(),
    );
    ready(&config.base_url());
    tokio::select! {
        () = stop_signal() => tracing::info!("stopping: running requests are finished"),
        ended = &mut server => {
            ended.map_err(|e| failed(std::io::Error::other(e)))?.map_err(failed)?;
        }
    }
    shutdown.cancel();
    let patience = Duration::from_secs(config.limits.drain_seconds);
    if !server.is_finished() && tokio::time::timeout(patience, server).await.is_err() {
        tracing::warn!(seconds = config.limits.drain_seconds, "some requests did not finish in time");
    }
    for task in work {
        task.abort();
    }
    node.app.integrate_log().await;
    node.app.flush_access().await;
    tracing::info!("stopped");
    Ok(())
}

async fn stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
