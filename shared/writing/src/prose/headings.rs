//! The headings of a page's sections, by what they are about.

use va_domain::content::PageKind;

use super::{
    columns::{ColumnKind, Columns, Direction, column_of},
    moves::{Act, Move},
};

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Theme {
    Money,
    Frontier,
    Judged,
    Figures,
    Kinds,
    Neighbours,
    Together,
    Limits,
    Verdict,
}

/// Where a move belongs.
pub(super) fn theme(step: &Move, columns: &Columns, kind: PageKind) -> Theme {
    let Some(first) = step.claims.first() else {
        return Theme::Figures;
    };
    let column = columns.get(column_of(first));
    match step.act {
        Act::Open | Act::LeftOpen | Act::Stated if kind != PageKind::Gaps => Theme::Limits,
        Act::Together => Theme::Together,
        Act::Beats | Act::Neither => Theme::Verdict,
        Act::Step | Act::Trade if kind == PageKind::Product => Theme::Neighbours,
        Act::LeftOpen => Theme::Neighbours,
        _ if kind == PageKind::Gaps => Theme::Figures,
        _ => match column.kind {
            ColumnKind::Price => Theme::Money,
            ColumnKind::Boolean | ColumnKind::Other => Theme::Kinds,
            ColumnKind::Date => Theme::Limits,
            ColumnKind::Number if column.better == Direction::None => Theme::Figures,
            ColumnKind::Number => Theme::Judged,
        },
    }
}

/// The headings that a section of a page may have.
pub(super) fn headings(theme: Theme, kind: PageKind) -> &'static [&'static str] {
    match (theme, kind) {
        (Theme::Money, PageKind::Comparison | PageKind::WhyPayMore) => &[
            "What each costs",
            "The prices side by side",
            "The price of the choice",
            "Money first",
            "Two prices",
            "The gap in price",
        ],
        (Theme::Money, PageKind::BestUnder) => &[
            "What you spend",
            "The limit and the price",
            "Where the money ends",
            "The prices",
        ],
        (Theme::Money, _) => &[
            "What it costs",
            "The price",
            "Money",
            "On the price tag",
            "The cost",
            "Price and place",
        ],
        (Theme::Frontier, _) => &[
            "What more money buys",
            "Step by step up in price",
            "The line from cheap to dear",
            "How far the money goes",
        ],
        (Theme::Judged, PageKind::Comparison) => &[
            "Where they part",
            "What counts",
            "The columns that judge",
            "For and against",
            "The trade",
            "Point by point",
        ],
        (Theme::Judged, PageKind::WhyPayMore) => &[
            "What the money buys",
            "What is added",
            "The gain",
            "In return",
            "What you get for it",
            "The step up",
        ],
        (Theme::Judged, PageKind::Product) => &[
            "Where it stands",
            "Its places",
            "The columns that judge",
            "Ahead and behind",
            "How it measures up",
            "Column by column",
        ],
        (Theme::Judged, PageKind::BestUnder) => &[
            "Other reasons to choose",
            "If something else counts",
            "More candidates",
            "By other columns",
        ],
        (Theme::Judged, _) => &[
            "What separates the field",
            "The columns that judge",
            "Where products differ",
            "The decisions",
        ],
        (Theme::Figures, PageKind::Gaps) => &[
            "Column by column",
            "Where the cells are empty",
            "The empty cells",
            "What is filled",
        ],
        (Theme::Figures, _) => &[
            "Figures without a verdict",
            "More figures",
            "Described, not judged",
            "Further numbers",
            "Other measures",
            "On the data sheet",
        ],
        (Theme::Kinds, PageKind::Comparison | PageKind::WhyPayMore) => &[
            "Build and equipment",
            "How they are made",
            "What is on board",
            "Kind against kind",
            "Same and different",
            "Equipment",
        ],
        (Theme::Kinds, PageKind::Product) => &[
            "What it is",
            "Build and equipment",
            "Its kind",
            "On board",
            "How it is made",
            "Equipment",
        ],
        (Theme::Kinds, _) => &[
            "Kinds and equipment",
            "What is common",
            "Groups in the field",
            "Types and features",
        ],
        (Theme::Neighbours, PageKind::Gaps) => &[
            "The most silent lines",
            "Products with open cells",
            "Where to ask",
        ],
        (Theme::Neighbours, _) => &[
            "One step down, one step up",
            "Its neighbours",
            "Next to it",
            "Up or down from here",
            "The nearest alternatives",
            "Close by",
        ],
        (Theme::Together, _) => &[
            "What goes together",
            "Columns that move together",
            "Links between columns",
            "Does more cost more",
        ],
        (Theme::Limits, _) => &[
            "What is left open",
            "What the table does not say",
            "Open questions",
            "Not stated",
            "The limits of this page",
            "Gaps",
        ],
        (Theme::Verdict, PageKind::Comparison | PageKind::WhyPayMore) => &[
            "Which one to take",
            "Who should take which",
            "The decision",
            "So which",
            "How to decide",
            "The choice",
        ],
        (Theme::Verdict, PageKind::Product) => &[
            "Who it suits",
            "When to take it",
            "The case for it",
            "In short",
            "What speaks for it",
            "Worth a look",
        ],
        (Theme::Verdict, PageKind::BestUnder) => &[
            "What to take",
            "The choice within the limit",
            "The pick",
            "So what to buy",
        ],
        (Theme::Verdict, _) => &[
            "What to do with this",
            "In which order to decide",
            "Next steps",
            "How to use it",
        ],
    }
}
