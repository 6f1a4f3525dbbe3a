//! The statutory terms together: which one holds where and when.

use super::{StatuteConfirmed, StatutoryTerm, Tightening};
use crate::data::in_force;
use crate::jurisdiction::Jurisdiction;
use crate::standard::Standing;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Keys that are named when one is not known.
const NEAR_MAX: usize = 5;

/// Why there is no such term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStatute {
    /// No rule has this key.
    #[error("没有“{key}”这一期限；{}", suggestion(.near))]
    Unknown {
        /// What was asked for.
        key: String,
        /// The keys that come near.
        near: Vec<Arc<str>>,
    },
    /// It holds elsewhere only.
    #[error("“{title}”只在{}有规定，{}没有；请指明地区", places(.held), .place.title())]
    Elsewhere {
        /// Title of what was asked for.
        title: Arc<str>,
        /// Where.
        place: Jurisdiction,
        /// Where it holds.
        held: Vec<Jurisdiction>,
    },
    /// It was not in force then.
    #[error("“{title}”在 {date} 没有有效的规定；{dates}。请核对日期，或按当时有效的法律另行计算")]
    NotThen {
        /// Title of what was asked for.
        title: Arc<str>,
        /// When.
        date: Date,
        /// When it is in force, in words.
        dates: String,
    },
}

fn places(held: &[Jurisdiction]) -> String {
    held.iter().map(Jurisdiction::title).collect::<Vec<_>>().join("、")
}

fn suggestion(near: &[Arc<str>]) -> String {
    if near.is_empty() {
        "可用的期限见 lianzhi law terms".to_owned()
    } else {
        format!("相近的有：{}", near.join("、"))
    }
}

/// All statutory terms by key, versions ascending, and what the agency has tightened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statutes {
    by_key: BTreeMap<Arc<str>, Vec<StatutoryTerm>>,
    tightened: BTreeMap<Arc<str>, Vec<Tightening>>,
}

impl Statutes {
    /// Joins the laws with the agency's own rules, none of which may loosen. The error is an entry and a reason.
    pub fn join(
        by_key: BTreeMap<Arc<str>, Vec<StatutoryTerm>>,
        tightened: BTreeMap<Arc<str>, Vec<Tightening>>,
    ) -> Result<Statutes, (String, String)> {
        for own in tightened.values().flatten() {
            let entry = format!("tighten {}", own.key);
            let Some(versions) = by_key.get(&own.key) else {
                return Err((entry, format!("没有“{}”这一期限", own.key)));
            };
            let meets = |term: &&StatutoryTerm| {
                term.in_force_from.is_none_or(|from| own.in_force_to.is_none_or(|to| from <= to))
                    && term.in_force_to.is_none_or(|to| own.in_force_from <= to)
            };
            if let Some(reason) = versions.iter().filter(meets).find_map(|term| term.loosened_by(own)) {
                return Err((entry, reason));
            }
        }
        Ok(Statutes { by_key, tightened })
    }

    /// Marks what says something else than the delivered terms as unverified, and what a legal officer confirmed as checked.
    pub fn mark(&mut self, delivered: &Statutes, confirmed: &[StatuteConfirmed]) {
        for term in self.by_key.values_mut().flatten() {
            let known = delivered.by_key.get(&term.key);
            let known = known.and_then(|all| all.iter().find(|known| known.says_the_same(term)));
            match known {
                Some(known) => (term.standing, term.confidence) = (known.standing, known.confidence),
                None if term.standing == Standing::Official => term.standing = Standing::Unverified,
                None => {}
            }
            let words = term.words();
            let found = confirmed.iter().rev().find(|c| *c.key == *term.key && c.of == words);
            if let Some(found) = found.filter(|_| term.standing == Standing::Unverified) {
                term.standing = Standing::Official;
                term.confirmed = Some(found.confirmed.clone());
            }
        }
    }

    /// Why these terms may not take the place of the ones in force; the delivered ones say how strict each is at least. The
    /// error is an entry and a reason.
    pub fn follow(&self, in_force: &Statutes, delivered: &Statutes) -> Result<(), (String, String)> {
        for old in in_force.iter() {
            let floor = delivered
                .iter()
                .find(|term| (&term.key, term.in_force_from) == (&old.key, old.in_force_from));
            let floor = floor.unwrap_or(old);
            let entry = || format!("statute {}", old.key);
            let versions = self.by_key.get(&old.key).map_or(&[][..], Vec::as_slice);
            let Some(same) = versions.iter().find(|term| term.in_force_from == old.in_force_from) else {
                let reason = format!(
                    "{} 的规定不能删去或者改变施行日期：以前的办件仍按它计算；法律修改的，另加一条新的 [[statute]]",
                    old.citation()
                );
                return Err((entry(), reason));
            };
            if let (None, Some(end)) = (old.in_force_to, same.in_force_to)
                && !versions.iter().any(|next| next.in_force_from == end.tomorrow().ok())
            {
                let reason =
                    format!("{} 到 {end} 失效，次日起没有新的规定；请同时写新的 [[statute]]", old.citation());
                return Err((entry(), reason));
            }
            let later = |term: &&StatutoryTerm| {
                term.in_force_from > old.in_force_from && term.law == floor.law && !in_force.has(term)
            };
            let mut bound = std::iter::once(same).chain(versions.iter().filter(later));
            if let Some(reason) = bound.find_map(|term| floor.loosened_to(term)) {
                return Err((entry(), reason));
            }
        }
        Ok(())
    }

    fn has(&self, term: &StatutoryTerm) -> bool {
        self.by_key.get(&term.key).is_some_and(|all| all.iter().any(|known| known.says_the_same(term)))
    }

    pub fn tightenings(&self) -> impl Iterator<Item = &Tightening> {
        self.tightened.values().flatten()
    }

    pub fn iter(&self) -> impl Iterator<Item = &StatutoryTerm> {
        self.by_key.values().flatten()
    }

    pub fn find(&self, key: &str, place: &Jurisdiction, date: Date) -> Result<StatutoryTerm, NoStatute> {
        let of_it = |term: &&StatutoryTerm| &*term.key == key || term.general_key() == key;
        let all: Vec<&StatutoryTerm> = self.iter().filter(of_it).collect();
        if all.is_empty() {
            return Err(NoStatute::Unknown { key: key.to_owned(), near: self.near(key) });
        }
        // Its own key says where a local rule holds.
        let spelled = |term: &StatutoryTerm| &*term.key == key && place.as_str() == Jurisdiction::NATION;
        let mut here: Vec<&StatutoryTerm> =
            all.iter().copied().filter(|t| t.jurisdiction.covers(place) || spelled(t)).collect();
        if here.is_empty() {
            let held: BTreeSet<Jurisdiction> = all.iter().map(|t| t.jurisdiction.clone()).collect();
            let (title, held) = (all[0].title.clone(), held.into_iter().collect());
            return Err(NoStatute::Elsewhere { title, place: place.clone(), held });
        }
        here.sort_by_key(|term| std::cmp::Reverse(term.jurisdiction.depth()));
        let then = |term: &&&StatutoryTerm| {
            term.in_force_from.is_none_or(|from| from <= date) && term.in_force_to.is_none_or(|to| date <= to)
        };
        let Some(term) = here.iter().find(then) else {
            let dates: Vec<String> = here.iter().map(|term| dates(term)).collect();
            let title = here[0].title.clone();
            return Err(NoStatute::NotThen { title, date, dates: dates.join("；") });
        };
        let own = self.tightened.get(&term.key);
        let own = own.and_then(|versions| in_force(versions, date, |v| (v.in_force_from, v.in_force_to)));
        Ok(match own {
            Some(own) => (*term).clone().tighten(own),
            None => (*term).clone(),
        })
    }

    /// Keys that share a part with what was asked for, or whose title does; the most alike first.
    fn near(&self, key: &str) -> Vec<Arc<str>> {
        let asked: BTreeSet<&str> = key.split(['.', '_', '-']).filter(|part| part.len() > 1).collect();
        let mut near: Vec<(usize, &Arc<str>)> = self
            .iter()
            .filter_map(|term| {
                let parts = term.key.split(['.', '_']);
                let alike = parts.filter(|part| {
                    asked.iter().any(|a| {
                        a == part
                            || (a.len() > 3 && part.len() > 3 && (a.starts_with(part) || part.starts_with(a)))
                    })
                });
                let alike = alike.count() + usize::from(!key.is_empty() && term.title.contains(key)) * 2;
                (alike > 0).then_some((alike, &term.key))
            })
            .collect();
        near.sort_by_key(|(alike, key)| (std::cmp::Reverse(*alike), (*key).clone()));
        near.dedup_by(|a, b| a.1 == b.1);
        near.into_iter().take(NEAR_MAX).map(|(_, key)| key.clone()).collect()
    }
}

/// 自 2026-08-15 起施行 · 2022-01-01 至 2026-08-14 施行.
fn dates(term: &StatutoryTerm) -> String {
    match (term.in_force_from, term.in_force_to) {
        (Some(from), Some(to)) => format!("{} {from} 至 {to} 施行", term.citation()),
        (Some(from), None) => format!("{} 自 {from} 起施行", term.citation()),
        (None, Some(to)) => format!("{} 施行至 {to}", term.citation()),
        (None, None) => term.citation(),
    }
}
