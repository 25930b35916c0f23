//! What a [`ModelServer`](super::ModelServer) answers, at which price, and where it fails on purpose.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use va_domain::model::Message;

/// Answers the messages of a request.
pub type Answer = fn(&[Message]) -> Result<String, String>;

/// One way to fail, or to lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers after this time.
    Slow(Duration),
    /// Sends half of the answer and closes the connection.
    CutOff,
    /// Sends half of the answer as if it were all.
    MalformedJson,
    /// Sends an answer without a choice.
    NoChoices,
    /// 429, to be asked again after so many seconds.
    RateLimited(u32),
    /// 429, to be asked again at this time.
    RateLimitedUntil(Timestamp),
    /// 500 without a body: nothing is charged.
    Empty500,
    /// 500 with a body: charged all the same.
    Failed500,
    /// An answer of 10 MB.
    Flood,
    /// 307 to another host.
    Redirect,
    /// An answer that does not say what it used.
    NoUsage,
    /// Claims, and charges, so many times what was used.
    UsageTimes(i64),
    /// Claims a negative usage.
    NegativeUsage,
    /// Claims, and charges, 2^53 - 1 tokens.
    HugeUsage,
    /// Refuses, as an answer.
    Refusal,
    /// Ends within the text, as if `max_tokens` were reached.
    Truncated,
}

/// Which fault meets which call.
#[derive(Clone, Debug, Default)]
pub enum Faults {
    /// None.
    #[default]
    Never,
    /// By the number of the call, from 0, in order of arrival.
    At(BTreeMap<usize, Fault>),
    /// By chance: of a thousand calls so many meet one of these. What a call meets follows from the seed,
    /// its bytes and how often they came before, so it is the same in whatever order calls arrive.
    Random {
        /// Makes one run differ from another.
        seed: u64,
        /// How many calls of a thousand meet a fault.
        per_mille: u16,
        /// Which ones.
        faults: Vec<Fault>,
    },
}

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct Script {
    /// Makes the answers.
    pub answer: Answer,
    /// Micro-units per million tokens that are sent.
    pub input_price: i64,
    /// Micro-units per million tokens that are answered.
    pub output_price: i64,
    /// How long every answer takes.
    pub delay: Duration,
    /// The key that a call must carry; `None`: any or none.
    pub key: Option<String>,
    /// Where it fails.
    pub faults: Faults,
}

impl Script {
    /// A server that answers with this function, at once, free and without a fault.
    #[must_use]
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            input_price: 0,
            output_price: 0,
            delay: Duration::ZERO,
            key: None,
            faults: Faults::Never,
        }
    }

    /// Charges so many micro-units per million tokens of input and of output.
    #[must_use]
    pub fn priced(mut self, input: i64, output: i64) -> Self {
        (self.input_price, self.output_price) = (input, output);
        self
    }

    /// Takes this long for every answer.
    #[must_use]
    pub fn slow(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Answers 401 to calls without this key.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Meets the calls with these faults, one each in order of arrival, and then with none.
    #[must_use]
    pub fn failing(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = Faults::At(faults.into_iter().enumerate().collect());
        self
    }

    /// Meets so many calls of a thousand with one of these faults, by chance that the seed fixes.
    #[must_use]
    pub fn failing_at_random(mut self, seed: u64, per_mille: u16, faults: Vec<Fault>) -> Self {
        self.faults = Faults::Random {
            seed,
            per_mille,
            faults,
        };
        self
    }
}

impl Faults {
    /// The fault of a call: its number, the hash of its bytes, and how often these came before.
    pub(super) fn meet(&self, number: usize, hash: &[u8], repeat: u64) -> Option<Fault> {
        match self {
            Self::Never => None,
            Self::At(faults) => faults.get(&number).cloned(),
            Self::Random {
                seed,
                per_mille,
                faults,
            } => {
                let mut chance = *seed ^ repeat.rotate_left(32);
                for bytes in hash.chunks(8) {
                    let word = bytes.iter().fold(0_u64, |w, b| (w << 8) | u64::from(*b));
                    chance = mix(chance ^ word);
                }
                let hit = chance % 1000 < u64::from(*per_mille) && !faults.is_empty();
                let index = usize::try_from(mix(chance)).unwrap_or_default() % faults.len().max(1);
                if hit {
                    faults.get(index).cloned()
                } else {
                    None
                }
            }
        }
    }
}

/// The finaliser of SplitMix64: every bit of the input moves half of the output.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_faults_follow_from_seed_and_request_and_not_from_the_order_of_arrival() {
        let script = |seed| {
            Script::new(|_| Ok(String::new()))
                .failing_at_random(seed, 300, vec![Fault::CutOff, Fault::Flood])
                .faults
        };
        let of = |faults: &Faults, number: usize, n: u64| faults.meet(number, &n.to_be_bytes(), 0);
        let (one, same, other) = (script(1), script(1), script(2));
        let hits = (0..1000).filter(|n| of(&one, 0, *n).is_some()).count();
        assert!(
            (200..400).contains(&hits),
            "{hits} of 1000 at 300 per mille"
        );
        assert!((0..1000).all(|n| of(&one, 0, n) == of(&same, 999, n)));
        assert!((0..1000).any(|n| of(&one, 0, n) != of(&other, 0, n)));
        assert!(
            (0..100).any(|r| one.meet(0, b"12345678", r).is_none()),
            "a repetition may succeed"
        );
    }
}
