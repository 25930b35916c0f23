//! Price against the column in which money buys the most steps, with the products that nothing beats on both.

use rust_decimal::Decimal;
use va_domain::content::TableBlock;

use crate::{escape::html, words::inner};

use super::{
    Better, Direction, Figure, Key, Material, letter,
    measures::{self, Measure, measures},
    percent,
};

/// Fewer points than these are read faster in the table.
const POINTS: usize = 5;

/// A product that states both.
struct Point<'p> {
    name: &'p str,
    x: &'p measures::Figure<'p>,
    y: &'p measures::Figure<'p>,
    /// No other point is at least as good on both, and better on one.
    leads: bool,
}

pub(super) fn of(material: &Material) -> Option<String> {
    let blocks = &material.request.blocks;
    let plotted = measures(&blocks.chart);
    let (table, found, marks) = if blocks.chart.is_empty() {
        let marks = "A mark for each product of the table that states both.";
        (&blocks.table, material.measures, marks)
    } else {
        (&blocks.chart, &plotted[..], blocks.chart.caption.as_str())
    };
    // The longest frontier, the first of the table where several are as long.
    let (x, y, points) = drawable(table, found, material.direction)
        .into_iter()
        .min_by_key(|(.., points)| std::cmp::Reverse(points.iter().filter(|p| p.leads).count()))?;
    Some(draw(x, y, &points, marks))
}

/// Whether a table has a pair of columns that can be drawn against each other.
pub(in crate::site) fn is_drawn(table: &TableBlock) -> bool {
    !drawable(table, &measures(table), &Direction::default()).is_empty()
}

/// The price, or else the first measure, against each other measure that has enough points and spreads.
fn drawable<'d>(
    table: &'d TableBlock,
    found: &'d [Measure<'d>],
    direction: &Direction,
) -> Vec<(&'d Measure<'d>, &'d Measure<'d>, Vec<Point<'d>>)> {
    let across = found.iter().position(Measure::is_price).unwrap_or(0);
    let Some(x) = found.get(across) else {
        return Vec::new();
    };
    let names: Vec<&str> = table
        .rows
        .iter()
        .map(|row| row.first().map_or("", String::as_str))
        .collect();
    let others = found.iter().enumerate().filter(|(at, _)| *at != across);
    let drawn = others.filter_map(|(_, y)| {
        let points = points(&names, x, y, direction);
        let varied = |of: fn(&Point) -> Decimal| {
            points
                .first()
                .is_some_and(|first| points.iter().any(|p| of(p) != of(first)))
        };
        let enough = points.len() >= POINTS && varied(|p| p.x.number) && varied(|p| p.y.number);
        enough.then_some((x, y, points))
    });
    drawn.collect()
}

fn points<'p>(
    names: &[&'p str],
    x: &'p Measure<'p>,
    y: &'p Measure<'p>,
    direction: &Direction,
) -> Vec<Point<'p>> {
    let mut points: Vec<Point> = names
        .iter()
        .zip(x.figures.iter().zip(&y.figures))
        .filter_map(|(&name, (x, y))| {
            let (x, y) = (x.as_ref()?, y.as_ref()?);
            let leads = false;
            Some(Point { name, x, y, leads })
        })
        .collect();
    let judged = |measure: &Measure| direction.better(measure.column, measure.unit);
    if let (Some(across), Some(up)) = (judged(x), judged(y)) {
        let good = |better, number: Decimal| match better {
            Better::Lower => -number,
            Better::Higher => number,
        };
        let marks: Vec<(Decimal, Decimal)> = points
            .iter()
            .map(|p| (good(across, p.x.number), good(up, p.y.number)))
            .collect();
        for (point, own) in points.iter_mut().zip(&marks) {
            point.leads = !marks
                .iter()
                .any(|other| other != own && other.0 >= own.0 && other.1 >= own.1);
        }
    }
    points.sort_by(|a, b| (a.x.number, a.y.number, a.name).cmp(&(b.x.number, b.y.number, b.name)));
    points
}

/// `marks` says which products the points are.
fn draw(x: &Measure, y: &Measure, points: &[Point], marks: &str) -> String {
    let across = || points.iter().map(|p| p.x);
    let up = || points.iter().map(|p| p.y);
    let (Some(left), Some(right), Some(bottom), Some(top)) = (
        across().min_by_key(|f| f.number),
        across().max_by_key(|f| f.number),
        up().min_by_key(|f| f.number),
        up().max_by_key(|f| f.number),
    ) else {
        return String::new();
    };
    let place = |point: &Point| {
        (
            percent(point.x.number, left.number, right.number),
            percent(
                top.number - point.y.number,
                Decimal::ZERO,
                top.number - bottom.number,
            ),
        )
    };
    let mut drawn = frame(x, y, [left, right, bottom, top]);
    let leaders: Vec<&Point> = points.iter().filter(|p| p.leads).collect();
    for pair in leaders.windows(2) {
        let ((x1, y1), (x2, y2)) = (place(pair[0]), place(pair[1]));
        drawn.push_str(&format!(
            "<line class=\"edge\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y1}\"/>\
             <line class=\"edge\" x1=\"{x2}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>\n"
        ));
    }
    for point in points.iter().filter(|p| !p.leads) {
        let (cx, cy) = place(point);
        drawn.push_str(&format!(
            "<circle class=\"dot\" cx=\"{cx}\" cy=\"{cy}\" r=\"5\"><title>{}</title></circle>\n",
            html(&said(point))
        ));
    }
    let mut key = Vec::new();
    for (number, point) in leaders.iter().enumerate() {
        let (cx, cy) = place(point);
        let Some(letter) = letter(number) else { break };
        drawn.push_str(&format!(
            "<g class=\"lead\"><circle cx=\"{cx}\" cy=\"{cy}\" r=\"11\"/><text x=\"{cx}\" y=\"{cy}\" dy=\"0.35em\">{letter}</text>\
             <title>{}</title></g>\n",
            html(&said(point))
        ));
        key.push(Key {
            name: point.name.to_owned(),
            values: format!("{}, {}", point.x.shown, point.y.shown),
        });
    }
    let (across, up) = (inner(x.label), inner(y.label));
    let mut description = format!(
        "{marks} {} runs from {} to {}, {up} from {} to {}.",
        x.label, left.shown, right.shown, bottom.shown, top.shown
    );
    if !leaders.is_empty() {
        let named: Vec<String> = leaders.iter().map(|p| said(p)).collect();
        description.push_str(&format!(
            " Beaten by no other on {across} and {up} together: {}.",
            named.join("; ")
        ));
    }
    let reading = if leaders.is_empty() {
        marks.to_owned()
    } else {
        format!("{marks} The line joins those that no other beats on both at once.")
    };
    let figure = Figure {
        class: "scatter",
        caption: &format!("{} against {up}", x.label),
        description: &description,
        height: 320,
        drawn: &drawn,
        key: &key,
        reading: &reading,
    };
    figure.html()
}

fn said(point: &Point) -> String {
    format!("{}: {}, {}", point.name, point.x.shown, point.y.shown)
}

/// Axes that end where the data ends.
fn frame(x: &Measure, y: &Measure, ends: [&measures::Figure; 4]) -> String {
    let [left, right, bottom, top] = ends.map(|figure| html(figure.shown));
    let (across, up) = (html(x.label), html(y.label));
    let mut frame = "<g class=\"grid\">".to_owned();
    for step in ["25%", "50%", "75%"] {
        frame.push_str(&format!(
            "<line x1=\"{step}\" y1=\"0\" x2=\"{step}\" y2=\"100%\"/><line x1=\"0\" y1=\"{step}\" x2=\"100%\" y2=\"{step}\"/>"
        ));
    }
    frame.push_str("</g>\n");
    frame.push_str(&format!(
        "<g class=\"axis\"><line x1=\"0\" y1=\"100%\" x2=\"100%\" y2=\"100%\" transform=\"translate(0 16)\"/>\
         <line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"100%\" transform=\"translate(-16 0)\"/>\
         <text x=\"0\" y=\"100%\" dy=\"34\">{left}</text>\
         <text class=\"name middle\" x=\"50%\" y=\"100%\" dy=\"34\">{across}</text>\
         <text class=\"end\" x=\"100%\" y=\"100%\" dy=\"34\">{right}</text>\
         <text class=\"end\" x=\"0\" y=\"0\" dx=\"-22\" dy=\"0.35em\">{top}</text>\
         <text class=\"end\" x=\"0\" y=\"100%\" dx=\"-22\" dy=\"0.35em\">{bottom}</text>\
         <text class=\"name\" x=\"0\" y=\"0\" dx=\"-16\" dy=\"-22\">{up}</text></g>\n"
    ));
    frame
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use va_domain::{content::TableBlock, goal_spec::ColumnHints};

    use super::*;

    #[test]
    fn the_frontier_is_what_nothing_beats_on_both() {
        let rows = [
            ["A", "EUR 20", "1 l"],
            ["B", "EUR 30", "3 l"],
            ["C", "EUR 30", "2 l"],
            ["D", "EUR 50", "3 l"],
            ["E", "EUR 60", "4 l"],
            ["F", "EUR 10", "not stated"],
        ];
        let table = TableBlock {
            columns: ["name", "price", "tank"].map(str::to_owned).to_vec(),
            headings: ["Product", "Price", "Tank"].map(str::to_owned).to_vec(),
            rows: rows.iter().map(|r| r.map(str::to_owned).to_vec()).collect(),
            ..TableBlock::default()
        };
        let hints = ColumnHints {
            better: Some("higher".to_owned()),
            ..ColumnHints::default()
        };
        let columns = BTreeMap::from([("tank".to_owned(), hints)]);
        let found = measures(&table);
        let names = ["A", "B", "C", "D", "E", "F"];
        let points = points(
            &names,
            &found[0],
            &found[1],
            &Direction::of(&columns, std::iter::empty()),
        );
        let leads: Vec<&str> = points.iter().filter(|p| p.leads).map(|p| p.name).collect();
        assert_eq!((points.len(), leads), (5, vec!["A", "B", "E"]));
    }
}
