//! What stands around every page: navigation, search, who is signed in.

use crate::auth::SignedIn;
use crate::state::WebState;
use lianzhi_ids::Role;

/// The frame of pages for people at work.
#[derive(Debug, Clone)]
pub struct Shell {
    pub title: String,
    here: &'static str,
    pub csrf: String,
    /// Tells sessions of one browser apart without giving the session away.
    pub session: String,
    /// Code of the person.
    pub me: String,
    pub search: String,
    pub agency: String,
    pub region: String,
    pub plate: String,
    pub person: String,
    pub unit: String,
    /// Micros of now, by which the page counts terms down.
    pub now_us: i64,
    board: bool,
    cooperation: bool,
    /// Working with other members is daily work here.
    liaises: bool,
    cases: bool,
    /// May decide on the spot and give slips.
    pub spot: bool,
    statistics: bool,
    administration: bool,
}

/// A way in the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    pub href: &'static str,
    pub title: &'static str,
    pub icon: &'static str,
    pub class: &'static str,
    pub current: bool,
}

/// Roles whose daily work goes to and fro between members.
const LIAISING: [Role; 4] = [Role::Liaison, Role::Handler, Role::LegalReviewer, Role::Leader];

/// Characters of the session's form token that tell sessions of one browser apart.
const SESSION_CHARS: usize = 12;
/// Whoever may do one of these has to do with penalty cases.
const CASE_WORK: [&str; 4] = ["penalty_register", "penalty_review", "penalty_approve", "penalty_discuss"];

impl Shell {
    /// The frame for this person; `here` is the path of the navigation item that is current.
    pub fn new(state: &WebState, who: &SignedIn, title: impl Into<String>, here: &'static str) -> Self {
        let directory = state.app.directory();
        let settings = &directory.settings;
        let may = |action| state.app.may(&who.caller, action, None).is_ok();
        let unit =
            who.person.posts.first().map(|p| directory.unit_name(&p.unit).to_owned()).unwrap_or_default();
        Shell {
            title: title.into(),
            here,
            csrf: who.csrf().to_owned(),
            session: who.csrf().chars().take(SESSION_CHARS).collect(),
            me: who.person.code.to_string(),
            search: String::new(),
            agency: settings.agency.clone(),
            region: settings.region.clone(),
            // 沪青 → 沪: the character of the licence plate, as everybody reads it.
            plate: settings.number_prefix.chars().take(1).collect(),
            person: who.person.name.clone(),
            unit,
            now_us: state.app.now().as_microsecond(),
            board: may("board"),
            cooperation: may("cooperation"),
            liaises: LIAISING.iter().any(|role| who.caller.actor.has(*role)),
            spot: state.app.may_begin(&who.caller, "spot_handle").is_ok(),
            cases: CASE_WORK.iter().any(|action| may(action)),
            statistics: may("statistics"),
            administration: may("administer") || may("audit"),
        }
    }

    /// The navigation, as far as this person's roles reach.
    pub fn nav(&self) -> Vec<NavItem> {
        let item =
            |href, title, icon, class| NavItem { href, title, icon, class, current: href == self.here };
        // On a phone there is room for five: to-dos, matters, the account, and the first two of these. Whoever dispatches
        // has the map within the board; who works with other members seldom registers in the street.
        let mut room = 2_u8;
        let mut fits = |is: bool| {
            let fits = is && room > 0;
            room -= u8::from(fits);
            fits
        };
        let board = fits(self.board);
        let cooperation = fits(self.cooperation && self.liaises);
        let register = fits(true);
        let map = fits(true);
        let class = |fits: bool| if fits { "" } else { "desk-only" };
        let mut items =
            vec![item("/desk", "工作台", "desk", "desk-only"), item("/todo", "待办", "desk", "phone-only")];
        if board {
            items.insert(1, item("/board", "调度", "board", ""));
        }
        if register {
            items.push(item("/register", "登记", "camera", "phone-only"));
        }
        items.extend([
            item("/matters", "办件", "list", ""),
            item("/map", "地图", "map", class(map)),
            item("/duty", "勤务", "duty", "desk-only"),
        ]);
        if self.cases {
            items.push(item("/cases", "办案", "file", "desk-only"));
        }
        if self.cooperation {
            items.push(item("/cooperation", "协作", "link", class(cooperation)));
        }
        items.push(item("/law", "法规", "law", "desk-only"));
        if self.statistics {
            items.push(item("/stats", "统计", "chart", "desk-only"));
        }
        if self.administration {
            items.push(item("/admin", "管理", "admin", "last desk-only"));
        }
        items.push(item("/account", "我的", "user", "phone-only"));
        items
    }

    pub fn has_cases(&self) -> bool {
        self.cases
    }
    pub fn has_admin_pages(&self) -> bool {
        self.administration
    }
    pub fn has_board(&self) -> bool {
        self.board
    }
    pub fn has_cooperation(&self) -> bool {
        self.cooperation
    }
    pub fn has_statistics(&self) -> bool {
        self.statistics
    }
}

/// The frame of public pages.
#[derive(Debug, Clone)]
pub struct Frame {
    pub title: String,
    pub here: &'static str,
    pub agency: String,
    pub short: String,
    /// Token of the session, when somebody is signed in; the frame's own form sends it.
    pub csrf: String,
}

impl Frame {
    /// The rooms of what is made public: address, title, whether it is this one.
    pub fn rooms(&self) -> Vec<(&'static str, &'static str, bool)> {
        let here = |href: &str| href.trim_start_matches('/') == self.here;
        super::public::ROOMS.into_iter().map(|(href, title)| (href, title, here(href))).collect()
    }
    /// With the token of whoever is signed in.
    pub fn of(mut self, csrf: &str) -> Self {
        self.csrf = csrf.into();
        self
    }
    pub fn new(state: &WebState, title: &str, here: &'static str) -> Self {
        let settings = state.app.directory().settings.clone();
        let region = settings.region.trim_end_matches(['区', '市', '县']);
        let short = if region.is_empty() { settings.agency.clone() } else { format!("{region}城管") };
        Frame { title: title.into(), here, agency: settings.agency, short, csrf: String::new() }
    }
}
