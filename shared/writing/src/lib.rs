//! From a table of facts to claims, pages and sites.
