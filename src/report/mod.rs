//! The only output: list, diff, json.
