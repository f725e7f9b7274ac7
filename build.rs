//! Turns the readable tables under `data/` into packed ones.

#[path = "build/codepages.rs"]
mod codepages;
#[path = "build/languages.rs"]
mod languages;
#[path = "build/letters.rs"]
mod letters;
#[path = "build/model.rs"]
mod model;
#[path = "build/scan.rs"]
mod scan;
#[path = "src/detect/thresholds.rs"]
#[allow(dead_code, reason = "some are for the program only")]
mod thresholds;

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/detect/thresholds.rs");
    let roles = codepages::generate("data/codepages", &out.join("codepages.rs"));
    codepages::ebcdic("data/codepages", &out.join("ebcdic.rs"));
    languages::generate("data/model/languages.txt", &out);
    letters::generate("data/letters", "data/model/classes.txt", &out.join("letters.rs"));
    let costs = model::generate("data/model", &out);
    scan::generate(&roles, &costs, &out);
}
