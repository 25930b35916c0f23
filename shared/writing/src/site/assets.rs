//! The style sheet and the script.

/// How the site looks: no font, image or script from elsewhere.
pub(super) const STYLE: &str = include_str!("style.css");

/// Sorts tables by a click on a heading; without it they are complete as they stand.
pub(super) const SORT: &str = include_str!("sort.js");
