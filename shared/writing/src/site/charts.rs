//! One chart an article, from the same table and claims as its text.
//!
//! Places are percentages of the plot and texts have the size of the page, so that a chart stays legible on
//! every screen. Every figure in a chart stands in the article's table or claims, never anywhere else.

mod coverage;
mod ladder;
mod measures;
mod scatter;
mod strips;

use rust_decimal::{Decimal, RoundingStrategy};
use va_domain::content::{ContentRequest, PageKind};

use crate::escape::html;

use super::claims::Published;

pub(super) use measures::{Better, Direction, Known, Measure, measures};
pub(super) use scatter::is_drawn;

/// What a chart is made of.
pub(super) struct Material<'m> {
    /// What was asked for.
    pub request: &'m ContentRequest,
    /// The claims that the page publishes.
    pub claims: &'m [Published<'m>],
    /// The measured columns of its table.
    pub measures: &'m [Measure<'m>],
    /// What the tables of the whole site say.
    pub known: &'m Known,
    /// Which end of a column is the better one.
    pub direction: &'m Direction,
}

/// The chart of an article; none where its table has too little to show.
pub(super) fn of(material: &Material) -> Option<String> {
    match material.request.kind {
        PageKind::FieldGuide => scatter::of(material).or_else(|| strips::spread(material)),
        PageKind::HowToChoose => strips::spread(material).or_else(|| scatter::of(material)),
        PageKind::Comparison | PageKind::WhyPayMore | PageKind::Product => strips::place(material),
        PageKind::BestUnder => ladder::of(material).or_else(|| scatter::of(material)),
        PageKind::Gaps => coverage::of(material),
    }
}

/// The parts of a figure around its plot.
struct Figure<'f> {
    /// What kind it is, for the style sheet.
    class: &'f str,
    /// What it shows, as a fragment.
    caption: &'f str,
    /// What it shows, in words and values.
    description: &'f str,
    /// The height of the plot in pixels.
    height: usize,
    /// What is drawn.
    drawn: &'f str,
    /// The names behind the letters, and their values.
    key: &'f [Key],
    /// How it is to be read; the same on every page.
    reading: &'f str,
}

/// A letter of a chart and what it stands for.
struct Key {
    name: String,
    values: String,
}

impl Figure<'_> {
    fn html(&self) -> String {
        let (class, caption) = (self.class, html(self.caption));
        let (description, height) = (html(self.description), self.height);
        let items: String = self
            .key
            .iter()
            .map(|key| {
                let values = if key.values.is_empty() {
                    String::new()
                } else {
                    format!(" <span>{}</span>", html(&key.values))
                };
                format!("<li>{}{values}</li>", html(&key.name))
            })
            .collect();
        let key = if items.is_empty() {
            String::new()
        } else {
            format!("<ol class=\"key\">{items}</ol>\n")
        };
        let reading = if self.reading.is_empty() {
            String::new()
        } else {
            format!("<footer>{}</footer>\n", html(self.reading))
        };
        format!(
            "<figure class=\"chart {class}\">\n<figcaption>{caption}</figcaption>\n<div class=\"plot\">\
             <svg role=\"img\" aria-labelledby=\"chart-title chart-text\" width=\"100%\" height=\"{height}\">\
             <title id=\"chart-title\">{caption}</title><desc id=\"chart-text\">{description}</desc>\n{}</svg></div>\n\
             {key}{reading}</figure>\n",
            self.drawn
        )
    }
}

/// Where a value lies between two others, in percent with one decimal.
fn percent(value: Decimal, low: Decimal, high: Decimal) -> String {
    let share = (value - low)
        .checked_div(high - low)
        .and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED))
        .unwrap_or_default();
    let rounded = share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    format!("{}%", rounded.normalize())
}

/// `A`, `B`, ...; none behind the last letter.
fn letter(number: usize) -> Option<char> {
    u8::try_from(number)
        .ok()
        .filter(|n| *n < 26)
        .map(|n| char::from(b'A' + n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_percentages_with_one_decimal() {
        let place = |value: i64| percent(value.into(), 10.into(), 40.into());
        assert_eq!([place(10), place(20), place(40)], ["0%", "33.3%", "100%"]);
    }

    #[test]
    fn letters_end_with_the_alphabet() {
        assert_eq!(
            (letter(0), letter(25), letter(26)),
            (Some('A'), Some('Z'), None)
        );
    }
}
