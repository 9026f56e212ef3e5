//! medcode.
fn main() {}
