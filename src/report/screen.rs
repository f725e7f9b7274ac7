//! A terminal that is filled from edge to edge, and the keys that come from it.
//!
//! In: lines. Out: a screen that shows them, and keys. Whatever happens, the terminal is as it was when it is dropped. Must
//! not: know what it shows.

use std::io::{self, BufWriter, StdoutLock, Write};

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, queue};

use super::look::Look;

/// What came from the keyboard, or from the terminal itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    Enter,
    Escape,
    Backspace,
    Down,
    Up,
    PageDown,
    PageUp,
    /// Ctrl-C, or the end of input.
    Interrupt,
    /// Nothing to act on, but the size may be another one: draw again.
    Redraw,
}

/// A terminal that is filled.
#[derive(Debug)]
pub struct Screen {
    out: BufWriter<StdoutLock<'static>>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it is none, or refuses.
    pub fn enter() -> io::Result<Screen> {
        terminal::enable_raw_mode()?;
        let mut screen = Screen { out: BufWriter::new(io::stdout().lock()) };
        execute!(screen.out, EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        let (width, height) = terminal::size().unwrap_or((80, 24));
        (usize::from(width.max(20)), usize::from(height.max(6)))
    }

    /// The look of what is drawn on it.
    pub fn look(&self, look: Look) -> Look {
        Look { person: true, width: self.size().0, ..look }
    }

    /// Shows these lines from the top, and the others at the bottom; what does not fit between is not shown.
    ///
    /// # Errors
    /// When writing fails.
    pub fn draw<'l>(
        &mut self,
        top: impl Iterator<Item = &'l str>,
        bottom: &[String],
        cursor: Option<usize>,
    ) -> io::Result<()> {
        let (width, height) = self.size();
        let room = height.saturating_sub(bottom.len());
        queue!(self.out, cursor::Hide)?;
        let mut lines = top.take(room);
        for row in 0..height {
            let line = if row < room { lines.next() } else { bottom.get(row - room).map(String::as_str) };
            queue!(self.out, cursor::MoveTo(0, row as u16))?;
            write!(self.out, "{}", line.unwrap_or_default())?;
            queue!(self.out, Clear(ClearType::UntilNewLine))?;
        }
        if let Some(column) = cursor {
            let row = height.saturating_sub(bottom.len());
            queue!(self.out, cursor::MoveTo(column.min(width - 1) as u16, row as u16), cursor::Show)?;
        }
        self.out.flush()
    }

    /// Waits for a key.
    ///
    /// # Errors
    /// When reading fails.
    pub fn key(&mut self) -> io::Result<Key> {
        loop {
            let key = match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => key,
                Event::Resize(..) => return Ok(Key::Redraw),
                _ => continue,
            };
            let control = key.modifiers.contains(KeyModifiers::CONTROL);
            return Ok(match key.code {
                KeyCode::Char('c' | 'd') if control => Key::Interrupt,
                KeyCode::Char(_) if control => Key::Redraw,
                KeyCode::Char(c) => Key::Char(c),
                KeyCode::Enter => Key::Enter,
                KeyCode::Esc => Key::Escape,
                KeyCode::Backspace => Key::Backspace,
                KeyCode::Down | KeyCode::Right => Key::Down,
                KeyCode::Up | KeyCode::Left => Key::Up,
                KeyCode::PageDown => Key::PageDown,
                KeyCode::PageUp => Key::PageUp,
                _ => Key::Redraw,
            });
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(self.out, cursor::Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
}
