//! A review line by line, as `git add -p` asks: also for terminals that cannot be filled, for screen readers and for scripts.

use std::io::{BufRead, Write};

use super::End;
use super::reviewer::{Answer, Reviewer};
use super::words::{self, KEYS};
use crate::cli::scan::Scan;
use crate::error::Error;
use crate::files::read;
use crate::report::messages::count;
use crate::report::{Look, list, review};

/// Lines of context on a side.
const CONTEXT: usize = 3;

/// Asks about one change after the other. The end of the input is as to leave.
///
/// # Errors
/// When the input cannot be read, the output cannot be written, or a decision cannot be kept.
pub fn run(reviewer: &mut Reviewer, scan: &Scan<'_>, look: Look, known: usize) -> Result<End, Error> {
    let mut out = crate::report::output();
    let look = Look { person: true, ..look };
    let mut input = read::input().lock();
    if known > 0 {
        writeln!(out, "{} from the last time", count(known as u64, "decision"))?;
    }
    let mut shown = None;
    loop {
        if shown != Some(reviewer.session.at) {
            shown = Some(reviewer.session.at);
            writeln!(out, "\n{}", reviewer.progress().line())?;
            reviewer.show(scan, CONTEXT, |page, document| {
                let written =
                    document.and_then(|document| Ok(review::page(&mut out, look, page, &mut document.source()?)?));
                if let Err(error) = written {
                    if error.is_broken_pipe() {
                        return Err(error);
                    }
                    list::line(&mut out, error)?;
                }
                Ok(())
            })?;
        }
        let Some(line) = ask(&mut input, &mut out, look, "make this change [y,n,a,d,c,t,e,i,u,j,k,/,w,q,?]? ")? else {
            writeln!(out)?;
            out.flush()?;
            return Ok(End::Leave);
        };
        let Some(word) = words::line(&line) else {
            help(&mut out, look)?;
            continue;
        };
        let at = reviewer.session.at;
        let mut answer = reviewer.hear(word)?;
        if let Answer::Ask(what, word) = answer {
            let line = ask(&mut input, &mut out, look, what)?.unwrap_or_default();
            let line = line.trim_end_matches(['\r', '\n']).to_owned();
            answer = match Reviewer::with_line(word, line) {
                Some(word) => reviewer.hear(word)?,
                None => Answer::Done("that is no number".into()),
            };
        }
        if let Answer::Confirm(numbers, verdict) = &answer {
            for &n in numbers {
                let change = &reviewer.session.changes[n];
                list::write(&mut out, look, &reviewer.session.files[change.file], &change.edit)?;
            }
            let what = format!("{verdict:?} these {}? [y,n] ", count(numbers.len() as u64, "change")).to_lowercase();
            let line = ask(&mut input, &mut out, look, &what)?.unwrap_or_default();
            answer = match line.trim() {
                "y" | "yes" => reviewer.decide(numbers, *verdict)?,
                _ => Answer::Done("left as they were".into()),
            };
        }
        match answer {
            Answer::End(end) => {
                out.flush()?;
                return Ok(end);
            }
            Answer::Help => help(&mut out, look)?,
            Answer::Done(said) => {
                // A word that changed something without going anywhere shows what it did.
                if reviewer.session.at == at && said.is_empty() || said.starts_with("taken back") {
                    shown = None;
                }
                if !said.is_empty() {
                    list::line(&mut out, said)?;
                }
            }
            Answer::Ask(..) | Answer::Confirm(..) => {}
        }
    }
}

/// Asks for a line; none at the end of the input.
fn ask(input: &mut impl BufRead, out: &mut impl Write, look: Look, what: &str) -> Result<Option<String>, Error> {
    let heading = look.heading();
    write!(out, "{heading}{what}{heading:#}")?;
    out.flush()?;
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    Ok((!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned()))
}

fn help(out: &mut impl Write, look: Look) -> Result<(), Error> {
    let place = look.place();
    for (key, _, what) in KEYS {
        writeln!(out, "{place}{key}{place:#}  {what}")?;
    }
    Ok(())
}
