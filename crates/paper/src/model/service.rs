//! 送达地址（电子送达）确认书 (D20) and 送达回证 (D21), 行政处罚法第六十一条, 民事诉讼法第八十七至九十五条.

use super::Model;
use super::decision::Served;
use crate::case::{Sheet, Subject, Unsigned, filed, two_officers};
use crate::{Needs, Officer};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// What is confirmed.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// 送达地址确认书.
    Address {
        /// 收件人.
        recipient: String,
        /// 送达地址.
        address: String,
        /// 邮政编码; may be empty.
        postcode: String,
    },
    /// 电子送达确认书 (行政处罚法第六十一条第二款).
    Electronic {
        /// By which means: fax, e-mail, text message, app.
        means: String,
        /// The number or address there.
        account: String,
    },
}

/// 送达地址确认书 or 电子送达确认书: signed by the party.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceConfirmation {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 当事人.
    pub subject: Subject,
    /// Telephone for questions about service.
    pub phone: String,
    /// What is confirmed.
    pub channel: Channel,
    /// 代收人 and what he is to the party; may be empty.
    pub proxy: String,
}

impl Model for ServiceConfirmation {
    filed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.channel {
            Channel::Address { .. } => "送达地址确认书",
            Channel::Electronic { .. } => "电子送达确认书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs(needs);
        needs.text("当事人", self.subject.name());
        needs.text("联系电话", &self.phone);
        match &self.channel {
            Channel::Address { recipient, address, .. } => {
                needs.text("收件人", recipient);
                needs.text("送达地址", address);
            }
            Channel::Electronic { means, account } => {
                needs.text("电子送达方式", means);
                needs.text("电子送达号码或者地址", account);
            }
        }
    }
}

/// One document that is served.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// 文书名称, without 《》.
    pub title: String,
    /// 文号.
    pub number: String,
    /// 件数.
    pub copies: u16,
}

/// How it was served (民事诉讼法第八十八至九十五条).
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Service {
    /// 直接送达; the receiver signs.
    Direct,
    /// 留置送达: it was refused and left there.
    Left {
        /// Why it was refused, who saw it.
        refusal: Unsigned,
        /// What was recorded: photos, video.
        record: String,
    },
    /// 委托送达.
    Entrusted {
        /// To which agency, with its letter's number.
        agency: String,
    },
    /// 转交送达 (民事诉讼法第九十二条至第九十四条).
    Forwarded {
        /// The unit that passes it on, and who signed.
        unit: String,
    },
    /// 邮寄送达.
    Mail {
        /// 邮件单号.
        number: String,
        /// When it was delivered, by the post's answer.
        delivered: Option<Date>,
    },
    /// 电子送达.
    Electronic {
        /// To which number or address.
        account: String,
        /// What shows that it reached there.
        receipt: String,
    },
    /// 现场公告: a public notice posted at its place (行政强制法第四十四条).
    Posted {
        /// Where.
        place: String,
        /// First day.
        from: Date,
        /// Until when the notice gives time.
        until: Date,
    },
    /// 公告送达.
    Public {
        /// Where it was published.
        place: String,
        /// First day.
        from: Date,
        /// Last day, on which it counts as served.
        until: Date,
        /// Why no other way was open.
        reasons: String,
    },
}

/// 送达回证.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceReceipt {
    /// Agency, case, day.
    pub sheet: Sheet,
    /// 受送达人.
    pub recipient: String,
    /// 送达地址.
    pub address: String,
    /// The documents.
    pub deliveries: Vec<Delivery>,
    /// 送达方式.
    pub service: Service,
    /// 送达时间; `None` leaves it for the pen.
    pub at: Option<DateTime>,
    /// 签收人与受送达人关系; empty leaves it for the pen.
    pub relation: String,
    /// 送达人: two.
    pub officers: Vec<Officer>,
    /// 备注; may be empty.
    pub note: String,
}

impl Model for ServiceReceipt {
    filed!();

    fn needs(&self, needs: &mut Needs) {
        self.sheet.needs_case(needs);
        needs.text("受送达人", &self.recipient);
        needs.text("送达地址", &self.address);
        needs.list("送达文书", &self.deliveries, 1, |needs, delivery| {
            needs.text("名称", &delivery.title);
            needs.text("文号", &delivery.number);
            needs.that("件数", delivery.copies > 0);
        });
        two_officers("送达人", &self.officers, needs);
        match &self.service {
            Service::Direct => {}
            Service::Left { refusal, record } => {
                refusal.needs(needs);
                needs.text("留置送达的记录", record);
            }
            Service::Entrusted { agency } => needs.text("受委托机关", agency),
            Service::Forwarded { unit } => needs.text("转交的单位", unit),
            Service::Mail { number, .. } => needs.text("邮件单号", number),
            Service::Electronic { account, receipt } => {
                needs.text("电子送达号码或者地址", account);
                needs.text("电子送达回执", receipt);
            }
            Service::Posted { place, from, until } => {
                needs.text("公告地点", place);
                needs.that("公告期限（起止）", from < until);
            }
            Service::Public { place, from, until, reasons } => {
                needs.text("公告载体", place);
                needs.text("公告送达的原因", reasons);
                needs.that("公告截止日期（晚于起始日期）", until > from);
            }
        }
        if !matches!(self.service, Service::Direct) {
            needs.that("送达时间", self.at.is_some());
        }
    }
}

/// An earlier document that obliges somebody, as later ones name it.
pub(crate) fn obliging(served: &Served, needs: &mut Needs) {
    needs.part("义务来源文书", |needs| served.needs(needs));
}
