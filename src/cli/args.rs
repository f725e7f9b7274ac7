//! The arguments, as typed. What they mean is settled elsewhere.

mod common;
mod values;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};
use clap_complete::Shell;

pub use common::{ConsensusArgs, IndexArgs, JudgeArgs, OutputArgs, PagerArgs, ScanArgs, ToArgs};
use values::threads;
pub use values::{ArchivesArg, BlameFormat, Color, FixFormat, Format, LostArg, Profile, chain, reporting};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds text broken by a wrong character encoding, shows what it would change, and puts it right.
///
/// `check`, `diff` and `explain` never write a file; `fix` shows every change before it writes and keeps a journal, from
/// which `undo` gives back the exact bytes.
#[derive(Debug, Parser)]
#[command(name = "unbake", version, styles = STYLES, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 nothing to change, or all done; 1 changes found (check, diff); 2 an error.")]
#[command(after_long_help = "\
Examples:
  unbake check                what is broken in this folder
  unbake diff docs > a.patch  every change as a patch
  unbake fix docs README.md   show every change, write it
  unbake review docs          decide change by change, write it
  unbake undo                 take back the last fix
  unbake pipe < in > out      repair a stream
  unbake explain 'CafÃ©'      how a text was broken
  unbake blame                which commits broke it

Exit status:
  0  nothing to change, or all done
  1  changes found (check, diff); with `check --lost count` also text that is gone for good
  2  an error, even if other files went well

Settings are read from the nearest unbake.toml, .unbake.toml or pyproject.toml ([tool.unbake]) upward from each file.

In a text, `unbake: ignore` (this line), `unbake: ignore-next-line`, `unbake: off` to `unbake: on` and `unbake: ignore-file` \
leave things as they are; with [RULE,utf-8:windows-1252,…] behind the word only these.")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List what is broken; nothing is written
    #[command(after_long_help = "\
Each finding is one line: path:line:column: before → after  [chain, confidence]. Findings that stand close together on \
a line are shown in one go; the JSON formats have an object for each.

A file that is no valid UTF-8 and does not say what it is in is named with the encoding that makes most sense of it. That is a \
note and does not change the exit status; with --to utf-8, which would convert it, it is a finding.

Examples:
  unbake check
  unbake check --format jsonl src | jq .
  unbake check --format html -o report.html archive
  unbake check --format sarif -o unbake.sarif
  unbake check --statistics archive
  unbake check --statistics --commits
  unbake check --staged
  unbake check --since origin/main
  unbake check --baseline unbake-baseline.json --update-baseline
  git show :a.md | unbake check - --stdin-filename a.md
  unbake check --show-settings docs/a.md
  unbake check --show-files")]
    Check(CheckArgs),
    /// Name the commit that brought each damage in; nothing is written
    #[command(after_long_help = "\
Of lost text it also says what stood there before, if the history of the file tells: `unbake diff --from-history` shows the \
repair as a patch, `unbake fix --from-history` makes it. What a commit only moved or indented is followed back to \
where it came from. Needs the program `git`.

Examples:
  unbake blame
  unbake blame docs/a.md
  unbake blame --format jsonl | jq 'select(.type == \"commit\")'")]
    Blame(BlameArgs),
    /// Show every change as a patch; nothing is written
    #[command(after_long_help = "\
The patch is exact to the byte when it is not shown on a terminal: `git apply` and `patch -p1` accept it. Of an archive \
it is then a binary patch, which only `git apply` accepts.

On a terminal it is shown by the pager of UNBAKE_PAGER, else of PAGER, else, if it is longer than the screen, by `less -FRX`; an \
empty value or `cat` means none.

Examples:
  unbake diff
  unbake diff docs > changes.patch
  unbake diff --staged | git apply --cached")]
    Diff(DiffArgs),
    /// Show every change, then write it
    #[command(after_long_help = "\
Each file is replaced as a whole or not at all, and only if it is still what was read. Owner, mode and attributes stay.

Ctrl-C ends it after the file under way, with exit status 130; `unbake undo` takes back what was done.

With `-` the repaired text goes to standard output and the patch to standard error.

Examples:
  unbake fix docs README.md
  unbake fix --quiet --min-confidence certain .
  unbake fix --decisions decisions.jsonl
  unbake fix --to utf-8 old
  unbake fix - < broken.txt > right.txt")]
    Fix(FixArgs),
    /// Decide change by change, then write
    #[command(after_long_help = "\
On a terminal it fills the screen; with --plain, or elsewhere, it asks line by line, as `git add -p` does. `?` names the \
keys. `w` writes what was accepted, and nothing else; `q` leaves, and the next review goes on where this one ended.

Examples:
  unbake review docs
  unbake review --plain --min-confidence possible notes.txt
  unbake review --decisions decisions.jsonl docs")]
    Review(ReviewArgs),
    /// Put back what a fix changed
    #[command(after_long_help = "\
A file that has changed since is left alone. Without RUN it is the last run that is not yet undone.

Examples:
  unbake undo
  unbake undo --list
  unbake undo --diff 2025-01-31-120000-3f2a
  unbake undo 2025-01-31-120000-3f2a docs/a.md")]
    Undo(UndoArgs),
    /// Find broken names of files and folders, also in archives; --write renames
    #[command(after_long_help = "\
Without --write nothing is changed. With it, what is deepest is renamed first; a name that is taken, also in other capitals, is \
an error, and the file stays what it is called. In zip archives repaired names are marked as UTF-8. `unbake undo` takes it back.

Names that are not in UTF-8 are read in the encoding that makes of all of them together what people write, if one does so \
clearly; --encoding says which it is. Links keep their targets; targets that are broken are named.

Examples:
  unbake names music
  unbake names --write --encoding ibm850 old.zip")]
    Names(NamesArgs),
    /// Repair standard input to standard output
    #[command(after_long_help = "\
With --jsonl every line is a JSON object: the named string fields are repaired, each record by itself, and everything else in \
the line stays as it is.

Examples:
  unbake pipe < dump.sql > right.sql
  unbake pipe --encoding utf-16le < export.txt > right.txt
  zcat a.jsonl.gz | unbake pipe --jsonl
  unbake pipe --jsonl --field text --field meta.title < a")]
    Pipe(PipeArgs),
    /// Tell how a text was broken, step by step
    #[command(after_long_help = "\
Examples:
  unbake explain 'Ã¢â‚¬â„¢'
  unbake explain < strange.txt")]
    Explain(ExplainArgs),
    /// Serve an editor: show what is broken while a file is open, and offer repairs
    ///
    /// Speaks the Language Server Protocol on standard input and output. The README has settings for Neovim, Helix and VS Code.
    Lsp {
        /// What is considered.
        #[command(flatten)]
        judge: JudgeArgs,
    },
    /// List the encodings that text can have been read as by mistake
    Encodings,
    /// List what can be normalised; `unbake help RULE` explains one
    Rules,
    /// Write the manual, a page for each command, into a folder
    #[command(hide = true)]
    Man {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Print a completion script for a shell
    #[command(after_long_help = "\
Examples:
  unbake completions bash > /etc/bash_completion.d/unbake
  unbake completions zsh > ~/.zfunc/_unbake")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// `blame`.
#[derive(Debug, clap::Args)]
pub struct BlameArgs {
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: BlameFormat,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `diff`.
#[derive(Debug, clap::Args)]
pub struct DiffArgs {
    /// Put back lost text that stands in the history of its file (needs git)
    ///
    /// Where letters became U+FFFD or question marks, earlier versions of the file are looked through for the same line with its
    /// letters. Such an edit is likely when the rest of the line is the same, and possible when only what stands around is.
    #[arg(long, conflicts_with = "to", help_heading = "What is repaired")]
    pub from_history: bool,
    /// What files are converted to.
    #[command(flatten)]
    pub to: ToArgs,
    /// Whether there is a pager.
    #[command(flatten)]
    pub pager: PagerArgs,
    /// Whether the index is looked into.
    #[command(flatten)]
    pub index: IndexArgs,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `fix`.
#[derive(Debug, clap::Args)]
pub struct FixArgs {
    /// Put back lost text that stands in the history of its file (needs git)
    ///
    /// Where letters became U+FFFD or question marks, earlier versions of the file are looked through for the same line with its
    /// letters. Such an edit is likely when the rest of the line is the same, and possible when only what stands around is.
    #[arg(long, conflicts_with_all = ["decisions", "to"], help_heading = "What is repaired")]
    pub from_history: bool,
    /// What files are converted to.
    #[command(flatten)]
    pub to: ToArgs,
    /// Make the changes that were accepted in this file, and no others
    ///
    /// `review --decisions` and the page of `--format html` make such files. Without PATH all files in it are meant. A file
    /// that has changed since is left alone.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    pub decisions: Option<PathBuf>,
    /// How it is told what was written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: FixFormat,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `review`.
#[derive(Debug, clap::Args)]
pub struct ReviewArgs {
    /// Ask line by line instead of filling the screen
    #[arg(long)]
    pub plain: bool,
    /// Keep the decisions in this file, and begin with those that are in it
    ///
    /// Without it they are kept beside the undo journal until the file is written.
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// What files are converted to.
    #[command(flatten)]
    pub to: ToArgs,
    /// Whether the index is looked into.
    #[command(flatten)]
    pub index: IndexArgs,
    /// Only what is not in this file of known findings
    ///
    /// A finding is known by its file, its text and the words around it: it may move. Entries that match nothing any more are
    /// reported.
    #[arg(long, value_name = "FILE", conflicts_with = "to", help_heading = "Only what is new")]
    pub baseline: Option<PathBuf>,
    /// Write all that is found now to the file of --baseline
    #[arg(long, requires = "baseline", conflicts_with_all = ["since", "staged"], help_heading = "Only what is new")]
    pub update_baseline: bool,
    /// Write a comment `unbake: ignore` behind each line with a finding, as its kind of file has comments
    ///
    /// For text that is meant to be as it is. Files that have no comments are named and left. `unbake undo` takes it back. Look
    /// at what was written: within a string that goes over several lines a comment is a part of the text.
    #[arg(long, conflicts_with_all = ["format", "statistics", "staged", "baseline", "alternatives", "show_settings", "show_files", "into"])]
    pub add_ignore: bool,
    /// Instead of checking, show the settings that hold for each PATH, and where each of them is said
    #[arg(long, help_heading = "Settings")]
    pub show_settings: bool,
    /// Instead of checking, list the files that would be read; why others would not is said on standard error
    #[arg(long, conflicts_with = "show_settings", help_heading = "Settings")]
    pub show_files: bool,
    /// Exit with status 0 also when there are findings; errors still give 2
    #[arg(long, help_heading = "Output")]
    pub exit_zero: bool,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
    /// Write to this file instead of standard output; for html, sarif, github, gitlab and rdjson
    #[arg(short = 'o', long = "output", value_name = "FILE", help_heading = "Output")]
    pub into: Option<PathBuf>,
    /// Whether there is a pager.
    #[command(flatten)]
    pub pager: PagerArgs,
    /// Instead of single findings, sums by chain, confidence and folder
    #[arg(long, help_heading = "Output")]
    pub statistics: bool,
    /// With --statistics, also name the commit that first brought each kind of damage in (needs git)
    ///
    /// For each chain the history of a few of its files is looked through: up to eight, the first by path.
    #[arg(long, requires = "statistics", help_heading = "Output")]
    pub commits: bool,
    /// In JSON, also tell for each finding how else it could be read, with the odds
    ///
    /// The odds are those of the place alone, in nats, against the text as it stands.
    #[arg(long, help_heading = "Output")]
    pub alternatives: bool,
    /// What to do about text that is gone for good [default: note]
    ///
    /// Where somebody saved U+FFFD or question marks in place of letters, no tool can know what they were. `fix` leaves such
    /// places as they are.
    #[arg(long, value_name = "WHAT", value_enum, help_heading = "Output")]
    pub lost: Option<LostArg>,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `names`.
#[derive(Debug, clap::Args)]
pub struct NamesArgs {
    /// Rename; without it, only say what would be renamed
    #[arg(short, long)]
    pub write: bool,
    /// Which files, and the rest.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// `undo`.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// The run to undo, as `fix` and `undo --list` name it [default: the last one not yet undone]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Only these files, and what is in these folders
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// List the runs; with RUN, the edits that it made, numbered file by file
    #[arg(long, conflicts_with_all = ["diff", "dry_run"])]
    pub list: bool,
    /// Only this edit of the one file that PATH names, by its number in --list RUN; may be repeated
    ///
    /// Everything else in the file stays, also what was changed since. Where the edit itself, or what stands right beside it, was
    /// changed, nothing is written; an archive must be what unbake made of it. It is a run of its own, so that it can be undone, too.
    #[arg(long, value_name = "N", value_delimiter = ',', requires = "paths", conflicts_with = "list")]
    pub edit: Vec<usize>,
    /// Remove journals that need not be kept: what they know cannot be undone any more
    ///
    /// They are those that are older than 180 days, and the oldest where all together take more than 1,024 MiB; `[journal]` in
    /// the settings of the current folder says otherwise. The newest always stays. `fix` does the same when it has written.
    #[arg(long, conflicts_with_all = ["run", "list", "diff", "edit"])]
    pub prune: bool,
    /// Say what would be put back; nothing is written
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Show what would be put back as a patch; nothing is written
    #[arg(long)]
    pub diff: bool,
    /// What is said.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `pipe`.
#[derive(Debug, clap::Args)]
pub struct PipeArgs {
    /// Every line is a JSON object
    #[arg(long)]
    pub jsonl: bool,
    /// A string field to repair, with dots for what lies deeper (meta.title); may be repeated [default: text]
    #[arg(long, value_name = "NAME", requires = "jsonl")]
    pub field: Vec<String>,
    /// Pass on a line that is no JSON object as it is, instead of ending there
    #[arg(long, requires = "jsonl")]
    pub keep_going: bool,
    /// Number of threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N", value_parser = threads, requires = "jsonl")]
    pub threads: Option<usize>,
    /// Whose settings the text follows
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// The encoding of the text, such as windows-1251 or utf-16le [default: utf-8]
    ///
    /// What comes out is in that encoding as well; only edits are written in it, all other bytes pass as they are. The text is
    /// read to its end first, and may have 256 MiB at most.
    #[arg(long, value_name = "LABEL", conflicts_with = "jsonl")]
    pub encoding: Option<String>,
    /// Whether all records are judged together.
    #[command(flatten)]
    pub consensus: ConsensusArgs,
    /// What is considered and acted on.
    #[command(flatten)]
    pub judge: JudgeArgs,
    /// What is said.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `explain`.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// The text, or - for standard input [default: -]
    #[arg(value_name = "TEXT")]
    pub text: Option<String>,
    /// What is considered and acted on.
    #[command(flatten)]
    pub judge: JudgeArgs,
    /// Whether there is a pager.
    #[command(flatten)]
    pub pager: PagerArgs,
    /// What is said.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hang_together() {
        Args::command().debug_assert();
    }
}
