//! What brings the project to AWS, held against what it says: workflows, runbooks, trust, rollouts, costs.

pub mod calls;
pub mod costs;
pub mod proxy;
pub mod trust;
