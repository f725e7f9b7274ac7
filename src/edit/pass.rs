//! The normalisation that was asked for, by name.

use std::fmt;
use std::str::FromStr;

use super::Rule;

/// One pass of normalisation, with its choice if there is one to make. Their order is that in which they are applied.
///
/// ```
/// use unbake::{Config, Engine, Pass};
/// let config = Config { normalize: vec![Pass::Nfc, "eol=lf".parse()?], ..Config::default() };
/// assert_eq!(Engine::new(config).repair("cafe\u{301}\r\n"), "café\n");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pass {
    /// `ansi`
    Ansi,
    /// `controls`
    Controls,
    /// `nfc`
    Nfc,
    /// `nfd`
    Nfd,
    /// `nfkc`
    Nfkc,
    /// `nfkd`
    Nfkd,
    /// `bom=strip`, `bom=add`
    Bom(Bom),
    /// `eol=lf`, `eol=crlf`
    Eol(Eol),
    /// `final-newline`
    FinalNewline,
}

/// What becomes of byte order marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bom {
    /// They go.
    Strip,
    /// Every text gets one.
    Add,
}

/// What line ends become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Eol {
    /// LF.
    Lf,
    /// CR LF.
    Crlf,
}

impl Pass {
    /// All passes, in the order in which they are applied.
    pub const ALL: [Pass; 11] = [
        Pass::Ansi,
        Pass::Controls,
        Pass::Nfc,
        Pass::Nfd,
        Pass::Nfkc,
        Pass::Nfkd,
        Pass::Bom(Bom::Strip),
        Pass::Bom(Bom::Add),
        Pass::Eol(Eol::Lf),
        Pass::Eol(Eol::Crlf),
        Pass::FinalNewline,
    ];

    /// The rule that it follows.
    pub fn rule(self) -> Rule {
        match self {
            Pass::Bom(_) => Rule::Bom,
            Pass::Ansi => Rule::Ansi,
            Pass::Controls => Rule::Controls,
            Pass::Nfc => Rule::Nfc,
            Pass::Nfd => Rule::Nfd,
            Pass::Nfkc => Rule::Nfkc,
            Pass::Nfkd => Rule::Nfkd,
            Pass::Eol(_) => Rule::Eol,
            Pass::FinalNewline => Rule::FinalNewline,
        }
    }

    /// The choice that was made, where there is one.
    pub fn choice(self) -> Option<&'static str> {
        match self {
            Pass::Bom(Bom::Strip) => Some("strip"),
            Pass::Bom(Bom::Add) => Some("add"),
            Pass::Eol(Eol::Lf) => Some("lf"),
            Pass::Eol(Eol::Crlf) => Some("crlf"),
            _ => None,
        }
    }
}

impl fmt::Display for Pass {
    /// As it is typed: `nfc`, `eol=lf`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule().name())?;
        self.choice().map_or(Ok(()), |choice| write!(f, "={choice}"))
    }
}

impl FromStr for Pass {
    type Err = String;

    /// # Errors
    /// When there is no such pass; the message names the nearest one.
    fn from_str(typed: &str) -> Result<Pass, String> {
        let all = Pass::ALL.map(|pass| pass.to_string());
        if let Some(at) = all.iter().position(|name| name == typed) {
            return Ok(Pass::ALL[at]);
        }
        let (name, choice) = typed.split_once('=').map_or((typed, None), |(name, choice)| (name, Some(choice)));
        let same: Vec<&str> =
            all.iter().map(String::as_str).filter(|known| known.split('=').next() == Some(name)).collect();
        Err(match (&same[..], choice) {
            ([], _) => {
                let near = super::nearest(name, all.iter().map(String::as_str)).unwrap_or_default();
                format!("unknown pass `{typed}`; did you mean `{near}`? `unbake rules` lists all")
            }
            ([one], Some(_)) => format!("`{typed}`: there is nothing to choose; write `{one}`"),
            (several, _) => format!("`{typed}`: choose one of {}", several.join(", ")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_read_as_they_are_written() {
        for pass in Pass::ALL {
            assert_eq!(pass.to_string().parse(), Ok(pass));
        }
        let why = |typed: &str| typed.parse::<Pass>().unwrap_err();
        assert_eq!(why("eol"), "`eol`: choose one of eol=lf, eol=crlf");
        assert_eq!(why("nfc=x"), "`nfc=x`: there is nothing to choose; write `nfc`");
        assert_eq!(why("contrls"), "unknown pass `contrls`; did you mean `controls`? `unbake rules` lists all");
    }
}
