//! How sentences speak of a column: what a product does, has or is by it, and how two compare.

mod degrees;
mod kinds;
#[cfg(test)]
mod tests;

use super::{
    columns::{Column, ColumnKind},
    labels::{is_uncountable, leads, measured, ordinal, spelled_out},
};
use crate::words::{article, is_currency, is_plural, singular};
use degrees::{AMOUNTS, GREAT, HIGH, degrees};

/// The form in which a product has a column's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `costs EUR 219`
    Price,
    /// `weighs 4.5 kg`
    Weight,
    /// `is 20 cm wide`
    Extent(&'static str),
    /// `has 8 gears`
    Count,
    /// `has a water tank of 2 l`
    Measure,
    /// `has 8 GB of memory`: a label that cannot be counted.
    Amount,
    /// `has 10 under age from`: a label that is no noun.
    Entry,
    /// `has a grinder`, `lacks a grinder`
    Truth,
    /// `has a dual boiler`
    Kind,
}

/// A column's words.
#[derive(Clone, Debug)]
pub(super) struct Noun {
    /// The label within a sentence, without article.
    pub label: String,
    pub column: Column,
    /// What stands behind a figure that has no unit: `shots` in `battery (shots)`.
    pub suffix: Option<String>,
    form: Form,
    /// Larger and smaller, as comparatives.
    more: (&'static str, &'static str),
    /// As superlatives.
    most: (&'static str, &'static str),
}

impl Noun {
    /// The words of a column whose figures carry a unit.
    pub(super) fn of(column: &Column, unit: Option<&str>) -> Self {
        let (label, suffix) = measured(&column.label, unit);
        let suffix = suffix.filter(|word| column.kind == ColumnKind::Number && !is_currency(word));
        let label = spelled_out(&label);
        let last = label.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let whole = label.to_lowercase();
        let form = match column.kind {
            ColumnKind::Price => Form::Price,
            ColumnKind::Boolean => Form::Truth,
            ColumnKind::Other | ColumnKind::Date => Form::Kind,
            ColumnKind::Number => match whole.as_str() {
                "weight" | "mass" if unit.is_some() => Form::Weight,
                "width" if unit.is_some() => Form::Extent("wide"),
                "height" if unit.is_some() => Form::Extent("high"),
                "length" if unit.is_some() => Form::Extent("long"),
                "depth" if unit.is_some() => Form::Extent("deep"),
                _ if ["from", "to", "in", "per", "with", "for", "of", "by", "up"]
                    .contains(&last.as_str()) =>
                {
                    Form::Entry
                }
                _ if is_plural(&label) && unit.is_none() && suffix.is_none() => Form::Count,
                _ if is_plural(&label) => Form::Entry,
                _ if unit.is_some() && AMOUNTS.contains(&last.as_str()) => Form::Amount,
                _ => Form::Measure,
            },
        };
        let (more, most) = degrees(form, &label, unit);
        Self {
            label,
            column: column.clone(),
            suffix,
            form,
            more,
            most,
        }
    }

    /// Whether a label is the price.
    pub(super) fn is_price(&self) -> bool {
        self.form == Form::Price
    }

    /// Whether it is yes or no.
    pub(super) fn is_truth(&self) -> bool {
        self.form == Form::Truth
    }

    /// `the water tank`, `the number of gears`, `the entry for mudguards`
    pub(super) fn the(&self) -> String {
        let label = &self.label;
        match self.form {
            Form::Count => format!("the number of {label}"),
            Form::Entry => format!("the figure for {label}"),
            Form::Truth if self.is_quality() => format!("the column {label}"),
            Form::Truth if is_uncountable(label) => label.clone(),
            Form::Kind if is_plural(label) => format!("the choice of {label}"),
            Form::Kind if leads(label) => format!("the {label} column"),
            _ => format!("the {label}"),
        }
    }

    /// What one product (or several) does by a value: `weighs 4.5 kg`, `have a grinder`.
    pub(super) fn states(&self, value: &str, many: bool) -> String {
        let verb = |one: &str, more: &str| if many { more } else { one }.to_owned();
        let (has, is) = (verb("has", "have"), verb("is", "are"));
        match self.form {
            Form::Price => format!("{} {value}", verb("costs", "cost")),
            Form::Weight => format!("{} {value}", verb("weighs", "weigh")),
            Form::Extent(adjective) => format!("{is} {value} {adjective}"),
            Form::Count => format!("{has} {}", self.counted(value)),
            Form::Measure if self.most.0 == "latest" => format!("{is} from {value}"),
            Form::Measure | Form::Amount => format!("{has} {}", self.with(value)),
            Form::Entry => format!("{has} {value} under {}", self.label),
            Form::Truth => self.truth(value == "yes", many),
            Form::Kind => self.kind(value, &has, &is),
        }
    }

    /// What the other of two does by its value, where the label was said: `has 5 l`.
    pub(super) fn answers(&self, value: &str) -> String {
        match self.form {
            Form::Measure if self.most.0 != "latest" => format!("has {value}"),
            Form::Amount => format!("has {value}"),
            Form::Extent(_) => format!("is {value}"),
            _ => self.states(value, false),
        }
    }

    /// As a thing to have: `a weight of 4.5 kg`, `8 gears`.
    pub(super) fn with(&self, value: &str) -> String {
        match self.form {
            Form::Count => self.counted(value),
            Form::Entry => format!("{value} under {}", self.label),
            Form::Amount => format!("{value} of {}", self.label),
            _ => format!("{} {} of {value}", article(&self.label), self.label),
        }
    }

    fn counted(&self, value: &str) -> String {
        if value == "1" {
            format!("1 {}", singular(&self.label))
        } else {
            format!("{value} {}", self.label)
        }
    }

    fn truth(&self, yes: bool, many: bool) -> String {
        let is = if many { "are" } else { "is" };
        let (has, lacks) = if many {
            ("have", "lack")
        } else {
            ("has", "lacks")
        };
        match (self.is_quality(), yes) {
            (true, true) => format!("{is} {}", self.label),
            (true, false) => format!("{is} not {}", self.label),
            (false, true) => format!("{has} {}", self.thing()),
            (false, false) => format!("{lacks} {}", self.thing()),
        }
    }

    /// `a grinder`, `mudguards`, `PID`
    fn thing(&self) -> String {
        let label = self.label.strip_suffix(" included").unwrap_or(&self.label);
        if is_uncountable(label) {
            label.to_owned()
        } else {
            format!("{} {label}", article(label))
        }
    }

    /// Whether the label says what a product is, and not what it has.
    fn is_quality(&self) -> bool {
        let last = self.label.rsplit(' ').next().unwrap_or_default();
        const ENDS: [&str; 9] = [
            "able",
            "ible",
            "proof",
            "resistant",
            "less",
            "friendly",
            "compatible",
            "sealed",
            "ed",
        ];
        const WORDS: [&str; 4] = ["safe", "ready", "free", "freestanding"];
        let participle = last.ends_with("ing")
            && ["free", "self", "fold", "stand"]
                .iter()
                .any(|start| last.starts_with(start));
        let noun = ["speed", "feed", "bed", "included", "led", "seed", "shed"].contains(&last);
        !noun
            && (participle
                || WORDS.contains(&last)
                || ENDS
                    .iter()
                    .any(|end| last.len() > end.len() + 2 && last.ends_with(end)))
    }

    /// How far one is from another: `costs EUR 60 more`, `has a water tank 0.4 l larger`.
    pub(super) fn differs(&self, by: &str, up: bool) -> String {
        let way = if up { "more" } else { "less" };
        let more = self.comparative(up);
        match self.form {
            Form::Price => format!("costs {by} {way}"),
            Form::Weight => format!("weighs {by} {way}"),
            Form::Extent(_) => format!("is {by} {more}"),
            Form::Count if by == "1" => format!(
                "has 1 {} {}",
                if up { "more" } else { "less" },
                singular(&self.label)
            ),
            Form::Count | Form::Amount => format!("has {by} {more} {}", self.label),
            Form::Measure => format!("has {} {} {by} {more}", article(&self.label), self.label),
            _ => format!("stands {by} {more} under {}", self.label),
        }
    }

    /// `weighs less`, `has the larger water tank`: which of two is ahead.
    pub(super) fn exceeds(&self, up: bool) -> String {
        let more = self.comparative(up);
        let way = if up { "more" } else { "less" };
        match self.form {
            Form::Price => format!("costs {way}"),
            Form::Weight => format!("weighs {way}"),
            Form::Extent(_) => format!("is {more}"),
            Form::Count | Form::Amount => format!("has {more} {}", self.label),
            _ => format!("has the {more} {}", self.label),
        }
    }

    /// As [`Self::differs`], with what it is compared to.
    pub(super) fn differs_than(&self, by: &str, up: bool, other: &str) -> String {
        match self.form {
            Form::Measure => format!("{} than that of {other}", self.differs(by, up)),
            _ => format!("{} than {other}", self.differs(by, up)),
        }
    }

    /// `is the lightest`, `has the largest water tank`
    pub(super) fn is_most(&self, up: bool) -> String {
        let most = self.superlative(up);
        match self.form {
            Form::Price | Form::Weight | Form::Extent(_) => format!("is the {most}"),
            _ => format!("has the {most} {}", self.label),
        }
    }

    /// As a thing: `the lowest weight`, `the largest water tank`.
    pub(super) fn the_most(&self, up: bool) -> String {
        format!("the {} {}", self.most_of(up), self.label)
    }

    /// The superlative that goes with the label: `lowest` for a weight.
    pub(super) fn most_of(&self, up: bool) -> &'static str {
        let (high, low) = match self.form {
            Form::Price | Form::Weight => HIGH.1,
            Form::Extent(_) => GREAT.1,
            _ => self.most,
        };
        if up { high } else { low }
    }

    /// As a thing to want: `a lower weight`, `more gears`.
    pub(super) fn gain(&self, up: bool) -> String {
        let (high, low) = match self.form {
            Form::Price | Form::Weight => HIGH.0,
            Form::Extent(_) => GREAT.0,
            _ => self.more,
        };
        let more = if up { high } else { low };
        match self.form {
            Form::Count | Form::Amount => format!("{more} {}", self.label),
            Form::Entry if is_plural(&self.label) => format!("{more} {}", self.label),
            _ => format!("{} {more} {}", article(more), self.label),
        }
    }

    pub(super) fn comparative(&self, up: bool) -> &'static str {
        if up { self.more.0 } else { self.more.1 }
    }

    pub(super) fn superlative(&self, up: bool) -> &'static str {
        if up { self.most.0 } else { self.most.1 }
    }

    /// A place: `is the 3rd lightest`, `has the largest water tank`, `comes 21st by weight`.
    pub(super) fn ranks(&self, place: &str, up: bool, among: &str) -> String {
        let number: usize = place.parse().unwrap_or(usize::MAX);
        let most = self.superlative(up);
        let tail = if among.is_empty() {
            String::new()
        } else {
            format!(" of {among}")
        };
        if number > 6 {
            return format!("comes {}{tail} by {}", ordinal(number), self.label);
        }
        let nth = if number == 1 {
            String::new()
        } else {
            format!("{} ", ordinal(number))
        };
        match self.form {
            Form::Price | Form::Weight | Form::Extent(_) => format!("is the {nth}{most}{tail}"),
            _ => format!("has the {nth}{most} {}{tail}", self.label),
        }
    }

    /// A place as a thing: `the 3rd lightest`, `21st by weight`.
    pub(super) fn place(&self, place: &str, up: bool) -> String {
        let number: usize = place.parse().unwrap_or(usize::MAX);
        let most = self.superlative(up);
        match number {
            7.. if self.form == Form::Count => format!("{} from the top", ordinal(number)),
            7.. if self.form == Form::Amount => {
                let end = if up { "highest" } else { "lowest" };
                format!("{} from the {end}", ordinal(number))
            }
            1 => format!("the {most}"),
            2..=6 => format!("the {} {most}", ordinal(number)),
            _ => format!("{} from the {most}", ordinal(number)),
        }
    }
}
