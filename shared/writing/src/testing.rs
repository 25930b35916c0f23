//! Catalogues for tests.
