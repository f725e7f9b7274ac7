//! Turns the readable tables under `data/` into packed ones.

#[path = "build/codepages.rs"]
mod codepages;
#[path = "build/letters.rs"]
mod letters;
#[path = "build/model.rs"]
mod model;

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    codepages::generate("data/codepages", &out.join("codepages.rs"));
    letters::generate("data/letters", "data/model/classes.txt", &out.join("letters.rs"));
    model::generate("data/model", &out);
}
