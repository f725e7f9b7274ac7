//! What is said in several places, put together key by key, each value with where it was said.
//!
//! There is one order: what is usual, what a file extends, the file, the entries of `per-path` that are about a path, the
//! flags. What comes later takes the place of what was said before, except that lists of exceptions add up, and tables are
//! joined key by key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use toml::{Table, Value};

use super::written::{ADDED, JUDGING_KEYS};

/// A value, and the places that say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What was said.
    pub value: Value,
    /// Where, in the order of the layers.
    pub by: Vec<String>,
}

/// What was said, by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layers(BTreeMap<String, Said>);

impl Layers {
    /// Puts what is said in a place on top.
    pub fn add(&mut self, table: Table, by: &str) {
        for (key, value) in table {
            let is_added = ADDED.contains(&key.as_str());
            match (self.0.entry(key), value) {
                (Entry::Vacant(entry), value) => {
                    entry.insert(Said { value, by: vec![by.to_owned()] });
                }
                (Entry::Occupied(mut entry), value) => {
                    let said = entry.get_mut();
                    match (&mut said.value, value) {
                        (Value::Array(old), Value::Array(new)) if is_added => old.extend(new),
                        (Value::Table(old), Value::Table(new)) => old.extend(new),
                        (_, value) => *said = Said { value, by: Vec::new() },
                    }
                    said.by.push(by.to_owned());
                }
            }
        }
    }

    /// Puts a value in the place of what was said of its key.
    pub fn put(&mut self, key: &str, value: Value, by: String) {
        self.0.insert(key.to_owned(), Said { value, by: vec![by] });
    }

    /// Puts what is said in `others` in the place of what was said of the same keys.
    pub fn replace(&mut self, others: Layers) {
        self.0.extend(others.0);
    }

    /// All of it, without where it was said.
    pub fn table(&self) -> Table {
        self.0.iter().map(|(key, said)| (key.clone(), said.value.clone())).collect()
    }

    /// What may also be said of some paths only.
    pub fn judging(&self) -> Layers {
        let is_judging = |(key, _): &(&String, &Said)| JUDGING_KEYS.contains(&key.as_str());
        Layers(self.0.iter().filter(is_judging).map(|(key, said)| (key.clone(), said.clone())).collect())
    }

    /// What was said, by key, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Said)> {
        self.0.iter().map(|(key, said)| (key.as_str(), said))
    }

    /// What was said of a key.
    pub fn get(&self, key: &str) -> Option<&Said> {
        self.0.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_add_up_and_tables_are_joined() {
        let mut layers = Layers::default();
        let table = |text: &str| text.parse::<Table>().unwrap();
        layers.add(table("hidden = true\nallow = ['a']\nlang = ['de']\n[types]\n'*.a' = 'json'"), "one");
        layers.add(table("hidden = false\nallow = ['b']\nlang = ['fr']\n[types]\n'*.b' = 'html'"), "two");
        let wanted = "hidden = false\nallow = ['a', 'b']\nlang = ['fr']\n[types]\n'*.a' = 'json'\n'*.b' = 'html'";
        assert_eq!(layers.table(), table(wanted));
        assert_eq!(layers.get("allow").unwrap().by, ["one", "two"]);
        assert_eq!(layers.get("hidden").unwrap().by, ["two"]);
        assert_eq!(layers.judging().iter().map(|(key, _)| key).collect::<Vec<_>>(), ["allow", "lang"]);
    }
}
