//! Puts a text on the list of what is right as it stands, in the settings of a file.
//!
//! In: a file and a text. Out: the settings with the text in `allow`, all else in them byte for byte as it was. Must not:
//! leave a settings file that says anything else than before.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::settings::{self, Home};
use crate::edit::{Chain, Confidence, Edit, Plan, RuleSet, Span};
use crate::error::Error;
use crate::files::digest::Digest;
use crate::files::write::{self, Expected};

/// Adds `text` to the settings that hold for `path`, and gives their file. Where there are none, `unbake.toml` is made.
///
/// # Errors
/// When the settings cannot be read, or cannot be written so that they say the same and this.
pub fn add(path: &Path, text: &str) -> Result<PathBuf, Error> {
    let item = toml::Value::from(text).to_string();
    let Some(home) = settings::home(path)? else {
        let new = settings::new_home(path)?;
        write::create(&new, format!("allow = [{item}]\n").as_bytes()).map_err(|e| e.at(&new))?;
        return Ok(new);
    };
    let Home { path, written, pyproject } = home;
    let wrong = |why: String| Error::usage(format!("cannot add to `allow`: {why}")).at(&path);
    let (at, insert) = place(&written, pyproject, &item).map_err(wrong)?;
    let (head, tail) = written.split_at(at);
    let (old, new) = (parsed(&written), parsed(&format!("{head}{insert}{tail}")));
    if new.is_none_or(|new| !says_also(old.unwrap_or_default(), new, pyproject, text)) {
        return Err(wrong("the file is written in a way that is not understood; add it by hand".into()));
    }
    let edit = Edit {
        span: Span::new(at as u64, at as u64),
        before: Vec::new(),
        after: insert.into_bytes(),
        chain: Chain::default(),
        rules: RuleSet::NONE,
        confidence: Confidence::Certain,
        lossy: false,
        odds: 0.0,
        place: Default::default(),
    };
    let plan = Plan::new(vec![edit], written.len() as u64, Vec::new())?;
    let expected = Expected { stamp: None, digest: Digest::of(written.as_bytes()) };
    write::stage(&path, &expected, &plan, None).and_then(|staged| staged.commit()).map_err(|e| e.at(&path))?;
    Ok(path)
}

/// Where the item goes, and how it is written there.
fn place(written: &str, pyproject: bool, item: &str) -> Result<(usize, String), String> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Ours {
        allow: Option<Spanned<Vec<Spanned<String>>>>,
    }
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Tool {
        unbake: Ours,
    }
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Project {
        tool: Tool,
    }
    let wrong = |e: toml::de::Error| e.to_string().trim_end().to_owned();
    let ours = if pyproject {
        toml::from_str::<Project>(written).map_err(wrong)?.tool.unbake
    } else {
        toml::from_str::<Ours>(written).map_err(wrong)?
    };
    Ok(match ours.allow {
        // Behind the bracket, so that it does not matter how the list ends.
        Some(list) if list.get_ref().is_empty() => (list.span().start + 1, item.to_owned()),
        Some(list) => (list.span().start + 1, format!("{item}, ")),
        None if pyproject => {
            let header = "[tool.unbake]";
            let at = written.find(header).ok_or("there is no [tool.unbake] in it")? + header.len();
            let line = written[at..].find('\n').map_or(written.len(), |feed| at + feed);
            (line, format!("\nallow = [{item}]"))
        }
        None => (0, format!("allow = [{item}]\n")),
    })
}

fn parsed(text: &str) -> Option<toml::Table> {
    text.parse().ok()
}

/// Whether `new` says what `old` says and that the text is allowed, and nothing else.
fn says_also(mut old: toml::Table, new: toml::Table, pyproject: bool, text: &str) -> bool {
    let ours = if pyproject {
        old.get_mut("tool").and_then(|tool| tool.get_mut("unbake")).and_then(toml::Value::as_table_mut)
    } else {
        Some(&mut old)
    };
    let Some(ours) = ours else { return false };
    let list = ours.entry("allow").or_insert_with(|| toml::Value::Array(Vec::new()));
    let Some(list) = list.as_array_mut() else { return false };
    list.insert(0, text.into());
    old == new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_stays_as_it_is() {
        let added = |written: &str, pyproject| {
            let (at, insert) = place(written, pyproject, "\"x\"").unwrap();
            let new = format!("{}{insert}{}", &written[..at], &written[at..]);
            let says = says_also(parsed(written).unwrap(), parsed(&new).unwrap(), pyproject, "x");
            (new, says)
        };
        assert_eq!(added("# hello\nhidden = true\n", false).0, "allow = [\"x\"]\n# hello\nhidden = true\n");
        assert_eq!(added("allow = [\n  'a', # why\n]\n", false), ("allow = [\"x\", \n  'a', # why\n]\n".into(), true));
        assert_eq!(added("allow=[]", false), ("allow=[\"x\"]".into(), true));
        assert!(added("[rules]\na = 'b'\n", false).1);
        assert_eq!(added("[tool.unbake]", true), ("[tool.unbake]\nallow = [\"x\"]".into(), true));
        assert!(added("[tool.a]\nb=1\n[tool.unbake] # c\nhidden = true\n[z]\n", true).1);
        assert!(place("[tool]\nunbake.hidden = true", true, "\"x\"").is_err());
    }
}
