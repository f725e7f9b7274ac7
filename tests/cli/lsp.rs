//! `unbake lsp`, spoken to as an editor speaks.

use serde_json::{Value, json};

use crate::support::{BROKEN, Place};

/// An editor that says these things, and what it hears: `initialize` with these capabilities comes first, the end last.
fn talk(place: &Place, capabilities: Value, messages: &[Value]) -> (i32, Vec<Value>) {
    let first = json!({ "id": 0, "method": "initialize", "params": { "capabilities": capabilities } });
    let last = [json!({ "id": 99, "method": "shutdown" }), json!({ "method": "exit" })];
    let mut said = String::new();
    for message in [first].iter().chain(messages).chain(&last) {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        said += &format!("Content-Length: {}\r\n\r\n{text}", text.len());
    }
    let ran = place.feed(&["lsp"], said);
    let (text, mut heard) = (ran.text(), Vec::new());
    let mut rest = text.as_str();
    while let Some((head, after)) = rest.split_once("\r\n\r\n") {
        let length: usize = head.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        heard.push(serde_json::from_str(&after[..length]).unwrap());
        rest = &after[length..];
    }
    assert_eq!(rest, "", "{}", ran.err);
    (ran.status, heard)
}

fn open(uri: &str, language: &str, text: &str) -> Value {
    let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
    json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } })
}

fn actions(id: u64, uri: &str, line: u64) -> Value {
    let range = json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 99 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    json!({ "id": id, "method": "textDocument/codeAction", "params": params })
}

/// The diagnostics that were published, time by time.
fn diagnostics(heard: &[Value]) -> Vec<&Vec<Value>> {
    let published = heard.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    published.map(|message| message["params"]["diagnostics"].as_array().expect("a list")).collect()
}

fn uri(place: &Place, name: &str) -> String {
    format!("file://{}", place.path(name).display())
}

#[test]
fn positions_are_counted_as_agreed() {
    // An astral character, a letter of two bytes, then `Peterâ€™s`.
    let text = format!("fine\r\n\u{1F600}é {BROKEN}\r\n");
    for (offered, agreed, start, end) in [
        (json!(null), "utf-16", 9, 12),
        (json!(["utf-32", "utf-16"]), "utf-32", 8, 11),
        (json!(["utf-8", "utf-16"]), "utf-8", 12, 20),
    ] {
        let place = Place::new();
        let uri = uri(&place, "a.txt");
        let (status, heard) =
            talk(&place, json!({ "general": { "positionEncodings": offered } }), &[open(&uri, "plaintext", &text)]);
        assert_eq!((status, &heard[0]["result"]["capabilities"]["positionEncoding"]), (0, &agreed.into()));
        let found = &diagnostics(&heard)[0][0]["range"];
        let range = json!({ "start": { "line": 1, "character": start }, "end": { "line": 1, "character": end } });
        assert_eq!(found, &range, "{agreed}");
    }
}

#[test]
fn open_change_save_and_close() {
    let place = Place::new();
    let uri = uri(&place, "a b.txt").replace(' ', "%20");
    let about = json!({ "uri": uri, "version": 2 });
    let change = |text: &str| {
        let changes = json!([{ "text": text }]);
        json!({ "method": "textDocument/didChange", "params": { "textDocument": about, "contentChanges": changes } })
    };
    let note = |method: &str| json!({ "method": method, "params": { "textDocument": { "uri": uri } } });
    let messages = [
        open(&uri, "plaintext", "fine"),
        change(BROKEN),
        note("textDocument/didSave"),
        change("fine again"),
        change(&format!("{BROKEN} unbake: ignore")),
        note("textDocument/didClose"),
    ];
    let (_, heard) = talk(&place, json!({}), &messages);
    let counts: Vec<usize> = diagnostics(&heard).iter().map(|found| found.len()).collect();
    assert_eq!(counts, [0, 1, 1, 0, 0, 0]);
}

#[test]
fn actions_repair_a_place_or_all_or_leave_the_line() {
    let place = Place::new();
    let uri = uri(&place, "a.rs");
    let text = format!("// {BROKEN}\n\n// {BROKEN}, {BROKEN}\n");
    let (_, heard) = talk(&place, json!({}), &[open(&uri, "rust", &text), actions(1, &uri, 2), actions(2, &uri, 1)]);
    let answer = |id: u64| heard.iter().find(|message| message["id"] == id).expect("an answer")["result"].clone();
    let titles: Vec<String> =
        answer(1).as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap().to_owned()).collect();
    let place = "Repair: â€™ → ’";
    assert_eq!(titles, [place, place, "Leave line 3 as it is (unbake: ignore)", "Repair all of this file (3 places)"]);
    let edits = |at: usize| answer(1)[at]["edit"]["changes"][&uri].as_array().unwrap().clone();
    assert_eq!((edits(0).len(), &edits(0)[0]["newText"], edits(3).len()), (1, &"’".into(), 3));
    assert_eq!(edits(2)[0]["newText"], " // unbake: ignore");
    assert_eq!(edits(2)[0]["range"]["start"], json!({ "line": 2, "character": 31 }));
    // On a line with nothing, only the whole file is offered.
    assert_eq!(answer(2).as_array().unwrap().len(), 1);
}

#[test]
fn settings_hold_and_wrong_ones_are_shown() {
    let place = Place::with(&[("unbake.toml", "exclude = ['out/']"), ("bad/unbake.toml", "nonsense = 1")]);
    let out = open(&uri(&place, "out/a.txt"), "plaintext", BROKEN);
    let bad = open(&uri(&place, "bad/a.txt"), "plaintext", BROKEN);
    let (_, heard) = talk(&place, json!({}), &[out, bad]);
    assert_eq!(diagnostics(&heard), [&Vec::<Value>::new(), &Vec::new()]);
    let shown = heard.iter().find(|message| message["method"] == "window/showMessage").expect("a message");
    assert!(shown["params"]["message"].as_str().unwrap().contains("unknown key `nonsense`"));
}

#[test]
fn what_is_not_known_is_answered() {
    let place = Place::new();
    let (status, heard) = talk(&place, json!({}), &[json!({ "id": 5, "method": "textDocument/hover", "params": {} })]);
    assert_eq!(status, 0);
    assert_eq!(heard.iter().find(|message| message["id"] == 5).unwrap()["error"]["code"], -32601);
    let ran = place.feed(&["lsp"], "hello\n\n");
    assert!(ran.status == 2 && ran.err.contains("this command is for editors"), "{}", ran.err);
    assert_eq!(place.feed(&["lsp"], "").status, 2, "an editor that is gone");
}
