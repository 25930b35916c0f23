//! The company on a virtual clock, under faults.
