//! What a seed plans: the goal, the faults, the board's whims.

use crate::{chance::Chance, goal::Wish};

/// What happens to a run, apart from chance.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The goal.
    pub wish: Wish,
    /// Workers with caches of their own.
    pub workers: usize,
    /// Lies in a hundred answers of the lying model.
    pub lies: usize,
    /// Whether a lie may be a charge above the registered worst case.
    pub overruns: bool,
    /// Faults in a hundred steps, while there are faults.
    pub faults: usize,
    /// Steps after which nothing fails any longer.
    pub calm_after: usize,
    /// Whether the board pauses and resumes.
    pub pauses: bool,
    /// Whether the board cancels.
    pub cancels: bool,
}

impl Plan {
    /// What this seed plans.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed ^ 0x5EED_0FA1_1B0A_12D5);
        let lying = chance.percent(60);
        Self {
            wish: Wish {
                articles: if chance.percent(50) { 2 } else { 3 },
                lying,
                blocked: chance.percent(20),
                tight: chance.percent(25),
            },
            workers: 1 + chance.below(3),
            lies: if lying {
                [10, 30, 60][chance.below(3)]
            } else {
                0
            },
            overruns: chance.percent(30),
            faults: [0, 10, 30, 50][chance.below(4)],
            calm_after: 150 + chance.below(250),
            pauses: chance.percent(15),
            cancels: chance.percent(8),
        }
    }

    /// The same goal with nothing in its way.
    #[must_use]
    pub fn undisturbed(articles: u32) -> Self {
        Self {
            wish: Wish {
                articles,
                lying: false,
                blocked: false,
                tight: false,
            },
            workers: 1,
            lies: 0,
            overruns: false,
            faults: 0,
            calm_after: 0,
            pauses: false,
            cancels: false,
        }
    }
}
