//! Where things are: coordinates with their system named, divisions, grids, addresses, and the numbers that
//! identify vehicles, firms and people. Pure: no I/O, no clock, no randomness.
//!
//! Places are stored in one system, CGCS2000 (law: in force for all new surveying results since 2018-07-01), as
//! integer micro-degrees. WGS-84 differs from it by decimetres and is taken as the same.

pub mod cell;
pub mod crs;
pub mod division;
pub mod grid;
pub mod identify;
pub mod index;
pub mod middles;
pub mod outline;
pub mod register;
pub mod report;
pub mod text;

pub use crs::{Coordinates, Crs, Point, PointError};
pub use division::{Division, Divisions, Level};
pub use grid::{Area, Grid};
pub use index::{GridIndex, Placing};
pub use middles::{Middle, Middles};
pub use register::{AddressRegister, Candidate, Kind, Placement, Row};
