//! The site and the report, as a browser shows them: what the tests of this crate share.
//!
//! They need Debian's `chromium`, a Java runtime for the Nu Html Checker, and `npm` to fetch that checker and
//! axe in the versions that are pinned in [`tools`]. What is missing fails the test and says what to install.

pub mod chromium;
pub mod company;
pub mod screen;
pub mod tools;
