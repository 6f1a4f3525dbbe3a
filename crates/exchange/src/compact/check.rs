//! What a member, an entry of the list and a pair must look like, each by itself.

use super::{LIST_ID_CHARS_MAX, ListEntry, Member};
use lianzhi_docket::note::VerifierKey;

/// Most members: the roster travels whole, and a region has a few hundred agencies.
pub const MEMBERS_MAX: usize = 500;
/// Most entries of the list.
pub const ENTRIES_MAX: usize = 500;
/// Most pairs.
pub const PAIRS_MAX: usize = 500;
/// Most keys of a member: the one in use, the next, and those that just ran out.
pub const KEYS_MAX: usize = 8;
/// Most addresses of a member.
pub const ADDRESSES_MAX: usize = 8;
/// Most liaison officers of a member.
pub const LIAISONS_MAX: usize = 20;
/// Longest name, title or telephone, characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest purpose or ground, characters.
pub const PURPOSE_CHARS_MAX: usize = 500;
/// Longest address, characters.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// Longest term, working days: a year.
pub const TERM_DAYS_MAX: u16 = 250;

/// What is wrong with a member's description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberFault {
    /// Its node lies in no province.
    #[error("节点编码 {0} 不属于任何省级行政区：编码应以 GB/T 2260 的省级代码开头")]
    NoProvince(String),
    /// No name, or too long.
    #[error("成员单位名称应为 1 至 {NAME_CHARS_MAX} 个字")]
    Name,
    /// No key, or too many, or one twice.
    #[error("{0} 的密钥应有 1 至 {KEYS_MAX} 把，且不得重复")]
    Keys(String),
    /// A key that ends before it begins.
    #[error("{0} 的密钥有效期截止早于起始")]
    KeyTime(String),
    /// Log or witness key not of C2SP's form.
    #[error("{0} 的存证日志公钥或见证公钥格式不对：应为 名称+编号+base64")]
    LogKey(String),
    /// Address of another form.
    #[error("交换地址“{0}”不能用：应为 http:// 或 https:// 加主机名，不带用户名、口令、参数")]
    Address(String),
    /// Too many addresses, none, or one twice.
    #[error("交换地址应有 1 至 {ADDRESSES_MAX} 个，且不得重复")]
    Addresses,
    /// Liaison without name or telephone, or too many.
    #[error("联络员最多 {LIAISONS_MAX} 名，每名都要有姓名和办公电话（不超过 {NAME_CHARS_MAX} 个字）")]
    Liaisons,
}

/// What is wrong with an entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// Number of another form.
    #[error("清单编号“{0}”不能用：1 至 {LIST_ID_CHARS_MAX} 个大写字母、数字和 -")]
    Id(String),
    /// Something has no words, or too many.
    #[error(
        "清单 {0} 的名称、领域和目的都要填写，名称和领域不超过 {NAME_CHARS_MAX} 个字，目的不超过 {PURPOSE_CHARS_MAX} 个字"
    )]
    Words(String),
    /// No form, no field, or one twice.
    #[error("清单 {0} 至少要有一种协作方式和一项共享内容，且不得重复")]
    Empty(String),
    /// Parties named twice, or only one.
    #[error("清单 {0} 的参与单位至少两个且不得重复；留空表示全体成员")]
    Parties(String),
    /// Terms out of bounds.
    #[error("清单 {0} 的期限应为 1 至 {TERM_DAYS_MAX} 个工作日，紧急期限不得长于一般期限")]
    Term(String),
    /// Ends before it begins.
    #[error("清单 {0} 的失效日期早于生效日期")]
    Days(String),
}

/// Text with something in it, not too long, on one line.
pub(super) fn words(text: &str, chars_max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control)
}

fn repeats<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().any(|(n, item)| items.iter().take(n).any(|other| other == item))
}

/// Checks a member's description.
pub(super) fn member(member: &Member) -> Result<(), MemberFault> {
    if member.node.province().is_none() {
        return Err(MemberFault::NoProvince(member.node.to_string()));
    }
    if !words(&member.name, NAME_CHARS_MAX) || member.superior.chars().count() > NAME_CHARS_MAX {
        return Err(MemberFault::Name);
    }
    let keys: Vec<_> = member.keys.iter().map(|k| &k.key).collect();
    if keys.is_empty() || keys.len() > KEYS_MAX || repeats(&keys) {
        return Err(MemberFault::Keys(member.title()));
    }
    if member.keys.iter().any(|k| k.until.is_some_and(|until| until < k.from)) {
        return Err(MemberFault::KeyTime(member.title()));
    }
    let vkey = |text: &str| text.parse::<VerifierKey>().is_ok();
    if !vkey(&member.log_key) || !(member.witness_key.is_empty() || vkey(&member.witness_key)) {
        return Err(MemberFault::LogKey(member.title()));
    }
    addresses(&member.addresses)?;
    liaisons(&member.liaisons)
}

/// Checks a member's addresses: only their form. Whether a node goes there is its own policy.
pub(super) fn addresses(addresses: &[String]) -> Result<(), MemberFault> {
    if addresses.is_empty() || addresses.len() > ADDRESSES_MAX || repeats(addresses) {
        return Err(MemberFault::Addresses);
    }
    match addresses.iter().find(|a| !is_address(a)) {
        Some(bad) => Err(MemberFault::Address(bad.chars().take(ADDRESS_CHARS_MAX).collect())),
        None => Ok(()),
    }
}

/// `http(s)://host[:port][/path]`, ASCII, without user, query or fragment, no step upwards.
fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside the brackets of an IPv6 address is no port's.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let good_host = match bare {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
            !host.is_empty() && host.chars().all(plain) && !host.starts_with(['-', '.'])
        }
    };
    let digits = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
    let good_port = port.is_none_or(|p| digits(p) && p.parse::<u16>().is_ok_and(|n| n > 0));
    let step =
        |s: &str| s != ".." && s != "." && s.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c));
    text.len() <= ADDRESS_CHARS_MAX && good_host && good_port && path.split('/').all(step)
}

/// Checks a member's liaison officers.
pub(super) fn liaisons(liaisons: &[super::Liaison]) -> Result<(), MemberFault> {
    let good = |text: &str| words(text, NAME_CHARS_MAX);
    if liaisons.len() > LIAISONS_MAX || !liaisons.iter().all(|l| good(&l.name) && good(&l.phone)) {
        return Err(MemberFault::Liaisons);
    }
    Ok(())
}

/// Checks an entry of the list by itself.
pub(super) fn entry(entry: &ListEntry) -> Result<(), EntryFault> {
    let id = || entry.id.clone();
    let plain = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'-';
    if entry.id.is_empty() || entry.id.len() > LIST_ID_CHARS_MAX || !entry.id.bytes().all(plain) {
        return Err(EntryFault::Id(entry.id.chars().take(LIST_ID_CHARS_MAX).collect()));
    }
    let lines = [entry.title.as_str(), entry.domain.as_str()];
    let further = entry.items.iter().chain(&entry.superiors);
    if !lines.into_iter().chain(further.map(String::as_str)).all(|t| words(t, NAME_CHARS_MAX))
        || !words(&entry.purpose, PURPOSE_CHARS_MAX)
    {
        return Err(EntryFault::Words(id()));
    }
    if entry.forms.is_empty() || entry.fields.is_empty() || repeats(&entry.forms) || repeats(&entry.fields) {
        return Err(EntryFault::Empty(id()));
    }
    if entry.parties.len() == 1 || repeats(&entry.parties) {
        return Err(EntryFault::Parties(id()));
    }
    let terms = 1..=TERM_DAYS_MAX;
    if !terms.contains(&entry.term_days) || !(1..=entry.term_days).contains(&entry.urgent_days) {
        return Err(EntryFault::Term(id()));
    }
    if entry.until.is_some_and(|until| until < entry.from) {
        return Err(EntryFault::Days(id()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses_name_a_host_and_nothing_secret() {
        for good in [
            "https://exchange.qingpu.example",
            "https://exchange.qingpu.example/",
            "http://127.0.0.1:8443",
            "http://[::1]:80/lianzhi/a-b_c",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "ftp://a.example",
            "file:///etc/passwd",
            "https://user:pass@a.example",
            "https://user@a.example",
            "https://a.example?x=1",
            "https://a.example/#x",
            "https://a.example/../b",
            "https://a.example:0",
            "https://a.example:99999",
            "https://a.example:+80",
            "https://a .example",
            "https://执法.example",
            "https://a.example\\b",
            "HTTPS://a.example",
            "http://[zz]",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
