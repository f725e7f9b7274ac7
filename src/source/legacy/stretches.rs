//! A source that changes from one old encoding to another, as dumps and archives of mail do: which lines are in which?
//!
//! In: what each line costs in each encoding. Out: the encoding of each, so that the lines cost least in all, where each change costs
//! as well. A line that tells little is read as its neighbours are.

use crate::model::PER_NAT;

/// What a change from one old encoding to another costs.
const CHANGE: i32 = 12 * PER_NAT;

/// The number of the encoding of each line. `costs` has the costs of each line, as many as there are encodings.
pub fn path(costs: &[i32], encodings: usize) -> Vec<usize> {
    if encodings == 0 {
        return Vec::new();
    }
    let mut least = vec![0; encodings];
    // For each line and encoding, the encoding of the line before.
    let mut before = Vec::with_capacity(costs.len());
    for line in costs.chunks_exact(encodings) {
        let best = (0..encodings).min_by_key(|at| least[*at]).unwrap_or(0);
        let change = least[best] + CHANGE;
        for (at, sum) in least.iter_mut().enumerate() {
            let stays = *sum <= change;
            before.push(if stays { at } else { best });
            *sum = if stays { *sum } else { change } + line[at];
        }
    }
    let mut at = (0..encodings).min_by_key(|at| least[*at]).unwrap_or(0);
    let mut path = vec![0; before.len() / encodings];
    for (line, slot) in path.iter_mut().enumerate().rev() {
        *slot = at;
        at = before[line * encodings + at];
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_tells_little_is_read_as_its_neighbours_are() {
        let far = 2 * CHANGE;
        let costs = [0, far, 0, far, 5, 4, 0, far, far, 0, 4, 5, far, 0];
        assert_eq!(path(&costs, 2), [0, 0, 0, 0, 1, 1, 1]);
        assert_eq!(path(&[], 2), [0; 0]);
        assert_eq!(path(&[], 0), [0; 0]);
    }
}
