//! The reviewer: recomputes what a writer claims, with code of its own.
