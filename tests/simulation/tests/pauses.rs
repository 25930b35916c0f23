//! A worker that is held up for ten minutes, at every point in turn, while another takes over.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use va_embedded::MemoryStore;
use va_simulation::{
    chance::Chance,
    goal::Wish,
    provider::Provider,
    walk::{End, Home, Points, Stop, WatchedSites, Worker},
    world::{MemorySites, SimWorld},
};

fn home(priced: bool) -> Home {
    let home = Home {
        log: Arc::new(MemoryStore::new()),
        sites: WatchedSites::new(Arc::new(MemorySites::default()), None),
        provider: Arc::new(Provider::new(Chance::new(1), 0, false)),
        world: Arc::new(SimWorld::new(Chance::new(2))),
        revision: 1,
    };
    let wish = Wish {
        articles: 2,
        lying: priced,
        blocked: false,
        tight: false,
    };
    home.submit(wish).expect("it is taken");
    home
}

/// Works on the goal; at point `at` ten minutes pass, in which another worker does so many steps.
fn hold(priced: bool, at: usize, steps: usize) -> Result<(End, Arc<Points>), String> {
    let home = home(priced);
    let heard = Arc::new(Mutex::new(None));
    let (there, said) = (home.clone(), Arc::clone(&heard));
    let points = Points::holding(
        at,
        Box::new(move || {
            there.world.pass(SignedDuration::from_mins(10));
            let mut other = Worker::new("other", &there, &Arc::default());
            *said.lock().expect("unpoisoned") = Some(other.work(false, steps));
        }),
    );
    let mut first = Worker::new("first", &home, &points);
    let stop = first.work(false, usize::MAX)?;
    if stop != Stop::Over {
        return Err(format!("it is {stop:?}"));
    }
    if let Some(Err(why)) = heard.lock().expect("unpoisoned").take() {
        return Err(why);
    }
    Ok((home.end()?, points))
}

#[test]
fn held_up_at_any_point_a_worker_pays_and_publishes_nothing_twice() {
    for priced in [false, true] {
        let (undisturbed, points) = hold(priced, usize::MAX, 0).expect("undisturbed it ends");
        assert_eq!(undisturbed.published.len(), 1);
        let mut flights = 0;
        for at in 0..points.passed() {
            // The other one goes on for a while, or to the goal's end.
            for steps in [9, usize::MAX] {
                let (end, points) = hold(priced, at, steps)
                    .unwrap_or_else(|why| panic!("held at {at}, {steps} steps: {why}"));
                let place = format!("held at {at}, {steps} steps");
                assert_eq!(end.site, undisturbed.site, "{place}");
                assert_eq!(end.published, undisturbed.published, "{place}");
                assert_eq!(end.result["pages"], undisturbed.result["pages"], "{place}");
                if !priced {
                    assert_eq!(end.result, undisturbed.result, "{place}");
                }
                let most = undisturbed.calls + points.calls_in_flight();
                assert!(end.calls <= most, "{place}: {} calls", end.calls);
                flights += points.calls_in_flight();
            }
        }
        assert!(flights > 4, "calls were in flight");
    }
}
