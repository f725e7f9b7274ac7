//! What several commands take, a group at a time: which files, what is repaired, what is said.

use std::borrow::Cow;
use std::path::PathBuf;

use super::values::{ArchivesArg, Color, Passes, Profile, Reports, Target, chain, level, passes, reports, threads};
use crate::edit::{Chain, Confidence};
use crate::report::messages::Loudness;

/// What is considered and acted on.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "What is repaired")]
pub struct JudgeArgs {
    /// Make only edits at least this sure: certain, likely or possible [default: likely]
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub min_confidence: Option<Confidence>,
    /// Consider only texts that were read as this encoding by mistake; may be repeated
    #[arg(long, value_name = "LABEL")]
    pub from: Vec<String>,
    /// Consider only these chains, outermost mixup first: utf-8:windows-1252[,utf-8:ibm850…]; may be repeated
    #[arg(long, value_name = "A:B[,C:D…]", value_parser = chain)]
    pub chain: Vec<Chain>,
    /// The languages that the text is in, such as pt,ru: readings with their letters are believed more easily
    ///
    /// Readings with letters of other languages are believed less easily, and letters of these languages are more easily
    /// left as they stand. Letters of ASCII do not count.
    #[arg(long, value_name = "CODE[,CODE…]", value_delimiter = ',')]
    pub lang: Vec<String>,
    /// The scripts that the text is in, such as Cyrl or Grek: as --lang with all their letters
    #[arg(long, value_name = "CODE[,CODE…]", value_delimiter = ',')]
    pub script: Vec<String>,
    /// Also normalise what is not broken: nfc, eol=lf …; `unbake rules` lists all
    ///
    /// The passes are applied to the repaired text, each change being an edit like any other. A run that still looks broken
    /// is left as it is. Takes the place of the `normalize` of a settings file; an empty list switches that off.
    #[arg(long, value_name = "PASS[,PASS…]", value_parser = passes)]
    pub normalize: Option<Passes>,
    /// Normalise as another tool does: ftfy, the defaults of its `fix_text`
    ///
    /// Its passes: ansi, controls, entities=all, ligatures, width, quotes=straight, eol=lf and nfc.
    #[arg(long, value_name = "NAME", value_enum, conflicts_with = "normalize")]
    pub profile: Option<Profile>,
    /// Let `check` also report what it does not change: bidi, invisible … [default: unused-ignore]; `unbake rules` lists all
    ///
    /// Such places count as findings. Takes the place of the `report` of a settings file; an empty list switches all of them off.
    #[arg(long, value_name = "RULE[,RULE…]", value_parser = reports)]
    pub report: Option<Reports>,
    /// Read settings from this file, and from no other
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub no_config: bool,
}

/// Whether all texts are judged together.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "What is repaired")]
pub struct ConsensusArgs {
    /// Read everything twice: what is found anywhere speaks for the same mixup everywhere
    ///
    /// Without it, damage speaks for weak damage of the same kind within 64 KiB of it. With it, all that is given counts
    /// as one text, however far apart. Of `pipe --jsonl` all records count.
    #[arg(long)]
    pub consensus: bool,
}

/// What is said, and how.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// No summary, no progress, and no patch from `fix`; errors are still said
    #[arg(short, long, overrides_with_all = ["quiet", "verbose"])]
    pub quiet: bool,
    /// Also say what was skipped, and why; of -q and -v the last one counts
    #[arg(short, long, overrides_with_all = ["quiet", "verbose"])]
    pub verbose: bool,
}

impl OutputArgs {
    /// How much is said.
    pub fn loudness(self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (_, true) => Loudness::Verbose,
            _ => Loudness::Normal,
        }
    }
}

/// Which files.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ScanArgs {
    /// Files, folders, or `-` for standard input [default: the current folder]
    ///
    /// A file that is named is always read. Of a folder, those files are read that no ignore file and no exclude leaves
    /// out; the folder itself is always entered.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What standard input is called in reports, and whose settings it follows
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// Look only into files that match, as in a .gitignore; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Which files")]
    pub include: Vec<String>,
    /// Leave out files and folders that match, as in a .gitignore; may be repeated
    ///
    /// Holds for what is found in folders, not for what is named on the command line; --force-exclude is for that. The
    /// `exclude` of a settings file does the same.
    #[arg(long, value_name = "GLOB", help_heading = "Which files")]
    pub exclude: Vec<String>,
    /// Apply excludes also to what is named on the command line
    #[arg(long, help_heading = "Which files")]
    pub force_exclude: bool,
    /// Only what stands in lines added since this commit, tag or branch (needs git)
    ///
    /// Added to the working tree since this branch and the other went apart: what the other got meanwhile does not count.
    /// Files that git does not track yet are new as a whole.
    #[arg(long, value_name = "REV", help_heading = "Only what is new")]
    pub since: Option<String>,
    /// Look into hidden files and folders too
    #[arg(long, help_heading = "Which files")]
    pub hidden: bool,
    /// Do not obey .gitignore, .ignore and .unbakeignore
    #[arg(long, help_heading = "Which files")]
    pub no_ignore: bool,
    /// When to look into archives, packed files, office documents and mail [default: auto]
    ///
    /// In auto these are looked into: what is named on the command line, and in folders what goes by the usual names of
    /// documents and archives (.epub, .docx, .odt, .zip, .tar.gz, .mbox and the like). Members are named as book.epub!/chapter1.xhtml.
    #[arg(long, value_name = "WHEN", value_enum, help_heading = "Which files")]
    pub archives: Option<ArchivesArg>,
    /// Number of threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N", value_parser = threads, help_heading = "Which files")]
    pub threads: Option<usize>,
    /// The encoding that the files are in, such as windows-1251 or utf-16le [default: as found]
    ///
    /// Without it, a byte order mark, the pattern of UTF-16 and UTF-32, the escape sequences of ISO-2022-JP, or what the file
    /// itself declares tells; what else is valid UTF-8 is UTF-8. Edits are made in that encoding.
    #[arg(long, value_name = "LABEL", help_heading = "Which files")]
    pub encoding: Option<String>,
    /// Whether all files are judged together.
    #[command(flatten)]
    pub consensus: ConsensusArgs,
    /// What is considered and acted on.
    #[command(flatten)]
    pub judge: JudgeArgs,
    /// What is said.
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ScanArgs {
    /// Where to begin: the paths that were named, or this folder.
    pub fn starts(&self) -> Cow<'_, [PathBuf]> {
        if self.paths.is_empty() { vec![PathBuf::from(".")].into() } else { (&self.paths[..]).into() }
    }
}

/// What files are converted to.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "What is repaired")]
pub struct ToArgs {
    /// Convert files that are in another encoding to this one, which is utf-8; what is broken in them is repaired as well
    ///
    /// A file is converted as a whole, if its encoding is known, declared, given by --encoding, or sure enough for
    /// --min-confidence; a declaration in it is put right. Of a file that is partly UTF-8 the rest is converted. What is no text in
    /// the encoding stays byte for byte. The parts of a mail stay in the encodings that they state.
    #[arg(long, value_name = "LABEL", value_enum, conflicts_with = "since")]
    pub to: Option<Target>,
}

/// Whether there is a pager.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct PagerArgs {
    /// Write to the terminal at once, without a pager (UNBAKE_PAGER, PAGER, or `less -FRX`)
    #[arg(long)]
    pub no_pager: bool,
}

/// Whether the index is looked into.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Only what is new")]
pub struct IndexArgs {
    /// Only what is about to be committed: lines that are staged, as they are staged (needs git)
    ///
    /// Reads the index, not the files: what is not added yet does not count. Hidden files are read too.
    #[arg(long, conflicts_with_all = ["since", "stdin_filename", "consensus", "to"])]
    pub staged: bool,
}
