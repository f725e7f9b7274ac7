//! `unbake names`: files, folders and members of archives get the names that they were meant to have.

use crate::boxes::{Item, gzip, tar, zip};
use crate::support::Place;

/// UTF-8 read as windows-1252, for names that are written as they should be.
fn broken(right: &str) -> String {
    let read = |byte: u8| match byte {
        0x80 => '€',
        0x99 => '™',
        0xA0.. | ..0x80 => char::from(byte),
        _ => panic!("not needed here: {byte:02X}"),
    };
    right.bytes().map(read).collect()
}

#[test]
fn files_and_folders_are_renamed_deepest_first_and_back() {
    let place = Place::new();
    let (folder, file) = ("Übersicht für café", "Peter’s naïve résumé.txt");
    let folder = &folder.replace('Ü', "u");
    let (old_folder, old_file) = (broken(folder), broken(file));
    place.write(&format!("{old_folder}/{old_file}"), "nothing wrong in here");
    place.write(&format!("{old_folder}/right é.txt"), "");
    let dry = place.run(&["names"]);
    assert_eq!(dry.status, 1, "{}", dry.err);
    assert_eq!(
        dry.text(),
        format!(
            "{old_folder} → {folder}  [utf-8 read as windows-1252, certain]\n\
             {old_folder}/{old_file} → {file}  [utf-8 read as windows-1252, certain]\n"
        )
    );
    assert!(dry.err.contains("2 broken names (3 names checked); --write renames"), "{}", dry.err);
    assert_eq!(place.names(""), [&*old_folder], "a dry run changes nothing");
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!((place.names(""), place.names(folder)), (vec![folder.clone()], vec![file.into(), "right é.txt".into()]));
    assert_eq!(place.run(&["names"]).status, 0);
    let listed = place.run(&["undo", "--list"]);
    assert!(listed.text().contains("2 edits in 2 files"), "{}", listed.text());
    assert_eq!(place.run(&["undo", "--dry-run"]).status, 0);
    let undone = place.run(&["undo"]);
    assert_eq!(undone.status, 0, "{}", undone.err);
    assert_eq!((place.names(""), place.names(&old_folder)[0].clone()), (vec![old_folder.clone()], old_file));
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let (one, other) = ("Peter’s naïve café.txt", "RENÉE’S CAFÉ à LA CARTE.txt");
    let lower = "renée’s café à la carte.txt";
    let place = Place::with(&[(&broken(one), "1"), (one, "2"), (&broken(lower), "3"), (other, "4")]);
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.err.contains("there is a file of that name; left as it is"), "{}", ran.err);
    assert!(ran.err.contains("differs only in capitals"), "{}", ran.err);
    assert_eq!(place.names("").len(), 4);
    assert_eq!((place.read(&broken(one)), place.read(one)), (b"1".to_vec(), b"2".to_vec()));
    assert!(!place.state().exists(), "no run, no journal");
}

#[cfg(unix)]
#[test]
fn links_are_reported_and_keep_their_target() {
    let place = Place::new();
    let target = broken("Peter’s naïve café.txt");
    std::os::unix::fs::symlink(&target, place.path("link")).expect("a link");
    let ran = place.run(&["names", "--write"]);
    assert!(ran.err.contains("link: a link to a broken name, meant as Peter’s naïve café.txt"), "{}", ran.err);
    assert_eq!(std::fs::read_link(place.path("link")).expect("a link").to_str(), Some(&*target));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    // Two names in IBM866.
    let old: [&[u8]; 2] = [
        b"\x8E\xE2\xE7\xF1\xE2 \xA7\xA0 \xA3\xAE\xA4.txt",
        b"\x91\xAF\xA8\xE1\xAE\xAA \xAF\xAE\xAA\xE3\xAF\xAE\xAA.doc",
    ];
    old.iter().for_each(|name| std::fs::write(place.path(OsStr::from_bytes(name)), "x").expect("a file"));
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(place.names(""), ["Отчёт за год.txt", "Список покупок.doc"]);
    assert!(ran.text().contains("[ibm866, not utf-8, likely]"), "{}", ran.text());
    place.run(&["undo"]);
    assert!(old.iter().all(|name| place.path(OsStr::from_bytes(name)).exists()));
    // One odd byte tells nothing, so it is left and named, unless the user says what it is.
    let place = Place::new();
    std::fs::write(place.path(OsStr::from_bytes(b"a\x82")), "x").expect("a file");
    let ran = place.run(&["names"]);
    assert!(ran.status == 0 && ran.err.contains("its encoding is not sure"), "{}", ran.err);
    let ran = place.run(&["names", "--write", "--encoding", "ibm850"]);
    assert_eq!((ran.status, place.names("")), (0, vec!["aé".to_owned()]), "{}", ran.err);
}

#[test]
fn names_in_archives() {
    let place = Place::new();
    let right = ["Übung/", "Übung/schöne Grüße.txt", "Bücher für später.txt", "Straßenübersicht.txt", "plain.txt"];
    let ibm850 = |name: &str| -> Vec<u8> {
        let byte = |c| match c {
            'Ü' => 0x9A,
            'ö' => 0x94,
            'ü' => 0x81,
            'ä' => 0x84,
            'ß' => 0xE1,
            c => c as u8,
        };
        name.chars().map(byte).collect()
    };
    let names: Vec<Vec<u8>> = right.iter().map(|name| ibm850(name)).collect();
    let items: Vec<Item<'_>> = (names.iter())
        .enumerate()
        .map(|(i, name)| Item { name, stream: i % 2 == 1, ..Item::new("", format!("content {i}")) })
        .collect();
    let files = || names.iter().map(|name| (&name[..], &b"content"[..])).collect::<Vec<_>>();
    place.write("a.zip", zip(&items));
    place.write("a.tar", tar(&files()));
    place.write("a.tar.gz", gzip(&tar(&files())));
    let olds = ["a.zip", "a.tar", "a.tar.gz"].map(|name| place.read(name));
    let dry = place.run(&["names"]);
    assert_eq!(dry.status, 1, "{}", dry.err);
    assert!(dry.text().contains("→ Übung/schöne Grüße.txt  [ibm850, not utf-8, likely]"), "{}", dry.text());
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let new = place.read("a.zip");
    let again = place.run(&["names"]);
    assert_eq!((again.status, &*again.text()), (0, ""), "{}", again.err);
    // As it would have been made, with the mark of UTF-8 on what was renamed.
    let meant: Vec<Item<'_>> = (items.iter().zip(right))
        .map(|(item, name)| Item {
            name: name.as_bytes(),
            content: item.content.clone(),
            flags: if name.is_ascii() { 0 } else { 1 << 11 },
            ..*item
        })
        .collect();
    assert!(new == zip(&meant));
    let meant: Vec<_> = right.iter().map(|name| (name.as_bytes(), &b"content"[..])).collect();
    assert!(place.read("a.tar") == tar(&meant));
    assert_eq!(place.run(&["undo"]).status, 0);
    assert!(["a.zip", "a.tar", "a.tar.gz"].map(|name| place.read(name)) == olds);
}

#[test]
fn names_that_others_refer_to_stay() {
    let place = Place::new();
    let name = broken("Peter’s naïve café.xhtml");
    let utf8 = |name| Item { flags: 1 << 11, ..Item::new(name, "x") };
    let book = zip(&[Item { deflate: false, ..Item::new("mimetype", "application/epub+zip") }, utf8(&name)]);
    place.write("book.epub", &book);
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("book.epub: is a document whose parts refer to each other"), "{}", ran.err);
    assert!(place.read("book.epub") == book);
}

#[test]
fn a_zip_that_does_not_say_that_it_is_utf_8_is_told_to() {
    let place = Place::new();
    place.write("a.zip", zip(&[Item::new("schöne Grüße.txt", "x"), Item::new("plain", "y")]));
    let ran = place.run(&["names", "-w"]);
    assert!(ran.text().contains("[utf-8, not marked as such]"), "{}", ran.text());
    let marked = Item { flags: 1 << 11, ..Item::new("schöne Grüße.txt", "x") };
    assert!(place.read("a.zip") == zip(&[marked, Item::new("plain", "y")]));
    assert_eq!(place.run(&["names"]).status, 0);
}

#[test]
fn members_of_one_name_are_refused() {
    let place = Place::new();
    let name = broken("Peter’s naïve café.txt");
    let utf8 = |name| Item { flags: 1 << 11, ..Item::new(name, "x") };
    let old = zip(&[utf8(&name), utf8("PETER’S naïve café.txt")]);
    place.write("a.zip", &old);
    let ran = place.run(&["names", "--write"]);
    assert!(ran.status == 2 && ran.err.contains("two members would be called"), "{}", ran.err);
    assert!(place.read("a.zip") == old);
}

/// The archive is rewritten while its folder has its old name, and put back when it has it again.
#[test]
fn an_archive_in_a_folder_that_is_renamed() {
    let place = Place::new();
    let (folder, name) = ("naïve café à Évreux", "Peter’s naïve café.txt");
    let old_folder = broken("naïve café à la carte");
    let folder = &folder.replace("Évreux", "la carte");
    let utf8 = |name| Item { flags: 1 << 11, ..Item::new(name, "x") };
    let old_name = broken(name);
    let old = zip(&[utf8(&old_name)]);
    place.write(&format!("{old_folder}/{old_name}.zip"), &old);
    let ran = place.run(&["names", "--write"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(place.read(&format!("{folder}/{name}.zip")) == zip(&[utf8(name)]), "{:?}", place.names(""));
    let dry = place.run(&["undo", "--dry-run"]);
    assert_eq!(dry.status, 0, "{}", dry.err);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert!(place.read(&format!("{old_folder}/{old_name}.zip")) == old);
}
