//! Which bytes of a source does a stretch of its text come from?
//!
//! A text is made of *units*: a character, or some bytes that stay as they are, that come from so many bytes of the source.
//! Neighbours of the same two lengths are held as one run, so ASCII in UTF-16, or what an escape leaves alone, takes a few
//! bytes of memory however long it is. Offsets only grow: the map is monotone.

/// The units of a text, in order.
#[derive(Clone, Debug, Default)]
pub struct Map {
    runs: Vec<Run>,
    text: usize,
    source: usize,
}

/// Units of the same lengths, from here up to the next run.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Where it begins in the text and in the source.
    text: usize,
    source: usize,
    /// How long a unit of it is in the text and in the source.
    text_len: u32,
    source_len: u32,
}

impl Map {
    /// Adds `count` units that take `text_len` bytes of the text and `source_len` of the source each.
    pub fn push(&mut self, count: usize, text_len: usize, source_len: usize) {
        if count == 0 {
            return;
        }
        let (text_len32, source_len32) = (text_len as u32, source_len as u32);
        if self.runs.last().is_none_or(|run| (run.text_len, run.source_len) != (text_len32, source_len32)) {
            let (text, source) = (self.text, self.source);
            self.runs.push(Run { text, source, text_len: text_len32, source_len: source_len32 });
        }
        self.text += count * text_len;
        self.source += count * source_len;
    }

    /// Adds bytes that are the same in the text and in the source.
    pub fn same(&mut self, bytes: usize) {
        self.push(bytes, 1, 1);
    }

    /// Where the text's byte `at` comes from; `None` within a unit, and after the end.
    pub fn source(&self, at: usize) -> Option<usize> {
        if at == self.text {
            return Some(self.source);
        }
        let next = self.runs.partition_point(|run| run.text <= at);
        let run = self.runs.get(next.checked_sub(1)?).filter(|_| at < self.text)?;
        let (ahead, unit) = (at - run.text, run.text_len as usize);
        ahead.is_multiple_of(unit).then(|| run.source + ahead / unit * run.source_len as usize)
    }

    /// Where in the text the unit begins that the source's byte `at` belongs to.
    #[cfg(feature = "cli")]
    pub fn text(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|run| run.source <= at);
        match next.checked_sub(1).map(|last| self.runs[last]).filter(|_| at < self.source) {
            Some(run) => run.text + (at - run.source) / run.source_len as usize * run.text_len as usize,
            None => self.text,
        }
    }

    /// Whether a unit that is not the same in both lies in a part of the text.
    pub fn changes(&self, from: usize, to: usize) -> bool {
        let first = self.runs.partition_point(|run| run.text <= from).saturating_sub(1);
        let runs = self.runs[first.min(self.runs.len())..].iter().take_while(|run| run.text < to);
        runs.into_iter().any(|run| run.text_len != run.source_len || run.text_len != 1)
    }

    /// How many bytes the text has, and the source.
    pub fn len(&self) -> (usize, usize) {
        (self.text, self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_of_units_are_found_and_nothing_else() {
        let mut map = Map::default();
        map.same(3);
        map.push(2, 2, 6);
        map.push(1, 3, 2);
        map.same(1);
        let found: Vec<Option<usize>> = (0..=12).map(|at| map.source(at)).collect();
        let (yes, no) = (Some, None::<usize>);
        let expected = [yes(0), yes(1), yes(2), yes(3), no, yes(9), no, yes(15), no, no, yes(17), yes(18), no];
        assert_eq!(found, expected);
        assert!(!map.changes(0, 3) && map.changes(0, 4) && map.changes(9, 11) && !map.changes(10, 11));
        assert_eq!(Map::default().source(0), Some(0));
        let back: Vec<usize> = [0, 2, 3, 8, 9, 14, 15, 16, 17, 18].map(|at| map.text(at)).to_vec();
        assert_eq!(back, [0, 2, 3, 3, 5, 5, 7, 7, 10, 11]);
    }
}
