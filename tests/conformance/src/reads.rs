//! Reading.

use va_domain::commit::StoredCommit;

use crate::{
    Home, Verdict,
    chain::{Chain, Shape, stream},
    same, saw,
};

pub(crate) async fn a_missing_stream_is_empty(home: Home) -> Verdict {
    let missing = stream("goal/none");
    same(
        "the tail",
        &home
            .journal
            .tail(&missing)
            .await
            .map_err(|e| saw("tail", &e))?,
        &Vec::new(),
    )?;
    same(
        "the stream",
        &home
            .journal
            .read(&missing, 1, 5)
            .await
            .map_err(|e| saw("read", &e))?,
        &Vec::new(),
    )?;
    same(
        "the scan",
        &home
            .journal
            .scan(None, 5)
            .await
            .map_err(|e| saw("scan", &e))?,
        &Vec::new(),
    )
}

pub(crate) async fn a_tail_reaches_back_to_the_newest_state(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    // Two prefixes of one another, so that a home that looks for a prefix is found out.
    Chain::new("goal/on").grow(&*home.journal, 2).await?;
    Chain::new("goal/one1").grow(&*home.journal, 2).await?;
    let mut all = Vec::new();
    for version in 1..=12 {
        let state = if version == 5 || version == 9 { 500 } else { 0 };
        all.push(
            chain
                .append(&*home.journal, chain.next(Shape { bytes: 0, state }))
                .await?,
        );
        let newest_state = match version {
            1..5 => 1,
            5..9 => 5,
            _ => 9,
        };
        let tail = home
            .journal
            .tail(&chain.stream)
            .await
            .map_err(|e| saw("tail", &e))?;
        same(
            &format!("the tail at {version}"),
            &tail,
            &all[newest_state - 1..].to_vec(),
        )?;
    }
    // A tail without any state comes whole, however long it is.
    let mut long = Chain::new("goal/long");
    let commits = long.grow(&*home.journal, 70).await?;
    let tail = home
        .journal
        .tail(&long.stream)
        .await
        .map_err(|e| saw("tail", &e))?;
    same("a long tail", &tail, &commits)
}

pub(crate) async fn a_stream_is_read_from_any_version_on(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    let all = chain.grow(&*home.journal, 12).await?;
    for (from, limit, first, last) in [
        (1, 100, 0, 12),
        (0, 100, 0, 12),
        (1, 5, 0, 5),
        (6, 3, 5, 8),
        (12, 1, 11, 12),
        (13, 5, 12, 12),
        (3, 0, 2, 2),
    ] {
        let read = home
            .journal
            .read(&chain.stream, from, limit)
            .await
            .map_err(|e| saw("read", &e))?;
        same(
            &format!("at most {limit} from {from} on"),
            &read,
            &all[first..last].to_vec(),
        )?;
    }
    Ok(())
}

pub(crate) async fn a_scan_goes_through_streams_and_versions_in_order(home: Home) -> Verdict {
    let mut expected = Vec::new();
    // Versions above 9 must not sort as text, and `-` and `.` sort before `/` where keys are glued together.
    for (name, commits) in [
        ("task-a/1", 11),
        ("goal/b", 2),
        ("goal-x/a", 1),
        ("goal/a", 12),
        ("goal/a.b", 1),
        ("goal/a-b", 1),
    ] {
        expected.extend(Chain::new(name).grow(&*home.journal, commits).await?);
    }
    expected.sort_by(|a, b| (&a.stream, a.version).cmp(&(&b.stream, b.version)));
    for limit in [1, 5, 1_000] {
        let mut scanned: Vec<StoredCommit> = Vec::new();
        loop {
            let after = scanned.last().map(|c| (c.stream.clone(), c.version));
            let page = home
                .journal
                .scan(after, limit)
                .await
                .map_err(|e| saw("scan", &e))?;
            if page.is_empty() {
                break;
            }
            if page.len() > limit || scanned.len() > expected.len() {
                return Err(format!(
                    "a page of {} where at most {limit} were asked",
                    page.len()
                ));
            }
            scanned.extend(page);
        }
        same(
            &format!("the commits in pages of {limit}"),
            &scanned,
            &expected,
        )?;
    }
    Ok(())
}
