//! Penalties of other members that were recognised here: they count as earlier ones of the same party, and the same act is not
//! fined again (行政处罚法 29). What is compared is the item, the days, and the number of identification that came with it.

use super::case_of;
use super::open::Particulars;
use crate::ports::MatterRow;
use crate::{App, Caller};
use lianzhi_exchange::compact::Shared;
use lianzhi_procedure::cooperation::{Act, AwayKind, File, Letter, file_of};
use lianzhi_procedure::facts::Prior;
use lianzhi_procedure::penalty::Case;
use lianzhi_procedure::{Kind, Refusal, Tag, Text};

/// Whether a text names a number of identification, however it is written there.
fn names(text: &str, number: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    plain.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case(number))
}

/// A penalty that was asked to be recognised, and was.
fn counts(file: &File) -> bool {
    let granted = || file.acts(file.me()).any(|act| matches!(act, Act::Granted { .. }));
    !file.mine()
        && file.opening.away == Some(AwayKind::Recognise)
        && file.stage() != lianzhi_procedure::cooperation::Stage::Withdrawn
        && granted()
}

impl App {
    /// Penalties of other members that count for parties with these numbers of identification, for these items.
    pub(crate) async fn recognised_penalties(
        &self,
        numbers: &[String],
        items: &[&str],
    ) -> Result<Vec<Prior>, Refusal> {
        let directory = self.directory();
        if numbers.is_empty() || directory.exchange_roster().is_none() {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for item in items {
            for (id, live) in self.tagged_lives(Kind::Away, &Tag::Item((*item).to_owned())).await? {
                let Some(file) = file_of(&live.state).filter(|file| counts(file)) else { continue };
                let Some(part) = file.opening.particulars else { continue };
                let text = self.plain_in(id, &[part.digest]).await?.pop().unwrap_or_default();
                if !numbers.iter().any(|number| names(&text, number)) {
                    continue;
                }
                let by = directory.member_name(file.founder());
                all.extend(file.opening.penalties.iter().filter(|p| p.item == *item).map(|p| Prior {
                    number: p.number.clone(),
                    item: p.item.clone(),
                    from: p.from,
                    to: p.to,
                    open: false,
                    fined: p.fine > 0,
                    gone: None,
                    by: Some(by.clone()),
                    over: None,
                    point: None,
                }));
            }
        }
        Ok(all)
    }

    /// Numbers of identification of the parties of a case, as they are compared.
    pub(super) async fn numbers_of(&self, case: &Case) -> Result<Vec<String>, Refusal> {
        let with_number = case.present().filter(|p| p.subject.key.is_some());
        let parts: Vec<_> = with_number.map(|p| p.subject.particulars.digest).collect();
        let texts = self.plain(&parts).await?;
        Ok(texts.iter().filter_map(|text| Particulars::read(text).number()).collect())
    }

    /// Puts into a letter that asks to recognise a penalty what was decided in the case that it names, and who the party is
    /// where the list allows to share that.
    pub(crate) async fn impose(
        &self,
        who: &Caller,
        row: &MatterRow,
        letter: &mut Letter,
    ) -> Result<(), Refusal> {
        let live = self.live(row.id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(()) };
        let Some(party) = case.present().find(|p| p.annulled.is_none()) else { return Ok(()) };
        letter.penalties = case.imposed(party);
        let directory = self.directory();
        let entries = directory.roster.iter().flat_map(|r| &r.epoch.list);
        let shares = entries.filter(|e| e.id == letter.list).any(|e| e.fields.contains(&Shared::Particulars));
        if letter.penalties.is_empty() || !shares || !letter.particulars.is_empty() {
            return Ok(());
        }
        self.may_see_party(who, case).map_err(|refusal| Refusal {
            field: Some("particulars"),
            remedy: "请由办案人员拟稿，或自行填写当事人的名称和证件号码。".into(),
            ..refusal
        })?;
        self.record_access(who, "particulars", Some(row.id), "处罚结果互认").await?;
        if let Some(text) = self.plain(&[party.subject.particulars.digest]).await?.pop() {
            letter.particulars = Text::Plain(Particulars::read(&text).described());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_known_by_its_number_however_that_is_written() {
        let told = Particulars {
            name: "某运输公司".into(),
            id_number: "91310118-ma1jabcd2x".into(),
            ..Particulars::default()
        }
        .described();
        assert!(names(&told, "91310118MA1JABCD2X"), "{told}");
        assert!(names("王某，身份证 310118 19800101 001X。", "31011819800101001X"));
        assert!(!names(&told, "91310118MA1JABCD2"), "a part of a number is another number");
        assert!(!names("王某", "31011819800101001X"));
    }
}
