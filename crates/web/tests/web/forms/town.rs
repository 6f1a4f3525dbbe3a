//! A town in which every form of the procedures is filled in and posted, and what is written down of that.

use super::form::Asked;
use crate::cases::{id_of, office, signed_in};
use crate::lists::{get, html, texts};
use crate::node::{Browser, Node};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};
use lianzhi_ids::Role;
use lianzhi_testkit::Place;
use reqwest::StatusCode;
use scraper::Html;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Damaged walls: 1,000 to 10,000 yuan for a resident.
pub const SMALL: &str = "FW-02";
/// Dumped building waste: 100,000 to a million yuan for a company.
pub const LARGE: &str = "JZLJ-01";

/// The town. Its clock stands still until told.
pub struct Town {
    pub node: lianzhi_testkit::Node,
    pub web: Node,
    /// Commands whose forms were posted and did their work.
    posted: Mutex<BTreeSet<String>>,
    _place: Place,
}

impl Town {
    /// The office with a second leader, a second reviewer, a panel and a lawyer.
    pub async fn new() -> Town {
        let place = Place::sqlite();
        let (node, web) = office(&place).await;
        for (login, name, role) in [
            ("leader-2", "局长乙", Role::Leader),
            ("legal-2", "审核员乙", Role::LegalReviewer),
            ("panelist", "评议员甲", Role::Panelist),
            ("lawyer", "律师甲", Role::Lawyer),
        ] {
            web.hire(login, name, &[role]).await;
        }
        Town { node, web, posted: Mutex::default(), _place: place }
    }

    /// Now, in Beijing.
    fn now(&self) -> DateTime {
        jiff::tz::offset(8).to_datetime(self.web.app.now())
    }

    /// A day so many days from today.
    pub fn day(&self, days: i64) -> String {
        self.now().date().checked_add(Span::new().days(days)).unwrap().to_string()
    }

    /// Ten in the morning, so many days from today.
    pub fn morning(&self, days: i64) -> String {
        format!("{}T10:00", self.day(days))
    }

    /// Time goes by, and the clocks are looked at; what began with the end of one term is looked at once more.
    pub async fn days(&self, days: i64) {
        self.node.clock().advance(SignedDuration::from_hours(24 * days));
        for _ in 0..2 {
            self.web.app.tick().await.unwrap();
        }
    }

    /// The forms of these commands were posted and did their work: a story shows what it promises.
    pub fn has_posted(&self, promised: &[&str]) {
        let posted = self.posted.lock().unwrap();
        let missing: Vec<_> = promised.iter().filter(|command| !posted.contains(**command)).collect();
        assert!(missing.is_empty(), "promised and not posted: {missing:?}");
    }

    /// The page of a matter as somebody sees it.
    pub async fn page(&self, who: &str, id: i64, query: &str) -> (Browser, Html) {
        let browser = signed_in(&self.web, who).await;
        let page = get(&self.web, &browser, &format!("/matters/{id}{query}")).await;
        (browser, page)
    }

    /// A form of a page of its own, filled in and posted: the matter that it begins.
    pub async fn begins(
        &self,
        who: &str,
        path: &str,
        css: &str,
        command: &str,
        given: &[(&str, &str)],
    ) -> i64 {
        let browser = signed_in(&self.web, who).await;
        let page = get(&self.web, &browser, path).await;
        let asked = Asked::read(&page, css).unwrap_or_else(|| panic!("{path} has no {css}"));
        let answer = asked.send(&browser, &self.web.url, &asked.filled(self.now(), given), true).await;
        let id = (answer.status() == StatusCode::SEE_OTHER).then(|| id_of(&answer));
        let page = html(answer).await;
        self.posted.lock().unwrap().insert(command.to_owned());
        id.unwrap_or_else(|| panic!("{path}: {:?}", texts(&page, "[role=alert], .fault, .refusal")))
    }

    fn asked(page: &Html, who: &str, command: &str) -> Asked {
        Asked::read(page, &format!("#do-{command} form")).unwrap_or_else(|| {
            let (can, cannot) = (texts(page, "#offers summary"), texts(page, "#offers .refusal"));
            panic!("{who} has no form of {command}: {can:?}; {cannot:?}")
        })
    }

    /// The form of a command is filled in and posted. The first time its first field is forgotten: that is said at the field, nothing
    /// that was typed or sent along is lost, and once the field is written in the form does its work.
    pub async fn act(&self, who: &str, id: i64, command: &str, given: &[(&str, &str)]) {
        let (browser, page) = self.page(who, id, &format!("?do={command}")).await;
        let mut asked = Self::asked(&page, who, command);
        let (mut given, mut file) = (given.to_vec(), true);
        if given.contains(&("exhibits", "")) {
            (given, file) = (given.into_iter().filter(|(name, _)| *name != "exhibits").collect(), false);
        }
        let first = !self.posted.lock().unwrap().contains(command);
        if let Some(blank) = asked.first_needed().filter(|_| first) {
            let mut forgotten: Vec<_> = given.iter().copied().filter(|(name, _)| *name != blank).collect();
            forgotten.push((&blank, ""));
            let sent = asked.filled(self.now(), &forgotten);
            let answer = asked.send(&browser, &self.web.url, &sent, file).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{command} without {blank}");
            let page = html(answer).await;
            let fault = format!("#act-{command}-{blank}-fault");
            assert!(!texts(&page, &fault).is_empty(), "{command}: nothing is said at {blank}");
            asked = Self::asked(&page, who, command);
            // All else stands in the form that came back, the files too.
            given.retain(|(name, _)| *name == blank);
            file = false;
        }
        let sent = asked.filled(self.now(), &given);
        let answer = asked.send(&browser, &self.web.url, &sent, file).await;
        let status = answer.status();
        let page = html(answer).await;
        let said = texts(&page, "[role=alert], .fault, .refusal");
        assert_eq!(status, StatusCode::SEE_OTHER, "{who} {command} {sent:?}: {said:?}");
        self.posted.lock().unwrap().insert(command.to_owned());
    }

    /// The form of a command is posted and refused under this article; what was written stands in it still.
    pub async fn refused(&self, who: &str, id: i64, command: &str, given: &[(&str, &str)], article: &str) {
        let (browser, page) = self.page(who, id, &format!("?do={command}")).await;
        let asked = Self::asked(&page, who, command);
        let file = !given.contains(&("exhibits", ""));
        let given: Vec<_> = given.iter().copied().filter(|(name, _)| *name != "exhibits").collect();
        let sent = asked.filled(self.now(), &given);
        let answer = asked.send(&browser, &self.web.url, &sent, file).await;
        let status = answer.status();
        assert!(
            [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::FORBIDDEN].contains(&status),
            "{who} {command} {sent:?} was answered with {status}"
        );
        let page = html(answer).await;
        let law = texts(&page, &format!("#do-{command} .law")).join("");
        let said = texts(&page, &format!("#do-{command} [role=alert]"));
        assert!(law.contains(article), "{command}: {law} is not {article}: {said:?}");
        let again = Self::asked(&page, who, command).filled(self.now(), &[]);
        for pair in sent.iter().filter(|(name, _)| !["csrf", "form", "expected"].contains(&name.as_str())) {
            assert!(again.contains(pair), "{command} lost {pair:?}: {again:?}");
        }
    }

    async fn offers(&self, who: &str, id: i64, command: &str) -> bool {
        let (_, page) = self.page(who, id, "").await;
        Asked::read(&page, &format!("#do-{command} form")).is_some()
    }

    /// What a paper wants that only people know is written on its form.
    async fn written(&self, id: i64, folio: &str) {
        // What belongs to a hearing is written by whoever holds it.
        for login in ["officer-a1", "legal"] {
            let browser = signed_in(&self.web, login).await;
            let path = format!("{}/matters/{id}/folios/{folio}", self.web.url);
            let answer = browser.client.get(path).send().await.unwrap();
            if answer.status() != StatusCode::OK {
                return;
            }
            let page = html(answer).await;
            let Some(asked) = Asked::read(&page, "form#folio").filter(Asked::wants) else { return };
            let answer = asked.send(&browser, &self.web.url, &asked.filled(self.now(), &[]), false).await;
            let status = answer.status();
            let page = html(answer).await;
            if status != StatusCode::FORBIDDEN || login == "legal" {
                let said = texts(&page, "[role=alert], .fault");
                assert_eq!(status, StatusCode::SEE_OTHER, "{folio}: {said:?}");
                return;
            }
        }
    }

    /// Proposed, then signed by whoever has to.
    pub async fn approved(&self, who: &str, id: i64, command: &str, given: &[(&str, &str)]) {
        self.act(who, id, command, given).await;
        self.signed(id).await;
    }

    /// The last proposal is endorsed by the unit, reviewed and signed, as far as it needs that.
    pub async fn signed(&self, id: i64) {
        let (_, page) = self.page("officer-a1", id, "").await;
        let css = "#do-unpropose [name=proposal]";
        let options = crate::lists::attribute(&page, &format!("{css} option"), "value");
        let newest = options.last().cloned().or_else(|| crate::lists::attribute(&page, css, "value").pop());
        if let Some(newest) = newest {
            self.written(id, &format!("proposal-{newest}")).await;
        }
        if self.offers("captain-a", id, "endorse").await {
            self.act("captain-a", id, "endorse", &[("agreed", "true")]).await;
        }
        if self.offers("legal", id, "review_proposal").await {
            self.act("legal", id, "review_proposal", &[("opinion", "agree"), ("qualification", "A2018")])
                .await;
        }
        self.act("leader", id, "approve", &[("agreed", "true")]).await;
    }

    /// The last paper is handed to a party.
    pub async fn serve(&self, id: i64, party: &str) {
        let (_, page) = self.page("officer-a1", id, "").await;
        let options = crate::lists::attribute(&page, "#do-serve [name=paper] option", "value");
        let single = crate::lists::attribute(&page, "#do-serve [name=paper]", "value").pop();
        if let Some(paper) = options.last().cloned().or(single) {
            self.written(id, &format!("paper-{paper}")).await;
        }
        let given = [("party", party), ("way", "direct"), ("note", "本人签收")];
        self.act("officer-a1", id, "serve", &given).await;
    }

    /// The number of a matter, as its page shows it.
    pub async fn number(&self, id: i64) -> String {
        let (_, page) = self.page("officer-a1", id, "").await;
        texts(&page, ".matter-head .number").into_iter().next().unwrap()
    }

    /// A tab of the matter's page shows these words.
    pub async fn shows(&self, who: &str, id: i64, tab: &str, words: &[&str]) {
        let (_, page) =
            self.page(who, id, &if tab.is_empty() { String::new() } else { format!("?tab={tab}") }).await;
        let all = texts(&page, "main").join(" ");
        for words in words {
            assert!(all.contains(words), "{tab} does not show {words}: {all}");
        }
    }

    /// A lead against somebody, from the form for it.
    pub async fn lead(&self, item: &str, party: [&str; 4], from: &str) -> i64 {
        let [kind, name, number, representative] = party;
        let given = [
            ("item", item),
            ("title", "示例案件"),
            ("facts", "现场发现违法行为"),
            ("from", from),
            ("place", "漕平路 118 号"),
            ("kind", kind),
            ("name", name),
            ("id_number", number),
            ("address", "青浦区漕平路 118 号"),
            ("representative", representative),
            ("source", "inspection"),
        ];
        self.begins("officer-a1", "/cases/new", "form#case", "register", &given).await
    }

    /// With its two officers, checked and filed.
    pub async fn filed(&self, item: &str, party: [&str; 4]) -> i64 {
        let id = self.lead(item, party, &self.day(-3)).await;
        let two = [("lead", "officer-a1"), ("second", "officer-a2")];
        self.act("captain-a", id, "assign", &two).await;
        self.act("officer-a1", id, "verify", &[("established", "true")]).await;
        self.approved("officer-a1", id, "file", &[]).await;
        id
    }

    /// A record of the two officers.
    pub async fn record(&self, id: i64, kind: &str) {
        let given = [("kind", kind), ("second", "officer-a2"), ("shown", "true")];
        self.act("officer-a1", id, "record", &given).await;
    }

    /// Investigated, with a fine in yuan planned.
    pub async fn planned(&self, item: &str, party: [&str; 4], fine: &str) -> i64 {
        let id = self.filed(item, party).await;
        self.record(id, "inspection").await;
        self.act("officer-a1", id, "finish", &[]).await;
        let charge = [("party", "1"), ("violation", "1"), ("tier", "ordinary"), ("fine", fine)];
        self.act("officer-a1", id, "charge", &charge).await;
        id
    }

    /// Told, the notice served.
    pub async fn notified(&self, item: &str, party: [&str; 4], fine: &str) -> i64 {
        let id = self.planned(item, party, fine).await;
        self.approved("officer-a1", id, "notify", &[("days", "5")]).await;
        self.serve(id, "1").await;
        id
    }

    /// A resident's small fine, decided and served.
    pub async fn decided(&self, party: [&str; 4]) -> i64 {
        let id = self.notified(SMALL, party, "2000").await;
        self.act("officer-a1", id, "waive", &[("party", "1")]).await;
        self.approved("officer-a1", id, "decide", &[]).await;
        self.serve(id, "1").await;
        id
    }
}

/// Parties: kind, name, number, who represents it.
pub const RESIDENT: [&str; 4] = ["person", "张小三", "310118199001010011", ""];
/// See [`RESIDENT`].
pub const COMPANY: [&str; 4] = ["company", "某建筑公司", "91310118MA1GTEST00", "李四"];
/// See [`RESIDENT`].
pub const NEIGHBOUR: [&str; 4] = ["person", "李小四", "310118199001010022", ""];
