//! What is in archives: found, shown, repaired; and every other byte of the archive stays.

use crate::boxes::{Item, deflated, gzip, streams, tar, zip};
use crate::support::{BROKEN, Place, RIGHT, clean};

fn find(bytes: &[u8], part: &[u8]) -> usize {
    memchr(bytes, part).expect("it is in there")
}

fn memchr(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// An archive with all that a zip can have, two texts broken.
fn book(text: &str) -> Vec<u8> {
    let chapter = format!("<p>{text}</p>\n{}", clean(3000));
    zip(&[
        Item { deflate: false, ..Item::new("mimetype", "application/epub+zip") },
        Item::new("OEBPS/right.xhtml", clean(2000)),
        Item::new("OEBPS/1.xhtml", &chapter),
        Item::new("cover.bin", [0, 1, 2, 255].repeat(500)),
        Item { stream: true, ..Item::new("OEBPS/2.xhtml", text) },
        Item { deflate: false, ..Item::new("stored.txt", text) },
        Item { stream: true, ..Item::new("last.txt", "nothing wrong here") },
    ])
}

#[test]
fn check_names_container_and_member() {
    let place = Place::new();
    place.write("book.epub", book(BROKEN));
    place.write("a.txt.gz", gzip(BROKEN.as_bytes()));
    place.write("a.tar", tar(&[(b"b/c.txt", BROKEN.as_bytes()), (b"d.txt", b"fine")]));
    place.write("n.tar.gz", gzip(&tar(&[(b"in.zip", &book(BROKEN))])));
    let ran = place.run(&["check"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    let heads: Vec<_> = ran.text().lines().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect();
    let right = [
        "a.tar!/b/c.txt:1:6",
        "a.txt.gz!/a.txt:1:6",
        "book.epub!/OEBPS/1.xhtml:1:9",
        "book.epub!/OEBPS/2.xhtml:1:6",
        "book.epub!/stored.txt:1:6",
        "n.tar.gz!/in.zip!/OEBPS/1.xhtml:1:9",
        "n.tar.gz!/in.zip!/OEBPS/2.xhtml:1:6",
        "n.tar.gz!/in.zip!/stored.txt:1:6",
    ];
    assert_eq!(heads, right);
    assert_eq!(ran.err, "8 findings in 8 files (15 files checked, 2 skipped)\n");
}

#[test]
fn fix_writes_what_would_have_been_packed_and_undo_gives_back_the_bytes() {
    let place = Place::new();
    let long = format!("{}.txt", "ä".repeat(80));
    let both = |text: &str| tar(&[(b"b/c.txt", text.as_bytes()), (long.as_bytes(), text.as_bytes()), (b"d", b"fine")]);
    type Make<'m> = &'m dyn Fn(&str) -> Vec<u8>;
    let files: [(&str, Make<'_>); 5] = [
        ("book.epub", &book),
        ("a.tar", &both),
        ("a.txt.gz", &|text| gzip(text.as_bytes())),
        ("n.tar.gz", &|text| gzip(&tar(&[(b"x/in.zip", &book(text)), (b"y", b"z")]))),
        ("empty.zip", &|_| zip(&[])),
    ];
    for (name, make) in files {
        place.write(name, make(BROKEN));
    }
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.text().contains("--- a/book.epub!/OEBPS/1.xhtml\n"), "{}", ran.text());
    for (name, make) in files {
        // What is packed is packed as hard as before where the flags say how hard that was; here only the content counts.
        let (new, right) = (place.read(name), make(RIGHT));
        if name == "a.tar" || name == "empty.zip" {
            assert!(new == right, "{name}");
        }
    }
    let again = place.run(&["check"]);
    assert_eq!((again.status, &*again.text()), (0, ""), "{}", again.err);
    let undone = place.run(&["undo"]);
    assert_eq!(undone.status, 0, "{}", undone.err);
    for (name, make) in files {
        assert!(place.read(name) == make(BROKEN), "{name}");
    }
}

#[test]
fn members_that_stay_are_copied_as_they_are() {
    let place = Place::new();
    let old = book(BROKEN);
    place.write("book.epub", &old);
    assert_eq!(place.run(&["fix"]).status, 0);
    let new = place.read("book.epub");
    // All before the first change, and each member that stays with its header and its packed bytes.
    let first = find(&old, b"OEBPS/1.xhtml") - 30;
    assert_eq!(old[..first], new[..first]);
    let member = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let start = find(bytes, from) - 30;
        bytes[start..start + 30 + find(&bytes[start + 30..], to)].to_vec()
    };
    assert_eq!(member(&old, b"cover.bin", b"PK\x03\x04"), member(&new, b"cover.bin", b"PK\x03\x04"));
    assert_eq!(member(&old, b"last.txt", b"PK\x01\x02"), member(&new, b"last.txt", b"PK\x01\x02"));
    assert!(new.ends_with(b"\x0D\0the comment.."));
    assert!(memchr(&new, RIGHT.as_bytes()).is_some(), "a stored member stays stored");
}

/// What follows the name in the journal's folder is the old bytes of what changed, not a copy of the archive.
#[test]
fn the_way_back_is_as_large_as_the_change() {
    let place = Place::new();
    let noise: Vec<u8> = (0..1_000_000u64).map(|n| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect();
    let noise = Item { deflate: false, ..Item::new("noise.bin", [&[0][..], &noise].concat()) };
    place.write("a.zip", zip(&[Item::new("a.txt", BROKEN), noise]));
    assert_eq!(place.run(&["fix"]).status, 0);
    let run = std::fs::read_dir(place.state()).unwrap().next().unwrap().unwrap().path();
    let size: u64 = std::fs::read_dir(run).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(size < 2000, "{size} bytes");
}

#[test]
fn a_piped_diff_is_a_patch_for_git() {
    let place = Place::new();
    place.write("a b/book.epub", book(BROKEN));
    place.write("t.txt", BROKEN);
    let old = place.read("a b/book.epub");
    let ran = place.run(&["diff"]);
    assert_eq!(ran.status, 1);
    place.write("../changes.patch", &ran.out);
    place.tool("git", &["init", "--quiet"]);
    place.tool("git", &["apply", "../changes.patch"]);
    assert_eq!(place.run(&["check"]).status, 0);
    let new = place.read("a b/book.epub");
    place.tool("git", &["apply", "-R", "../changes.patch"]);
    assert!(place.read("a b/book.epub") == old);
    // The same as fix writes, and the patch of an undo leads back.
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    assert!(place.read("a b/book.epub") == new);
    place.write("../back.patch", place.run(&["undo", "--diff"]).out);
    place.tool("git", &["apply", "../back.patch"]);
    assert!(place.read("a b/book.epub") == old);
}

#[test]
fn people_see_the_members_text() {
    let place = Place::new();
    place.write("book.epub", book(BROKEN));
    let ran = place.run(&["diff", "--color", "always"]);
    assert!(ran.text().contains("book.epub!/stored.txt") && ran.text().contains("’"), "{}", ran.text());
}

#[test]
fn standard_input_may_be_an_archive() {
    let place = Place::new();
    let ran = place.feed(&["fix", "-"], book(BROKEN));
    assert_eq!(ran.status, 0, "{}", ran.err);
    place.write("new.zip", &ran.out);
    assert_eq!(place.run(&["check"]).status, 0);
    assert!(memchr(&ran.out, RIGHT.as_bytes()).is_some());
    // One with nothing to change is passed on as it is.
    assert!(place.feed(&["fix", "-"], book(RIGHT)).out == book(RIGHT));
}

#[test]
fn which_archives_are_looked_into() {
    let place = Place::new();
    place.write("a.jar", book(BROKEN));
    place.write("a.zip", book(BROKEN));
    assert_eq!(place.run(&["check", "a.jar"]).status, 1, "it was named");
    for (args, files) in [(&[][..], 1), (&["--archives", "always"][..], 2), (&["--archives", "never"], 0)] {
        let ran = place.run(&[&["check"], args].concat());
        let named = ["a.jar!", "a.zip!"].iter().filter(|name| ran.text().contains(*name)).count();
        assert_eq!(named, files, "{args:?}");
    }
    place.write("unbake.toml", "archives = 'never'\n");
    assert_eq!(place.run(&["check"]).status, 0);
    place.write("unbake.toml", "exclude = ['*.xhtml', '/a.zip!/stored.txt']\n");
    let ran = place.run(&["check"]);
    assert_eq!((ran.status, &*ran.text()), (0, ""));
}

/// Each of them is an error that names the file, nothing is written, and the other files go on.
#[test]
fn what_is_damaged_or_too_large_is_an_error() {
    let whole = book(BROKEN);
    let at = |part: &[u8]| find(&whole, part);
    let changed = |at: usize, with: &[u8]| {
        let mut bytes = whole.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    let entry = at(b"PK\x01\x02");
    let mut twice = tar(&[(b"a.txt", BROKEN.as_bytes())]);
    twice[100] ^= 1;
    let mut deep = zip(&[Item::new("a.txt", BROKEN)]);
    for _ in 0..40 {
        deep = zip(&[Item::new("a.zip", &deep)]);
    }
    let gz = gzip(format!("{BROKEN}\n{}", clean(100_000)).as_bytes());
    let mut wrong = gz.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("cut.zip", whole[..whole.len() - 40].to_vec()),
        ("half.zip", whole[..whole.len() / 2].to_vec()),
        ("crc.zip", changed(entry + 16, b"\0\0\0\0")),
        ("header.zip", changed(at(b"OEBPS/1.xhtml") - 30, b"QK")),
        ("count.zip", changed(whole.len() - 25, b"\xFF\xFF")),
        ("entry.zip", changed(entry, b"PX")),
        ("upon.zip", changed(at(b"PK\x01\x02") + 46 + 8 + 7 + 42, b"\0\0\0\0")),
        ("lies.zip", zip(&[Item { claims: Some(3), ..Item::new("a.txt", BROKEN) }])),
        ("lies-more.zip", zip(&[Item { claims: Some(99_999), ..Item::new("a.txt", BROKEN) }])),
        ("deep.zip", deep),
        ("cut.gz", gz[..gz.len() - 100].to_vec()),
        ("short.gz", gz[..12].to_vec()),
        ("crc.gz", wrong),
        ("sum.tar", twice.repeat(2)),
        ("cut.tar", tar(&[(b"a.txt", BROKEN.as_bytes()), (b"b.txt", &[b'x'; 900])])[..1800].to_vec()),
        ("bomb.tar.gz", gzip(&tar(&[(b"a", &vec![0; 80_000_000])]))),
    ];
    for (name, bytes) in cases {
        let place = Place::with(&[("right.txt", BROKEN)]);
        // The one with the wrong sum is known by its first, right block only.
        let bytes = if name == "sum.tar" { [tar(&[(b"a", b"b")])[..1024].to_vec(), bytes].concat() } else { bytes };
        place.write(name, &bytes);
        for command in ["check", "fix"] {
            let ran = place.run(&[command]);
            assert_eq!(ran.status, 2, "{name}: {}", ran.err);
            assert!(ran.err.starts_with(&format!("unbake: {name}")), "{}", ran.err);
            assert!(!ran.err.contains("internal error"), "{}", ran.err);
        }
        assert!(place.read(name) == bytes, "{name} was written");
        assert_eq!(place.read("right.txt"), RIGHT.as_bytes());
    }
}

#[test]
fn limits_can_be_set() {
    let place = Place::new();
    place.write("a.zip", zip(&[Item::new("1.txt", BROKEN), Item::new("2.txt", BROKEN)]));
    for (limits, why) in [
        ("members = 1", "has more than 1 members"),
        ("size = 10", "unpacks to more than 10 bytes"),
        ("depth = 0", "is nested more than 0 deep"),
    ] {
        place.write("unbake.toml", format!("[archive-limits]\n{limits}\n"));
        let ran = place.run(&["check"]);
        assert_eq!(ran.status, 2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    place.write("unbake.toml", "[archive-limits]\nsizes = 3\n");
    assert_eq!(place.run(&["check"]).status, 2);
}

#[test]
fn what_is_encrypted_is_reported_and_left() {
    let place = Place::new();
    place.write("a.zip", zip(&[Item { flags: 1, ..Item::new("secret.txt", BROKEN) }, Item::new("a.txt", BROKEN)]));
    let ran = place.run(&["check"]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1));
    assert!(ran.err.contains("a.zip!/secret.txt: is encrypted; left as it is"), "{}", ran.err);
    assert_eq!(place.run(&["fix"]).status, 0);
    let new = place.read("a.zip");
    assert!(memchr(&new, &deflated(BROKEN.as_bytes())).is_some(), "the secret has its old bytes");
}

#[test]
fn what_is_signed_is_not_broken() {
    let place = Place::new();
    let old = zip(&[Item::new("META-INF/CERT.RSA", [0; 9]), Item::new("a.txt", BROKEN)]);
    place.write("a.zip", &old);
    assert_eq!(place.run(&["check"]).status, 1);
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("a.zip: is signed"), "{}", ran.err);
    assert!(place.read("a.zip") == old);
}

/// Names that lead outside are only names: nothing is written by them, and nobody's settings are read by them.
#[test]
fn names_lead_nowhere() {
    let place = Place::new();
    place.write("in/a.zip", zip(&[Item::new("../../other/x.txt", BROKEN), Item::new("/etc/x", BROKEN)]));
    place.write("other/unbake.toml", "not = 'valid'\n");
    place.write("in/a.tar", tar(&[(b"../../other/x.txt", BROKEN.as_bytes()), (b"a\nb\x1B[31m", BROKEN.as_bytes())]));
    let ran = place.run(&["fix", "in"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(place.names("other"), ["unbake.toml"]);
    assert_eq!(place.names(""), ["in", "other"]);
    let ran = place.run(&["check", "in"]);
    assert_eq!(ran.status, 0);
}

#[test]
fn members_of_one_name_are_two_members() {
    let place = Place::new();
    place.write("a.zip", zip(&[Item::new("a.txt", BROKEN), Item::new("a.txt", "right"), Item::new("a.txt", BROKEN)]));
    assert_eq!(place.run(&["check"]).text().lines().count(), 2);
    assert_eq!(place.run(&["fix"]).status, 0);
    assert_eq!(place.run(&["check"]).status, 0);
}

#[test]
fn single_edits_in_archives_are_taken_back() {
    let text = "one Peterâ€™s hat\ntwo cafÃ©\n";
    let twins = zip(&[Item::new("a.txt", text), Item::new("a.txt", "right"), Item::new("a.txt", text)]);
    let files = [
        ("a.txt.gz", gzip(text.as_bytes()), "a.txt.gz!/a.txt", 0),
        ("b.zip", twins.clone(), "b.zip!/a.txt", 2),
        ("c.tar.gz", gzip(&tar(&[(b"x/in.zip", &twins), (b"y", b"z")])), "c.tar.gz!/x/in.zip!/a.txt", 2),
        ("d.tar", tar(&[(b"first.txt", text.as_bytes()), (b"d.txt", text.as_bytes())]), "d.tar!/d.txt", 2),
    ];
    for (name, old, member, before) in files {
        let place = Place::new();
        place.write(name, &old);
        let said = place.run(&["fix", name]).err;
        let id = said.trim_end().rsplit(' ').next().unwrap();
        let fixed = place.read(name);
        let list = place.run(&["undo", "--list", id]).text();
        assert!(list.starts_with(&format!("{name}: {} edits\n", before + 2)), "{list}");
        assert!(list.contains(&format!("{member}\n  {}  ", before + 1)) || before == 2, "{list}");
        let found = || place.run(&["check", name]).text();
        let (first, second) = ((before + 1).to_string(), (before + 2).to_string());
        let edit = |number: &str, more: &[&str]| place.run(&[&["undo", id, name, "--edit", number][..], more].concat());
        let ran = edit(&second, &["--dry-run"]);
        assert!(ran.text().ends_with("would be taken back: é → Ã©\n") && place.read(name) == fixed, "{}", ran.text());
        let ran = edit(&second, &[]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        let one = place.read(name);
        assert!(found().starts_with(&format!("{member}:2:8: ")) && found().lines().count() == 1, "{}", found());
        assert!(edit(&second, &[]).err.contains(" is taken back already"));
        assert_eq!(edit(&first, &[]).status, 0);
        assert!(found().lines().count() == 2 && found().starts_with(&format!("{member}:1:10: ")), "{}", found());
        assert!(place.run(&["undo", "--list", id]).text().ends_with("certain] taken back\n"));
        // Each is a run of its own, and can be undone as such.
        assert_eq!(place.run(&["undo"]).status, 0);
        assert!(place.read(name) == one);
        assert_eq!((place.run(&["undo"]).status, place.run(&["undo"]).status), (0, 0));
        assert!(place.read(name) == old, "{name}");
        // What has become of it since is nobody's to look for.
        place.run(&["fix", name]);
        place.write(name, [&*place.read(name), b"\0"].concat());
        let ran = place.run(&[
            "undo",
            &place.run(&["undo", "--list"]).text().lines().last().unwrap()[..22],
            name,
            "--edit",
            "1",
        ]);
        assert!(ran.status == 2 && ran.err.contains("is an archive, where no edit can be looked for"), "{}", ran.err);
    }
}

#[test]
fn several_parts_of_a_gzip_file_are_one_text() {
    let place = Place::new();
    let mut parts = [gzip(b"one\n"), gzip(BROKEN.as_bytes())].concat();
    parts.extend([0; 10]);
    place.write("a.gz", &parts);
    assert_eq!(place.run(&["fix"]).status, 0);
    let new = place.read("a.gz");
    assert!(new.starts_with(&gzip(b"")[..10]) && new.ends_with(&[0; 10]));
    assert_eq!(place.run(&["check"]).status, 0);
    place.run(&["undo"]);
    assert!(place.read("a.gz") == parts);
}

/// With a second name an archive is written over, and a write that was cut short is put back.
#[cfg(unix)]
#[test]
fn an_archive_with_two_names_keeps_them() {
    let place = Place::new();
    let old = book(BROKEN);
    place.write("a.zip", &old);
    std::fs::hard_link(place.path("a.zip"), place.path("b.zip")).expect("a link");
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let new = place.read("a.zip");
    assert!(new != old && place.read("b.zip") == new);
    let cut = [&new[..new.len() / 2], &old[new.len() / 2..]].concat();
    place.write("a.zip", cut);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert!(place.read("b.zip") == old);
}

#[test]
fn other_ways_of_packing() {
    let text = format!("{BROKEN}\n{}", clean(20_000));
    let tarred = tar(&[(b"in/a.txt", BROKEN.as_bytes())]);
    for ((ending, packed), (_, tarred)) in streams(text.as_bytes()).into_iter().zip(streams(&tarred)) {
        let place = Place::new();
        let (one, parts, all) = (format!("a.txt.{ending}"), format!("parts.{ending}"), format!("b.tar.{ending}"));
        place.write(&one, &packed);
        place.write(&parts, packed.repeat(2));
        place.write(&all, &tarred);
        let ran = place.run(&["check"]);
        assert_eq!(ran.status, 1, "{}", ran.err);
        assert_eq!(ran.text().lines().count(), 4, "{}", ran.text());
        assert!(ran.text().contains(&format!("{one}!/a.txt:1:6")), "{}", ran.text());
        assert!(ran.text().contains(&format!("{all}!/in/a.txt:1:6")), "{}", ran.text());
        let ran = place.run(&["fix"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert_eq!(place.run(&["check"]).status, 0);
        assert_eq!(place.run(&["undo"]).status, 0);
        assert!(place.read(&one) == packed && place.read(&parts) == packed.repeat(2) && place.read(&all) == tarred);
        // Cut short, and with a wrong byte in the middle.
        let middle = packed.len() / 2;
        let wrong = [&packed[..middle], &[packed[middle] ^ 0x55], &packed[middle + 1..]].concat();
        for bad in [packed[..packed.len() - 20].to_vec(), packed[..12].to_vec(), wrong] {
            let place = Place::new();
            place.write(&one, &bad);
            let ran = place.run(&["fix", &one]);
            assert_eq!(ran.status, 2, "{ending}: {}{}", ran.err, ran.text());
            assert!(ran.err.starts_with(&format!("unbake: {one}")), "{}", ran.err);
            assert!(place.read(&one) == bad);
        }
    }
}
