//! The only file access: walk, ordered parallel run, atomic write, journal.
