//! The names of a container's members, and the container with other ones.
//!
//! In: a document. Out: names as bytes, and what is said of them; on request the pieces that change. Those of a packed
//! archive are the names in the archive. Must not: rename what other members refer to.

use tempfile::SpooledTempFile;

use super::limits::Budget;
use super::{Format, Fresh, Kind, Marked, Options, SPOOL, Source, by_content, open};
use crate::error::Error;
use crate::files::read::{self, Document, Loaded};
use crate::files::rewrite::{Rewrite, Rewriter};
use crate::files::write::splice;

/// Members that say that others are referred to by their names.
const INDEXES: &[&[u8]] = &[b"mimetype", b"[Content_Types].xml", b"META-INF/container.xml", b"META-INF/MANIFEST.MF"];

/// The names in a container.
#[derive(Debug)]
pub struct Names {
    /// The names, and what is said of them.
    pub names: Vec<(Vec<u8>, Marked)>,
    /// Why none of them may change, if that is so.
    pub fixed: Option<&'static str>,
    kind: Kind,
    options: Options,
}

impl Names {
    /// Reads the names; none when the container has no names, being only a wrapping.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or holds too much.
    pub fn read(document: &Document, kind: Kind, options: &Options) -> Result<Option<Names>, Error> {
        let mut found = None;
        with(document, kind, options, &mut |format, _, _| {
            let names: Vec<_> =
                format.members().iter().enumerate().map(|(i, member)| (member.name.clone(), format.mark(i))).collect();
            let refers = format.members().iter().any(|member| INDEXES.contains(&&member.name[..]));
            let fixed = refers.then_some("is a document whose parts refer to each other by name; left as it is");
            found = Some(Names { names, fixed: fixed.or(format.sealed()), kind, options: *options });
            Ok(())
        })
        .map_err(|e| e.or_at(document.path()))?;
        Ok(found)
    }

    /// The pieces of the container that change when members (in order) get other names.
    ///
    /// # Errors
    /// When that cannot be done, or the container is no longer what it was.
    pub fn rename(&self, document: &Document, names: &[(usize, &str)]) -> Result<Rewrite, Error> {
        let mut rewrite = None;
        with(document, self.kind, &self.options, &mut |format, source, outer| {
            let mut out = Rewriter::new()?;
            format.rename(source, names, &mut out)?;
            let len = source.seek(std::io::SeekFrom::End(0))?;
            let inner = out.finish(len)?;
            rewrite = Some(match outer {
                None => inner,
                Some((wrapping, packed)) => {
                    let mut out = Rewriter::new()?;
                    let mut renew = |_: &mut dyn Source, _: usize| {
                        let mut bytes = SpooledTempFile::new(SPOOL);
                        source.rewind()?;
                        let mut source = &mut *source;
                        let (_, after) = splice(&mut source, &inner, &mut bytes)?;
                        Ok(Fresh { bytes, len: after.len })
                    };
                    wrapping.rewrite(packed, &[0], &mut renew, &mut out)?;
                    let len = packed.seek(std::io::SeekFrom::End(0))?;
                    out.finish(len)?
                }
            });
            Ok(())
        })
        .map_err(|e| e.or_at(document.path()))?;
        rewrite.ok_or_else(Error::changed)
    }
}

/// Is handed an archive and its source; and, when it is packed as a whole, what it is packed in.
type With<'w> =
    dyn FnMut(&dyn Format, &mut dyn Source, Option<(&dyn Format, &mut dyn Source)>) -> Result<(), Error> + 'w;

/// Opens an archive, packed or not, and hands it on; nothing when there is no archive.
fn with(document: &Document, kind: Kind, options: &Options, each: &mut With<'_>) -> Result<(), Error> {
    let mut source = document.source()?;
    let budget = Budget::new(options.limits, source.seek(std::io::SeekFrom::End(0))?);
    let format = open(kind, document.path(), &mut *source, &budget)?;
    if !format.is_wrapping() {
        budget.members(format.members().len())?;
        return each(&*format, &mut *source, None);
    }
    let loaded = {
        let mut reader = budget.meter(format.open(&mut *source, 0)?);
        read::member(document.path(), &mut reader, &|head| by_content(head).is_some())?
    };
    let (Loaded::Text(inner) | Loaded::Skipped(_, inner)) = &loaded;
    let Some(kind) = by_content(&inner.head()).filter(|kind| matches!(kind, Kind::Tar | Kind::Zip)) else {
        return Ok(());
    };
    let mut inner_source = inner.source()?;
    let archive = open(kind, document.path(), &mut *inner_source, &budget)?;
    budget.members(archive.members().len())?;
    each(&*archive, &mut *inner_source, Some((&*format, &mut *source)))
}
