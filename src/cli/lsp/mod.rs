//! `unbake lsp`: a language server, for editors.
//!
//! In: JSON-RPC on standard input. Out: diagnostics for what is broken, and actions that repair it, on standard output. The
//! editor makes the edits: no file is written, and none but settings is read. Written by hand over `serde_json`: of the protocol
//! only a dozen messages are needed, and crates with all of it would make the program a tenth larger.

mod document;
mod position;
mod wire;

use std::collections::HashMap;
use std::io::{BufReader, Write};

use serde_json::{Value, json};

use super::args::JudgeArgs;
use super::settings::Resolver;
use super::{ERROR, FINE};
use crate::error::Error;
use crate::files::read;
use crate::files::walk::Ignored;
use document::Document;
use position::Units;

/// Errors that the protocol has numbers for.
const NO_METHOD: i32 = -32601;
const NOT_YET: i32 = -32002;
const ENDED: i32 = -32600;

/// Serves until the editor says that it is enough.
///
/// # Errors
/// When the arguments make no sense, or the editor sends what is no message of the protocol.
pub fn run(args: &JudgeArgs) -> Result<u8, Error> {
    let mut input = BufReader::new(read::input());
    let mut out = crate::report::stream();
    let mut server = Server {
        args,
        resolver: Resolver::for_stream(args, None)?,
        ignored: Ignored::default(),
        units: Units::Utf16,
        documents: HashMap::new(),
        is_ready: false,
        is_over: false,
    };
    while let Some(message) = wire::read(&mut input)? {
        let Some(method) = message["method"].as_str() else { continue };
        if method == "exit" {
            return Ok(if server.is_over { FINE } else { ERROR });
        }
        match message.get("id") {
            Some(id) => {
                let answer = match server.answer(method, &message["params"]) {
                    Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                    Err((code, why)) => {
                        json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": why } })
                    }
                };
                wire::write(&mut out, &answer)?;
            }
            None if server.is_ready => server.note(&mut out, method, &message["params"])?,
            // What is said before the beginning is not heard.
            None => {}
        }
    }
    // The editor went away without a word.
    Ok(ERROR)
}

struct Server<'a> {
    args: &'a JudgeArgs,
    resolver: Resolver,
    ignored: Ignored,
    units: Units,
    documents: HashMap<String, Document>,
    is_ready: bool,
    is_over: bool,
}

impl Server<'_> {
    /// Answers a request.
    fn answer(&mut self, method: &str, params: &Value) -> Result<Value, (i32, String)> {
        if self.is_over {
            return Err((ENDED, "the server was told to shut down: send `exit`, or start it anew".to_owned()));
        }
        match method {
            "initialize" => {
                self.units = Units::agreed(&params["capabilities"]["general"]["positionEncodings"]);
                self.is_ready = true;
                Ok(json!({
                    "capabilities": {
                        "positionEncoding": self.units.name(),
                        "textDocumentSync": { "openClose": true, "change": 1, "save": { "includeText": false } },
                        "codeActionProvider": { "codeActionKinds": ["quickfix", document::FIX_ALL] },
                    },
                    "serverInfo": { "name": "unbake", "version": env!("CARGO_PKG_VERSION") },
                }))
            }
            _ if !self.is_ready => Err((NOT_YET, "send `initialize` first".to_owned())),
            "shutdown" => {
                self.is_over = true;
                Ok(Value::Null)
            }
            "textDocument/codeAction" => {
                let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
                let only = &params["context"]["only"];
                Ok(self
                    .documents
                    .get(uri)
                    .map_or(Value::Null, |document| document.actions(uri, &params["range"], only)))
            }
            _ => Err((NO_METHOD, format!("unbake has no `{method}`"))),
        }
    }

    /// Takes note of something.
    fn note(&mut self, out: &mut impl Write, method: &str, params: &Value) -> Result<(), Error> {
        let about = &params["textDocument"];
        let Some(uri) = about["uri"].as_str() else { return Ok(()) };
        match method {
            "textDocument/didOpen" => {
                self.reload()?;
                let language = about["languageId"].as_str().unwrap_or_default();
                self.look(out, uri, about["text"].as_str().unwrap_or_default(), language, about["version"].as_i64())
            }
            "textDocument/didChange" => {
                // All of the text comes with each change: that was asked for.
                let changes = params["contentChanges"].as_array();
                let text = changes.and_then(|changes| changes.last()).and_then(|change| change["text"].as_str());
                let Some(text) = text else { return Ok(()) };
                let language = self.documents.get(uri).map(|document| document.language.clone()).unwrap_or_default();
                self.look(out, uri, text, &language, about["version"].as_i64())
            }
            // It may be the settings that were saved.
            "textDocument/didSave" => {
                self.reload()?;
                let open: Vec<(String, Document)> = self.documents.drain().collect();
                for (uri, document) in open {
                    self.look(out, &uri, &document.text, &document.language, document.version)?;
                }
                Ok(())
            }
            "textDocument/didClose" => {
                self.documents.remove(uri);
                publish(out, uri, None, &[])
            }
            _ => Ok(()),
        }
    }

    /// Forgets what settings and ignore files said.
    fn reload(&mut self) -> Result<(), Error> {
        self.resolver = Resolver::for_stream(self.args, None)?;
        self.ignored = Ignored::default();
        Ok(())
    }

    /// Looks into a text and says what is broken in it.
    fn look(
        &mut self,
        out: &mut impl Write,
        uri: &str,
        text: &str,
        language: &str,
        version: Option<i64>,
    ) -> Result<(), Error> {
        let path = wire::path(uri);
        let settings = self.resolver.for_file(&path).map_err(Error::from);
        let both = settings.and_then(|settings| Ok((self.resolver.treatment(&settings, &path)?, settings)));
        let (treatment, settings) = match both {
            Ok(both) => both,
            Err(error) => {
                // Shown by the editor; once for each text is enough.
                let params = json!({ "type": 1, "message": format!("unbake: {error}") });
                wire::write(out, &json!({ "jsonrpc": "2.0", "method": "window/showMessage", "params": params }))?;
                return publish(out, uri, version, &[]);
            }
        };
        let is_left_out =
            self.resolver.excluded(&settings, &path) || settings.ignore_files && self.ignored.leaves_out(&path);
        let mut document = Document::new(text, language, version, self.units);
        if !is_left_out {
            document.look(treatment.engine.reporting(treatment.report), &path, treatment.lost);
        }
        publish(out, uri, version, &document.diagnostics())?;
        self.documents.insert(uri.to_owned(), document);
        Ok(())
    }
}

fn publish(out: &mut impl Write, uri: &str, version: Option<i64>, diagnostics: &[Value]) -> Result<(), Error> {
    let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
    if let Some(version) = version {
        params["version"] = json!(version);
    }
    wire::write(out, &json!({ "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params }))
}
