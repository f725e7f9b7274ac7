//! Where is what outlives a run, and what time is it?
//!
//! In: the environment. Out: the folder of the journals, and times as text. Must not: create anything.

use std::env;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::Error;

/// The folder that holds the journals: `$UNBAKE_STATE_DIR`, else `unbake` in the user's state folder.
///
/// # Errors
/// When the environment names neither a state folder nor a home.
pub fn folder() -> Result<PathBuf, Error> {
    let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The XDG specification has relative paths ignored.
    let absolute = |name: &str| named(name).filter(|path| path.is_absolute());
    if let Some(own) = named("UNBAKE_STATE_DIR") {
        return Ok(std::path::absolute(own)?);
    }
    if let Some(local) = absolute("LOCALAPPDATA").filter(|_| cfg!(windows)) {
        return Ok(local.join("unbake"));
    }
    absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local").join("state")))
        .map(|state| state.join("unbake"))
        .ok_or_else(|| Error::usage("no folder for the undo journal: set UNBAKE_STATE_DIR or HOME"))
}

/// Nanoseconds since 1970, now.
pub fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

/// A time (nanoseconds since 1970) in UTC, as `2025-01-31 23:59:59`.
pub fn readable(nanos: u128) -> String {
    let seconds = (nanos / 1_000_000_000) as u64;
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// The date of a day, counted from 1970-01-01, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is a year's last, in eras of 400 years (146,097 days).
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let march_month = (5 * in_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, in_year - (153 * march_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(readable(0), "1970-01-01 00:00:00");
        assert_eq!(readable(951_827_696_000_000_000), "2000-02-29 12:34:56");
        assert_eq!(readable(4_102_444_799_999_999_999), "2099-12-31 23:59:59");
    }
}
