//! Arguments as typed, settings resolved, one function per command.
