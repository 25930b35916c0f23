//! A goal of two pages on the real store, killed at every point where it can be interrupted.

use std::{path::Path, sync::Arc, sync::Mutex};

use va_embedded::{FolderSites, OpenMode, Store};
use va_simulation::{
    chance::Chance,
    goal::{COMPANY, SITE, Wish},
    provider::Provider,
    walk::{End, Home, Points, Stop, WatchedSites, Worker},
    world::SimWorld,
};

/// A goal of two pages; `priced`: its model costs money.
fn wish(priced: bool) -> Wish {
    Wish {
        articles: 2,
        lying: priced,
        blocked: false,
        tight: false,
    }
}

fn open(folder: &Path) -> Arc<Store> {
    Arc::new(Store::open(folder, COMPANY, OpenMode::ReadWrite).expect("the store opens"))
}

/// Works on the goal, and starts again in a new process whenever it was killed.
fn live(priced: bool, cuts: &[usize]) -> Result<(End, Arc<Points>, usize), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let home = found(folder.path());
    home.submit(wish(priced))?;
    finish(home, folder.path(), cuts)
}

/// As [`live`], of the revision that follows a goal of four pages once that is done.
fn live_again(cuts: &[usize]) -> Result<(End, Arc<Points>, usize), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut home = found(folder.path());
    let wish = Wish {
        articles: 4,
        ..wish(false)
    };
    home.submit(wish)?;
    Worker::new("first", &home, &Points::killing(&[])).work(true, usize::MAX)?;
    home.revise(wish)?;
    finish(home, folder.path(), cuts)
}

fn found(path: &Path) -> Home {
    Home {
        log: open(path),
        sites: WatchedSites::new(Arc::new(FolderSites::new(path)), Some(path.join("sites"))),
        provider: Arc::new(Provider::new(Chance::new(1), 0, false)),
        world: Arc::new(SimWorld::new(Chance::new(2))),
        revision: 1,
    }
}

fn finish(
    mut home: Home,
    path: &Path,
    cuts: &[usize],
) -> Result<(End, Arc<Points>, usize), String> {
    let points = Points::killing(cuts);
    let mut lives = 0;
    loop {
        let mut worker = Worker::new(&format!("w{lives}"), &home, &points);
        let stop = worker.work(true, usize::MAX)?;
        drop(worker);
        if stop == Stop::Over {
            return Ok((home.end()?, points, lives));
        }
        home.sites.look(SITE)?;
        home.log = Arc::new(va_embedded::MemoryStore::new());
        home.log = open(path);
        let tidied = FolderSites::new(path).tidy();
        tidied.map_err(|e| e.to_string())?;
        points.revive();
        lives += 1;
    }
}

/// What is the same however often the goal was interrupted. What a paid call cost that was cut off is not.
fn same(priced: bool, end: &End) -> impl PartialEq + std::fmt::Debug {
    let mut result = end.result.clone();
    if priced {
        for key in ["budget", "pnl", "tasks", "worst_case_kept", "kpis"] {
            result[key].take();
        }
    }
    (end.site.clone(), result, end.published.clone())
}

fn walk(priced: bool, cuts: Vec<Vec<usize>>, undisturbed: &End) {
    walk_through(cuts, |cuts| judge(priced, live(priced, cuts)?, undisturbed));
}

fn walk_through(cuts: Vec<Vec<usize>>, judge: impl Fn(&[usize]) -> Result<(), String> + Sync) {
    let waiting = Mutex::new(cuts);
    let broken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .expect("a runtime");
                let _entered = runtime.enter();
                while let Some(cuts) = { waiting.lock().expect("unpoisoned").pop() } {
                    if let Err(why) = judge(&cuts) {
                        let mut broken = broken.lock().expect("unpoisoned");
                        broken.push(format!("killed at {cuts:?}: {why}"));
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().expect("unpoisoned");
    assert!(broken.is_empty(), "{} broken: {broken:#?}", broken.len());
}

fn judge(
    priced: bool,
    (end, points, deaths): (End, Arc<Points>, usize),
    undisturbed: &End,
) -> Result<(), String> {
    if deaths == 0 {
        return Err("it was never killed".into());
    }
    if same(priced, &end) != same(priced, undisturbed) {
        return Err(format!(
            "it ended otherwise: {:?}\n{}\n{}",
            end.published, end.result, undisturbed.result
        ));
    }
    if end.calls > undisturbed.calls + points.calls_in_flight() {
        let (calls, before) = (end.calls, undisturbed.calls);
        let flights = points.calls_in_flight();
        return Err(format!(
            "{calls} calls; {before} undisturbed, {flights} in flight"
        ));
    }
    Ok(())
}

fn undisturbed(priced: bool) -> (End, usize) {
    let (end, points) = calm(|| live(priced, &[]));
    assert_eq!(end.published.len(), 1);
    (end, points)
}

/// What comes of it without a kill, and how many points there are.
fn calm(live: impl FnOnce() -> Result<(End, Arc<Points>, usize), String>) -> (End, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let _entered = runtime.enter();
    let (end, points, _) = live().expect("undisturbed it ends");
    assert_eq!(end.result["state"], "done");
    (end, points.passed())
}

#[test]
fn killed_once_at_any_point_a_revision_ends_as_if_undisturbed() {
    let (end, points) = calm(|| live_again(&[]));
    assert_eq!(
        (end.published.len(), &end.result["revision"]),
        (2, &2.into())
    );
    let pages = end.result["pages"].as_array().expect("pages");
    let states: Vec<_> = pages.iter().map(|page| &page["state"]).collect();
    for state in ["kept", "changed"] {
        assert!(states.contains(&&state.into()), "{states:?}");
    }
    assert!(points > 40, "{points} points");
    let cuts = (0..points).map(|at| vec![at]).collect();
    walk_through(cuts, |cuts| judge(false, live_again(cuts)?, &end));
}

#[test]
fn killed_once_at_any_point_the_goal_ends_as_if_undisturbed() {
    let (end, points) = undisturbed(false);
    assert!(points > 60, "{points} points");
    walk(false, (0..points).map(|at| vec![at]).collect(), &end);
}

#[test]
fn killed_once_at_any_point_no_recorded_call_is_paid_again() {
    let (end, points) = undisturbed(true);
    assert!(end.calls >= 2);
    walk(true, (0..points).map(|at| vec![at]).collect(), &end);
}

#[test]
fn killed_at_two_hundred_random_pairs_of_points_it_ends_the_same() {
    for (priced, seed) in [(false, 3), (true, 4)] {
        let (end, points) = undisturbed(priced);
        let mut chance = Chance::new(seed);
        let pairs = (0..100).map(|_| {
            let first = chance.below(points);
            vec![first, first + 1 + chance.below(points)]
        });
        walk(priced, pairs.collect(), &end);
    }
}
