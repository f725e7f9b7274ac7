//! The class of a character: what it is for, as far as letter statistics care.

use unicode_properties::{GeneralCategory as G, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// Scripts with a class of their own; the others are `rare`.
const LIVING: &[Script] = &[
    Script::Greek,
    Script::Cyrillic,
    Script::Armenian,
    Script::Hebrew,
    Script::Arabic,
    Script::Syriac,
    Script::Thaana,
    Script::Nko,
    Script::Devanagari,
    Script::Bengali,
    Script::Gurmukhi,
    Script::Gujarati,
    Script::Oriya,
    Script::Tamil,
    Script::Telugu,
    Script::Kannada,
    Script::Malayalam,
    Script::Sinhala,
    Script::Thai,
    Script::Lao,
    Script::Tibetan,
    Script::Myanmar,
    Script::Georgian,
    Script::Hangul,
    Script::Ethiopic,
    Script::Cherokee,
    Script::Canadian_Aboriginal,
    Script::Khmer,
    Script::Mongolian,
    Script::Hiragana,
    Script::Katakana,
    Script::Bopomofo,
    Script::Han,
    Script::Tifinagh,
    Script::Ol_Chiki,
];

/// Whether `c` combines with the character before it.
pub fn is_mark(c: char) -> bool {
    matches!(c.general_category(), G::NonspacingMark | G::SpacingMark)
}

/// The name of the class of `c`.
pub fn class(c: char) -> String {
    let o = c as u32;
    let name = match c {
        'a'..='z' => "latin-ascii-lower",
        'A'..='Z' => "latin-ascii-upper",
        '0'..='9' => "digit",
        ' ' | '\t' | '\n' | '\r' | '\u{c}' => "space",
        '.' | ',' | ';' | ':' | '!' | '?' => "stop",
        '(' | '[' | '{' | '<' => "open-ascii",
        ')' | ']' | '}' | '>' => "close-ascii",
        '"' | '\'' | '`' => "quote-ascii",
        '\0'..='\x1f' | '\x7f' => "c0",
        '!'..='~' => "symbol-ascii",
        '\u{80}'..='\u{9f}' => "c1",
        '\u{ad}' => "soft-hyphen",
        '\u{fffd}' => "replacement",
        '…' => "ellipsis",
        '©' | '®' | '™' | '°' => "sign",
        '±' | '×' | '÷' | '¬' => "math-latin1",
        '·' | '•' | '§' | '¶' | '†' | '‡' | '‰' => "mark-sign",
        '¡' | '¿' => "stop-open",
        'ª' | 'º' => "ordinal",
        '\u{3000}'..='\u{303f}'
        | '\u{ff00}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}'
        | '・' => "cjk-punctuation",
        '\u{ff66}'..='\u{ff9f}' => "katakana-half",
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => "fullwidth",
        '\u{2500}'..='\u{259f}' => "box",
        '\u{25a0}'..='\u{25ff}' => "geometric",
        '\u{2190}'..='\u{21ff}' => "arrow",
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => "pictograph",
        _ => "",
    };
    if !name.is_empty() {
        return name.to_string();
    }
    let general = c.general_category();
    let case = match general {
        G::UppercaseLetter | G::TitlecaseLetter => "upper",
        G::LowercaseLetter => "lower",
        _ => "other",
    };
    match general {
        G::PrivateUse => "private".into(),
        G::Unassigned | G::Surrogate => "unassigned".into(),
        G::Control => "c0".into(),
        G::Format => "format".into(),
        G::SpaceSeparator | G::LineSeparator | G::ParagraphSeparator => "space-other".into(),
        G::InitialPunctuation | G::OpenPunctuation => "open".into(),
        G::FinalPunctuation | G::ClosePunctuation => "close".into(),
        G::DashPunctuation => "dash".into(),
        G::ConnectorPunctuation | G::OtherPunctuation => match c.script() {
            Script::Common => {
                if o < 0x250 {
                    "punctuation-latin1".into()
                } else {
                    "punctuation".into()
                }
            }
            _ => "punctuation-script".into(),
        },
        G::CurrencySymbol => "currency".into(),
        G::MathSymbol => "math".into(),
        G::ModifierSymbol => {
            if o < 0x250 {
                "modifier-latin1".into()
            } else {
                "modifier".into()
            }
        }
        G::OtherSymbol => "symbol".into(),
        G::OtherNumber => {
            if o < 0x250 {
                "number-latin1".into()
            } else {
                "number".into()
            }
        }
        G::LetterNumber => "number".into(),
        G::DecimalNumber => "digit-other".into(),
        G::NonspacingMark | G::SpacingMark | G::EnclosingMark => match c.script() {
            Script::Inherited | Script::Common => "mark".into(),
            s if LIVING.contains(&s) => format!("{}-mark", s.full_name().to_lowercase()),
            _ => "rare-mark".into(),
        },
        _ => match c.script() {
            Script::Latin => match o {
                ..0x100 => format!("latin-1-{case}"),
                0x100..0x180 => format!("latin-a-{case}"),
                0x218..=0x21B => format!("latin-a-{case}"),
                0x1EA0..0x1F00 | 0x1A0 | 0x1A1 | 0x1AF | 0x1B0 => format!("latin-vietnamese-{case}"),
                0x180..0x250 => format!("latin-b-{case}"),
                0x1E00..0x1EA0 => format!("latin-additional-{case}"),
                0x250..0x2B0 => "latin-ipa".into(),
                _ => format!("latin-rare-{case}"),
            },
            Script::Cyrillic => match o {
                0x410..=0x44F | 0x401 | 0x451 => format!("cyrillic-{case}"),
                0x400..0x460 | 0x490 | 0x491 => format!("cyrillic-national-{case}"),
                _ => format!("cyrillic-rare-{case}"),
            },
            Script::Greek => match o {
                0x370..0x3D0 => format!("greek-{case}"),
                0x1F00..0x2000 => format!("greek-polytonic-{case}"),
                _ => "greek-rare".into(),
            },
            Script::Arabic => match o {
                0x600..0x64B => "arabic".into(),
                0x64B..0x700 => "arabic-extended".into(),
                _ => "arabic-rare".into(),
            },
            Script::Hangul => {
                if (0xAC00..0xD7A4).contains(&o) {
                    "hangul".into()
                } else {
                    "hangul-jamo".into()
                }
            }
            Script::Han => {
                if (0x4E00..0xA000).contains(&o) {
                    "han".into()
                } else {
                    "han-rare".into()
                }
            }
            Script::Common | Script::Inherited => format!("letter-common-{case}"),
            s if LIVING.contains(&s) => s.full_name().to_lowercase(),
            _ => "rare".into(),
        },
    }
}
