//! A line for each measured column: how the field spreads over it, or where one product or two stand on it.

use rust_decimal::Decimal;

use crate::{escape::html, words::inner};

use super::{Better, Figure, Key, Material, letter, measures::Measure, percent};

/// The height of a line in pixels.
const LINE: usize = 78;
/// The most lines of a chart.
const LINES: usize = 5;
/// The most products that are marked by a letter.
const MARKED: usize = 3;

/// A product that is marked: its row in the table, and its name.
struct Marked<'m> {
    row: usize,
    name: &'m str,
}

/// How the products of the table spread over each column.
pub(super) fn spread(material: &Material) -> Option<String> {
    let lines: Vec<Line> = material
        .measures
        .iter()
        .filter_map(|measure| {
            let (low, high) = measure.ends()?;
            (low.number < high.number).then(|| Line {
                label: measure.label,
                said: format!("{} to {}", low.shown, high.shown),
                field: measure.stated().map(|f| f.number).collect(),
                marks: Vec::new(),
                better: better(material, measure),
            })
        })
        .take(LINES)
        .collect();
    let labels: Vec<String> = lines.iter().map(|l| inner(l.label)).collect();
    let parts: Vec<String> = lines
        .iter()
        .map(|line| format!("{} from {}", inner(line.label), line.said))
        .collect();
    let description = format!(
        "The products of the table spread like this: {}.",
        parts.join("; ")
    );
    let reading = "A mark for each product of the table that states the figure.";
    (lines.len() >= 2).then(|| {
        draw(
            &lines,
            &format!(
                "How the products spread over {}",
                crate::words::list(&labels)
            ),
            &description,
            &[],
            reading,
        )
    })
}

/// Where the products of the title stand among all that the site knows.
pub(super) fn place(material: &Material) -> Option<String> {
    let marked = marked(material);
    let mut lines = Vec::new();
    for measure in material.measures {
        let mut said = Vec::new();
        let mut marks = Vec::new();
        for (number, product) in marked.iter().enumerate() {
            let Some(Some(figure)) = measure.figures.get(product.row) else {
                continue;
            };
            let letter = letter(number)?;
            said.push(if marked.len() == 1 {
                figure.shown.to_owned()
            } else {
                format!("{letter} {}", figure.shown)
            });
            marks.push((letter, figure.number));
        }
        let mut field = material.known.column(measure).to_vec();
        field.extend(
            marks
                .iter()
                .map(|(_, n)| *n)
                .filter(|n| field.binary_search(n).is_err())
                .collect::<Vec<_>>(),
        );
        let varied = field.iter().any(|n| Some(n) != field.first());
        if !marks.is_empty() && varied && lines.len() < LINES {
            lines.push(Line {
                said: said.join(" · "),
                better: better(material, measure),
                label: measure.label,
                field,
                marks,
            });
        }
    }
    let key: Vec<Key> = marked
        .iter()
        .map(|product| Key {
            name: product.name.to_owned(),
            values: String::new(),
        })
        .collect();
    let parts: Vec<String> = lines
        .iter()
        .map(|line| format!("{} {}", inner(line.label), line.said.replace(" · ", ", ")))
        .collect();
    let letters: Vec<String> = marked
        .iter()
        .enumerate()
        .filter_map(|(number, product)| {
            Some(format!("{} is the {}", letter(number)?, product.name))
        })
        .collect();
    let description = format!("{}: {}.", letters.join(", "), parts.join("; "));
    let caption = if marked.len() == 1 {
        format!("The {} within the field", marked[0].name)
    } else {
        let names: Vec<String> = marked.iter().map(|m| format!("the {}", m.name)).collect();
        crate::words::capital(&format!("{} within the field", crate::words::list(&names)))
    };
    let reading =
        "The small marks are other figures that the tables of this site state as of the same day.";
    (!lines.is_empty()).then(|| draw(&lines, &caption, &description, &key, reading))
}

/// The rows of the table that the title names; of names that contain each other, the longest.
fn marked<'m>(material: &Material<'m>) -> Vec<Marked<'m>> {
    let request = material.request;
    let rows = request.blocks.table.rows.iter().enumerate();
    let named: Vec<Marked> = rows
        .filter_map(|(row, cells)| {
            let name = cells.first().map(String::as_str)?;
            request.title.contains(name).then_some(Marked { row, name })
        })
        .collect();
    let longest = |m: &Marked| {
        let within =
            |other: &&Marked| other.name.len() > m.name.len() && other.name.contains(m.name);
        let longer = named
            .iter()
            .filter(within)
            .map(|o| request.title.matches(o.name).count());
        request.title.matches(m.name).count() > longer.sum::<usize>()
    };
    let mut kept: Vec<Marked> = named
        .iter()
        .filter(|m| longest(m))
        .map(|m| Marked { ..*m })
        .collect();
    kept.sort_by_key(|m| request.title.find(m.name));
    kept.truncate(MARKED);
    kept
}

struct Line<'m> {
    label: &'m str,
    /// The figures that are written beside the label.
    said: String,
    field: Vec<Decimal>,
    marks: Vec<(char, Decimal)>,
    better: Option<Better>,
}

fn better(material: &Material, measure: &Measure) -> Option<Better> {
    material.direction.better(measure.column, measure.unit)
}

fn draw(lines: &[Line], caption: &str, description: &str, key: &[Key], reading: &str) -> String {
    let mut drawn = String::new();
    for (number, line) in lines.iter().enumerate() {
        let top = number * LINE;
        let (text, track) = (top + 16, top + 40);
        let figures = || line.field.iter().chain(line.marks.iter().map(|(_, n)| n));
        let (Some(low), Some(high)) = (figures().min(), figures().max()) else {
            continue;
        };
        drawn.push_str(&format!(
            "<text class=\"name\" x=\"0\" y=\"{text}\">{}</text><text class=\"end value\" x=\"100%\" y=\"{text}\">{}</text>\
             <line class=\"track\" x1=\"0\" y1=\"{track}\" x2=\"100%\" y2=\"{track}\"/>\n",
            html(line.label),
            html(&line.said)
        ));
        let mut ticks: Vec<String> = line
            .field
            .iter()
            .map(|n| percent(*n, *low, *high))
            .collect();
        ticks.sort();
        ticks.dedup();
        for x in ticks {
            let (from, to) = (track - 7, track + 7);
            drawn.push_str(&format!(
                "<line class=\"tick\" x1=\"{x}\" y1=\"{from}\" x2=\"{x}\" y2=\"{to}\"/>"
            ));
        }
        let mut seen: Vec<(Decimal, String)> = Vec::new();
        for (letter, number) in &line.marks {
            match seen.iter_mut().find(|(n, _)| n == number) {
                Some((_, letters)) => letters.push(*letter),
                None => seen.push((*number, letter.to_string())),
            }
        }
        for (number, letters) in &seen {
            let x = percent(*number, *low, *high);
            let text = if key.len() > 1 { letters.as_str() } else { "" };
            drawn.push_str(&format!(
                "<g class=\"lead\"><circle cx=\"{x}\" cy=\"{track}\" r=\"11\"/><text x=\"{x}\" y=\"{track}\" dy=\"0.35em\">{text}</text></g>"
            ));
        }
        let hint = top + 64;
        match line.better {
            Some(Better::Lower) => drawn.push_str(&format!(
                "<text class=\"hint\" x=\"0\" y=\"{hint}\">← better</text>\n"
            )),
            Some(Better::Higher) => drawn.push_str(&format!(
                "<text class=\"hint end\" x=\"100%\" y=\"{hint}\">better →</text>\n"
            )),
            None => drawn.push('\n'),
        }
    }
    let figure = Figure {
        class: "strips",
        caption,
        description,
        height: lines.len() * LINE,
        drawn: &drawn,
        key: if key.len() > 1 { key } else { &[] },
        reading,
    };
    figure.html()
}
