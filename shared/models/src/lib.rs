//! Language-model providers behind the Model port.
