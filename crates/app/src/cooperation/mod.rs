//! Working together with other members: what people here do with shared matters.

pub(crate) mod agreed;
pub(crate) mod tell;
