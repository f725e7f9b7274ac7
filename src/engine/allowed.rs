//! Text that the settings say is right as it stands: exact strings, and what regular expressions match within a line.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::config::Config;
use crate::error::Error;

/// What is right as it stands.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    strings: Vec<String>,
    patterns: Vec<Regex>,
}

impl Allowed {
    /// # Errors
    /// When a regular expression is none.
    pub fn new(config: &Config) -> Result<Allowed, Error> {
        let strings = config.allow.iter().filter(|string| !string.is_empty()).cloned().collect();
        let pattern = |pattern: &String| {
            // A line comes with its end.
            RegexBuilder::new(pattern).multi_line(true).crlf(true).build().map_err(|e| {
                // The reason is in the last line; those before it draw the place.
                let why = e.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Error::usage(format!("allow-regex: `{pattern}` is no regular expression: {why}"))
            })
        };
        Ok(Allowed { strings, patterns: config.allow_regex.iter().map(pattern).collect::<Result<_, _>>()? })
    }

    /// Whether one of the strings covers a range of a text. Looks around the range only, however long the text: there may be
    /// many edits in it.
    pub fn covers(&self, text: &str, range: Range<usize>) -> bool {
        let bytes = text.as_bytes();
        let covers = |s: &[u8]| (range.end.saturating_sub(s.len())..=range.start).any(|at| bytes[at..].starts_with(s));
        self.strings.iter().any(|s| s.len() >= range.len() && covers(s.as_bytes()))
    }

    /// Where the strings stand in a text.
    pub fn strings_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'t> {
        self.strings.iter().flat_map(move |string| text.match_indices(&**string).map(|(at, s)| at..at + s.len()))
    }

    /// Whether there are regular expressions.
    pub fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// What the regular expressions match in a text, line by line.
    pub fn matches_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'t> {
        let found = |pattern: &'t Regex| pattern.find_iter(text).map(|found| found.range());
        self.patterns.iter().flat_map(found).filter(|range| !range.is_empty())
    }
}
