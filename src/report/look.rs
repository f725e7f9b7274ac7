//! How does output look here: with colours or without, how wide, for a person or for a program?
//!
//! In: what was asked for, the environment and the stream. Out: a [`Look`]. Must not: write.

use std::env;
use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Effects, Style};

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// On a terminal, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`).
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How output looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether there are colours.
    pub color: bool,
    /// Whether a person is to read it: then long lines are cropped and odd characters spelled out. Otherwise every byte
    /// is as it is in the file.
    pub person: bool,
    /// Whether it is a terminal.
    pub terminal: bool,
    /// Columns; lines longer than that are cropped where a person reads them.
    pub width: usize,
    /// Rows of the terminal, if it is one.
    pub height: usize,
}

/// The widest that a line is shown to a person, however wide the terminal is.
const WIDEST: usize = 200;

/// Whether the terminal, if there is one, can do nothing but write line after line.
pub fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

impl Look {
    /// The look of standard output.
    pub fn stdout(when: When) -> Look {
        let stream = io::stdout();
        Look::new(when, stream.is_terminal(), anstream::AutoStream::choice(&stream))
    }

    /// The look of standard error.
    pub fn stderr(when: When) -> Look {
        let stream = io::stderr();
        Look::new(when, stream.is_terminal(), anstream::AutoStream::choice(&stream))
    }

    fn new(when: When, terminal: bool, auto: anstream::ColorChoice) -> Look {
        let color = match when {
            When::Auto => auto != anstream::ColorChoice::Never,
            When::Always => true,
            When::Never => false,
        };
        let size = if terminal { terminal_size::terminal_size() } else { None };
        let width = size.map_or(WIDEST, |(width, _)| usize::from(width.0)).clamp(40, WIDEST);
        let height = size.map_or(0, |(_, height)| usize::from(height.0));
        Look { color, person: terminal || color, terminal, width, height }
    }

    fn style(self, style: Style) -> Style {
        if self.color { style } else { Style::new() }
    }

    /// Headings of a patch, and paths.
    pub fn heading(self) -> Style {
        self.style(Style::new().bold())
    }

    /// Places: hunk headers, line numbers.
    pub fn place(self) -> Style {
        self.style(AnsiColor::Cyan.on_default())
    }

    /// What goes away.
    pub fn old(self) -> Style {
        self.style(AnsiColor::Red.on_default())
    }

    /// The changed characters of what goes away.
    pub fn old_strong(self) -> Style {
        self.style(AnsiColor::Red.on_default().effects(Effects::BOLD | Effects::INVERT))
    }

    /// What comes.
    pub fn new_(self) -> Style {
        self.style(AnsiColor::Green.on_default())
    }

    /// The changed characters of what comes.
    pub fn new_strong(self) -> Style {
        self.style(AnsiColor::Green.on_default().effects(Effects::BOLD | Effects::INVERT))
    }

    /// What is said beside the matter.
    pub fn aside(self) -> Style {
        self.style(Style::new().dimmed())
    }

    /// What went wrong.
    pub fn bad(self) -> Style {
        self.style(AnsiColor::Red.on_default().bold())
    }
}
