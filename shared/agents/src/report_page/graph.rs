//! The plan as a graph: what waited for what, and how each task ended.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    class,
    markup::{list, number, section, table, text},
};

/// The most tasks of one row.
const ACROSS: usize = 10;
/// The height of a row of tasks in pixels.
const ROW: usize = 44;
/// What a layer adds for its label and its edges.
const GAP: usize = 58;

struct Task<'t> {
    value: &'t Value,
    layer: usize,
    /// Where it is drawn: percent from the left, pixels from the top.
    x: f64,
    y: usize,
}

/// The section on the plan.
pub(super) fn of(result: &Value) -> String {
    let values = list(result, "tasks");
    if values.is_empty() {
        return String::new();
    }
    let places: BTreeMap<&str, usize> = values
        .iter()
        .enumerate()
        .filter_map(|(at, task)| Some((task["id"].as_str()?, at)))
        .collect();
    let needs: Vec<Vec<usize>> = values
        .iter()
        .map(|task| {
            let ids = list(task, "depends_on").iter().filter_map(Value::as_str);
            ids.filter_map(|id| places.get(id).copied()).collect()
        })
        .collect();
    let layers = layers(&needs);
    let mut tasks: Vec<Task> = values
        .iter()
        .zip(&layers)
        .map(|(value, &layer)| Task {
            value,
            layer,
            x: 0.0,
            y: 0,
        })
        .collect();
    let (height, labels) = lay(&mut tasks);
    let body = format!(
        "<figure class=\"graph\">\n<svg role=\"img\" aria-labelledby=\"plan-title plan-text\" width=\"100%\" height=\"{height}\">\
         <title id=\"plan-title\">The plan as a graph</title><desc id=\"plan-text\">From top to bottom, each task below \
         those whose work it needs. The table below lists the same tasks under the same numbers.</desc>\n{}{labels}{}</svg>\n</figure>\n{}",
        edges(&tasks, &needs),
        nodes(&tasks),
        rows(values, &needs)
    );
    section(
        "plan",
        "The plan, and how each task ended",
        "Each task stands below those whose work it needed.",
        &body,
    )
}

/// One more than the deepest of what a task needs; a circle, which no plan has, ends the search.
fn layers(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut layers = vec![0; needs.len()];
    for _ in 0..needs.len() {
        let next: Vec<usize> = needs
            .iter()
            .map(|of| of.iter().map(|&n| layers[n] + 1).max().unwrap_or(0))
            .collect();
        if next == layers {
            break;
        }
        layers = next;
    }
    layers.iter().map(|l| (*l).min(needs.len())).collect()
}

/// Places the tasks; answers the height and the labels of the layers.
fn lay(tasks: &mut [Task]) -> (usize, String) {
    let mut by_layer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, task) in tasks.iter().enumerate() {
        by_layer.entry(task.layer).or_default().push(at);
    }
    let (mut top, mut labels) = (0, String::new());
    for members in by_layer.values() {
        let mut roles: Vec<&str> = members
            .iter()
            .filter_map(|&at| tasks[at].value["role"].as_str())
            .collect();
        roles.dedup();
        let label = text(&Value::from(roles.join(", ")));
        // The wide one below is the ground on which the label can be read across edges.
        let y = top + 14;
        labels.push_str(&format!(
            "<text class=\"ground\" x=\"0\" y=\"{y}\">{label}</text><text x=\"0\" y=\"{y}\">{label}</text>\n"
        ));
        // As many in each row, so that the last is not left with one.
        let rows = members.len().div_ceil(ACROSS);
        let across = members.len().div_ceil(rows.max(1)).max(1);
        for (row, chunk) in members.chunks(across).enumerate() {
            for (column, &at) in chunk.iter().enumerate() {
                let share = (column as f64 + 0.5) / chunk.len() as f64;
                tasks[at].x = share * 100.0;
                tasks[at].y = top + 38 + row * ROW;
            }
        }
        top += rows * ROW + GAP;
    }
    (top.saturating_sub(GAP - 20), labels)
}

fn edges(tasks: &[Task], needs: &[Vec<usize>]) -> String {
    let mut drawn = "<g class=\"edges\">".to_owned();
    for (task, of) in tasks.iter().zip(needs) {
        for &need in of {
            let from = &tasks[need];
            drawn.push_str(&format!(
                "<line x1=\"{:.2}%\" y1=\"{}\" x2=\"{:.2}%\" y2=\"{}\"/>",
                from.x, from.y, task.x, task.y
            ));
        }
    }
    drawn + "</g>\n"
}

fn nodes(tasks: &[Task]) -> String {
    tasks
        .iter()
        .enumerate()
        .map(|(at, task)| {
            let state = task.value["state"].as_str().unwrap_or_default();
            format!(
                "<g class=\"node {}\"><title>{}: {}, {}</title><circle cx=\"{x:.2}%\" cy=\"{y}\" r=\"12\"/>\
                 <text x=\"{x:.2}%\" y=\"{y}\" dy=\"0.35em\">{}</text></g>\n",
                class(state),
                at + 1,
                text(&task.value["title"]),
                text(&task.value["state"]),
                at + 1,
                x = task.x,
                y = task.y,
            )
        })
        .collect()
}

fn rows(values: &[Value], needs: &[Vec<usize>]) -> String {
    let rows: Vec<Vec<String>> = values
        .iter()
        .zip(needs)
        .enumerate()
        .map(|(at, (task, of))| {
            let state = task["state"].as_str().unwrap_or_default();
            let proof: Vec<String> = list(task, "proof").iter().map(text).collect();
            vec![
                format!("{}. {}", at + 1, text(&task["title"])),
                text(&task["role"]),
                format!(
                    "<span class=\"badge {}\">{}</span>",
                    class(state),
                    text(&task["state"])
                ),
                ranges(of),
                proof.join(", "),
                number(&task["spent"]["tokens"]),
            ]
        })
        .collect();
    table(
        "The tasks of the plan",
        &[
            "Task",
            "Agent",
            "Ended",
            "Needed",
            "Proof of done",
            "Tokens",
        ],
        &rows,
    )
}

/// Numbers from 1, neighbours joined: `2–13`.
fn ranges(of: &[usize]) -> String {
    let mut sorted = of.to_vec();
    sorted.sort_unstable();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for n in sorted {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => parts.push((n, n)),
        }
    }
    let said: Vec<String> = parts
        .iter()
        .map(|(first, last)| match last - first {
            0 => (first + 1).to_string(),
            _ => format!("{}–{}", first + 1, last + 1),
        })
        .collect();
    if said.is_empty() {
        "nothing".to_owned()
    } else {
        said.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_stands_below_all_that_it_needs() {
        let needs = [vec![], vec![0], vec![0], vec![1, 2], vec![0, 3]];
        assert_eq!(layers(&needs), [0, 1, 1, 2, 3]);
    }

    #[test]
    fn a_circle_does_not_hang_the_report() {
        assert_eq!(layers(&[vec![1], vec![0]]).len(), 2);
    }

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(ranges(&[3, 1, 2, 7]), "2–4, 8");
        assert_eq!(ranges(&[]), "nothing");
    }
}
