//! A guide to desk lamps, and what it was made from.

use super::*;

/// A guide to a field of desk lamps.
pub fn lamps() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|EUR|lower",
            "light|Light|number|lm|higher",
            "cable|Cable|number|m|none",
            "dimmable|Dimmable|yes||none",
            "finish|Finish|category||none",
        ],
        &[
            "Lumo 300|39|300|1.5|no|steel",
            "Lumo 450|59|450|1.8|yes|steel",
            "Nord Beam|89|800|2|yes|brass",
            "Pica|29|250|1.2|no|steel",
            "Quill S|74|600||yes|brass",
            "Ray Duo|119|900|2|yes|brass",
        ],
    );
    let mut request = request(
        PageKind::FieldGuide,
        "desk-lamps-at-a-glance",
        "Desk lamps at a glance",
        "What does more money buy among desk lamps?",
        "desk lamps",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim("c1", Correlation, "price~light", &[], "0.98", ""),
        claim("c2", Min, "price", &["Pica"], "29", "EUR"),
        claim("c3", Max, "light", &["Ray Duo"], "900", "lm"),
        filtered(
            claim("c4", Share, "dimmable", &[], "67", "%"),
            "dimmable",
            FilterTest::Eq,
            "true",
        ),
        claim("c5", Missing, "cable", &[], "1", ""),
        filtered(
            claim("c6", Count, "", &[], "3", ""),
            "price",
            FilterTest::Lt,
            "60",
        ),
        claim("c7", Ratio, "light", &["Ray Duo", "Pica"], "3.6", ""),
        claim("c8", Median, "price", &[], "66.5", "EUR"),
        claim("c9", Count, "", &[], "6", ""),
        claim("c10", Value, "light", &["Nord Beam"], "800", "lm"),
        claim("c11", Diff, "price", &["Ray Duo", "Nord Beam"], "30", "EUR"),
        claim("c12", Value, "price", &["Ray Duo"], "119", "EUR"),
        claim("c13", Value, "finish", &["Nord Beam"], "brass", ""),
        claim("c14", Value, "dimmable", &["Lumo 450"], "yes", ""),
        claim("c15", Value, "dimmable", &["Pica"], "no", ""),
    ];
    request.answer = vec!["c1".to_owned()];
    request.products = products(&[
        ("Lumo 300", "Lumo 300"),
        ("Lumo 450", "Lumo 450"),
        ("Nord Beam", "Nord"),
        ("Pica", "Pica"),
        ("Quill S", "Quill S"),
        ("Ray Duo", "Ray Duo"),
    ]);
    request.blocks.table = table(
        &["name", "price", "light", "cable", "dimmable", "finish"],
        &["Product", "Price", "Light", "Cable", "Dimmable", "Finish"],
        &[
            "Pica|EUR 29|250 lm|1.2 m|no|steel",
            "Quill S|EUR 74|600 lm|not stated|yes|brass",
            "Ray Duo|EUR 119|900 lm|2 m|yes|brass",
        ],
    );
    request.blocks.sources = vec![Source {
        label: "Nord Beam".to_owned(),
        url: None,
        date: None,
    }];
    request.word_count = 140;
    let draft = dress(&request, LAMPS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const LAMPS: &str = "\
Among the 6 lamps listed here, price and light move together, with a correlation of 0.98.[^c1][^c9] So more money mostly buys more light, and little else.[^c1]

## The two ends

The cheapest lamp is the Pica at EUR 29.[^c2] At the other end stands the Ray Duo, which costs EUR 119 and has the most light, 900 lm.[^c12][^c3] That is 3.6 times the light of the Pica.[^c7]

## The middle

The median price is EUR 66.50, and 3 lamps stay under EUR 60.[^c8][^c6] The Nord Beam gives 800 lm and comes in brass.[^c10][^c13] The Ray Duo costs EUR 30 more than the Nord Beam.[^c11]

## What is left open

You can dim 67% of the lamps.[^c4] The Lumo 450 can be dimmed.[^c14] Turned on, the Pica does without a dimmer.[^c15] One thing to check: the length of the cable is not stated for 1 of the 6 lamps.[^c5][^c9] If you need a long cable, ask the maker first.";
