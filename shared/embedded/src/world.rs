//! Time and chance of the machine.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rand::{TryRng as _, rngs::SysRng};
use va_runtime::ports::World;

/// The machine's clock and its source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemWorld;

#[async_trait]
impl World for SystemWorld {
    #[expect(
        clippy::disallowed_methods,
        reason = "this adapter is where the time comes from"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn random(&self) -> u64 {
        SysRng
            .try_next_u64()
            .expect("the system's randomness does not run out once it is seeded, as it is before any process of ours")
    }

    async fn sleep(&self, time: SignedDuration) {
        if time.is_positive() {
            tokio::time::sleep(time.unsigned_abs()).await;
        }
    }
}
