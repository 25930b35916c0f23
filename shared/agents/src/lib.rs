//! What each agent decides.
