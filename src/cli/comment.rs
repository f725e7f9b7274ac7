//! How a comment is written, by the name of a language.

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

impl Comment {
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
}
