//! What is done outside, from its intent to its outcome.

use serde::{Deserialize, Serialize};

use super::Payload;

payloads! {
    /// An attempt at an effect is about to begin.
    EffectIntended {
        /// The attempt.
        intent: crate::effect::Intent,
    }
    /// An attempt ended with a result.
    EffectCompleted {
        /// What came of it.
        completion: crate::effect::Completion,
    }
    /// An attempt ended without one.
    EffectFailed {
        /// What came of it.
        completion: crate::effect::Completion,
    }
    /// An effect waits: for money, or for a pause to end.
    EffectHeld {
        /// What is wanted.
        wanted: crate::effect::WantedEffect,
    }
    /// An effect is not wanted any longer.
    EffectDropped {
        /// Which one.
        key: String,
    }
}
