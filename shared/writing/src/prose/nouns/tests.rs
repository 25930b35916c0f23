//! What sentences say of columns.

use super::*;
use crate::prose::columns::Direction;

fn noun(label: &str, kind: ColumnKind, unit: Option<&str>) -> Noun {
    let column = Column {
        label: label.to_owned(),
        kind,
        better: Direction::None,
    };
    Noun::of(&column, unit)
}

#[test]
fn a_figure_is_said_as_its_dimension_wants_it() {
    let number = ColumnKind::Number;
    for (label, kind, unit, value, said) in [
        (
            "price",
            ColumnKind::Price,
            Some("EUR"),
            "EUR 219",
            "costs EUR 219",
        ),
        ("weight", number, Some("kg"), "4.5 kg", "weighs 4.5 kg"),
        ("width", number, Some("cm"), "20 cm", "is 20 cm wide"),
        (
            "water tank",
            number,
            Some("l"),
            "2 l",
            "has a water tank of 2 l",
        ),
        ("gears", number, None, "1", "has 1 gear"),
        (
            "grinder",
            ColumnKind::Boolean,
            None,
            "no",
            "lacks a grinder",
        ),
        ("PID", ColumnKind::Boolean, None, "yes", "has PID"),
        (
            "foldable",
            ColumnKind::Boolean,
            None,
            "no",
            "is not foldable",
        ),
        (
            "boiler",
            ColumnKind::Other,
            None,
            "dual",
            "has a dual boiler",
        ),
    ] {
        assert_eq!(noun(label, kind, unit).states(value, false), said);
    }
}

#[test]
fn adjectives_follow_the_dimension() {
    let number = ColumnKind::Number;
    let differs = |label, unit, by| noun(label, number, unit).differs(by, true);
    assert_eq!(differs("weight", Some("g"), "40 g"), "weighs 40 g more");
    assert_eq!(differs("tank", Some("l"), "1 l"), "has a tank 1 l larger");
    assert_eq!(
        differs("battery life", Some("h"), "5 h"),
        "has a battery life 5 h longer"
    );
    assert_eq!(
        noun("noise", number, Some("dB")).is_most(false),
        "has the lowest noise"
    );
    assert_eq!(
        differs("battery", Some("mAh"), "500 mAh"),
        "has a battery 500 mAh larger"
    );
}

#[test]
fn of_what_cannot_be_counted_there_is_more() {
    let memory = noun("memory", ColumnKind::Number, Some("GB"));
    assert_eq!(memory.states("8 GB", false), "has 8 GB of memory");
    assert_eq!(memory.differs("4 GB", true), "has 4 GB more memory");
    assert_eq!(memory.the_most(false), "the least memory");
    assert_eq!(memory.place("9", true), "9th from the highest");
}

#[test]
fn ordinals_end_as_they_are_spoken() {
    assert_eq!(
        [1, 2, 3, 11, 12, 21, 112].map(ordinal),
        ["1st", "2nd", "3rd", "11th", "12th", "21st", "112th"]
    );
}

#[test]
fn a_value_that_ends_as_its_label_begins_does_not_stand_before_it() {
    let season = noun("season", ColumnKind::Other, None);
    assert_eq!(season.states("3-season", false), "is listed as 3-season");
    assert_eq!(season.states("summer", false), "has a summer season");
    let size = noun("size class of tent", ColumnKind::Other, None);
    assert_eq!(
        size.states("family size", true),
        "are listed as family size"
    );
}

#[test]
fn grades_follow_their_label_and_prepositions_lead() {
    for (label, value, said) in [
        ("efficiency", "A", "has an efficiency of A"),
        ("size", "XL", "has a size of XL"),
        ("class", "B", "is listed as B"),
        ("made in", "Italy", "is made in Italy"),
        ("rating", "4.5/5", "has a rating of 4.5/5"),
        ("for", "children", "is for children"),
    ] {
        let noun = noun(label, ColumnKind::Other, None);
        assert_eq!(noun.states(value, false), said);
    }
}

#[test]
fn a_day_follows_its_label() {
    let release = noun("release date", ColumnKind::Date, None);
    assert_eq!(
        release.states("17 Apr 2026", true),
        "have a release date of 17 Apr 2026"
    );
}
