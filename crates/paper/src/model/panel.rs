//! What a panel of citizens thinks of a case: 群众公议意见书. It informs the decision and binds nobody.

use super::Model;
use crate::Needs;
use crate::case::{Sheet, Subject, filed};
use serde::Serialize;

/// A member and his vote.
#[derive(Debug, Clone, Serialize)]
pub struct Ballot {
    /// Name.
    pub name: String,
    /// What he stands for: 居民代表.
    pub standing: String,
    /// What he thinks.
    pub vote: String,
    /// Why.
    pub reasons: String,
    /// His vote is not that of the majority.
    pub dissents: bool,
}

/// 群众公议意见书.
#[derive(Debug, Clone, Serialize)]
pub struct PanelOpinion {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subjects: Vec<Subject>,
    /// What was asked.
    pub question: String,
    /// What is considered, as it was put to the panel.
    pub proposal: String,
    /// How the members came to sit: by lot, named.
    pub drawn: String,
    /// Who stood down, and why; may be empty.
    pub recused: Vec<String>,
    /// Each member's vote.
    pub ballots: Vec<Ballot>,
    /// The sum in words.
    pub tally: String,
    /// What the panel says.
    pub conclusion: String,
}

impl Model for PanelOpinion {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.list("当事人", &self.subjects, 1, |needs, subject| subject.needs(needs));
        needs.text("征求意见的问题", &self.question);
        needs.text("成员产生方式", &self.drawn);
        needs.list("表决", &self.ballots, 3, |needs, ballot| {
            needs.text("姓名", &ballot.name);
            needs.text("身份", &ballot.standing);
            needs.text("表决", &ballot.vote);
            needs.text("理由", &ballot.reasons);
        });
        needs.text("表决结果", &self.tally);
        needs.text("公议意见", &self.conclusion);
    }
}
