//! A review that fills the terminal: a key is a word.

use super::End;
use super::reviewer::{Answer, Reviewer};
use super::words::{self, KEYS, Word};
use crate::cli::scan::Scan;
use crate::error::Error;
use crate::files::decisions::Verdict;
use crate::report::messages::count;
use crate::report::screen::{Key, Screen};
use crate::report::{Look, crop, list, review};

/// What stands in the last line.
/// What is needed most comes first, for a narrow terminal shows only that.
const FOOT: &str = "? help  y yes  n no  u undo  j/k move  w write  q leave  a/d rest of file  c/C chain  t/T text  1-9 reading  e type";

/// Rows that a page needs besides its context.
const ROWS: usize = 20;

/// Asks about one change after the other.
///
/// # Errors
/// When the terminal fails, or a decision cannot be kept.
pub fn run(reviewer: &mut Reviewer, scan: &Scan<'_>, look: Look, known: usize) -> Result<End, Error> {
    let mut screen = Screen::enter()?;
    let mut said =
        if known > 0 { format!("{} from the last time", count(known as u64, "decision")) } else { String::new() };
    loop {
        let page = page(reviewer, scan, screen.look(look), screen.size().1)?;
        draw(&mut screen, look, reviewer, &page, &said, None)?;
        let word = match screen.key()? {
            Key::Char(c) => words::key(c),
            Key::Down | Key::PageDown => Some(Word::Step(1)),
            Key::Up | Key::PageUp => Some(Word::Step(-1)),
            Key::Interrupt => Some(Word::Leave),
            Key::Redraw => continue,
            Key::Enter | Key::Escape | Key::Backspace => None,
        };
        let Some(word) = word else {
            said = "no such key: ? names them all".into();
            continue;
        };
        said.clear();
        let mut answer = reviewer.hear(word)?;
        if let Answer::Ask(what, word) = answer {
            answer = match line(&mut screen, look, reviewer, &page, what)? {
                Some(line) => match Reviewer::with_line(word, line) {
                    Some(word) => reviewer.hear(word)?,
                    None => Answer::Done("that is no number".into()),
                },
                None => Answer::Done(String::new()),
            };
        }
        if let Answer::Confirm(numbers, verdict) = &answer {
            answer = if confirmed(&mut screen, look, reviewer, numbers, *verdict)? {
                reviewer.decide(numbers, *verdict)?
            } else {
                Answer::Done("left as they were".into())
            };
        }
        match answer {
            Answer::End(end) => return Ok(end),
            Answer::Help => {
                let place = look.place();
                let lines = KEYS.iter().map(|(key, _, what)| format!("  {place}{key}{place:#}  {what}"));
                draw(&mut screen, look, reviewer, &lines.collect::<Vec<_>>(), "any key goes back", None)?;
                screen.key()?;
            }
            Answer::Done(what) => said = what,
            Answer::Ask(..) | Answer::Confirm(..) => {}
        }
    }
}

/// The lines of the change that is looked at.
fn page(reviewer: &mut Reviewer, scan: &Scan<'_>, look: Look, height: usize) -> Result<Vec<String>, Error> {
    let mut out = Vec::new();
    // With much room, more of the text around.
    let context = (height.saturating_sub(ROWS) / 2).clamp(2, 8);
    reviewer.show(scan, context, |page, document| {
        let written = document.and_then(|document| Ok(review::page(&mut out, look, page, &mut document.source()?)?));
        if let Err(error) = written {
            list::line(&mut out, error)?;
        }
        Ok(())
    })?;
    Ok(lines(&out))
}

fn lines(out: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(out).lines().map(str::to_owned).collect()
}

/// Draws the head, these lines, and what is said at the bottom.
fn draw(
    screen: &mut Screen,
    look: Look,
    reviewer: &Reviewer,
    body: &[String],
    said: &str,
    cursor: Option<usize>,
) -> Result<(), Error> {
    let width = screen.size().0;
    let (heading, aside) = (look.heading(), look.aside());
    let head =
        format!("{heading}{}{heading:#}", crop(&format!("unbake review  {}", reviewer.progress().line()), width));
    let top = [head.as_str(), ""].into_iter().chain(body.iter().map(String::as_str));
    let bottom =
        [format!("{heading}{}{heading:#}", crop(said, width)), format!("{aside}{}{aside:#}", crop(FOOT, width))];
    Ok(screen.draw(top, &bottom, cursor)?)
}

/// Asks for a line; none when it was thought better of.
fn line(
    screen: &mut Screen,
    look: Look,
    reviewer: &Reviewer,
    page: &[String],
    what: &str,
) -> Result<Option<String>, Error> {
    let mut typed = String::new();
    loop {
        let shown = format!("{what}{typed}");
        draw(screen, look, reviewer, page, &shown, Some(crate::report::columns(&shown)))?;
        match screen.key()? {
            Key::Char(c) => typed.push(c),
            Key::Backspace => {
                if typed.pop().is_none() {
                    return Ok(None);
                }
            }
            Key::Enter => return Ok(Some(typed)),
            Key::Escape | Key::Interrupt => return Ok(None),
            Key::Down | Key::Up | Key::PageDown | Key::PageUp | Key::Redraw => {}
        }
    }
}

/// Shows the changes that a word would reach and asks. `y` counts only when all of them were on the screen.
fn confirmed(
    screen: &mut Screen,
    look: Look,
    reviewer: &Reviewer,
    numbers: &[usize],
    verdict: Verdict,
) -> Result<bool, Error> {
    let verb = if verdict == Verdict::Accept { "accept" } else { "refuse" };
    let (mut top, mut reached) = (0, 0);
    loop {
        let rows = screen.size().1.saturating_sub(4).max(1);
        let look = screen.look(look);
        let shown = &numbers[top..(top + rows).min(numbers.len())];
        reached = reached.max(top + shown.len());
        let mut body = Vec::new();
        for &n in shown {
            let change = &reviewer.session.changes[n];
            let mut out = Vec::new();
            list::short(&mut out, look, &reviewer.session.files[change.file], &change.edit)?;
            body.extend(lines(&out));
        }
        let what = count(numbers.len() as u64, "change");
        let said = if reached < numbers.len() {
            format!("{verb} these {what}? space shows more ({reached} of {}), n goes back", numbers.len())
        } else {
            format!("{verb} these {what}? y or n")
        };
        draw(screen, look, reviewer, &body, &said, None)?;
        match screen.key()? {
            Key::Char('y') if reached == numbers.len() => return Ok(true),
            Key::Char(' ' | 'j') | Key::Down | Key::PageDown if top + rows < numbers.len() => top += rows,
            Key::Char('k') | Key::Up | Key::PageUp => top = top.saturating_sub(rows),
            Key::Char('n' | 'q') | Key::Escape | Key::Interrupt => return Ok(false),
            _ => {}
        }
    }
}
