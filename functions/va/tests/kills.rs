//! SIGKILL at any instant: the same site and the same result, and the site is whole whenever it is there.

mod common;

use std::{thread, time::Duration};

use common::{Place, balances, files, report};

/// How often the worker is killed.
const KILLS: u64 = 60;

#[test]
fn killed_sixty_times_a_goal_ends_in_the_same_bytes() {
    let calm = Place::new();
    calm.goal("lamps", 4, &[]);
    calm.va(&["run", "lamps"]).ends(0);
    let (site, result) = (
        files(&calm.path(".va/lamps/sites")),
        report(&calm.path(".va/lamps")),
    );

    let mut homes = 0;
    let mut kills = 0;
    while kills < KILLS {
        let place = Place::new();
        place.goal("lamps", 4, &[]);
        homes += 1;
        for n in 0..10 {
            let mut worker = place.spawn(&["run", "lamps"]);
            // Instants spread over a run, other ones in each company.
            thread::sleep(Duration::from_millis((kills * 7 + n * 13 + homes * 5) % 97));
            worker.kill().expect("killed");
            worker.wait().expect("gone");
            kills += 1;
            let published = place.path(".va/lamps/sites/lamp-guide");
            if published.is_dir() {
                place
                    .va(&[
                        "check-site",
                        ".va/lamps/sites/lamp-guide",
                        "--goal",
                        "lamps",
                    ])
                    .ends(0);
            }
        }
        let last = place.va(&["run", "lamps", "--json"]).ends(0).json();
        balances(&last["budget"]);
        assert_eq!(
            files(&place.path(".va/lamps/sites")),
            site,
            "another site in company {homes}"
        );
        assert_eq!(
            report(&place.path(".va/lamps")),
            result,
            "another result in company {homes}"
        );
    }
}
