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
    /// `utf-7`
    Utf7,
    /// `ansi`
    Ansi,
    /// `controls`
    Controls,
    /// `entities=letters`, `entities=all`
    Entities(Entities),
    /// `ligatures`
    Ligatures,
    /// `width`
    Width,
    /// `spaces`
    Spaces,
    /// `quotes=straight`, or `quotes=` and a language
    Quotes(Quotes),
    /// `dashes`
    Dashes,
    /// `ellipsis`
    Ellipsis,
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

/// Which HTML entities are written as the characters they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entities {
    /// Those of characters outside ASCII.
    Letters,
    /// These, and `&amp;`, `&lt;`, `&gt;`, `&quot;` and the like, in text that is no markup.
    All,
}

/// What quotation marks become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // They are codes of languages.
#[rustfmt::skip]
pub enum Quotes {
    /// `'` and `"`.
    Straight,
    // As this language has them; its code in BCP 47.
    Bg, Cs, Da, De, El, En, Es, Et, Fi, Fr, Hr, Hu, It, Lt, Lv, Nb, Pl, Pt, Ro, Ru, Sk, Sl, Sv, Tr, Uk,
}

impl Quotes {
    #[rustfmt::skip]
    const ALL: [(Quotes, &str); 26] = [
        (Quotes::Straight, "straight"), (Quotes::Bg, "bg"), (Quotes::Cs, "cs"), (Quotes::Da, "da"), (Quotes::De, "de"),
        (Quotes::El, "el"), (Quotes::En, "en"), (Quotes::Es, "es"), (Quotes::Et, "et"), (Quotes::Fi, "fi"),
        (Quotes::Fr, "fr"), (Quotes::Hr, "hr"), (Quotes::Hu, "hu"), (Quotes::It, "it"), (Quotes::Lt, "lt"),
        (Quotes::Lv, "lv"), (Quotes::Nb, "nb"), (Quotes::Pl, "pl"), (Quotes::Pt, "pt"), (Quotes::Ro, "ro"),
        (Quotes::Ru, "ru"), (Quotes::Sk, "sk"), (Quotes::Sl, "sl"), (Quotes::Sv, "sv"), (Quotes::Tr, "tr"),
        (Quotes::Uk, "uk"),
    ];
}

impl Pass {
    /// The passes of the profile `ftfy`: what `fix_text` of that library does by default besides repair.
    pub const FTFY: [Pass; 8] = [
        Pass::Ansi,
        Pass::Controls,
        Pass::Entities(Entities::All),
        Pass::Ligatures,
        Pass::Width,
        Pass::Quotes(Quotes::Straight),
        Pass::Nfc,
        Pass::Eol(Eol::Lf),
    ];

    /// All passes with all there is to choose, in the order in which they are applied.
    pub fn all() -> impl Iterator<Item = Pass> {
        let first = [Pass::Utf7, Pass::Ansi, Pass::Controls];
        let entities = [Pass::Entities(Entities::Letters), Pass::Entities(Entities::All)];
        let letters = [Pass::Ligatures, Pass::Width, Pass::Spaces];
        let quotes = Quotes::ALL.into_iter().map(|(quotes, _)| Pass::Quotes(quotes));
        let signs = [Pass::Dashes, Pass::Ellipsis];
        let forms = [Pass::Nfc, Pass::Nfd, Pass::Nfkc, Pass::Nfkd];
        let ends = [Pass::Bom(Bom::Strip), Pass::Bom(Bom::Add), Pass::Eol(Eol::Lf), Pass::Eol(Eol::Crlf)];
        let text = first.into_iter().chain(entities).chain(letters).chain(quotes).chain(signs).chain(forms);
        text.chain(ends).chain([Pass::FinalNewline])
    }

    /// The rule that it follows.
    pub fn rule(self) -> Rule {
        match self {
            Pass::Bom(_) => Rule::Bom,
            Pass::Utf7 => Rule::Utf7,
            Pass::Ansi => Rule::Ansi,
            Pass::Controls => Rule::Controls,
            Pass::Entities(_) => Rule::Entities,
            Pass::Ligatures => Rule::Ligatures,
            Pass::Width => Rule::Width,
            Pass::Spaces => Rule::Spaces,
            Pass::Quotes(_) => Rule::Quotes,
            Pass::Dashes => Rule::Dashes,
            Pass::Ellipsis => Rule::Ellipsis,
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
            Pass::Entities(Entities::Letters) => Some("letters"),
            Pass::Entities(Entities::All) => Some("all"),
            Pass::Quotes(quotes) => Quotes::ALL.into_iter().find(|(known, _)| *known == quotes).map(|(_, name)| name),
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
        let all: Vec<String> = Pass::all().map(|pass| pass.to_string()).collect();
        if let Some(pass) = Pass::all().zip(&all).find(|(_, name)| *name == typed).map(|(pass, _)| pass) {
            return Ok(pass);
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
        for pass in Pass::all() {
            assert_eq!(pass.to_string().parse(), Ok(pass));
        }
        let why = |typed: &str| typed.parse::<Pass>().unwrap_err();
        assert_eq!(why("eol"), "`eol`: choose one of eol=lf, eol=crlf");
        assert_eq!(why("nfc=x"), "`nfc=x`: there is nothing to choose; write `nfc`");
        assert_eq!(why("contrls"), "unknown pass `contrls`; did you mean `controls`? `unbake rules` lists all");
    }
}
