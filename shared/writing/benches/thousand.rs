//! A thousand pages from five thousand rows: written, reviewed, compared, linked, built and checked as one site
//! within a minute and half a gibibyte: `cargo bench -p va-writing --bench thousand`.

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/many/mod.rs"]
mod many;

use std::time::Duration;

fn main() {
    let spent = many::make(5_000 / many::ROWS);
    assert!(spent.pages >= 1_000, "{} pages", spent.pages);
    assert!(spent.all() < Duration::from_secs(60), "{:?}", spent.all());
    let status =
        std::fs::read_to_string("/proc/self/status").expect("Linux tells what a process took");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    println!("peak memory: {}", peak.trim());
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("KiB");
    assert!(kib < 512 * 1024, "{kib} KiB");
}
