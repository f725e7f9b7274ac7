//! Must this archive not change? One that is signed, or that lists checksums of its members, would be broken by any repair.
//!
//! In: the members' names. Out: why no member may change, if that is so. Must not: check a signature.

/// Why none of the members may change.
pub(super) fn seal<'n>(names: impl Iterator<Item = &'n [u8]>) -> Option<&'static str> {
    const SIGNED: &str = "is signed, and a repair would break the signature; left as it is";
    const LISTED: &str = "lists checksums of its members, which a repair would break; left as it is";
    for name in names {
        let ends =
            |end: &str| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
        let meta = name.len() >= 9 && name[..9].eq_ignore_ascii_case(b"META-INF/");
        if meta && [".sf", ".rsa", ".dsa", ".ec", "signatures.xml"].iter().any(|end| ends(end))
            || name.starts_with(b"_xmlsignatures/")
            || name == b".signature.p7s"
        {
            return Some(SIGNED);
        }
        if ends(".dist-info/RECORD") {
            return Some(LISTED);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::seal;

    #[test]
    fn what_is_sealed() {
        let all = |names: &[&str]| seal(names.iter().map(|name| name.as_bytes())).is_some();
        assert!(all(&["a.txt", "META-INF/CERT.RSA"]) && all(&["meta-inf/documentsignatures.xml"]));
        assert!(all(&["_xmlsignatures/sig1.xml"]) && all(&["x-1.0.dist-info/RECORD"]));
        assert!(!all(&["META-INF/MANIFEST.MF", "META-INF/container.xml", "mimetype", "a.rsa"]));
    }
}
