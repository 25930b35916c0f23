//! Two hundred seeds hold, and each planted defect is found within them.

use va_simulation::{Defect, Options, run, run_all};

const SEEDS: u64 = 200;

#[test]
fn two_hundred_companies_keep_the_invariants_whatever_fails() {
    let outcomes = run_all(0..=SEEDS - 1, &Options::default(), 2);
    let broken: Vec<&String> = outcomes.iter().filter_map(|o| o.failure.as_ref()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    // The seeds are worth something: goals of every end, calls, and workers that meet each other.
    for end in ["done", "cancelled"] {
        assert!(outcomes.iter().any(|o| o.end == end), "no goal is {end}");
    }
    assert!(outcomes.iter().filter(|o| o.end == "done").count() > 100);
    assert!(outcomes.iter().map(|o| o.conflicts).sum::<u64>() > 50);
    assert!(outcomes.iter().map(|o| o.calls).sum::<usize>() > 500);
}

#[test]
fn every_planted_defect_is_found_within_two_hundred_seeds() {
    let unfound: Vec<Defect> = Defect::ALL
        .into_iter()
        .filter(|defect| !is_found(*defect))
        .collect();
    assert!(unfound.is_empty(), "not found: {unfound:?}");
}

fn is_found(defect: Defect) -> bool {
    let options = Options {
        defect: Some(defect),
        ..Options::default()
    };
    (0..SEEDS).any(|seed| match run(seed, &options).failure {
        Some(failure) => {
            println!("{defect:?}: {failure}");
            true
        }
        None => false,
    })
}

#[test]
fn a_seed_is_repeated_to_the_last_commit() {
    let first = run(5, &Options::default());
    let again = run(5, &Options::default());
    assert_eq!(
        (first.steps, first.commits, first.conflicts, first.calls),
        (again.steps, again.commits, again.conflicts, again.calls)
    );
}
