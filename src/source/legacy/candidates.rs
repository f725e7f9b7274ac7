//! The old encodings that files are in, and how common each is, before the bytes are looked at.

use std::sync::LazyLock;

use crate::model::PER_NAT;
use crate::source::Charset;

/// An encoding that a source may be in.
pub struct Candidate {
    /// The encoding.
    pub charset: Charset,
    /// What it costs to be in it, in eighths of a nat.
    pub cost: i32,
}

/// The commonest first, each with what it costs in nats. What people's systems wrote for decades is common, standards that
/// hardly any system wrote are rare: the order of magnitude is that of the web in 2012, and of DOS and the Mac behind it.
const KNOWN: &[(i32, &str)] = &[
    (0, "windows-1252"),
    (
        1,
        "windows-1251 windows-1250 shift_jis gb18030 euc-kr big5 windows-1254 windows-1253 windows-1255 windows-1256 \
         windows-1257 windows-874 iso-8859-2 euc-jp koi8-r",
    ),
    (2, "windows-1258 koi8-u iso-8859-7 iso-8859-15 ibm866 ibm850 ibm437 macintosh"),
    (3, "iso-8859-5 iso-8859-8 iso-8859-6 iso-8859-13 iso-8859-4 ibm852 x-mac-cyrillic iso-8859-9"),
    (
        5,
        "iso-8859-3 iso-8859-10 iso-8859-14 iso-8859-16 ibm737 ibm857 ibm862 ibm775 ibm855 x-mac-ce x-mac-greek \
         x-mac-turkish",
    ),
];

/// All of them.
pub static CANDIDATES: LazyLock<Vec<Candidate>> = LazyLock::new(|| {
    let of = |&(nats, labels): &(i32, &'static str)| {
        let charsets = labels.split_ascii_whitespace().filter_map(Charset::for_label);
        charsets.map(move |charset| Candidate { charset, cost: nats * PER_NAT }).collect::<Vec<_>>()
    };
    KNOWN.iter().flat_map(of).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_is_known() {
        let labels = KNOWN.iter().flat_map(|(_, labels)| labels.split_ascii_whitespace()).count();
        assert_eq!(CANDIDATES.len(), labels);
    }
}
