//! Many honest ways to say the same facts: none is called a fault.

mod common;

use common::{Case, banks, lamps, tents};
use va_domain::content::Severity;
use va_review::review_draft;

/// Adds a sentence to the first paragraph; what is found at sentences must stay empty.
fn check(case: fn() -> Case, sentences: &[&str]) {
    let mut faults = Vec::new();
    for sentence in sentences {
        let mut case = case();
        let paragraph = case.draft.lines().nth(4).expect("a paragraph").to_owned();
        case.draft = case
            .draft
            .replacen(&paragraph, &format!("{paragraph} {sentence}"), 1);
        // Only the sentence is judged here, not what it does to the page.
        let of_the_page = ["length", "claims_sparse"];
        let review = review_draft(&case.draft, &case.request, &case.catalogue);
        let errors = review
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error && !of_the_page.contains(&f.code.as_str()));
        faults.extend(errors.map(|f| format!("{sentence}\n    {}: {}", f.code, f.text)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn of_two_tents() {
    check(
        tents,
        &[
            "At EUR 249 the Alder 2 undercuts the Birch Trail at EUR 319 by EUR 70.[^c3][^c4][^c1]",
            "Against the Alder 2, the Birch Trail asks EUR 70 more.[^c1]",
            "The Alder 2 is EUR 70 cheaper than the Birch Trail.[^c1]",
            "EUR 70 separates the two, and 0.6 kg.[^c1][^c2]",
            "The Birch Trail is lighter than the Alder 2.[^c2]",
            "Pay EUR 70 more and you carry 0.6 kg less.[^c1][^c2]",
            "The Alder 2 and the Birch Trail cost EUR 249 and EUR 319.[^c3][^c4]",
            "The Birch Trail is the dearer of the two: EUR 319 against EUR 249.[^c4][^c3]",
            "The lighter of the two is the Birch Trail, at 1.8 kg.[^c6][^c2]",
            "Cheaper, but heavier: the Alder 2 costs EUR 249 and weighs 2.4 kg.[^c3][^c5]",
            "It weighs 0.6 kg less and costs EUR 70 more.[^c2][^c1]",
            "With 1.8 kg the Birch Trail comes second of 5 by weight.[^c6][^c8][^c9]",
            "The Birch Trail is 2nd by weight.[^c8]",
            "Where the Alder 2 weighs 2.4 kg, the Birch Trail stays at 1.8 kg.[^c5][^c6]",
            "Weighing 2.4 and 1.8 kg, the Alder 2 and the Birch Trail differ in what you carry.[^c5][^c6]",
            "Between EUR 249 and 319 lies the choice.[^c3][^c4]",
            "At EUR 249 on 3 Nov 2026, the Alder 2 stays below the median of EUR 279.[^c3][^c10]",
            "For EUR 249, you get the Alder 2; for EUR 319, the Birch Trail.[^c3][^c4]",
            "The tents listed here have a median price of EUR 279.[^c10]",
            "Choose the Alder 2 if the price matters more than the weight.",
            "Choose the Birch Trail rather than the Alder 2 if you walk.",
            "Neither is better on every count.[^c1][^c2]",
            "The least you can pay is EUR 199, for the Cedar Lite 1.[^c12]",
            "No tent is cheaper than the Cedar Lite 1.[^c12]",
            "The Alder's weight of 2.4 kg is 1.33 times the Birch Trail's.[^c5][^c11]",
            "Which of them is right for you depends on the walk.",
            "The Alder 2 gives more floor, 0.2 m² more to be exact.[^c7]",
            "The floor of the Alder 2 is 0.2 m² larger than that of the Birch Trail.[^c7]",
            "What the Birch Trail adds in price (EUR 70), it takes off in weight (0.6 kg).[^c1][^c2]",
            "In short: EUR 70 buys 0.6 kg.[^c1][^c2]",
        ],
    );
}

/// The lamps, one of which is called as many as there are, and what they lack counted.
fn lamps_and_a_6() -> Case {
    let mut case = lamps();
    case.catalogue.rows[0].name = "6".into();
    case.request.products.retain(|p| p.name != "Lumo 300");
    let share = case.request.claims.iter().find(|c| c.id == "c4");
    let mut lack = share.expect("a share").clone();
    lack.id = "c99".into();
    lack.value = "33".into();
    lack.filter[0].value = "false".into();
    case.request.claims.push(lack);
    case
}

#[test]
fn of_counts_and_of_what_is_lacking() {
    check(
        lamps_and_a_6,
        &[
            "The Pica is the cheapest of the 6 listed here, at EUR 29.[^c2][^c9]",
            "67% can be dimmed and 33% are not dimmable.[^c4][^c99]",
        ],
    );
}

/// The lamps, whose lamp lasts a "Half-life" and whose finish is called "OS".
fn lamps_of_a_half_life() -> Case {
    let mut case = lamps();
    for column in &mut case.catalogue.columns {
        match column.name.as_str() {
            "cable" => column.label = "Half-life".into(),
            "finish" => column.label = "OS".into(),
            _ => {}
        }
    }
    case
}

#[test]
fn of_columns_that_are_called_oddly() {
    check(
        lamps_of_a_half_life,
        &[
            "One lamp says nothing about its half-life.[^c5]",
            "Sort the table by the OS and read on from there.",
        ],
    );
}

#[test]
fn of_lamps() {
    check(
        lamps,
        &[
            "Of the 6 lamps, 67% can be dimmed.[^c9][^c4]",
            "Two thirds of the lamps can be dimmed.[^c4]",
            "Most lamps can be dimmed: 67%.[^c4]",
            "The Pica is the cheapest at EUR 29, the Ray Duo the brightest at 900 lm.[^c2][^c3]",
            "The Ray Duo, brightest of all, gives 900 lm.[^c3]",
            "Only the Pica costs as little as EUR 29.[^c2]",
            "Below EUR 60 there are 3 lamps.[^c6]",
            "3 of the 6 lamps cost less than EUR 60.[^c6][^c9]",
            "The Nord Beam's finish is brass.[^c13]",
            "The maker states brass for the Nord Beam.[^c13]",
            "The Pica has no dimmer.[^c15]",
            "Price and light rise together (correlation 0.98).[^c1]",
            "One lamp says nothing about its cable.",
            "Between the Nord Beam and the Ray Duo lie EUR 30.[^c11]",
            "Next to the Ray Duo, the Nord Beam saves you EUR 30.[^c11]",
        ],
    );
}

#[test]
fn of_power_banks() {
    check(
        banks,
        &[
            "The Volt+ 20K is third by price.[^c1]",
            "The Volt+ 20K costs USD 6 less than the Dr. Amp 20K.[^c4]",
            "It weighs 30 g less than the Dr. Amp 20K.[^c5]",
            "Its case is 15 x 7 x 2.5 cm.[^c11]",
            "The Dr. Amp 10.5K is the next step down, USD 14 below the Volt+ 20K.[^c9]",
            "The Volt 20K has 4 ports to the Volt+ 20K's 2.[^c7][^c6]",
            "The most that any bank holds is 74 Wh.[^c8]",
        ],
    );
}
