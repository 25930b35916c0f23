//! `cargo run -p va-contracts` writes the schemas in `events/` anew from the types.

use va_contracts::{
    events::{EventsError, write_schemas},
    root,
};

fn main() -> Result<(), EventsError> {
    for name in write_schemas(&root().join("events"))? {
        println!("wrote events/schemas/{name}.json");
    }
    Ok(())
}
