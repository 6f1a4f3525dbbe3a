//! What a verification can find, in words for people.

use crate::note::Origin;
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use lianzhi_ids::{Digest, DocketId, NodeCode};
use std::fmt;

/// Something that is not as it was recorded. Positions are those in the log, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Positions `from..to` are not there.
    Gap {
        /// First missing position.
        from: u64,
        /// The next position that is there.
        to: u64,
    },
    /// A position came again or out of order.
    Order {
        /// The position.
        position: u64,
        /// The one that should have come.
        expected: u64,
    },
    /// The bytes are not those whose digest was recorded.
    Changed {
        /// Where.
        position: u64,
        /// Of which docket, as stored.
        docket: DocketId,
    },
    /// Bytes and salt don't give the recorded leaf of the log.
    Leaf {
        /// Where.
        position: u64,
        /// Of which docket, as stored.
        docket: DocketId,
    },
    /// The bytes are no entry.
    Unreadable {
        /// Where.
        position: u64,
        /// Of which docket, as stored.
        docket: DocketId,
        /// Why.
        reason: String,
    },
    /// What the store says beside the entry is not what the entry says.
    Index {
        /// Where.
        position: u64,
        /// Of which docket, as stored.
        docket: DocketId,
        /// Which particular.
        what: &'static str,
    },
    /// An entry of another node.
    Node {
        /// Where.
        position: u64,
        /// The node that it names.
        node: NodeCode,
    },
    /// Entries of a docket are missing, come twice or in the wrong order.
    Sequence {
        /// Where.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// The number that should have come.
        expected: u32,
        /// The number that came.
        found: u32,
    },
    /// The entry does not follow the docket's previous entry: one of the two was changed.
    Chain {
        /// Where.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// Number in the docket.
        seq: u32,
    },
    /// Recorded, by its own account, before something that comes before it.
    BackDated {
        /// Where.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// What the entry says.
        at: Timestamp,
        /// What comes before it.
        not_before: Timestamp,
    },
    /// A checkpoint is older, by its own account, than an entry in it or than the checkpoint before.
    CheckpointTime {
        /// Size of the log in the checkpoint.
        size: u64,
        /// What the checkpoint says.
        time: Timestamp,
        /// What comes before it.
        not_before: Timestamp,
    },
    /// A checkpoint that can't be read.
    CheckpointUnreadable {
        /// Which, counted from 0.
        number: u64,
        /// Why.
        reason: String,
    },
    /// A checkpoint without a valid signature of the node.
    CheckpointSignature {
        /// Size of the log in the checkpoint.
        size: u64,
        /// Why.
        reason: String,
    },
    /// A checkpoint of another log, or of an earlier generation after a later one.
    CheckpointOrigin {
        /// Size of the log in the checkpoint.
        size: u64,
        /// The log that it names.
        origin: Origin,
    },
    /// A checkpoint that is smaller than the one before it.
    CheckpointOrder {
        /// Size of the log in the checkpoint.
        size: u64,
        /// Size in the one before.
        after: u64,
    },
    /// The entries don't give the checkpoint's root: something in `from..size` was changed.
    Root {
        /// Size of the last checkpoint that was right.
        from: u64,
        /// Size of the log in the checkpoint.
        size: u64,
    },
    /// A signed checkpoint says that there were more entries: the end was cut off, or something between `from`
    /// and the end was taken out.
    Truncated {
        /// Size of the last checkpoint that was right.
        from: u64,
        /// Size of the log in the newest checkpoint.
        size: u64,
        /// Entries that are there.
        entries: u64,
    },
    /// Entries, and not one checkpoint.
    NoCheckpoint {
        /// Entries that are there.
        entries: u64,
    },
    /// The saved checkpoint is not one of this node, so nothing can be compared with it.
    SinceSignature {
        /// Why.
        reason: String,
    },
    /// The saved checkpoint had more entries than there are now: the end was cut off since.
    SinceTruncated {
        /// Size of the log when it was saved.
        size: u64,
        /// Entries that are there.
        entries: u64,
    },
    /// The first `size` entries are not those of the saved checkpoint: the past was rewritten since.
    SinceRewritten {
        /// Size of the log when it was saved.
        size: u64,
    },
    /// The saved checkpoint is of entries that a restore lost, and the log says so itself: the first leaf of the next
    /// generation names the cut. What is left cannot be compared with it.
    SinceLost {
        /// Size of the log when it was saved.
        size: u64,
        /// Entries that the restore kept.
        restored: u64,
        /// The generation that begins there.
        generation: u32,
    },
    /// The saved checkpoint is of a later generation: the log was set back to an older state.
    SinceGeneration {
        /// The log of the saved checkpoint.
        saved: Origin,
        /// The log as it is now.
        found: Origin,
    },
    /// The bundle has no proof that connects it with the saved checkpoint.
    SinceUncovered {
        /// Size of the log when it was saved.
        saved: u64,
        /// Size of the log in the bundle.
        size: u64,
    },
    /// A part's content, kind or salt is not what the entry refers to.
    PartChanged {
        /// Entry that refers to it.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// The part.
        digest: Digest,
    },
    /// A part is gone and no entry says that it was erased.
    PartMissing {
        /// Entry that refers to it.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// The part.
        digest: Digest,
    },
    /// A part whose erasure is recorded is still there. (An exhibit may rightly be: others refer to the same file.)
    NotErased {
        /// Entry that records the erasure.
        position: u64,
        /// The part.
        digest: Digest,
    },
    /// An exhibit's file was changed.
    ExhibitChanged {
        /// Entry that refers to it.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// The exhibit.
        digest: Digest,
    },
    /// An exhibit's file is gone, or can't be read.
    ExhibitMissing {
        /// Entry that refers to it.
        position: u64,
        /// Of which docket.
        docket: DocketId,
        /// The exhibit.
        digest: Digest,
    },
    /// An entry's proof does not lead to the bundle's checkpoint.
    Proof {
        /// The entry's number in the bundle.
        seq: u32,
        /// Why.
        reason: String,
    },
    /// The bundle is not what the node signed, or not of the documented form.
    Bundle {
        /// Which file of the bundle, or which rule.
        file: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Gap { from, to } if from + 1 == *to => write!(f, "缺少记录 #{from}"),
            Finding::Gap { from, to } => write!(f, "缺少记录 #{from} 至 #{}", to - 1),
            Finding::Order { position, expected } => {
                write!(f, "记录 #{position} 重复或次序颠倒（此处应为 #{expected}）")
            }
            Finding::Changed { position, docket } => {
                write!(f, "记录 #{position}（案卷 {docket}）的内容被改动：与存档摘要不符")
            }
            Finding::Leaf { position, docket } => {
                write!(f, "记录 #{position}（案卷 {docket}）的内容或盐值被改动：与存证日志不符")
            }
            Finding::Unreadable { position, docket, reason } => {
                write!(f, "记录 #{position}（案卷 {docket}）无法读取：{reason}")
            }
            Finding::Index { position, docket, what } => {
                write!(f, "记录 #{position}（案卷 {docket}）的{what}与记录本身不符")
            }
            Finding::Node { position, node } => write!(f, "记录 #{position} 属于其他节点 {node}"),
            Finding::Sequence { position, docket, expected, found } => {
                write!(
                    f,
                    "案卷 {docket} 在记录 #{position} 处次序不连续：应为第 {expected} 号，实为第 {found} 号"
                )
            }
            Finding::Chain { position, docket, seq } => {
                write!(
                    f,
                    "记录 #{position}（案卷 {docket} 第 {seq} 号）与本案卷前一条记录不衔接：二者之一被改动"
                )
            }
            Finding::BackDated { position, docket, at, not_before } => write!(
                f,
                "记录 #{position}（案卷 {docket}）倒签：记录时间 {} 早于在其之前的 {}",
                beijing(*at),
                beijing(*not_before)
            ),
            Finding::CheckpointTime { size, time, not_before } => write!(
                f,
                "检查点（{size} 条）倒签：签署时间 {} 早于在其之前的 {}",
                beijing(*time),
                beijing(*not_before)
            ),
            Finding::CheckpointUnreadable { number, reason } => {
                write!(f, "第 {} 个检查点无法读取：{reason}", number + 1)
            }
            Finding::CheckpointSignature { size, reason } => {
                write!(f, "检查点（{size} 条）签名无效：{reason}")
            }
            Finding::CheckpointOrigin { size, origin } => {
                write!(f, "检查点（{size} 条）属于其他日志或已作废的代次：{origin}")
            }
            Finding::CheckpointOrder { size, after } => {
                write!(f, "检查点次序颠倒：{after} 条之后又签署了 {size} 条")
            }
            Finding::Root { from, size } => {
                write!(f, "记录 #{from} 至 #{} 之间有改动：与检查点（{size} 条）不符", size.saturating_sub(1))
            }
            Finding::Truncated { from, size, entries } => {
                write!(
                    f,
                    "缺少记录：检查点证明曾有 {size} 条，现仅有 {entries} 条（缺失在 #{from} 之后，或末尾被截断）"
                )
            }
            Finding::NoCheckpoint { entries } => write!(f, "有 {entries} 条记录，但没有任何检查点"),
            Finding::SinceSignature { reason } => write!(f, "所给的检查点不能用于比对：{reason}"),
            Finding::SinceTruncated { size, entries } => {
                write!(f, "末尾被截断：所给检查点证明曾有 {size} 条记录，现仅有 {entries} 条")
            }
            Finding::SinceRewritten { size } => write!(f, "历史被改写：前 {size} 条记录与所给检查点不符"),
            Finding::SinceLost { size, restored, generation } => write!(
                f,
                "所给检查点（{size} 条）属于恢复时丢失的范围：第 {generation} 代首条记录写明备份只有前 {restored} 条，\
                 旧记录 #{restored} 至 #{} 已经丢失，不能凭它核对。请改用不超过 {restored} 条的检查点，或凭见证方联署核对",
                size.saturating_sub(1)
            ),
            Finding::SinceGeneration { saved, found } => {
                write!(f, "日志被退回旧状态：所给检查点属于 {saved}，现为 {found}")
            }
            Finding::SinceUncovered { saved, size } => write!(
                f,
                "证据包（{size} 条）内没有与所给检查点（{saved} 条）衔接的证明：请凭该检查点重新导出证据包"
            ),
            Finding::PartChanged { position, docket, digest } => {
                write!(f, "附件内容 {} 被改动（记录 #{position}，案卷 {docket}）", digest.short())
            }
            Finding::PartMissing { position, docket, digest } => {
                write!(
                    f,
                    "附件内容 {} 缺失，且没有删除记录（记录 #{position}，案卷 {docket}）",
                    digest.short()
                )
            }
            Finding::NotErased { position, digest } => {
                write!(f, "{} 应已删除（删除记录 #{position}），但内容仍在：请重新执行删除", digest.short())
            }
            Finding::ExhibitChanged { position, docket, digest } => {
                write!(f, "证据文件 {} 被改动（记录 #{position}，案卷 {docket}）", digest.short())
            }
            Finding::ExhibitMissing { position, docket, digest } => {
                write!(f, "证据文件 {} 缺失或无法读取（记录 #{position}，案卷 {docket}）", digest.short())
            }
            Finding::Proof { seq, reason } => write!(f, "案卷第 {seq} 号记录的存证证明无效：{reason}"),
            Finding::Bundle { file, reason } => write!(f, "证据包“{file}”：{reason}"),
        }
    }
}

/// A time as people here read it: Beijing time (UTC+8, no summer time).
pub(crate) fn beijing(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(offset(8))).strftime("%Y-%m-%d %H:%M:%S%.f").to_string()
}
