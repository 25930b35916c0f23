//! A comparison of two tents, and what it was made from.

use super::*;

/// A comparison of two tents.
pub fn tents() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|EUR|lower",
            "weight|Weight|number|kg|lower",
            "floor|Floor|number|m²|higher",
            "freestanding|Freestanding|yes||none",
            "checked|Checked|date||none",
            "notes|Notes|text||none",
        ],
        &[
            "Alder 2|249|2.4|2.9|yes|2026-11-03|A roomy shelter with two doors that stands by itself on rock, sand and snow without any pegs at all",
            "Birch Trail|319|1.8|2.7|yes|2026-11-03|short",
            "Cedar Lite 1|199|1.3|1.9|no|2026-11-03|",
            "Dune 3 Family|399|4.1|4.6|yes|2026-11-03|Award-winning! Buy now",
            "Elm Duo|279|2.1|2.8||2026-11-03|",
        ],
    );
    let mut request = request(
        PageKind::Comparison,
        "alder-2-or-birch-trail",
        "Alder 2 or Birch Trail: which tent?",
        "Which of the two tents suits whom, the Alder 2 or the Birch Trail?",
        "two tents side by side",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim(
            "c1",
            Diff,
            "price",
            &["Birch Trail", "Alder 2"],
            "70",
            "EUR",
        ),
        claim(
            "c2",
            Diff,
            "weight",
            &["Birch Trail", "Alder 2"],
            "-0.6",
            "kg",
        ),
        claim("c3", Value, "price", &["Alder 2"], "249", "EUR"),
        claim("c4", Value, "price", &["Birch Trail"], "319", "EUR"),
        claim("c5", Value, "weight", &["Alder 2"], "2.4", "kg"),
        claim("c6", Value, "weight", &["Birch Trail"], "1.8", "kg"),
        claim(
            "c7",
            Diff,
            "floor",
            &["Alder 2", "Birch Trail"],
            "0.2",
            "m²",
        ),
        claim("c8", Rank, "weight", &["Birch Trail"], "2", ""),
        claim("c9", Count, "", &[], "5", ""),
        claim("c10", Median, "price", &[], "279", "EUR"),
        claim(
            "c11",
            Ratio,
            "weight",
            &["Alder 2", "Birch Trail"],
            "1.33",
            "",
        ),
        claim("c12", Min, "price", &["Cedar Lite 1"], "199", "EUR"),
    ];
    request.answer = vec!["c1".to_owned(), "c2".to_owned()];
    request.products = products(&[
        ("Alder 2", "Alder"),
        ("Birch Trail", "Birch"),
        ("Cedar Lite 1", "Cedar Lite 1"),
    ]);
    request.blocks.table = table(
        &["name", "price", "weight", "floor"],
        &["Product", "Price", "Weight", "Floor"],
        &[
            "Alder 2|EUR 249|2.4 kg|2.9 m²",
            "Birch Trail|EUR 319|1.8 kg|2.7 m²",
        ],
    );
    request.blocks.sources = ["alder-2", "birch-trail"]
        .iter()
        .zip(["Alder 2", "Birch Trail"])
        .map(|(path, label)| Source {
            label: label.to_owned(),
            url: Some(format!("https://maker.example/{path}")),
            date: Some(date(2026, 11, 3)),
        })
        .collect();
    let draft = dress(&request, TENTS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const TENTS: &str = "\
The Birch Trail costs EUR 70 more than the Alder 2 and saves 0.6 kg.[^c1][^c2] Take it if you carry the tent far, and keep the Alder if you drive to the site.

## What the money buys

The Alder 2 costs EUR 249, while the Birch Trail costs EUR 319.[^c3][^c4] The median of the 5 tents listed here is EUR 279, so the two stand on either side of it.[^c9][^c10] The cheapest tent in the table is the Cedar Lite 1 at EUR 199.[^c12]

## What you carry

The Alder 2 weighs 2.4 kg and the Birch Trail weighs 1.8 kg.[^c5][^c6] By weight the Birch ranks 2 of 5.[^c8][^c9] Put another way, the Alder is 1.33 times as heavy as the Birch.[^c11]

- On the ground the Alder 2 gives you 0.2 m² more floor than the Birch Trail.[^c7]
- The table was read on 3 Nov 2026, and neither tent leaves a line of it open.

Read [How to choose](how-to-choose.html) if none of the tents fits your plan.";
