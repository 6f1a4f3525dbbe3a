//! What members say to each other, tried from outside: forms, judgements, and all that can happen on the way.

mod authority;
mod capabilities;
mod common;
mod envelope;
mod evidence;
mod http;
mod inbound;
mod model;
mod outbound;
mod vectors;
