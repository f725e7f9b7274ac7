//! Which letters is a language written with? And a script?
//!
//! In: a code, such as `pt` or `Cyrl`. Out: ranges of code points, both ends in. Letters of ASCII are not listed: every
//! encoding agrees on them.

mod table {
    type Ranges = &'static [(u32, u32)];

    include!(concat!(env!("OUT_DIR"), "/letters.rs"));

    pub(super) fn languages() -> &'static [(&'static str, Ranges)] {
        LANGUAGES
    }

    pub(super) fn scripts() -> &'static [(&'static str, &'static str, Ranges)] {
        SCRIPTS
    }
}

/// The letters of a language: its code, with whatever follows, such as `pt-BR` or `sr-Latn`; any case.
pub fn of_language(code: &str) -> Option<&'static [(u32, u32)]> {
    let wanted = code.replace('_', "-").to_ascii_lowercase();
    let mut wanted = &*wanted;
    loop {
        if let Ok(at) = table::languages().binary_search_by(|(code, _)| (*code).cmp(wanted)) {
            return Some(table::languages()[at].1);
        }
        wanted = wanted.rsplit_once('-')?.0;
    }
}

/// The letters of a script: its four-letter code or its name, any case.
pub fn of_script(code: &str) -> Option<Vec<(u32, u32)>> {
    let parts: &[&str] = match &*code.to_ascii_lowercase() {
        "hans" | "hant" => &["Hani"],
        "jpan" => &["Hani", "Hira", "Kana"],
        "kore" => &["Hang", "Hani"],
        "hrkt" => &["Hira", "Kana"],
        _ => &[],
    };
    let one = |wanted: &str| {
        let is = |known: &str| known.eq_ignore_ascii_case(wanted);
        table::scripts().iter().find(|(code, name, _)| is(code) || is(name)).map(|(_, _, ranges)| *ranges)
    };
    if parts.is_empty() {
        return one(code).map(<[_]>::to_vec);
    }
    Some(parts.iter().filter_map(|part| one(part)).flatten().copied().collect())
}

/// The codes of all languages.
pub fn languages() -> impl Iterator<Item = &'static str> {
    table::languages().iter().map(|(code, _)| *code)
}

/// The codes of all scripts.
pub fn scripts() -> impl Iterator<Item = &'static str> {
    table::scripts().iter().map(|(code, ..)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(ranges: &[(u32, u32)], c: char) -> bool {
        ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
    }

    #[test]
    fn codes_find_their_letters() {
        let pt = of_language("pt_BR").expect("Portuguese");
        assert!("ãõçéÁÊ".chars().all(|c| has(pt, c)) && !has(pt, 'ñ') && !has(pt, 'ř'));
        assert!(has(of_language("ja").expect("Japanese"), 'カ') && has(of_language("ZH").expect("Chinese"), '中'));
        assert!(has(of_language("sr-Latn").expect("Serbian"), 'đ') && !has(of_language("sr").expect("Serbian"), 'đ'));
        for code in ["Cyrl", "cyrillic"] {
            let ranges = of_script(code).expect("Cyrillic");
            assert!(has(&ranges, 'ж') && has(&ranges, 'Ґ') && !has(&ranges, 'é'));
        }
        assert!(of_language("xx").is_none() && of_script("Abcd").is_none() && of_script("Kore").is_some());
    }
}
