//! One suite for every implementation of the ports.
//!
//! Each case opens a home of its own, does what the kernel does, and says what it saw where that is not
//! what the port promises. Nothing here knows what a home is made of.

mod appends;
mod blobs;
mod chain;
mod deadlines;
mod duplicates;
mod limits;
mod reads;

use std::{any::Any, fmt, pin::Pin, sync::Arc};

use va_runtime::ports::{Blobs, Journal, World};

/// What a case has to say against a home.
pub type Verdict = Result<(), String>;

type Case = fn(Home) -> Pin<Box<dyn Future<Output = Verdict>>>;

/// The ports of two companies in one home, both empty.
pub struct Home {
    /// The journal under test.
    pub journal: Arc<dyn Journal>,
    /// The blobs of the same company; the cases of blobs are left out without.
    pub blobs: Option<Arc<dyn Blobs>>,
    /// The journal of another company in the same place.
    pub other: Arc<dyn Journal>,
    /// The blobs of the other company.
    pub other_blobs: Option<Arc<dyn Blobs>>,
    /// With it, a long stream is timed.
    pub world: Option<Arc<dyn World>>,
    /// How many commits a long stream has; at least 2,000.
    pub long_stream: u64,
    /// Whatever must live as long as the home.
    pub guard: Option<Box<dyn Any + Send + Sync>>,
}

impl Home {
    /// A home without blobs and without a clock, whose long stream has 10,000 commits.
    #[must_use]
    pub fn new(journal: Arc<dyn Journal>, other: Arc<dyn Journal>) -> Self {
        Self {
            journal,
            blobs: None,
            other,
            other_blobs: None,
            world: None,
            long_stream: 10_000,
            guard: None,
        }
    }

    /// With the blobs of both companies.
    #[must_use]
    pub fn with_blobs(mut self, blobs: Arc<dyn Blobs>, other: Arc<dyn Blobs>) -> Self {
        self.blobs = Some(blobs);
        self.other_blobs = Some(other);
        self
    }

    /// With a clock.
    #[must_use]
    pub fn with_world(mut self, world: Arc<dyn World>) -> Self {
        self.world = Some(world);
        self
    }

    /// With a long stream of so many commits.
    #[must_use]
    pub fn with_long_stream(mut self, commits: u64) -> Self {
        self.long_stream = commits.max(2_000);
        self
    }

    /// Keeps something alive for as long as the home.
    #[must_use]
    pub fn keeping(mut self, guard: impl Any + Send + Sync) -> Self {
        self.guard = Some(Box::new(guard));
        self
    }
}

/// One case and what it found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The case, as a sentence in snake case.
    pub case: &'static str,
    /// What it saw.
    pub verdict: Verdict,
}

/// What the whole suite found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every case, in order.
    pub cases: Vec<Found>,
}

impl Report {
    /// The cases that have something to say against the home.
    #[must_use]
    pub fn failures(&self) -> Vec<&Found> {
        self.cases
            .iter()
            .filter(|found| found.verdict.is_err())
            .collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for found in &self.cases {
            match &found.verdict {
                Ok(()) => writeln!(f, "ok    {}", found.case)?,
                Err(saw) => writeln!(f, "FAIL  {}: {saw}", found.case)?,
            }
        }
        Ok(())
    }
}

/// Runs every case, each against a home of its own. Where one fails the others run all the same.
pub async fn run(make: impl Fn() -> Home) -> Report {
    let mut report = Report::default();
    for (case, check) in cases() {
        report.cases.push(Found {
            case,
            verdict: check(make()).await,
        });
    }
    report
}

macro_rules! cases {
    ($($module:ident :: $case:ident),* $(,)?) => {
        fn cases() -> Vec<(&'static str, Case)> {
            vec![$((stringify!($case), (|home| Box::pin($module::$case(home))) as Case)),*]
        }
    };
}

cases! {
    appends::a_commit_reads_back_as_it_was_appended,
    appends::another_commit_at_the_same_version_is_a_conflict,
    appends::a_commit_appended_again_is_known_as_ones_own,
    appends::a_commit_that_follows_nothing_is_refused,
    appends::of_many_appends_of_one_version_exactly_one_stands,
    appends::appends_to_many_streams_at_once_all_stand,
    appends::two_companies_see_nothing_of_each_other,
    appends::a_long_stream_does_not_slow_down,
    duplicates::what_starts_a_stream_starts_it_once,
    duplicates::an_expectation_is_answered_once,
    duplicates::an_older_report_is_no_news,
    limits::the_largest_commit_fits_and_one_byte_more_does_not,
    limits::a_state_counts_apart,
    limits::a_commit_has_at_most_64_events,
    limits::what_was_refused_left_nothing_behind,
    reads::a_missing_stream_is_empty,
    reads::a_tail_reaches_back_to_the_newest_state,
    reads::a_stream_is_read_from_any_version_on,
    reads::a_scan_goes_through_streams_and_versions_in_order,
    deadlines::a_stream_is_due_when_its_newest_commit_says,
    deadlines::the_clock_moves_and_removes_a_deadline,
    deadlines::the_clock_cannot_give_an_old_commit_a_deadline,
    blobs::a_blob_reads_back_and_storing_it_again_is_nothing,
    blobs::bytes_under_a_foreign_address_are_refused,
    blobs::a_missing_blob_is_damage,
    blobs::large_blobs_read_back,
    blobs::the_blobs_of_a_commit_stand_with_it,
    blobs::no_company_reads_the_blobs_of_another,
}

/// Says what was seen where it is not what was expected.
pub(crate) fn same<T: PartialEq + fmt::Debug>(what: &str, seen: &T, expected: &T) -> Verdict {
    if seen == expected {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, saw {seen:?}"))
    }
}

/// Turns a port's error into what was seen.
pub(crate) fn saw(what: &str, error: &va_runtime::ports::PortError) -> String {
    format!("{what}: {} ({})", error, error.code())
}
