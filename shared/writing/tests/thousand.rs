//! A page of a large site takes no more time than one of a small. What a thousand pages take is measured by
//! `cargo bench -p va-writing --bench thousand`.

mod common;
mod many;

use many::make;

#[test]
fn a_page_takes_no_longer_on_a_site_of_eight_times_as_many() {
    // The first run warms up what is made once.
    let (_, small, large) = (make(1), make(1), make(8));
    assert!(
        large.pages > small.pages * 6,
        "{} and {}",
        small.pages,
        large.pages
    );
    assert!(
        large.a_page() < small.a_page() * 2,
        "a page took {:?} on the small site and {:?} on the large one",
        small.a_page(),
        large.a_page()
    );
}
