//! Tests of the scan: what it finds, and that it finds what its twin does.

use super::*;

#[test]
fn right_text_has_no_suspect() {
    for text in ["plain", "naïve café – “right” Привет", "日本語のテキスト", "Ελληνικά", "한국어 문장입니다"]
    {
        assert_eq!(next_suspect(text, 0), None, "{text}");
    }
}

#[test]
fn damage_is_suspect_where_it_begins_or_a_little_later() {
    for (text, begins) in [
        ("ab cafÃ©", 6),
        ("éâ€™s", 2),
        ("x ðŸ˜€", 2),
        ("lone \u{92} control", 5),
        ("ab РџСЂРёРІРµС‚", 3),
        ("It鈥檚 here", 2),
        ("Ïðèâåò, ìèð", 0),
    ] {
        let found = next_suspect(text, 0).unwrap_or_else(|| panic!("nothing in {text}"));
        assert!((begins..begins + 8).contains(&found), "{text}: {found}");
    }
    assert_eq!(next_suspect("cafÃ©", 7), None);
}

#[test]
fn scripts_whose_letters_are_sequences_of_their_own_page_pass() {
    for text in ["Съешь ещё этих мягких французских булок", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า", "نص حكيم له سر قاطع"]
    {
        assert_eq!(next_suspect(text, 0), None, "{text}");
    }
}
