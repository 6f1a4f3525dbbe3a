//! Columns of lists of matters: the same on the page and in exports.

use crate::ports::MatterRow;
use crate::words::{stage_title, term};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, GridCode, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::Source;

macro_rules! columns {
    ($($variant:ident = $code:literal, $title:literal;)*) => {
        /// A column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Column { $(#[doc = $title] $variant,)* }
        impl Column {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Column] = &[$(Column::$variant),*];
            /// Name in addresses and settings.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Column::$variant => $code,)* } }
            /// Its head.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Column::$variant => $title,)* } }
            /// By its name.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Column> { match code { $($code => Some(Column::$variant),)* _ => None } }
        }
    };
}

columns! {
    Number = "number", "编号";
    Title = "title", "内容";
    Address = "address", "地址";
    Stage = "stage", "阶段";
    CategoryCode = "category_code", "类别代码";
    Category = "category", "类别";
    Unit = "unit", "承办单位";
    Officer = "officer", "承办人";
    Source = "source", "来源";
    External = "external", "外部编号";
    Grid = "grid", "网格";
    Lng = "lng", "经度";
    Lat = "lat", "纬度";
    Reported = "reported", "上报时间";
    Updated = "updated", "更新时间";
    Closed = "closed", "结案时间";
    Left = "left", "时限";
    DueName = "due_name", "时限名称";
    Due = "due", "到期时间";
    Late = "late", "现在超期";
    Ever = "ever", "曾超期";
    Rework = "rework", "返工次数";
    Rating = "rating", "评价";
}

/// What a list shows until somebody chooses otherwise.
pub const COLUMNS_AT_FIRST: &[Column] = &[
    Column::Number,
    Column::Title,
    Column::Address,
    Column::Category,
    Column::Stage,
    Column::Left,
    Column::Officer,
    Column::Unit,
    Column::Source,
    Column::Updated,
];

/// The columns of a text that separates them by commas: each once, in their order; the number leads, so that a line
/// can always be opened. Unknown names are passed over; none when nothing is left.
#[must_use]
pub fn columns_of(text: &str) -> Option<Vec<Column>> {
    let mut out: Vec<Column> = Vec::new();
    for column in text.split(',').filter_map(|code| Column::from_code(code.trim())) {
        if !out.contains(&column) {
            out.push(column);
        }
    }
    if out.is_empty() {
        return None;
    }
    out.retain(|c| *c != Column::Number);
    out.insert(0, Column::Number);
    Some(out)
}

/// The same as a text.
#[must_use]
pub fn columns_text(columns: &[Column]) -> String {
    columns.iter().map(|c| c.code()).collect::<Vec<_>>().join(",")
}

fn degrees(micro: Option<i32>) -> String {
    micro.map(|m| format!("{:.6}", f64::from(m) / 1e6)).unwrap_or_default()
}

fn time(us: Option<i64>) -> String {
    let at = us.and_then(|us| Timestamp::from_microsecond(us).ok());
    at.map(|at| {
        at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
    })
    .unwrap_or_default()
}

/// Late now: open, and its running term has passed. A term is late from its very instant on.
#[must_use]
pub fn late_now(row: &MatterRow, now: Timestamp) -> bool {
    row.open && row.due_at.is_some_and(|due| due <= now.as_microsecond())
}

fn yes(flag: bool) -> String {
    if flag { "是" } else { "否" }.to_owned()
}

impl Column {
    /// The words of a row in this column. Times are Beijing's, to the second.
    #[must_use]
    pub fn text(self, row: &MatterRow, directory: &Directory, now: Timestamp) -> String {
        match self {
            Column::Number => row.number.clone(),
            Column::Title => crate::words::row_title(row),
            Column::Address => row.address.clone(),
            Column::Stage => stage_title(&row.stage).to_owned(),
            Column::CategoryCode => row.category.clone().unwrap_or_default(),
            Column::Category => {
                let code = row.category.as_deref().and_then(|c| CategoryCode::parse(c).ok());
                code.map(|c| directory.category_name(&c).to_owned()).unwrap_or_default()
            }
            Column::Unit => {
                let code = row.unit.as_deref().and_then(|u| UnitCode::parse(u).ok());
                code.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default()
            }
            Column::Officer => {
                let code = row.assignee.as_deref().and_then(|p| PersonCode::parse(p).ok());
                code.map(|p| directory.person_name(&p).to_owned()).unwrap_or_default()
            }
            Column::Source => match crate::partners_of(row) {
                Some((_, partners)) => directory.member_names(&partners),
                None => Source::from_code(&row.source).map_or("", Source::title).to_owned(),
            },
            Column::External => row.external.clone().unwrap_or_default(),
            Column::Grid => {
                let code = row.grid.as_deref().and_then(|g| GridCode::parse(g).ok());
                let name =
                    |g: GridCode| directory.grids.get(&g).map_or_else(|| g.to_string(), |x| x.name.clone());
                code.map(name).unwrap_or_default()
            }
            Column::Lng => degrees(row.lng),
            Column::Lat => degrees(row.lat),
            Column::Reported => time(Some(row.reported_at)),
            Column::Updated => time(Some(row.updated_at)),
            Column::Closed => time(row.closed_at),
            Column::Left if !row.open => "已办结".into(),
            Column::Left if row.stage == "suspended" && row.due_at.is_none() => "已挂账".into(),
            Column::Left => term(now, row.due_at, row.open).1,
            Column::DueName => row.due_name.clone(),
            Column::Due => time(row.due_at),
            Column::Late => yes(late_now(row, now)),
            Column::Ever => yes(row.overdue || late_now(row, now)),
            Column::Rework => row.rework.to_string(),
            Column::Rating => row.rating.map(|r| r.to_string()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_columns_keep_their_order_and_the_number_leads() {
        let chosen = columns_of("unit,nonsense,number,title,unit").expect("some");
        assert_eq!(chosen, [Column::Number, Column::Unit, Column::Title]);
        assert_eq!(columns_text(&chosen), "number,unit,title");
        assert_eq!(columns_of("nonsense,,"), None);
        for column in Column::ALL {
            assert_eq!(Column::from_code(column.code()), Some(*column));
        }
    }

    #[test]
    fn a_matter_that_was_late_once_is_not_late_now() {
        let now = Timestamp::from_microsecond(1_000).expect("a moment");
        let directory = Directory::new(
            lianzhi_ids::NodeCode::parse("310118").expect("a code"),
            lianzhi_procedure::directory::Settings::default(),
            vec![],
            vec![],
            vec![],
            vec![],
            std::sync::Arc::new(lianzhi_law::LawData::builtin().expect("law")),
        );
        let row = |open, overdue, due_at| MatterRow { open, overdue, due_at, ..MatterRow::default() };
        let says = |row: &MatterRow| {
            (Column::Late.text(row, &directory, now), Column::Ever.text(row, &directory, now))
        };
        let words = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(says(&row(true, true, Some(2_000))), words("否", "是"), "accepted late, handled in time");
        assert_eq!(says(&row(true, false, Some(1_000))), words("是", "是"), "at its very instant");
        assert_eq!(says(&row(false, true, None)), words("否", "是"), "closed");
        assert_eq!(says(&row(true, false, None)), words("否", "否"));
    }
}
