//! The style sheet, the scripts and the icon.

/// How the site looks: no font, image or script from elsewhere.
pub(super) const STYLE: &str = include_str!("style.css");

/// Sorts tables by a click on a heading; without it they are complete as they stand.
pub(super) const SORT: &str = include_str!("sort.js");

/// Narrows the list of the front page; without it the list is complete as it stands.
pub(super) const SEARCH: &str = include_str!("search.js");

/// Three bars, one of which stands out.
pub(super) const ICON: &str = include_str!("icon.svg");
