//! The CEO's plan: the tasks of a goal as a checked graph, with shares and proofs of done.

mod document;

use std::collections::BTreeSet;

use va_domain::{
    amounts::Amounts,
    envelope::Grant,
    ids::StreamId,
    payload::{PlannedPage, PlannedTask},
};

pub(crate) use document::redirects;
pub use document::{
    PlanDocument, RedirectDocument, RevisedPageDocument, RevisionDocument, ShareDocument,
    TaskDocument, document,
};

/// The most articles of one goal; a commit carries the whole plan.
pub const MAX_PAGES: usize = 45;

/// The streams of a goal's tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    goal_id: String,
    revision: String,
}

impl Streams {
    /// Of that goal and revision.
    #[must_use]
    pub fn of(goal_id: &str, revision: u32) -> Self {
        Self {
            goal_id: goal_id.to_owned(),
            revision: revision.to_string(),
        }
    }

    fn task(&self, role: &str, what: &str) -> StreamId {
        StreamId::caused(
            &format!("task-{role}"),
            &[&self.goal_id, &self.revision, what],
        )
    }

    /// The CMO's task.
    #[must_use]
    pub fn topics(&self) -> StreamId {
        self.task("cmo", "topics")
    }

    /// The task that writes a page.
    #[must_use]
    pub fn draft(&self, slug: &str) -> StreamId {
        self.task("content-generator", slug)
    }

    /// The reviewer's task.
    #[must_use]
    pub fn review(&self) -> StreamId {
        self.task("reviewer", "review")
    }

    /// The linker's task.
    #[must_use]
    pub fn links(&self) -> StreamId {
        self.task("affiliate-linker", "links")
    }

    /// The publisher's task.
    #[must_use]
    pub fn publish(&self) -> StreamId {
        self.task("publisher", "publish")
    }
}

/// The tasks that follow from the CMO's pages, in plan order.
#[must_use]
pub fn tasks(streams: &Streams, pages: &[PlannedPage]) -> Vec<PlannedTask> {
    let texts = |all: &[&str]| all.iter().map(|&t| t.to_owned()).collect::<Vec<_>>();
    let mut tasks: Vec<PlannedTask> = pages
        .iter()
        .map(|page| PlannedTask {
            task: streams.draft(&page.slug),
            role: "content-generator".into(),
            title: format!("Write “{}”", page.title),
            depends_on: vec![streams.topics()],
            share: page.worst,
            proof: texts(&["claims", "renders", "links", "tag"]),
            slug: Some(page.slug.clone()),
        })
        .collect();
    let mut drafts: Vec<StreamId> = tasks.iter().map(|t| t.task.clone()).collect();
    if drafts.is_empty() {
        // Every page of the revision stands as it was.
        drafts.push(streams.topics());
    }
    let mut add =
        |task: StreamId, role: &str, title: &str, depends_on: Vec<StreamId>, proof: &[&str]| {
            tasks.push(PlannedTask {
                task,
                role: role.to_owned(),
                title: title.to_owned(),
                depends_on,
                share: Amounts::ZERO,
                proof: texts(proof),
                slug: None,
            });
        };
    add(
        streams.review(),
        "reviewer",
        "Review every draft, the set and the site",
        drafts,
        &["claims", "renders", "links", "tag"],
    );
    add(
        streams.links(),
        "affiliate-linker",
        "Link each product once",
        vec![streams.review()],
        &["links", "tag"],
    );
    add(
        streams.publish(),
        "publisher",
        "Build the site and put it in place",
        vec![streams.links()],
        &["renders", "checksum"],
    );
    tasks
}

/// Why a plan does not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two tasks of one stream.
    #[error("two tasks are {0}")]
    Twice(StreamId),
    /// A task depends on what comes after it, or on nothing of the plan.
    #[error("{task} depends on {on}, which does not come before it")]
    Order {
        /// The task.
        task: StreamId,
        /// What it depends on.
        on: StreamId,
    },
    /// More pages than one goal may have.
    #[error("{0} pages; one goal may have {MAX_PAGES}")]
    Pages(usize),
    /// A task without a proof of done.
    #[error("{0} has no proof of done")]
    Proof(StreamId),
}

/// Checks that the plan is a graph in order, each task with a proof of done.
///
/// # Errors
/// Where it is not.
pub fn check(known: &[StreamId], tasks: &[PlannedTask]) -> Result<(), PlanError> {
    let mut before: BTreeSet<&StreamId> = known.iter().collect();
    let pages = tasks.iter().filter(|t| t.slug.is_some()).count();
    if pages > MAX_PAGES {
        return Err(PlanError::Pages(pages));
    }
    for task in tasks {
        if task.proof.is_empty() {
            return Err(PlanError::Proof(task.task.clone()));
        }
        if let Some(on) = task.depends_on.iter().find(|on| !before.contains(on)) {
            return Err(PlanError::Order {
                task: task.task.clone(),
                on: on.clone(),
            });
        }
        if !before.insert(&task.task) {
            return Err(PlanError::Twice(task.task.clone()));
        }
    }
    Ok(())
}

/// What a task may do: never more than its role needs.
#[must_use]
pub fn grant(role: &str) -> Grant {
    let texts = |all: &[&str]| all.iter().map(|&t| t.to_owned()).collect();
    match role {
        "content-generator" => Grant {
            tool_allowances: texts(&["model_call"]),
            max_effects: 120,
            network_scope: texts(&["model"]),
            data_scope: texts(&["request"]),
            rollback_policy: "none".into(),
        },
        "publisher" => Grant {
            data_scope: texts(&["drafts", "site"]),
            rollback_policy: "republish".into(),
            ..Grant::default()
        },
        _ => Grant {
            data_scope: texts(&["catalogue", "drafts"]),
            rollback_policy: "none".into(),
            ..Grant::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(n: usize) -> Vec<PlannedPage> {
        (0..n)
            .map(|i| PlannedPage {
                slug: format!("p{i}"),
                title: format!("P{i}"),
                topic: String::new(),
                word_count: 200,
                request: va_domain::ids::BlobId::of(b""),
                worst: Amounts::new(10, 100, 1),
            })
            .collect()
    }

    #[test]
    fn the_plan_of_two_pages_is_a_graph_in_order() {
        let streams = Streams::of("g", 1);
        let tasks = tasks(&streams, &pages(2));
        assert_eq!(check(&[streams.topics()], &tasks), Ok(()));
        assert_eq!(tasks.len(), 5);
    }

    #[test]
    fn a_plan_that_runs_in_a_circle_is_refused() {
        let streams = Streams::of("g", 1);
        let mut tasks = tasks(&streams, &pages(1));
        tasks[0].depends_on = vec![streams.publish()];
        assert!(matches!(
            check(&[streams.topics()], &tasks),
            Err(PlanError::Order { .. })
        ));
    }

    #[test]
    fn a_plan_with_a_task_twice_or_too_many_pages_is_refused() {
        let streams = Streams::of("g", 1);
        let mut twice = tasks(&streams, &pages(1));
        twice.insert(0, twice[0].clone());
        assert!(matches!(
            check(&[streams.topics()], &twice),
            Err(PlanError::Twice(_))
        ));
        let many = tasks(&streams, &pages(MAX_PAGES + 1));
        assert!(matches!(
            check(&[streams.topics()], &many),
            Err(PlanError::Pages(46))
        ));
    }
}
