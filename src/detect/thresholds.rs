//! From which evidence on a place is worth a thought. Costs are in eighths of a nat; `build/scan.rs` reads this file too.

/// How many parts of a nat costs are counted in; [`crate::model::PER_NAT`] is the same.
const PER_NAT: i32 = 8;
/// Promises that do not reach this add up to nothing. Less than any mixup costs to enter.
pub const ENOUGH: i32 = 6 * PER_NAT;
/// How much more than usual a character costs before it is a surprise.
pub const MORE: i32 = 2 * PER_NAT;
/// A single character adds no more surprise than this.
pub const DEAREST: i32 = 10 * PER_NAT;
/// How much more than usual a character of a usual pair costs, at most.
pub const USUAL: i32 = PER_NAT / 2;
/// This much surprise is looked into.
pub const TOO_MUCH: i32 = 10 * PER_NAT;
/// What a promise, and a surprise in ASCII, loses with each byte of distance.
pub const FADES: i32 = 1;
