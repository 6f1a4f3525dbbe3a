//! Every statement is prepared on both engines, and what must be quick has a plan without a full scan.
