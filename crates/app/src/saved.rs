//! Views of lists that people keep and share, the order of their tabs, and the columns that each person has chosen.

use crate::columns::{COLUMNS_AT_FIRST, Column, columns_of, columns_text};
use crate::ports::SavedView;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::UnitCode;
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::{Choice, LookUps, Refusal};

/// Views that one person keeps: more than anybody finds again among tabs.
const VIEWS_MAX: usize = 40;
/// Characters of a view's name, so that it fits a tab.
const NAME_CHARS_MAX: usize = 20;
/// Bytes of a view's filters: every filter filled in, with room.
const QUERY_BYTES_MAX: usize = 2_000;
/// Preference that keeps the order of somebody's tabs.
const ORDER: &str = "views";
/// Preference that keeps somebody's columns; for those of one view its id follows.
const COLUMNS: &str = "columns";

/// A view as it is asked for.
#[derive(Debug, Clone, Default)]
pub struct ViewInput {
    /// Name on its tab.
    pub name: String,
    /// Code of the unit it is shared with; empty for the owner alone.
    pub shared: String,
    /// Filters and order, as in the address.
    pub query: String,
    /// Its columns; none leaves them to each reader.
    pub columns: Vec<Column>,
}

/// A view as somebody finds it.
#[derive(Debug, Clone)]
pub struct ViewItem {
    /// The view.
    pub view: SavedView,
    /// Whether the reader made it and may change it.
    pub own: bool,
    /// Whom it is shared with, in words; empty for the owner alone.
    pub shared_with: String,
    /// Who made it.
    pub by: String,
}

fn named(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Refusal::invalid(
            "name",
            format!("视图名称应为 1 至 {NAME_CHARS_MAX} 个字。"),
            "请改短或填写名称后再保存。",
        ));
    }
    Ok(name.to_owned())
}

/// Whom a list is for: not for a person who was looked for by name or telephone.
fn without_particulars(query: &str) -> Result<String, Refusal> {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("person=") && !pair.starts_with("cursor="))
        .collect();
    let kept = kept.join("&");
    if kept.len() > QUERY_BYTES_MAX {
        return Err(Refusal::invalid("query", "筛选条件太长，不能存为视图。", "请减少筛选条件后再保存。"));
    }
    Ok(kept)
}

/// Views in somebody's order of tabs; those that it does not name come last, as they are.
fn in_order(mut views: Vec<SavedView>, order: &str) -> Vec<SavedView> {
    let order: Vec<&str> = order.split(',').collect();
    views.sort_by_key(|v| order.iter().position(|id| *id == v.id).unwrap_or(usize::MAX));
    views
}

impl App {
    fn me(who: &Caller) -> Result<String, Refusal> {
        let person = who.actor.person().map(ToString::to_string);
        person.ok_or_else(|| Refusal::forbidden("sign-in", "保存视图须登录。", "请先登录。"))
    }

    /// Units that somebody's posts lie in, and all above them: what is shared with one of these reaches him.
    fn units_around(&self, who: &Caller) -> Vec<String> {
        let directory = self.directory();
        let lianzhi_procedure::Actor::Person(person) = &who.actor else { return Vec::new() };
        let mut units: Vec<String> = person
            .posts
            .iter()
            .flat_map(|post| directory.chain(&post.unit).map(|u| u.code.to_string()).collect::<Vec<_>>())
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    fn may_share_with(&self, who: &Caller, unit: &UnitCode) -> Result<(), Refusal> {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        let matter = Matter { unit: Some(unit), ..Matter::default() };
        let facts = self.facts(&who.actor, &directory, &duty, &look_ups);
        policy::permit(&facts, "share_view", &matter).map(|_| ())
    }

    /// Units that the caller may share a view with, the agency first.
    #[must_use]
    pub fn share_choices(&self, who: &Caller) -> Vec<Choice> {
        let directory = self.directory();
        let mut units: Vec<_> = directory.units_in_use().filter(|u| !u.outside).collect();
        units.sort_by_key(|u| (u.parent.is_some(), u.code.clone()));
        units
            .into_iter()
            .filter(|u| self.may_share_with(who, &u.code).is_ok())
            .map(|u| {
                let whole = if u.parent.is_none() { "（全机关）" } else { "" };
                Choice::new(u.code.as_str(), format!("{}{whole}", u.name))
            })
            .collect()
    }

    /// The caller's own views and those shared with him, in the order of his tabs.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn views(&self, who: &Caller) -> Result<Vec<ViewItem>, Refusal> {
        let me = Self::me(who)?;
        let accounts = &self.inner.store.accounts;
        let views = accounts.views(&me, &self.units_around(who)).await.map_err(|e| unavailable(&e))?;
        let order = accounts.preference(&me, ORDER).await.map_err(|e| unavailable(&e))?.unwrap_or_default();
        Ok(in_order(views, &order).into_iter().map(|view| self.view_item(view, &me)).collect())
    }

    fn view_item(&self, view: SavedView, me: &str) -> ViewItem {
        let directory = self.directory();
        let unit = view.shared.as_deref().and_then(|u| UnitCode::parse(u).ok());
        let owner = lianzhi_ids::PersonCode::parse(&view.owner).ok();
        ViewItem {
            own: view.owner == me,
            shared_with: unit.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default(),
            by: owner.map(|p| directory.person_name(&p).to_owned()).unwrap_or_default(),
            view,
        }
    }

    /// A view that the caller may use.
    ///
    /// # Errors
    /// When there is none for him.
    pub async fn view(&self, who: &Caller, id: &str) -> Result<ViewItem, Refusal> {
        let me = Self::me(who)?;
        let found = self.inner.store.accounts.view(id).await.map_err(|e| unavailable(&e))?;
        let reaches = |view: &SavedView| {
            view.owner == me || view.shared.as_ref().is_some_and(|unit| self.units_around(who).contains(unit))
        };
        let view = found.filter(reaches).ok_or_else(|| Refusal {
            remedy: "它可能已被删除，或不再与您共享；请从“办件”重新筛选。".into(),
            ..Refusal::missing("没有这个视图。")
        })?;
        Ok(self.view_item(view, &me))
    }

    async fn own_view(&self, who: &Caller, id: &str) -> Result<SavedView, Refusal> {
        let item = self.view(who, id).await?;
        if item.own {
            return Ok(item.view);
        }
        Err(Refusal::forbidden(
            "not-your-view",
            format!("“{}”是{}共享的视图，您不能改动。", item.view.name, item.by),
            "可以另存为自己的视图。",
        ))
    }

    /// Keeps a view, a new one or (by its id) one of the caller's own; gives its id.
    ///
    /// # Errors
    /// What is wrong with it, or no right to share it.
    pub async fn save_view(
        &self,
        who: &Caller,
        id: Option<&str>,
        input: ViewInput,
    ) -> Result<String, Refusal> {
        let me = Self::me(who)?;
        let name = named(&input.name)?;
        let query = without_particulars(&input.query)?;
        let shared = match input.shared.trim() {
            "" => None,
            unit => {
                let unit = UnitCode::parse(unit)
                    .ok()
                    .filter(|u| self.directory().units.contains_key(u))
                    .ok_or_else(|| Refusal::invalid("shared", "没有这个单位。", "请从列表中选择。"))?;
                self.may_share_with(who, &unit).map_err(|r| Refusal {
                    field: Some("shared"),
                    rule: "您不能把视图共享给这个单位。".into(),
                    ..r
                })?;
                Some(unit.to_string())
            }
        };
        let accounts = &self.inner.store.accounts;
        let mine = accounts.views(&me, &[]).await.map_err(|e| unavailable(&e))?;
        let id = match id {
            Some(id) => self.own_view(who, id).await?.id,
            None if mine.len() >= VIEWS_MAX => {
                return Err(Refusal::invalid(
                    "name",
                    format!("每人最多保存 {VIEWS_MAX} 个视图。"),
                    "请先删去不再用的视图。",
                ));
            }
            None => {
                let mut bytes = [0; 8];
                self.random(&mut bytes);
                hex::encode(bytes)
            }
        };
        if mine.iter().any(|v| v.name == name && v.id != id) {
            return Err(Refusal::invalid("name", format!("您已有名为“{name}”的视图。"), "请换一个名称。"));
        }
        let view = SavedView {
            id: id.clone(),
            owner: me,
            shared,
            name,
            query,
            columns: columns_text(&input.columns),
            changed_at: self.now().as_microsecond(),
        };
        accounts.put_view(&view).await.map_err(|e| unavailable(&e))?;
        Ok(id)
    }

    /// Deletes a view of the caller's own.
    ///
    /// # Errors
    /// When it is not his.
    pub async fn drop_view(&self, who: &Caller, id: &str) -> Result<(), Refusal> {
        let view = self.own_view(who, id).await?;
        self.inner.store.accounts.drop_view(&view.id).await.map_err(|e| unavailable(&e))
    }

    /// Moves a tab of the caller one place to the left or to the right; for him alone, also when it is shared.
    ///
    /// # Errors
    /// When there is no such view for him.
    pub async fn move_view(&self, who: &Caller, id: &str, left: bool) -> Result<(), Refusal> {
        let me = Self::me(who)?;
        let mut order: Vec<String> = self.views(who).await?.into_iter().map(|v| v.view.id).collect();
        let at = order.iter().position(|v| v == id).ok_or_else(|| Refusal::missing("没有这个视图。"))?;
        let to = if left { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
        order.swap(at, to);
        let accounts = &self.inner.store.accounts;
        accounts.put_preference(&me, ORDER, &order.join(",")).await.map_err(|e| unavailable(&e))
    }

    /// The columns of a list for this person: what he chose for the view, else the view's, else what he chose for
    /// lists, else the first ones.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn columns(&self, who: &Caller, view: Option<&SavedView>) -> Result<Vec<Column>, Refusal> {
        let me = Self::me(who)?;
        let accounts = &self.inner.store.accounts;
        let chosen = async |name: &str| accounts.preference(&me, name).await.map_err(|e| unavailable(&e));
        if let Some(view) = view {
            let own = chosen(&format!("{COLUMNS}:{}", view.id)).await?;
            if let Some(columns) = own.as_deref().and_then(columns_of).or_else(|| columns_of(&view.columns)) {
                return Ok(columns);
            }
        }
        let own = chosen(COLUMNS).await?;
        Ok(own.as_deref().and_then(columns_of).unwrap_or_else(|| COLUMNS_AT_FIRST.to_vec()))
    }

    /// Remembers the columns that somebody chose, for a view or for lists at large; none goes back to what was before.
    ///
    /// # Errors
    /// When nobody is signed in, or the view is not for him.
    pub async fn choose_columns(
        &self,
        who: &Caller,
        view: Option<&str>,
        columns: &[Column],
    ) -> Result<(), Refusal> {
        let me = Self::me(who)?;
        let name = match view {
            Some(id) => format!("{COLUMNS}:{}", self.view(who, id).await?.view.id),
            None => COLUMNS.to_owned(),
        };
        let accounts = &self.inner.store.accounts;
        accounts.put_preference(&me, &name, &columns_text(columns)).await.map_err(|e| unavailable(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_stand_in_their_persons_order_and_new_ones_last() {
        let view = |id: &str| SavedView { id: id.into(), ..SavedView::default() };
        let ids = |views: Vec<SavedView>| views.into_iter().map(|v| v.id).collect::<Vec<_>>();
        assert_eq!(ids(in_order(vec![view("a"), view("b"), view("c")], "c,a,gone")), ["c", "a", "b"]);
    }

    #[test]
    fn nobody_is_looked_for_by_a_kept_view() {
        assert_eq!(
            without_particulars("open=true&person=138&cursor=n1&q=%E6%BC%95").unwrap_or_default(),
            "open=true&q=%E6%BC%95"
        );
        assert!(without_particulars(&"q".repeat(3_000)).is_err());
    }
}
