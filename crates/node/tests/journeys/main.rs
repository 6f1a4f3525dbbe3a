//! What people do, done by a browser on the real program: on a phone and at the desk, without JavaScript too.
//!
//! Needs `chromium` and `chromedriver` (`make test` installs them). Every journey has a node of its own.

mod admin;
mod board;
mod cases;
mod citizen;
mod desk;
mod kit;
mod lists;
mod lost;
mod main_job;
mod maps;
mod measure;
mod pages;
mod phone;
mod roles;
mod street;
mod together;
