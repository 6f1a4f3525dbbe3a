//! Small pieces of pages: icons, badges, dates. Each is a value that templates print; all text in them is escaped.

use super::assets;
use askama::filters::HtmlSafe;
use jiff::{Timestamp, Zoned, tz};
pub use lianzhi_app::words::{length, term};
use lianzhi_procedure::directory::Directory;
use std::fmt;

/// HTML made here and nowhere else, so that it is safe to print as it is.
#[derive(Debug, Clone, Default)]
pub struct Html(String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Html {}

impl Html {
    /// Takes over a template that was rendered with escaping.
    pub(super) fn rendered(text: String) -> Html {
        Html(text)
    }
}

/// Text made fit for HTML content and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn sprite(class: &str, id: &str) -> Html {
    sprite_of("icons.svg", class, id)
}

fn sprite_of(file: &str, class: &str, id: &str) -> Html {
    Html(format!(
        r##"<svg class="{class}" aria-hidden="true"><use href="{}#{id}"/></svg>"##,
        assets::url(file)
    ))
}

/// The picture of a kind of problem. Only with its name beside it.
pub fn picture(id: &str) -> Html {
    sprite_of("kinds.svg", "picture", &format!("k-{id}"))
}

/// A line icon of the sprite. Only with a word beside it.
pub fn icon(id: &str) -> Html {
    sprite("icon", &format!("i-{id}"))
}
/// The same, small.
pub fn small_icon(id: &str) -> Html {
    sprite("icon small", &format!("i-{id}"))
}
/// The shape of a status: `late`, `near`, `fine`, `done`, `paused`, `back`, `wait`, `no`.
pub fn shape(state: &str) -> Html {
    sprite("icon", &format!("s-{state}"))
}
/// A status by shape, word and colour.
pub fn badge(state: &str, word: &str) -> Html {
    Html(format!(
        r#"<span class="badge" data-state="{state}">{}<span>{}</span></span>"#,
        shape(state),
        escape(word)
    ))
}

/// Plain words where a piece may stand.
pub fn words(text: &str) -> Html {
    Html(escape(text))
}

/// A member, never without its province; this node's own filled.
pub fn member(node: &str, name: &str, own: &bool) -> Html {
    let province = lianzhi_ids::NodeCode::parse(node).ok().and_then(|n| n.province());
    let (full, short) = province.map_or(("外省", "外"), |p| (p.name(), p.short()));
    let own = if *own { " own" } else { "" };
    Html(format!(r#"<span class="member{own}"><abbr title="{full}">{short}</abbr>{}</span>"#, escape(name)))
}

/// The members that something went to, as a row has them (`320509,330421`): one of them as [`member`] has it.
pub fn members(nodes: &str, names: &str) -> Html {
    if !nodes.contains(',') {
        return member(nodes, names, &false);
    }
    Html(format!(r#"<span class="member"><abbr title="多个成员">多</abbr>{}</span>"#, escape(names)))
}

/// The same by the compact.
pub fn members_of(nodes: &[lianzhi_ids::NodeCode], directory: &Directory) -> Html {
    let roster = directory.roster.as_ref();
    let name = |node| roster.and_then(|r| r.member(node)).map_or(node.as_str(), |m| &*m.name);
    let names: Vec<&str> = nodes.iter().map(name).collect();
    let codes: Vec<&str> = nodes.iter().map(lianzhi_ids::NodeCode::as_str).collect();
    members(&codes.join(","), &names.join("、"))
}

/// What is left of a term. With its end in micros the words go on by script.
pub fn left(words: &str, until: &Option<i64>) -> Html {
    let words = escape(words);
    Html(until.map_or(words.clone(), |us| format!(r#"<span data-until="{us}">{words}</span>"#)))
}
/// The end of a term that runs by the clock on the wall, micros; none of one that has stopped, pauses, or counts working
/// hours or days.
pub fn until(now: &Timestamp, clock: &lianzhi_app::ClockView) -> Option<i64> {
    let due = clock.due.as_microsecond();
    (term(*now, Some(due), true).1 == clock.left).then_some(due)
}
/// The same as a status.
pub fn term_badge(state: &str, words: &str, until: &Option<i64>) -> Html {
    let until = until.map(|us| format!(r#" data-until="{us}""#)).unwrap_or_default();
    Html(format!(
        r#"<span class="badge" data-state="{state}">{}<span{until}>{}</span></span>"#,
        shape(state),
        escape(words)
    ))
}

/// How much of a term is gone, as a dial.
pub fn dial(percent: &u8) -> Html {
    let percent = (*percent).min(100);
    Html(format!(
        r#"<svg class="dial" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><circle class="gone" cx="12" cy="12" r="9" pathLength="100" stroke-dasharray="{percent} 100"/></svg>"#
    ))
}

/// A bar: `part` of `whole`, of which `late` in the colour of late.
pub fn bar(part: &i64, late: &i64, whole: &i64) -> Html {
    let width = |n: i64| if *whole > 0 { n.clamp(0, *whole) * 1000 / whole } else { 0 };
    Html(format!(
        r#"<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="{}" height="10"/><rect class="late" width="{}" height="10"/></svg>"#,
        width(*part),
        width(*late)
    ))
}

/// The fines of like cases as bars, the proposal marked.
pub fn spread(spread: &lianzhi_law::Spread) -> Html {
    let most = i64::try_from(spread.highest()).unwrap_or(0);
    let mut out = String::from(r#"<ol class="spread" aria-label="罚款数额分布">"#);
    for one in &spread.bars {
        let (from, to) = (one.from, one.to);
        let range = if from == to { format!("{from} 元") } else { format!("{from}—{to} 元") };
        let mark = if one.proposed { r#" <span class="tag">本案</span>"# } else { "" };
        let Html(drawn) = bar(&i64::try_from(one.count).unwrap_or(0), &0, &most);
        out.push_str(&format!(r#"<li><span>{range}{mark}</span>{drawn}<b>{}</b></li>"#, one.count));
    }
    out.push_str("</ol>");
    Html(out)
}

/// Beijing time; fixed, as there is no summer time.
pub fn beijing(at: Timestamp) -> Zoned {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8)))
}

/// Micros of a row as a moment; the epoch when out of range.
pub fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

fn weekday(z: &Zoned) -> &'static str {
    WEEKDAYS[usize::try_from(z.weekday().to_monday_zero_offset()).unwrap_or(0) % 7]
}

/// The weekday of a day: 周一.
pub fn weekday_of(day: jiff::civil::Date) -> &'static str {
    WEEKDAYS[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0) % 7]
}

/// `2026-11-22 14:05`.
pub fn full(at: Timestamp) -> String {
    beijing(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The same, as templates ask for it.
pub fn to_the_minute(at: &Timestamp) -> String {
    full(*at)
}

/// `2026-11-22 14:05:09`.
pub fn exact(at: &Timestamp) -> String {
    beijing(*at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same from the micros of a row.
pub fn exact_us(at: &i64) -> String {
    exact(&moment(*at))
}

/// `2026-11-22`.
pub fn day(at: Timestamp) -> String {
    beijing(at).strftime("%Y-%m-%d").to_string()
}

/// Relative when near, else with its date: 今天 07:10, 昨天 20:31, 11-25 周三 09:00, 2025-12-31 23:59.
pub fn near(now: Timestamp, at: Timestamp) -> String {
    let (now, then) = (beijing(now), beijing(at));
    let days = now.date().until(then.date()).map(|s| s.get_days()).unwrap_or(i32::MAX);
    let clock = then.strftime("%H:%M");
    match days {
        0 => format!("今天 {clock}"),
        -1 => format!("昨天 {clock}"),
        1 => format!("明天 {clock}"),
        _ if now.year() == then.year() => format!("{} {} {clock}", then.strftime("%m-%d"), weekday(&then)),
        _ => then.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// The end of a term: midnight is 24:00 of the day that it ends.
pub fn due(now: Timestamp, at: Timestamp) -> String {
    lianzhi_law::due_text(at, now)
}

/// The same as a `time` element, from the micros of a row.
pub fn due_us(now: &Timestamp, at: &i64) -> Html {
    let at = moment(*at);
    Html(format!(
        r#"<time datetime="{}" title="{}">{}</time>"#,
        beijing(at).strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        due_exact(&at),
        due(*now, at)
    ))
}

/// The same with its whole date: `2026-12-08 24:00`.
pub fn due_exact(at: &Timestamp) -> String {
    let then = beijing(*at);
    if then.time() == jiff::civil::Time::midnight() {
        return then.date().yesterday().map_or_else(|_| exact(at), |day| format!("{day} 24:00"));
    }
    exact(at)
}

/// The same from the micros of a row.
pub fn due_exact_us(at: &i64) -> String {
    due_exact(&moment(*at))
}

/// A `time` element: relative words, the full moment as machine value and on hover.
pub fn when(now: &Timestamp, at: &Timestamp) -> Html {
    Html(format!(
        r#"<time datetime="{}" title="{}">{}</time>"#,
        beijing(*at).strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        full(*at),
        near(*now, *at)
    ))
}

/// The same with the day above the clock, for narrow columns.
pub fn when_stacked(now: &Timestamp, at: &Timestamp) -> Html {
    let near = near(*now, *at);
    let (day, clock) = near.rsplit_once(' ').unwrap_or(("", &near));
    Html(format!(
        r#"<time datetime="{}" title="{}"><b>{day}</b>{clock}</time>"#,
        beijing(*at).strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        full(*at),
    ))
}

/// The same from the micros of a row.
pub fn when_us(now: &Timestamp, at: &i64) -> Html {
    when(now, &moment(*at))
}

/// 2026-11-23 周一 09:12.
pub fn long_now(now: Timestamp) -> String {
    let z = beijing(now);
    format!("{} {} {}", z.strftime("%Y-%m-%d"), weekday(&z), z.strftime("%H:%M"))
}

/// A sum of money in words, from fen.
pub fn yuan(fen: &i64) -> String {
    lianzhi_procedure::penalty::yuan(*fen)
}

/// Thousands apart: 48,217.
pub fn count(n: &i64) -> String {
    let sign = if *n < 0 { "-" } else { "" };
    format!("{sign}{}", lianzhi_law::grouped(u128::from(n.unsigned_abs())))
}

/// A sum in yuan with its thousands apart and always two digits of fen, so that columns stand digit under digit: 1,234,567.50.
pub fn sum(fen: &i64) -> String {
    lianzhi_law::Fen(*fen).with_places()
}

/// Bytes in words: 1.4 MB.
pub fn size(bytes: &u64) -> String {
    match *bytes {
        b if b >= 1 << 20 => format!("{}.{} MB", b >> 20, ((b & 0xf_ffff) * 10) >> 20),
        b if b >= 1 << 10 => format!("{} KB", b >> 10),
        b => format!("{b} 字节"),
    }
}

/// Value as part of a query string.
pub fn query(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn dates_are_relative_when_near_and_whole_when_far() {
        let now = at("2026-11-23T09:12:00+08:00");
        assert_eq!(near(now, at("2026-11-23T07:10:00+08:00")), "今天 07:10");
        assert_eq!(near(now, at("2026-11-22T23:59:00+08:00")), "昨天 23:59");
        assert_eq!(near(now, at("2026-11-25T11:00:00+08:00")), "11-25 周三 11:00");
        assert_eq!(near(now, at("2027-02-03T00:00:00+08:00")), "2027-02-03 00:00");
        assert_eq!(
            due(now, at("2026-11-26T00:00:00+08:00")),
            "11-25 周三 24:00",
            "a term ends with its last day"
        );
        assert_eq!(due(now, at("2026-11-25T11:00:00+08:00")), "11-25 周三 11:00");
        assert_eq!(due_exact(&at("2027-01-01T00:00:00+08:00")), "2026-12-31 24:00");
        assert_eq!(due_exact(&at("2026-11-25T11:00:00+08:00")), "2026-11-25 11:00:00");
    }

    #[test]
    fn badges_escape_their_words() {
        assert!(!badge("late", "<script>").to_string().contains("<script>"));
    }

    #[test]
    fn sums_are_grouped_and_have_their_fen() {
        assert_eq!(
            [0, 5, 100_050, 123_456_789, -100_000].map(|fen| sum(&fen)),
            ["0.00", "0.05", "1,000.50", "1,234,567.89", "-1,000.00"]
        );
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(
            (count(&999), count(&1000), count(&-1_234_567)),
            ("999".into(), "1,000".into(), "-1,234,567".into())
        );
    }
}
