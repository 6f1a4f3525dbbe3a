//! Words of fixed lists: a code in data, a title on screen.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $title:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }
        impl $name {
            /// All, in the order of forms.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Code in data.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $($name::$variant => $title,)* } }
            /// From its code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)* _ => None } }
        }
    };
}

pub(crate) use words;
