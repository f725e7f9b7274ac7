//! `unbake pipe`: streams and records.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::support::{BROKEN, Place, RIGHT, clean};

#[test]
fn a_stream_keeps_all_other_bytes() {
    let place = Place::new();
    let input = [b"\xEF\xBB\xBFa\0b \xFF\r\n\xC3\xA9\r\n".as_slice(), BROKEN.as_bytes(), b"\r\nno end \xC3"].concat();
    let right = [b"\xEF\xBB\xBFa\0b \xFF\r\n\xC3\xA9\r\n".as_slice(), RIGHT.as_bytes(), b"\r\nno end \xC3"].concat();
    let ran = place.feed(&["pipe"], input);
    assert_eq!((ran.status, ran.out), (0, right));
    assert_eq!(place.feed(&["pipe"], "").out, b"");
    let long = format!("{}{BROKEN}\n", clean(100_000)).repeat(30);
    assert!(place.feed(&["pipe"], &long).out == long.replace(BROKEN, RIGHT).into_bytes());
}

#[test]
fn records_keep_everything_but_the_field() {
    let place = Place::new();
    let input = concat!(
        "{ \"n\" : 1.50, \"text\": \"Peterâ€™s hat\", \"other\":\"Peterâ€™s hat\" }\r\n",
        "\n",
        "  \n",
        "{\"text\":\"Peter\\u00e2\\u20ac\\u2122s \\/ hat\\t\"}\n",
        "{\"text\":\"Peter\\u00E2\\u20AC\\u2122s hat\"}\n",
        "{\"text\":\"half \\ud800 Peterâ€™s hat\"}\n",
        "{\"text\":null,\"a\":{\"text\":\"Peterâ€™s hat\"}}\n",
        "{\"text\":[\"Peterâ€™s hat\"]}\n",
        "{}",
    );
    let right = concat!(
        "{ \"n\" : 1.50, \"text\": \"Peter’s hat\", \"other\":\"Peterâ€™s hat\" }\r\n",
        "\n",
        "  \n",
        "{\"text\":\"Peter\\u2019s \\/ hat\\t\"}\n",
        "{\"text\":\"Peter\\u2019s hat\"}\n",
        "{\"text\":\"half \\ud800 Peterâ€™s hat\"}\n",
        "{\"text\":null,\"a\":{\"text\":\"Peterâ€™s hat\"}}\n",
        "{\"text\":[\"Peterâ€™s hat\"]}\n",
        "{}",
    );
    let ran = place.feed(&["pipe", "--jsonl"], input);
    assert_eq!((ran.status, &*ran.text()), (0, right), "{}", ran.err);
    let verbose = place.feed(&["pipe", "--jsonl", "-v"], input).err;
    assert!(verbose.contains("3 edits") && verbose.contains("1 record with a lone surrogate"), "{verbose}");
}

#[test]
fn fields_are_named_and_may_lie_deeper() {
    let place = Place::new();
    let input =
        "{\"title\":\"Peterâ€™s\",\"text\":\"Peterâ€™s\",\"meta\":{\"by\":\"Peterâ€™s\",\"text\":\"Peterâ€™s\"}}\n";
    let right = "{\"title\":\"Peter’s\",\"text\":\"Peterâ€™s\",\"meta\":{\"by\":\"Peter’s\",\"text\":\"Peterâ€™s\"}}\n";
    let ran = place.feed(&["pipe", "--jsonl", "--field", "title", "--field", "meta.by"], input);
    assert_eq!(ran.text(), right);
    let chat = "{\"messages\":[{\"role\":\"a\",\"content\":\"Peterâ€™s\"},{\"content\":\"fine\"}]}\n";
    let ran = place.feed(&["pipe", "--jsonl", "--field", "messages.content"], chat);
    assert_eq!(ran.text(), chat.replace("â€™", "’"));
}

#[test]
fn a_line_that_is_no_object_ends_the_run() {
    let place = Place::new();
    for bad in ["not JSON", "[1]", "{\"text\":", "{\"text\":1}}", "3"] {
        let input = format!("{{\"text\":\"{BROKEN}\"}}\n{bad}\n{{\"text\":\"later\"}}\n");
        let ran = place.feed(&["pipe", "--jsonl"], &input);
        assert_eq!((ran.status, ran.text()), (2, format!("{{\"text\":\"{RIGHT}\"}}\n")), "{bad}");
        assert!(ran.err.contains("line 2: no JSON object"), "{}", ran.err);
        let ran = place.feed(&["pipe", "--jsonl", "--keep-going"], &input);
        assert_eq!((ran.status, ran.text()), (2, input.replace(BROKEN, RIGHT)), "{bad}");
        assert!(ran.err.contains("1 line passed on unchanged"), "{}", ran.err);
    }
}

#[test]
fn order_and_result_do_not_depend_on_threads() {
    let place = Place::new();
    let records: String = (0..20_000)
        .map(|n| format!("{{\"n\":{n},\"text\":\"{}\"}}\n", if n % 3 == 0 { BROKEN } else { "nothing" }))
        .collect();
    let right = records.replace(BROKEN, RIGHT);
    for threads in ["1", "2", "7"] {
        let ran = place.feed(&["pipe", "--jsonl", "-j", threads], &records);
        assert!(ran.text() == right, "{threads} threads");
    }
}

#[test]
fn records_do_not_influence_each_other() {
    let place = Place::new();
    let one = "{\"text\":\"a “DÃ©jÃ” b\"}\n";
    let alone = place.feed(&["pipe", "--jsonl"], one).text();
    let many = format!("{{\"text\":\"{BROKEN}\"}}\n").repeat(50);
    let among = place.feed(&["pipe", "--jsonl"], format!("{many}{one}")).text();
    assert!(among.ends_with(&alone), "{alone}");
}

#[test]
fn it_works_as_a_line_filter() {
    let place = Place::new();
    let mut command = place.command(&["pipe", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for n in 0..5 {
        writeln!(stdin, "{{\"n\":{n},\"text\":\"{BROKEN}\"}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"n\":{n},\"text\":\"{RIGHT}\"}}\n"));
    }
    // An error ends the program even though its input stays open.
    writeln!(stdin, "no object").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn a_byte_order_mark_is_kept() {
    let place = Place::new();
    let input = format!("\u{FEFF}{{\"text\":\"{BROKEN}\"}}\n");
    assert_eq!(place.feed(&["pipe", "--jsonl"], &input).text(), input.replace(BROKEN, RIGHT));
}

#[test]
fn clean_records_of_every_shape_pass_and_broken_ones_beside_them_do_not() {
    let place = Place::new();
    let clean = [
        "{\"text\":\"two\\nlines, \\\"quoted\\\", caf\\u00e9 \\ud83d\\ude00 \\\\ \\/\"}\r\n".to_owned(),
        format!(
            "{{\"text\":\"{}\",\"other\":\"Peterâ€™s hat\"}}\n",
            "a long text, “quoted”, ещё одно слово ".repeat(30_000)
        ),
        "{\"n\":[1,2.5e-3,{\"text\":\"Peterâ€™s hat\"}],\"text\":\"\"}\n".to_owned(),
        "{\"text\":\"half \\udc00 a character\"}\n".to_owned(),
        format!("{{\"deep\":{}{},\"text\":\"fine\"}}\n", "[".repeat(100), "]".repeat(100)),
        "\r\n".to_owned(),
        "{\"text\":\"unbake: ignore Peterâ€™s hat\"}\n".to_owned(),
        "{\"text\":\"\\u0075nbake: ignore Peterâ€™s hat\"}\n".to_owned(),
    ]
    .concat();
    let broken = "{\"te\\u0078t\":\"Peterâ€™s\\nhat\"}\r\n{\"text\":\"Peter\\u00e2\\u20ac\\u2122s\"}\n";
    let right = "{\"te\\u0078t\":\"Peter’s\\nhat\"}\r\n{\"text\":\"Peter\\u2019s\"}\n";
    for threads in ["1", "3"] {
        let ran = place.feed(&["pipe", "--jsonl", "-j", threads], format!("{clean}{broken}{clean}"));
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert!(ran.text() == format!("{clean}{right}{clean}"), "{threads} threads");
    }
}

#[test]
fn bad_lines_keep_their_numbers_and_their_place() {
    let place = Place::new();
    let mut input = String::new();
    for n in 1..=30_000 {
        input += &match n {
            9_000 => "{\"text\":\"no end\n".to_owned(),
            20_001 => "\"text\"\r\n".to_owned(),
            n if n % 1000 == 0 => format!("{{\"n\":{n},\"text\":\"{BROKEN}\"}}\n"),
            n => format!("{{\"n\":{n},\"text\":\"nothing\"}}\n"),
        };
    }
    let ran = place.feed(&["pipe", "--jsonl", "--keep-going"], &input);
    assert_eq!(ran.status, 2);
    assert!(ran.text() == input.replace(BROKEN, RIGHT));
    for line in ["line 9000: no JSON object", "line 20001: no JSON object", "2 lines passed on unchanged"] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    let ran = place.feed(&["pipe", "--jsonl", "-j", "2"], &input);
    let before = &input[..input.find("{\"text\":\"no end").unwrap()];
    assert!(ran.status == 2 && ran.text() == before.replace(BROKEN, RIGHT));
}

#[test]
fn text_in_another_encoding_is_repaired_in_it() {
    let place = Place::new();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let ran = place.feed(&["pipe", "--encoding", "utf-16le"], wide(&format!("one\r\n{BROKEN}\r\n")));
    assert_eq!((ran.status, &ran.out), (0, &wide(&format!("one\r\n{RIGHT}\r\n"))), "{}", ran.err);
    // unbake: ignore-next-line
    let (broken, right) = (b"le caf\xC3\xA9 noir, tr\xC3\xA8s chaud\n", b"le caf\xE9 noir, tr\xE8s chaud\n");
    assert_eq!(place.feed(&["pipe", "--encoding", "latin1", "--consensus"], broken).out, right);
    assert_eq!(place.feed(&["pipe", "--encoding", "utf-8"], broken).out, broken);
    place.write("unbake.toml", "encoding = \"windows-1252\"");
    assert_eq!(place.feed(&["pipe"], broken).out, right, "as `check` has it from the settings");
    assert_eq!(place.feed(&["pipe", "--jsonl"], "{\"text\":\"é\"}\n").out, "{\"text\":\"é\"}\n".as_bytes());
    let ran = place.feed(&["pipe", "--encoding", "windows-1252"], b"Dvo\xC5\x99\xC3\xA1k\n");
    assert!(ran.err.contains("has no `ř`") && ran.out == b"Dvo\xC5\x99\xC3\xA1k\n", "{}", ran.err);
    for wrong in [&["pipe", "--encoding", "latin1", "--jsonl"][..], &["pipe", "--encoding", "latin11"]] {
        assert_eq!(place.feed(wrong, "x").status, 2);
    }
}
