//! What came out of a verification.

use super::{Finding, Unwitnessed};
use crate::note::{SignedCheckpoint, VerifierKey};
use std::fmt;

/// Most findings that a report lists; the rest are counted. Whoever rewrites a table must not fill the memory of
/// whoever checks it.
pub const FINDINGS_MAX: usize = 10_000;

/// What was checked, what was found, and what that proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Dockets that they belong to.
    pub dockets: u64,
    /// Checkpoints read.
    pub checkpoints: u64,
    /// Parts whose content was there and was checked.
    pub parts: u64,
    /// Parts whose content was there but sealed, and no key was given to open and check it.
    pub sealed: u64,
    /// Parts and exhibits that are gone because their erasure is recorded.
    pub erased: u64,
    /// Parts and exhibits that the exporter of a bundle kept back: known by their digests only.
    pub withheld: u64,
    /// Exhibits whose file was there and was checked.
    pub exhibits: u64,
    /// Entries (from the beginning of the log) that a valid checkpoint covers. Later ones are only chained.
    pub covered: u64,
    /// The key that a bundle brought along, to be compared with the published one.
    pub enclosed_key: Option<VerifierKey>,
    /// The newest valid checkpoint, to be saved for the next `--since`.
    pub newest: Option<SignedCheckpoint>,
    /// The witnesses that [`Strength::Witnessed`] counts.
    pub witnesses: Vec<VerifierKey>,
    /// Witnesses were asked for and are not enough; nothing is wrong with the record, but it is not proven in this
    /// way.
    pub unwitnessed: Option<Unwitnessed>,
    /// What is not as it was recorded.
    pub findings: Vec<Finding>,
    /// Findings beyond [`FINDINGS_MAX`].
    pub findings_omitted: u64,
    /// Against whom the result is proof.
    pub strength: Strength,
}

impl Report {
    pub(crate) fn new() -> Report {
        Report {
            entries: 0,
            dockets: 0,
            checkpoints: 0,
            parts: 0,
            sealed: 0,
            erased: 0,
            withheld: 0,
            exhibits: 0,
            covered: 0,
            enclosed_key: None,
            newest: None,
            witnesses: Vec::new(),
            unwitnessed: None,
            findings: Vec::new(),
            findings_omitted: 0,
            strength: Strength::Nothing,
        }
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn find(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.findings_omitted += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { entries, dockets, checkpoints, parts, exhibits, sealed, erased, withheld, .. } = self;
        writeln!(
            f,
            "核验：记录 {entries} 条，案卷 {dockets} 宗，检查点 {checkpoints} 个，附件内容 {parts} 项，证据文件 {exhibits} 个"
        )?;
        if *sealed > 0 {
            writeln!(f, "未开启（没有提供节点密钥，只查其在库）：附件内容 {sealed} 项")?;
        }
        if *erased > 0 {
            writeln!(f, "依记录删除：{erased} 项")?;
        }
        if *withheld > 0 {
            writeln!(f, "未随包提供（仅有摘要）：{withheld} 项")?;
        }
        if let Some(key) = &self.enclosed_key {
            writeln!(f, "包内公钥：{key}")?;
        }
        if !self.witnesses.is_empty() {
            let names: Vec<String> =
                self.witnesses.iter().map(|key| format!("{}+{:08x}", key.name(), key.id())).collect();
            writeln!(f, "见证方：{}", names.join("、"))?;
        }
        if let Some(Unwitnessed { needed, found }) = self.unwitnessed {
            writeln!(f, "尚未见证：需要 {needed} 个见证方联署，有效检查点上所给见证方的联署最多 {found} 个")?;
        }
        for finding in &self.findings {
            writeln!(f, "✗ {finding}")?;
        }
        if self.findings_omitted > 0 {
            writeln!(f, "✗ 另有 {} 项问题未列出", self.findings_omitted)?;
        }
        if self.is_intact() {
            writeln!(f, "结论：未发现改动。{}", self.strength)
        } else {
            let count = self.findings.len() as u64 + self.findings_omitted;
            writeln!(f, "结论：发现 {count} 项问题。")
        }
    }
}

/// Against whom a result without findings is proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Independent witnesses cosigned: against everybody, the node included.
    Witnessed {
        /// How many.
        witnesses: usize,
        /// First entries that their signatures cover.
        size: u64,
    },
    /// A checkpoint saved elsewhere agrees: against rewriting after it was saved.
    SavedCheckpoint {
        /// First entries that it covers.
        size: u64,
    },
    /// Only the signature of a key that came with the bundle and that nobody vouched for.
    EnclosedKey {
        /// First entries that the signature covers.
        size: u64,
    },
    /// Only the node's own signature: against anybody who lacks its key.
    KeyOnly {
        /// First entries that the newest signature covers.
        size: u64,
    },
    /// No valid checkpoint: against nobody.
    Nothing,
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Strength::Witnessed { witnesses, size } => {
                write!(
                    f,
                    "日志前 {size} 条经 {witnesses} 个独立见证方联署：对任何人（包括本节点）均具证明力。"
                )
            }
            Strength::SavedCheckpoint { size } => write!(
                f,
                "日志前 {size} 条与另存的检查点一致：可证明自该检查点保存之后未被改写（包括被本节点改写）。"
            ),
            Strength::KeyOnly { size } => write!(
                f,
                "日志前 {size} 条由本节点密钥签署：可证明未被不掌握该密钥的人改动；要排除掌握密钥者改写，请提供另存的检查点（--since）或见证方联署。"
            ),
            Strength::EnclosedKey { size } => write!(
                f,
                "日志前 {size} 条由包内所附公钥签署，该公钥未经核对：请与该节点公布的公钥比对，一致后方可证明未被不掌握该密钥的人改动。"
            ),
            Strength::Nothing => write!(f, "没有有效的检查点：不能证明记录未被改动。"),
        }
    }
}
