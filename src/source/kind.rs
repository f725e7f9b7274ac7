//! What kind of file is it, as far as that bears on how text is written in it?
//!
//! In: a path, and the beginning of the source. Out: a [`Kind`], which says which escapes may stand for characters there and
//! what ASCII has a meaning of its own. Must not: parse anything.

use std::path::Path;

use super::escapes::Style;
use crate::error::Error;

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text in which nothing is escaped.
    Plain,
    /// Any other text: escapes mean nothing to it, but it may have been cut out of what they mean something to.
    #[default]
    Text,
    /// JSON, also one document a line.
    Json,
    /// JavaScript and TypeScript.
    Script,
    /// Java and its relatives.
    Java,
    /// `.properties`.
    Properties,
    /// Python.
    Python,
    /// C, and other languages that escape bytes as it does.
    C,
    /// Translation catalogues of gettext.
    Catalogue,
    /// HTML and XML.
    Markup,
    /// Markdown, which may have HTML in it.
    Markdown,
    /// SQL.
    Sql,
    /// Values separated by commas or tabs.
    Table,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Style sheets.
    Css,
    /// Mail as it is sent.
    Mail,
}

/// The names that people and settings use.
const NAMES: [(&str, Kind); 17] = [
    ("text", Kind::Text),
    ("plain", Kind::Plain),
    ("json", Kind::Json),
    ("javascript", Kind::Script),
    ("java", Kind::Java),
    ("properties", Kind::Properties),
    ("python", Kind::Python),
    ("c", Kind::C),
    ("po", Kind::Catalogue),
    ("html", Kind::Markup),
    ("markdown", Kind::Markdown),
    ("sql", Kind::Sql),
    ("csv", Kind::Table),
    ("yaml", Kind::Yaml),
    ("toml", Kind::Toml),
    ("css", Kind::Css),
    ("mail", Kind::Mail),
];

impl Kind {
    /// The kind with this name.
    pub fn for_name(name: &str) -> Option<Kind> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The kind that a user means.
    ///
    /// # Errors
    /// When there is none; the message names all.
    pub fn for_user(name: &str) -> Result<Kind, Error> {
        Kind::for_name(name).ok_or_else(|| {
            let known = Kind::names().collect::<Vec<_>>().join(", ");
            Error::usage(format!("unknown type of file `{name}`: use one of {known}"))
        })
    }

    /// The names of all kinds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The kind of a file, by the end of its name; by its beginning where it has no such name.
    pub fn of(path: &Path, source: &[u8]) -> Kind {
        let Some(extension) = path.extension() else { return Kind::by_content(source) };
        match &*extension.to_string_lossy().to_ascii_lowercase() {
            "json" | "jsonl" | "ndjson" | "geojson" | "ipynb" | "webmanifest" | "har" | "json5" | "jsonc" => Kind::Json,
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte" => Kind::Script,
            "java" | "kt" | "kts" | "scala" | "groovy" | "cs" | "swift" | "dart" => Kind::Java,
            "properties" => Kind::Properties,
            "py" | "pyi" | "pyw" => Kind::Python,
            "c" | "h" | "cc" | "cpp" | "cxx" | "hh" | "hpp" | "m" | "mm" | "rs" | "go" | "rb" | "php" | "pl" | "pm"
            | "lua" | "sh" | "bash" | "awk" | "r" => Kind::C,
            "po" | "pot" => Kind::Catalogue,
            "html" | "htm" | "xhtml" | "xml" | "svg" | "rss" | "atom" | "opml" | "xsl" | "xslt" | "xsd" | "plist"
            | "kml" | "gpx" | "xlf" | "xliff" | "tmx" | "ts.xml" | "resx" | "ncx" | "opf" | "fb2" | "docbook"
            | "dtd" => Kind::Markup,
            "md" | "markdown" | "mkd" | "rst" => Kind::Markdown,
            "sql" => Kind::Sql,
            "csv" | "tsv" => Kind::Table,
            "yaml" | "yml" => Kind::Yaml,
            "toml" => Kind::Toml,
            "css" | "scss" | "less" => Kind::Css,
            "eml" | "mbox" | "mht" | "mhtml" => Kind::Mail,
            _ => Kind::Text,
        }
    }

    fn by_content(source: &[u8]) -> Kind {
        let head = &source[..source.len().min(1 << 10)];
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let begins = |with: &[u8]| head.len() >= with.len() && head[..with.len()].eq_ignore_ascii_case(with);
        match head.first() {
            Some(b'<') if begins(b"<?xml") || begins(b"<!doctype") || begins(b"<html") || begins(b"<svg") => {
                Kind::Markup
            }
            Some(b'{') if matches!(head[1..].trim_ascii_start().first(), Some(b'"' | b'}')) => Kind::Json,
            Some(b'[') if matches!(head[1..].trim_ascii_start().first(), Some(b'"' | b'{' | b'[')) => Kind::Json,
            _ => Kind::Text,
        }
    }

    /// How characters may be escaped in it.
    pub fn styles(self) -> &'static [Style] {
        use Style::{Entity, Hex, Octal, Percent, Quoted, Unicode};
        match self {
            Kind::Plain => &[],
            Kind::Json => &[Unicode, Entity, Percent],
            Kind::Text | Kind::Script | Kind::Python | Kind::C => &[Unicode, Hex, Octal, Entity, Percent],
            Kind::Java | Kind::Properties => &[Unicode, Entity, Percent],
            Kind::Catalogue => &[Hex, Octal, Entity, Percent],
            Kind::Markup | Kind::Markdown | Kind::Table => &[Entity, Percent],
            Kind::Sql => &[Hex, Octal, Entity, Percent],
            Kind::Yaml | Kind::Toml => &[Unicode, Entity, Percent],
            Kind::Css => &[Percent],
            Kind::Mail => &[Quoted],
        }
    }

    /// Whether it is written by hand for a machine: who escapes a control there means it.
    pub fn is_program(self) -> bool {
        matches!(
            self,
            Kind::Script
                | Kind::Java
                | Kind::Python
                | Kind::C
                | Kind::Css
                | Kind::Yaml
                | Kind::Toml
                | Kind::Plain
                | Kind::Text
        )
    }

    /// Whether a backslash takes the meaning of the character behind it.
    pub fn has_backslash(self) -> bool {
        !matches!(self, Kind::Plain | Kind::Markup | Kind::Markdown | Kind::Table | Kind::Mail)
    }
}
