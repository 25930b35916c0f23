//! What brings the project to AWS, held against what it says: workflows, runbooks, trust, rollouts, costs.

pub mod costs;
pub mod policy;
pub mod trust;
