//! Roles. The codes are those of the requirements; they appear in data, API and policy alike.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $title:literal;)*) => {
        /// What somebody may be in the agency's work. A post carries roles; a person holds posts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Role { $($(#[$doc])* $variant,)* }

        impl Role {
            /// All roles, in the order in which pages list them.
            pub const ALL: &'static [Role] = &[$(Role::$variant),*];
            /// The role's code, as in data and API.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Role::$variant => $code,)* } }
            /// The role's name on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Role::$variant => $title,)* } }
            /// The role of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Role> { match code { $($code => Some(Role::$variant),)* _ => None } }
        }
    };
}

roles! {
    /// Nobody signed in.
    Public = "public", "公众";
    /// Takes calls and orders of 12345/12319.
    Hotline = "hotline", "热线坐席";
    /// Walks the grids and reports.
    Patroller = "patroller", "巡查员";
    /// Directs matters to officers.
    Dispatcher = "dispatcher", "派遣员";
    /// Handles matters on the street.
    Officer = "officer", "执法队员";
    /// Checks that a matter is really settled.
    Verifier = "verifier", "核查员";
    /// Leads a squad.
    SquadLeader = "squad_leader", "队长";
    /// Handles penalty cases.
    Handler = "handler", "办案人员";
    /// Reviews cases for their lawfulness.
    LegalReviewer = "legal_reviewer", "法制审核员";
    /// Leads the agency.
    Leader = "leader", "机关负责人";
    /// Keeps contact with other agencies.
    Liaison = "liaison", "联络员";
    /// Supervises how matters are handled.
    Supervisor = "supervisor", "督察员";
    /// Sits on a public panel.
    Panelist = "panelist", "评议员";
    /// Resident or public-service lawyer.
    Lawyer = "lawyer", "律师";
    /// Property manager, carrier, other department.
    Partner = "partner", "协同单位";
    /// Administers the node.
    Admin = "admin", "管理员";
    /// Reads everything, changes nothing.
    Auditor = "auditor", "审计员";
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
