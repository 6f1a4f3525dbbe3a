//! Why a command could not be carried out, in words for the operator.

use lianzhi_app::OpenError;
use lianzhi_app::ports::StoreError;
use lianzhi_procedure::Refusal;
use std::path::{Path, PathBuf};

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The database does not do what it should.
    #[error("{}", store_words(.0))]
    Store(#[from] StoreError),
    /// The node does not open.
    #[error("节点不能打开：{}", open_words(.0))]
    Open(#[from] OpenError),
    /// The application says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A file cannot be read or written.
    #[error("{}：{error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Words(String),
}

fn store_words(error: &StoreError) -> String {
    match error {
        StoreError::Full(why) => format!("磁盘空间已满，没有写入（{why}）。请扩容后重试"),
        StoreError::Damaged(why) => format!("数据已损坏：{why}。请运行 lianzhi verify 查明范围"),
        StoreError::Missing => "没有找到所要的数据".into(),
        StoreError::HeadMoved => "另一个进程正在写入同一个库，请稍后重试".into(),
        StoreError::Engine(why) => format!("数据库：{why}"),
    }
}

fn open_words(error: &OpenError) -> String {
    match error {
        OpenError::Store(error) => store_words(error),
        OpenError::Log(_) => error.to_string(),
    }
}

impl Failure {
    /// A file could not be read or written.
    pub fn file(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.as_ref().to_owned();
        move |error| Failure::File { path, error }
    }

    /// In words.
    pub fn words(text: impl Into<String>) -> Failure {
        Failure::Words(text.into())
    }
}
