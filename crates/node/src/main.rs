//! The program `lianzhi`.
fn main() {}
