//! The rules that change or report text which no mixup explains, by name.

use std::fmt;
use std::str::FromStr;

/// A rule besides the repair of mixups.
///
/// ```
/// use unbake::Rule;
/// assert_eq!("final-newline".parse(), Ok(Rule::FinalNewline));
/// assert!("final-line".parse::<Rule>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Text in UTF-7 that was read as ASCII.
    Utf7,
    /// Escape sequences of terminals.
    Ansi,
    /// Control characters.
    Controls,
    /// HTML entities.
    Entities,
    /// Ligatures.
    Ligatures,
    /// Characters of full and half width.
    Width,
    /// Spaces other than the space.
    Spaces,
    /// Quotation marks and apostrophes.
    Quotes,
    /// Dashes, hyphens and minus signs.
    Dashes,
    /// The three dots.
    Ellipsis,
    /// Normalisation form C of Unicode.
    Nfc,
    /// Normalisation form D.
    Nfd,
    /// Normalisation form KC.
    Nfkc,
    /// Normalisation form KD.
    Nfkd,
    /// The byte order mark.
    Bom,
    /// Line ends.
    Eol,
    /// The line end at the end of a file.
    FinalNewline,
    /// The encoding of a whole file, which becomes UTF-8.
    Utf8,
    /// Controls that change the order in which text is shown.
    Bidi,
    /// Characters that cannot be seen.
    Invisible,
    /// U+FFFD.
    Replacement,
    /// Words with letters of several scripts.
    MixedScript,
    /// Comments for unbake that nothing needs.
    UnusedIgnore,
}

impl Rule {
    /// All rules, in the order in which they are applied; then those that only report.
    pub const ALL: [Rule; 23] = [
        Rule::Utf7,
        Rule::Ansi,
        Rule::Controls,
        Rule::Entities,
        Rule::Ligatures,
        Rule::Width,
        Rule::Spaces,
        Rule::Quotes,
        Rule::Dashes,
        Rule::Ellipsis,
        Rule::Nfc,
        Rule::Nfd,
        Rule::Nfkc,
        Rule::Nfkd,
        Rule::Bom,
        Rule::Eol,
        Rule::FinalNewline,
        Rule::Utf8,
        Rule::Bidi,
        Rule::Invisible,
        Rule::Replacement,
        Rule::MixedScript,
        Rule::UnusedIgnore,
    ];

    /// Whether it only reports, and changes nothing.
    pub fn reports(self) -> bool {
        self >= Rule::Bidi
    }

    /// The rule's name, as written in output, options and settings.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Bom => "bom",
            Rule::Utf7 => "utf-7",
            Rule::Ansi => "ansi",
            Rule::Controls => "controls",
            Rule::Eol => "eol",
            Rule::FinalNewline => "final-newline",
            Rule::Entities => "entities",
            Rule::Ligatures => "ligatures",
            Rule::Width => "width",
            Rule::Spaces => "spaces",
            Rule::Quotes => "quotes",
            Rule::Dashes => "dashes",
            Rule::Ellipsis => "ellipsis",
            Rule::Nfc => "nfc",
            Rule::Nfd => "nfd",
            Rule::Nfkc => "nfkc",
            Rule::Nfkd => "nfkd",
            Rule::Utf8 => "utf-8",
            Rule::Bidi => "bidi",
            Rule::Invisible => "invisible",
            Rule::Replacement => "replacement",
            Rule::MixedScript => "mixed-script",
            Rule::UnusedIgnore => "unused-ignore",
        }
    }

    /// What it does, in one line.
    pub fn about(self) -> &'static str {
        match self {
            Rule::Bom => "removes or adds the byte order mark at the start of a file",
            Rule::Utf7 => "reads text in UTF-7 that was read as ASCII, such as `caf+AOk-`",
            Rule::Ansi => "removes escape sequences of terminals, such as colours",
            Rule::Controls => "removes control characters other than tab, line feed, form feed and carriage return",
            Rule::Eol => "makes all line ends LF, or CRLF",
            Rule::FinalNewline => "adds the line end that is missing at the end of a file",
            Rule::Entities => "writes HTML entities as the characters they stand for",
            Rule::Ligatures => "writes Latin ligatures as the letters that they join",
            Rule::Width => "writes letters of full and half width in ordinary width",
            Rule::Spaces => "makes all spaces ordinary ones, and removes those without width and soft hyphens",
            Rule::Quotes => "makes quotation marks and apostrophes straight, or as a language has them",
            Rule::Dashes => "makes hyphens, en dashes and minus signs `-`, and em dashes `--`",
            Rule::Ellipsis => "makes the character for three dots three dots",
            Rule::Nfc => "composes characters: Unicode normalisation form C",
            Rule::Nfd => "decomposes characters: Unicode normalisation form D",
            Rule::Nfkc => "composes characters and replaces compatibility characters: form KC",
            Rule::Nfkd => "decomposes characters and replaces compatibility characters: form KD",
            Rule::Utf8 => "converts files in other encodings to UTF-8",
            Rule::Bidi => "reports controls that show text in another order than it is read in (Trojan Source)",
            Rule::Invisible => {
                "reports characters that cannot be seen at words, where neither a script nor an emoji needs them"
            }
            Rule::Replacement => "reports U+FFFD, the character for what could not be read",
            Rule::MixedScript => {
                "reports words with letters of several scripts that look alike, such as Latin and Cyrillic"
            }
            Rule::UnusedIgnore => "reports comments such as `unbake: ignore` that nothing needs (on by default)",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Rule {
    type Err = String;

    /// # Errors
    /// When there is no rule of this name; the message names the nearest one.
    fn from_str(name: &str) -> Result<Rule, String> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name).ok_or_else(|| {
            let near = super::nearest(name, Rule::ALL.into_iter().map(Rule::name)).unwrap_or_default();
            format!("unknown rule `{name}`; did you mean `{near}`? `unbake rules` lists all")
        })
    }
}

/// Some rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleSet(u32);

impl RuleSet {
    /// No rule.
    pub const NONE: RuleSet = RuleSet(0);

    /// These rules and that one.
    #[must_use]
    pub fn with(self, rule: Rule) -> RuleSet {
        RuleSet(self.0 | 1 << rule as u32)
    }

    /// All rules of both.
    #[must_use]
    pub fn union(self, other: RuleSet) -> RuleSet {
        RuleSet(self.0 | other.0)
    }

    /// Whether `rule` is among them.
    pub fn has(self, rule: Rule) -> bool {
        self.0 & 1 << rule as u32 != 0
    }

    /// Whether one of them reports something about text.
    pub fn looks_at_text(self) -> bool {
        self.iter().any(|rule| rule.reports() && rule != Rule::UnusedIgnore)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rules, in the order in which they are applied.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.has(*rule))
    }
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> RuleSet {
        rules.into_iter().fold(RuleSet::NONE, RuleSet::with)
    }
}

impl fmt::Display for RuleSet {
    /// The names, with ` + ` between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, rule) in self.iter().enumerate() {
            write!(f, "{}{rule}", if i > 0 { " + " } else { "" })?;
        }
        Ok(())
    }
}
