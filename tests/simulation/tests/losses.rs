//! Any single lost message delays a goal and changes nothing else.

use std::sync::Arc;

use va_embedded::MemoryStore;
use va_simulation::{
    chance::Chance,
    goal::Wish,
    provider::Provider,
    walk::{End, Home, Points, Stop, WatchedSites, Worker},
    world::{MemorySites, SimWorld},
};

/// Works on a goal of two pages and loses one message; answers how many there were.
fn lose(message: usize) -> Result<(End, usize), String> {
    let home = Home {
        log: Arc::new(MemoryStore::new()),
        sites: WatchedSites::new(Arc::new(MemorySites::default()), None),
        provider: Arc::new(Provider::new(Chance::new(1), 0, false)),
        world: Arc::new(SimWorld::new(Chance::new(2))),
        revision: 1,
    };
    home.submit(Wish {
        articles: 2,
        lying: false,
        blocked: false,
        tight: false,
    })?;
    let mut worker = Worker::new("w", &home, &Arc::<Points>::default()).losing(message);
    match worker.work(false, usize::MAX)? {
        Stop::Over => Ok((home.end()?, worker.handed_on())),
        stop => Err(format!("it is {stop:?}")),
    }
}

#[test]
fn a_goal_ends_the_same_whichever_message_is_lost() {
    let (undisturbed, messages) = lose(usize::MAX).expect("undisturbed it ends");
    assert!(messages > 30, "{messages} messages");
    // The first is a person's word to the goal, who repeats it when nothing comes of it.
    let broken: Vec<String> = (1..messages)
        .filter_map(|message| match lose(message) {
            Ok((end, _)) if end == undisturbed => None,
            Ok((end, _)) => Some(format!("{message}: {:?}", end.published)),
            Err(why) => Some(format!("{message}: {why}")),
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}
