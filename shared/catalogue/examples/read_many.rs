//! Reads a made-up catalogue of 100,000 rows, as CSV and as JSON, and says how large it was. Run it under a
//! clock: `time cargo run --release -p va-catalogue --example read_many -- 100000`.

use std::{collections::BTreeMap, error::Error, fmt::Write as _};

use va_catalogue::{Format, Inspection, read};
use va_domain::goal_spec::CatalogueSection;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: usize = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    let hints = CatalogueSection {
        file: "made-up.csv".to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    };
    let csv = csv(rows)?;
    let catalogue = read(csv.as_bytes(), Format::Csv, &hints)?;
    println!(
        "{} bytes of CSV\n{}",
        csv.len(),
        Inspection::of(&catalogue).to_text()
    );
    drop((csv, catalogue));
    if std::env::args().nth(2).as_deref() == Some("json") {
        let json = json(rows)?;
        let catalogue = read(json.as_bytes(), Format::Json, &hints)?;
        println!(
            "{} bytes of JSON\n{}",
            json.len(),
            Inspection::of(&catalogue).to_text()
        );
    }
    Ok(())
}

fn csv(rows: usize) -> Result<String, std::fmt::Error> {
    let mut text =
        "name,sku,brand,price_eur,weight,tank,pressure_bar,size,runtime,app,seen,url,note\n"
            .to_owned();
    for n in 0..rows {
        let weight = if n % 3 == 0 {
            format!("{} g", 500 + n % 7000)
        } else {
            format!("{}.{:02} kg", n % 9 + 1, n % 100)
        };
        let runtime = if n % 2 == 0 {
            format!("{} min", n % 90 + 1)
        } else {
            format!("1 h {} min", n % 59 + 1)
        };
        writeln!(
            text,
            "Machine {n},SKU-{n},Brand {},\"1,{:03}.50\",{weight},{}.5 l,{},{} x {} x 30 cm,{runtime},{},2026-{:02}-{:02},\
             https://shop.example/p/{n},\"A longer text about number {n}, which says \"\"little\"\" that counts\"",
            n % 40,
            n % 1000,
            n % 4,
            n % 12 + 4,
            n % 30 + 10,
            n % 20 + 10,
            if n % 2 == 0 { "yes" } else { "no" },
            n % 12 + 1,
            n % 28 + 1,
        )?;
    }
    Ok(text)
}

fn json(rows: usize) -> Result<String, std::fmt::Error> {
    let mut text = "[".to_owned();
    for n in 0..rows {
        let comma = if n == 0 { "" } else { "," };
        write!(
            text,
            "{comma}{{\"name\": \"Machine {n}\", \"brand\": \"Brand {}\", \"priceEur\": {}.50, \"weightKg\": {}, \"tags\": [\"a\", {n}], \"app\": {}}}",
            n % 40,
            n % 900,
            n % 9 + 1,
            n % 2 == 0,
        )?;
    }
    text.push_str("]\n");
    Ok(text)
}
