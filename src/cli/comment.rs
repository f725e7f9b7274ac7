//! How a comment is written, by the name of a language.

use std::path::Path;

/// What stands before and after the words of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    before: &'static str,
    after: &'static str,
}

/// Languages as editors name them, by what their comments begin and end with.
const STYLES: [(&str, &str, &str); 7] = [
    (
        "//",
        "",
        " c cpp csharp cuda-cpp dart fsharp go groovy java javascript javascriptreact jsonc kotlin less objective-c \
         objective-cpp php rust scala scss swift typescript typescriptreact zig ",
    ),
    (
        "#",
        "",
        " awk coffeescript cmake dockerfile elixir fish julia make makefile nix perl powershell properties python r ruby \
         sh bash zsh shellscript tcl terraform toml yaml gitcommit ",
    ),
    ("<!--", "-->", " html markdown svelte vue xml xsl svg astro "),
    ("--", "", " ada elm haskell lua sql "),
    ("/*", "*/", " css "),
    ("%", "", " erlang latex matlab prolog tex bibtex "),
    (";", "", " clojure ini lisp scheme dosini asm "),
];

/// Languages by the ends of file names, where these are not the language's own name.
const ENDINGS: [(&str, &str); 24] = [
    ("javascript", " js mjs cjs jsx "),
    ("typescript", " ts mts cts tsx "),
    ("c", " h "),
    ("cpp", " cc cxx hh hpp "),
    ("csharp", " cs "),
    ("rust", " rs "),
    ("kotlin", " kt kts "),
    ("objective-c", " m mm "),
    ("python", " py pyi "),
    ("ruby", " rb "),
    ("perl", " pl pm "),
    ("shellscript", " ksh "),
    ("powershell", " ps1 psm1 "),
    ("elixir", " ex exs "),
    ("yaml", " yml "),
    ("makefile", " mk "),
    ("html", " htm xhtml "),
    ("markdown", " md mkd "),
    ("haskell", " hs "),
    ("ada", " adb ads "),
    ("erlang", " erl "),
    ("clojure", " clj cljs "),
    ("terraform", " tf "),
    ("groovy", " gradle "),
];

impl Comment {
    /// The comment of a file, by its name; none where that does not tell whether it has any.
    pub fn of_path(path: &Path) -> Option<Comment> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let ending = name.rsplit('.').next()?;
        let listed = ENDINGS.iter().find(|(_, endings)| endings.split_whitespace().any(|one| one == ending));
        let comment = Comment::of(listed.map_or(ending, |(language, _)| language));
        (!comment.before.is_empty()).then_some(comment)
    }

    /// The comment of a language; of one that is not known, or has none, nothing stands around the words.
    pub fn of(language: &str) -> Comment {
        let is_one = |names: &&str| names.split_whitespace().any(|name| name == language);
        let found = STYLES.iter().find(|(_, _, names)| is_one(names));
        found.map_or(Comment { before: "", after: "" }, |(before, after, _)| Comment { before, after })
    }

    /// A comment with these words.
    pub fn around(self, words: &str) -> String {
        [self.before, words, self.after].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_by_language() {
        for (language, written) in [("rust", "// x"), ("html", "<!-- x -->"), ("python", "# x"), ("plaintext", "x")] {
            assert_eq!(Comment::of(language).around("x"), written);
        }
    }

    #[test]
    fn comments_by_the_name_of_a_file() {
        let of = |name: &str| Comment::of_path(Path::new(name)).map(|comment| comment.around("x"));
        assert_eq!(of("a/b.rs").as_deref(), Some("// x"));
        assert_eq!(of("README.MD").as_deref(), Some("<!-- x -->"));
        assert_eq!(of("Makefile").as_deref(), Some("# x"));
        assert_eq!((of("a.json"), of("a.txt"), of("a.csv")), (None, None, None));
    }

    #[test]
    fn every_ending_is_that_of_a_language_with_comments() {
        for (language, _) in ENDINGS {
            assert!(!Comment::of(language).before.is_empty(), "{language}");
        }
    }
}
