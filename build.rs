//! Turns the readable tables under `data/` into packed ones.

#[path = "build/codepages.rs"]
mod codepages;
#[path = "src/model/flags.rs"]
mod flags;
#[path = "build/frequent.rs"]
mod frequent;
#[path = "build/groups.rs"]
mod groups;
#[path = "build/languages.rs"]
mod languages;
#[path = "build/large.rs"]
mod large;
#[path = "build/letters.rs"]
mod letters;
#[path = "build/model.rs"]
mod model;
#[path = "build/multi.rs"]
mod multi;
#[path = "build/scan.rs"]
mod scan;
#[path = "src/detect/thresholds.rs"]
#[allow(dead_code, reason = "some are for the program only")]
mod thresholds;
#[path = "src/model/word_hash.rs"]
mod word_hash;
#[path = "build/words.rs"]
mod words;

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/detect/thresholds.rs");
    println!("cargo::rerun-if-changed=src/model/flags.rs");
    println!("cargo::rerun-if-changed=src/model/groups.rs");
    println!("cargo::rerun-if-changed=src/model/word_hash.rs");
    let roles = codepages::generate("data/codepages", &out.join("codepages.rs"));
    codepages::windows_950("data/codepages/multi/windows-950.txt", &out.join("windows-950.rs"));
    multi::generate(&out);
    codepages::ebcdic("data/codepages", &out.join("ebcdic.rs"));
    let codes = languages::generate("data/model/languages.txt", &out);
    words::generate("data/model/words.txt", &codes, &out);
    frequent::generate("data/model/frequent.txt", &codes, &out);
    letters::generate("data/letters", "data/model/classes.txt", &out.join("letters.rs"));
    let costs = model::generate("data/model", &out);
    large::generate("data/model/large.txt", &costs, &out);
    scan::generate(&roles, &costs, &out);
}
