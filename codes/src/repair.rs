//! Repairs of typing errors: which known code was meant.

pub mod lookalike;
pub mod nearest;
pub mod placeholder;
