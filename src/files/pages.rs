//! Pages that go into a folder of the user's choice.

use std::fs;
use std::path::Path;

use crate::error::Error;

/// Writes files of these names and contents, and makes the folder if there is none.
///
/// # Errors
/// When one cannot be written.
pub fn write(folder: &Path, pages: &[(String, Vec<u8>)]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|e| Error::from(e).at(folder))?;
    for (name, page) in pages {
        let path = folder.join(name);
        fs::write(&path, page).map_err(|e| Error::from(e).at(path))?;
    }
    Ok(())
}
