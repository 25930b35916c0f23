//! How a site earns.

use super::{Chance, columns::Table};

/// How the site earns: by a template, by the rows' own addresses, or not at all.
pub fn revenue(c: &mut Chance, table: &mut Table) -> (String, Option<String>) {
    let tag = (*c.of(&["guide-21", "a b&c=d", "tag/1"])).to_owned();
    let head = format!(
        "[revenue]\nmodel = \"affiliate\"\nprogramme = \"Example <Partners>\"\ntag = {tag:?}\n"
    );
    match c.below(5) {
        0 => ("[revenue]\nmodel = \"none\"\n".to_owned(), None),
        1 => {
            table.headers.push("url".to_owned());
            for (n, row) in table.rows.iter_mut().enumerate() {
                row.push(match c.below(10) {
                    0 => String::new(),
                    1 => format!("https://elsewhere.example/{n}"),
                    2 => "https://shop.example/the-same".to_owned(),
                    _ => format!(
                        "https://{}shop.example/p/{n}?aff=theirs&x={n}#top",
                        c.of(&["", "www.", "de."])
                    ),
                });
            }
            (
                head + "hosts = [\"shop.example\", \"other.example\"]\ntag_param = \"aff\"\n",
                Some(tag),
            )
        }
        2 => {
            table.headers.push("sku".to_owned());
            for (n, row) in table.rows.iter_mut().enumerate() {
                row.push(if c.percent(10) {
                    String::new()
                } else {
                    format!("S/{n} &?#")
                });
            }
            (
                head + "hosts = [\"Shop.example\"]\nlink = \"https://shop.example/p/{sku}?n={name}&aff={tag}\"\n",
                Some(tag),
            )
        }
        3 => (
            head + "hosts = [\"shop.example\", \"de.shop.example\"]\nlink = \"https://de.shop.example/{name}/{tag}\"\n",
            Some(tag),
        ),
        _ => (
            head + "hosts = [\"shop.example\"]\nlink = \"https://shop.example/p/{name}?aff={tag}\"\n",
            Some(tag),
        ),
    }
}
