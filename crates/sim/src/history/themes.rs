//! What cases are about, in the words of the item that each is of, and how far it has gone. People and firms are invented.

use super::cases::Move;
use super::ways::{HEARD, KEPT, QUICK_WAY, TO_POLICE, WAY, WITHDRAWN};

/// What a case is about.
pub(super) struct Theme {
    pub item: &'static str,
    pub kind: &'static str,
    pub title: &'static str,
    pub facts: &'static str,
    pub name: &'static str,
    pub number: &'static str,
    /// It is looked into because somebody reported something like it.
    pub reported: bool,
    /// What is done in it, one step after the other.
    pub way: &'static [Move],
    /// How many steps of its way it has gone when history ends.
    pub steps: usize,
    /// Days before the end of history at which it begins at the latest.
    pub days: i64,
    /// Its papers do not come back signed and stamped: the record of the case shows the gaps.
    pub unsigned: bool,
}

impl Theme {
    /// A case against a firm that goes its whole way.
    pub(super) const fn of(
        item: &'static str,
        title: &'static str,
        facts: &'static str,
        (name, number): (&'static str, &'static str),
        way: &'static [Move],
    ) -> Theme {
        let steps = way.len();
        Theme {
            item,
            kind: "company",
            title,
            facts,
            name,
            number,
            reported: false,
            way,
            steps,
            days: 0,
            unsigned: false,
        }
    }

    /// The same against a person.
    pub(super) const fn person(self) -> Theme {
        Theme { kind: "person", ..self }
    }

    /// Its first steps only.
    const fn gone(self, steps: usize) -> Theme {
        Theme { steps, ..self }
    }

    const fn reported(self) -> Theme {
        Theme { reported: true, ..self }
    }

    /// Its papers stay unsigned.
    pub(super) const fn unsigned(self) -> Theme {
        Theme { unsigned: true, ..self }
    }

    /// Whether it is about a person.
    pub(super) fn of_person(&self) -> bool {
        self.kind == "person"
    }

    /// What the report at the end of the investigation recommends: what the case then comes to.
    pub(super) fn recommended(&self) -> &'static str {
        use super::rare::{Down, Rare};
        let goes = |step: Move| self.way.contains(&step);
        if goes(Move::Propose("hand_over")) {
            "多次倾倒、数量较大，涉嫌犯罪，建议移送公安机关。"
        } else if goes(Move::Rare(Rare::Transfer)) {
            "倾倒在河道管理范围内，不属于本机关的职权，建议移送有管辖权的机关。"
        } else if goes(Move::Propose("no_penalty")) {
            "情节轻微，已经及时改正，没有造成危害后果，建议不予行政处罚。"
        } else if goes(Move::Rare(Rare::Down(Down::Order))) {
            "没有取得规划许可，无法采取改正措施消除影响，建议责令限期拆除。"
        } else {
            "违法事实清楚，证据确实充分，建议给予行政处罚。"
        }
    }
}

/// All cases of a city.
pub(super) fn all() -> impl Iterator<Item = &'static Theme> {
    let others = super::holdings::THEMES.iter().chain(&super::rare::THEMES).chain(&super::turns::THEMES);
    THEMES.iter().chain(others)
}

/// Dumped by a firm.
const DUMPED: &str = "JZLJ-01";
/// Carried open, dropped on the way, on another way than approved.
const CARRIED: &str = "JZLJ-07";

/// Those that go the ordinary way or one near it, those that went furthest first.
const THEMES: [Theme; 18] = [
    Theme::of(
        CARRIED,
        "某运输有限公司运输渣土沿途遗撒案",
        "运输渣土的车辆没有密闭，沿途遗撒，污染路面约六十平方米。",
        ("示例运输有限公司甲", "91310000EXAMPLE001"),
        &WAY,
    )
    .reported(),
    Theme::of(
        DUMPED,
        "某建设工程有限公司擅自倾倒建筑垃圾案",
        "夜间将拆迁工地产生的建筑垃圾约三车倾倒在河道旁空地，没有办理处置核准。",
        ("示例建设工程有限公司乙", "91310000EXAMPLE002"),
        &WAY,
    )
    .gone(24)
    .reported(),
    Theme::of(
        CARRIED,
        "某渣土运输队车辆未密闭运输案",
        "运输渣土的车辆没有密闭，货厢顶盖敞开，在城市道路上行驶。",
        ("示例渣土运输队丙", "91310000EXAMPLE003"),
        &WAY,
    )
    .gone(22)
    .unsigned(),
    Theme::of(
        DUMPED,
        "某拆房公司擅自堆放建筑垃圾案",
        "将拆房产生的建筑垃圾堆放在人行道和绿化带之间，没有办理处置核准。",
        ("示例拆房有限公司丁", "91310000EXAMPLE004"),
        &WAY,
    )
    .gone(21),
    Theme::of(
        DUMPED,
        "某园林公司擅自倾倒渣土案",
        "将绿化改造挖出的渣土约两车倾倒在路边空地，没有办理处置核准。",
        ("示例园林有限公司戊", "91310000EXAMPLE005"),
        &WAY,
    )
    .gone(17),
    Theme::of(
        CARRIED,
        "某物流公司运输散装物料遗撒案",
        "运输砂石等散装物料的车辆没有密闭，转弯时遗撒在路口，污染路面约二十平方米。",
        ("示例物流有限公司己", "91310000EXAMPLE006"),
        &WAY,
    )
    .gone(16)
    .reported(),
    Theme::of(
        CARRIED,
        "某建材公司运输砂石沿途遗撒案",
        "运输砂石的车辆没有密闭，出场后沿途遗撒，污染路面约四百米。",
        ("示例建材有限公司庚", "91310000EXAMPLE007"),
        &WAY,
    )
    .gone(14),
    Theme::of(
        DUMPED,
        "某装饰公司擅自倾倒装修垃圾案",
        "将装修拆下的砖块、石膏板等建筑垃圾约一车倾倒在小区外的空地。",
        ("示例装饰有限公司辛", "91310000EXAMPLE008"),
        &WAY,
    )
    .gone(11)
    .reported(),
    Theme::of(
        CARRIED,
        "某市政公司渣土车辆不按路线行驶案",
        "运输渣土的车辆没有按照规定的路线行驶，绕行学校门口道路。",
        ("示例市政有限公司壬", "91310000EXAMPLE009"),
        &WAY,
    )
    .gone(7),
    Theme::of(
        DUMPED,
        "某商贸公司拆店垃圾随意堆放案",
        "将拆除店铺装修产生的建筑垃圾堆放在人行道上，占用约八平方米。",
        ("示例商贸有限公司癸", "91310000EXAMPLE010"),
        &WAY,
    )
    .gone(4)
    .reported(),
    Theme::of(
        "JZLJ-02",
        "某人用三轮车倾倒装修垃圾案",
        "用三轮车将自家装修产生的建筑垃圾倾倒在绿化带内。",
        ("示例人甲", "310000199001010000"),
        &WAY,
    )
    .person()
    .gone(1)
    .reported(),
    Theme::of(
        CARRIED,
        "某环保科技公司运输车辆沿途遗撒案",
        "运输渣土的车辆厢门没有关严，沿途遗撒泥块，污染路面约三十平方米。",
        ("示例环保科技有限公司子", "91310000EXAMPLE011"),
        &WAY,
    )
    .gone(27),
    Theme::of(
        CARRIED,
        "某土方工程公司渣土车未密闭案",
        "运输土方的两辆车没有密闭，在核准的路线上行驶，没有发现遗撒。",
        ("示例土方工程有限公司丑", "91310000EXAMPLE012"),
        &KEPT,
    ),
    Theme::of(
        DUMPED,
        "某基础工程公司擅自倾倒泥浆案",
        "将基础施工产生的泥浆约十立方米作为建筑垃圾倾倒在路边沟渠，没有办理处置核准。",
        ("示例基础工程有限公司寅", "91310000EXAMPLE013"),
        &WITHDRAWN,
    ),
    Theme::of(
        DUMPED,
        "某环保科技公司多次倾倒渣土、涉嫌污染环境案",
        "一个月内九次将渣土和沾有油漆的建筑垃圾倾倒在农田边空地，没有办理处置核准，涉嫌犯罪。",
        ("示例环保科技有限公司卯", "91310000EXAMPLE014"),
        &TO_POLICE,
    ),
    Theme::of(
        CARRIED,
        "某混凝土公司运输车辆反复遗撒案",
        "混凝土搅拌车料口没有密闭，一周内三次在同一路段遗撒混凝土。",
        ("示例混凝土有限公司辰", "91310000EXAMPLE015"),
        &HEARD,
    ),
    // The party of the first case once more: what it was fined for elsewhere and was recognised stands beside it.
    Theme::of(
        CARRIED,
        "某运输有限公司再次沿途遗撒案",
        "运输渣土的车辆没有密闭，再次沿途遗撒，污染路面约四十平方米。",
        ("示例运输有限公司甲", "91310000EXAMPLE001"),
        &WAY,
    )
    .gone(8)
    .reported(),
    Theme::of(
        "FW-02",
        "某人擅自改变住宅外墙案",
        "装修时在住宅楼外墙上开窗洞约一点二平方米，破坏房屋外貌，经劝阻后停工，承诺恢复原状。",
        ("示例人乙", "310000199001010018"),
        &QUICK_WAY,
    )
    .person(),
];

#[cfg(test)]
mod tests {
    use super::super::holdings::Hold;
    use super::super::rare::Rare;
    use super::*;
    use lianzhi_law::{LawData, SubjectKind};

    /// The words by which the facts of a case belong to its item: each stands in the item itself.
    const WORDS: [(&str, &[&str]); 6] = [
        ("JZLJ-01", &["倾倒", "堆放"]),
        ("JZLJ-02", &["倾倒"]),
        ("JZLJ-07", &["密闭", "遗撒", "路线"]),
        ("FS-03", &["露天烧烤"]),
        ("FW-02", &["外貌"]),
        ("WJ-02", &["搭建"]),
    ];

    #[test]
    fn the_facts_of_a_case_are_told_in_the_words_of_its_item_and_of_no_other() {
        let law = LawData::builtin().unwrap();
        for theme in all() {
            let (_, own) = WORDS.iter().find(|(item, _)| *item == theme.item).unwrap();
            let item = law.item(theme.item).unwrap();
            for word in *own {
                assert!(item.name.contains(word) || item.violation.contains(word), "{word} in {}", item.code);
            }
            assert!(own.iter().any(|word| theme.facts.contains(word)), "{}: {}", theme.title, theme.facts);
            let others = WORDS.iter().flat_map(|(_, words)| *words).filter(|word| !own.contains(word));
            for word in others {
                let said = theme.facts.contains(word) || theme.title.contains(word);
                assert!(!said, "{}: {word} in {}", theme.title, theme.facts);
            }
            let kind = if theme.of_person() { SubjectKind::Person } else { SubjectKind::Entity };
            assert!(item.subjects.contains(&kind), "{} is not of {}", theme.title, item.code);
        }
    }

    /// Whoever takes something has looked first (行政强制法 18: what is not urgent is approved on what was found).
    #[test]
    fn a_place_is_inspected_before_anything_is_taken_from_it() {
        for theme in all() {
            let taken =
                |step: &Move| matches!(step, Move::Hold(Hold::Seize(_) | Hold::Seal(_) | Hold::Preserve(_)));
            let Some(at) = theme.way.iter().position(taken) else { continue };
            assert!(theme.way[..at].contains(&Move::Record("inspection")), "{}", theme.title);
        }
    }

    /// What the report recommends is what the case comes to (行政处罚法 57).
    #[test]
    fn the_report_recommends_what_the_case_comes_to() {
        for theme in all().filter(|theme| theme.way.contains(&Move::Finish)) {
            let after: Vec<Move> =
                theme.way.iter().copied().skip_while(|step| *step != Move::Finish).collect();
            let comes_to = [
                (Move::Propose("hand_over"), "建议移送公安机关"),
                (Move::Rare(Rare::Transfer), "建议移送有管辖权的机关"),
                (Move::Propose("no_penalty"), "建议不予行政处罚"),
                (Move::Propose("decide"), "建议给予行政处罚"),
            ];
            for (step, words) in comes_to {
                let others = comes_to.iter().filter(|(_, other)| *other != words);
                if after.contains(&step) {
                    assert!(theme.recommended().contains(words), "{}: {words}", theme.title);
                    let mut others = others.map(|(_, other)| theme.recommended().contains(other));
                    assert!(!others.any(|said| said), "{}", theme.title);
                }
            }
        }
    }
}
