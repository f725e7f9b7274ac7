//! Can a new file take the place of an old one, with nobody the wiser?
//!
//! In: an old file and a new one. Out: the new one with owner, mode and extended attributes of the old, or that this
//! cannot be had. Must not: touch the old file, or any content.

use std::fs::{File, Metadata};
use std::io;

/// Whether nobody may write to a file with this metadata. Asked of the mode, for the superuser may write to all.
pub fn read_only(meta: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        meta.permissions().mode() & 0o222 == 0
    }
    #[cfg(not(unix))]
    {
        meta.permissions().readonly()
    }
}

/// Gives `new` the owner, the mode and the extended attributes of `old`. `false`: not all of it could be had.
///
/// # Errors
/// When the attributes of `old` cannot be read, or the mode of `new` cannot be set.
pub fn copy(old: &File, new: &File) -> io::Result<bool> {
    let meta = old.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let fresh = new.metadata()?;
        let same = (meta.uid(), meta.gid()) == (fresh.uid(), fresh.gid());
        if !same && fchown(new, Some(meta.uid()), Some(meta.gid())).is_err() {
            return Ok(false);
        }
    }
    // After the owner: a change of owner clears the set-user-id bit.
    new.set_permissions(meta.permissions())?;
    #[cfg(unix)]
    {
        extended(old, new)
    }
    #[cfg(not(unix))]
    {
        Ok(true)
    }
}

/// Extended attributes, access control lists among them. After the mode, which would cut a list short.
#[cfg(unix)]
fn extended(old: &File, new: &File) -> io::Result<bool> {
    use xattr::FileExt;
    let list = |file: &File| match file.list_xattr() {
        Ok(names) => Ok(names.collect::<Vec<_>>()),
        Err(e) if e.kind() == io::ErrorKind::Unsupported => Ok(Vec::new()),
        Err(e) => Err(e),
    };
    let wanted = list(old)?;
    // A list that the folder hands down to new files.
    for name in list(new)?.iter().filter(|name| !wanted.contains(name)) {
        if new.remove_xattr(name).is_err() {
            return Ok(false);
        }
    }
    for name in &wanted {
        let value = old.get_xattr(name)?;
        let Some(value) = value else { continue };
        if new.get_xattr(name).ok().flatten().as_ref() != Some(&value) && new.set_xattr(name, &value).is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}
