//! A folder with files, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What is broken in these tests, and what it is repaired to.
pub const BROKEN: &str = "Peterâ€™s hat";
pub const RIGHT: &str = "Peter’s hat";

/// A folder for one test; the journals are kept beside it.
pub struct Place {
    root: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ran {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("the output is text")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            status: output.status.code().unwrap_or(-1),
            out: output.stdout,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Place {
    pub fn new() -> Place {
        let root = TempDir::new().expect("a temporary folder");
        fs::create_dir(root.path().join("work")).expect("a folder");
        Place { root }
    }

    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Place {
        let place = Place::new();
        files.iter().for_each(|(path, text)| place.write(path, text));
        place
    }

    pub fn dir(&self) -> PathBuf {
        self.root.path().join("work")
    }

    pub fn state(&self) -> PathBuf {
        self.root.path().join("state")
    }

    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.dir().join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).expect("a file")
    }

    /// The program, about to run in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unbake"));
        command.args(args).current_dir(self.dir()).stdin(Stdio::null());
        command.env("UNBAKE_STATE_DIR", self.state());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().expect("the program runs").into()
    }

    /// The same with something on standard input.
    pub fn feed(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.as_ref().to_owned();
        let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let ran = child.wait_with_output().expect("the program ends").into();
        feeder.join().expect("fed");
        ran
    }

    /// Another program, in the folder; must succeed.
    pub fn tool(&self, program: &str, args: &[&str]) {
        let output = Command::new(program)
            .args(args)
            .current_dir(self.dir())
            // A repository above the temporary folder is none of ours.
            .env("GIT_CEILING_DIRECTORIES", self.root.path())
            .output()
            .unwrap_or_else(|e| panic!("{program}: {e}"));
        assert!(output.status.success(), "{program} {args:?}: {output:?}");
    }

    /// Git, in the folder, by a person of ours.
    pub fn git(&self, args: &[&str]) {
        let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"];
        self.tool("git", &[&who[..], args].concat());
    }

    /// Adds and commits all that there is.
    pub fn commit(&self, subject: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", subject]);
    }

    /// Names of all files in a folder, hidden ones too.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Clean text of about so many bytes, of lines that all differ.
pub fn clean(bytes: usize) -> String {
    let mut text = String::new();
    for n in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&format!("Line {n} of a transcript in which nothing is wrong, “not even” the café.\n"));
    }
    text
}
