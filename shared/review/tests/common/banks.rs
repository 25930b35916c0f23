//! A page on one power bank, and what it was made from.

use super::*;

/// One power bank and its place.
pub fn banks() -> Case {
    let catalogue = catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|USD|lower",
            "capacity|Capacity|number|Wh|higher",
            "weight|Weight|number|g|lower",
            "ports|Ports|number||higher",
            "size|Size|dimensions|cm|none",
        ],
        &[
            "Dr. Amp 10.5K|25|38.5|210|2|14 x 7 x 2",
            "Dr. Amp 20K|45|74|390|3|15 x 7 x 3",
            "Joule & Co. Mini|19|18.5|120|1|9 x 4 x 2",
            "Volt+ 20K|39|74|360|2|15 x 7 x 2.5",
            "Volt 20K|55|74|410|4|16 x 7 x 3",
        ],
    );
    let mut request = request(
        PageKind::Product,
        "volt-plus-20k",
        "The Volt+ 20K and its place among power banks",
        "Where does the Volt+ 20K stand among power banks?",
        "one power bank and its place",
    );
    use ClaimOp::*;
    request.claims = vec![
        claim("c1", Rank, "price", &["Volt+ 20K"], "3", ""),
        claim("c2", Count, "", &[], "5", ""),
        claim("c3", Value, "price", &["Volt+ 20K"], "39", "USD"),
        claim(
            "c4",
            Diff,
            "price",
            &["Volt+ 20K", "Dr. Amp 20K"],
            "-6",
            "USD",
        ),
        claim(
            "c5",
            Diff,
            "weight",
            &["Volt+ 20K", "Dr. Amp 20K"],
            "-30",
            "g",
        ),
        claim("c6", Value, "ports", &["Volt+ 20K"], "2", ""),
        claim("c7", Value, "ports", &["Volt 20K"], "4", ""),
        claim(
            "c8",
            Max,
            "capacity",
            &["Volt+ 20K", "Volt 20K", "Dr. Amp 20K"],
            "74",
            "Wh",
        ),
        claim(
            "c9",
            Diff,
            "price",
            &["Volt+ 20K", "Dr. Amp 10.5K"],
            "14",
            "USD",
        ),
        filtered(
            claim("c10", Count, "", &[], "2", ""),
            "weight",
            FilterTest::Lt,
            "360",
        ),
        claim("c11", Value, "size", &["Volt+ 20K"], "15 x 7 x 2.5", "cm"),
        claim("c12", Dominates, "", &["Volt+ 20K", "Volt 20K"], "no", ""),
        claim(
            "c13",
            Ratio,
            "capacity",
            &["Volt+ 20K", "Joule & Co. Mini"],
            "4",
            "",
        ),
    ];
    request.answer = vec!["c1".to_owned(), "c4".to_owned()];
    request.products = products(&[
        ("Dr. Amp 10.5K", "Amp 10.5K"),
        ("Dr. Amp 20K", "Amp 20K"),
        ("Joule & Co. Mini", "Mini"),
        ("Volt+ 20K", "Volt+"),
        ("Volt 20K", "Volt 20K"),
    ]);
    request.blocks.table = table(
        &["name", "price", "capacity", "size"],
        &["Product", "Price", "Capacity", "Size"],
        &[
            "Volt+ 20K|USD 39|74 Wh|15 x 7 x 2.5 cm",
            "Joule & Co. Mini|USD 19|18.5 Wh|9 x 4 x 2 cm",
        ],
    );
    request.word_count = 130;
    let draft = dress(&request, BANKS);
    Case {
        draft,
        request,
        catalogue,
    }
}

const BANKS: &str = "\
By price the Volt+ 20K ranks third of the 5 power banks listed here.[^c1][^c2] It costs USD 6 less than the Dr. Amp 20K and weighs 30 g less.[^c4][^c5]

## What it costs

You pay USD 39 for the Volt+.[^c3] Next below it comes the Dr. Amp 10.5K, which is USD 14 cheaper.[^c9]

## What you get

No bank here holds more than 74 Wh, and the Volt+ 20K, the Volt 20K and the Dr. Amp 20K all do.[^c8] Its capacity is four times that of the Joule & Co. Mini.[^c13] It has 2 ports, where the Volt 20K has 4.[^c6][^c7]

## What to weigh

- The case measures 15 x 7 x 2.5 cm.[^c11]
- Only 2 banks weigh less than 360 g.[^c10]

Choose the Volt 20K if you charge many things at once.";
