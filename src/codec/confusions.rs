//! Which single-byte pages of letters are mistaken for each other, so that letters of one alphabet become others of it.

use std::sync::LazyLock;

use super::Page;

/// The pages, as what was meant and what it was read as: those of Windows, DOS, Unix and the Mac for Latin letters, and those
/// for Cyrillic ones.
pub fn confusions() -> &'static [(Page, Page)] {
    static ALL: LazyLock<Vec<(Page, Page)>> = LazyLock::new(|| {
        let pages = |labels: &str| labels.split(' ').filter_map(Page::for_label).collect::<Vec<_>>();
        let western = "windows-1252 macintosh ibm437 ibm850";
        let national = "windows-1250 iso-8859-2 windows-1254 windows-1257 iso-8859-13 ibm852 x-mac-ce x-mac-turkish";
        let cyrillic = pages("windows-1251 koi8-r koi8-u ibm866 iso-8859-5 x-mac-cyrillic");
        let latin = [pages(western), pages(national)].concat();
        let mut all = Vec::new();
        for read in pages("windows-1252 macintosh ibm437 ibm850") {
            all.extend(latin.iter().map(|&meant| (meant, read)));
        }
        for &read in &cyrillic {
            all.extend(cyrillic.iter().map(|&meant| (meant, read)));
        }
        all.retain(|(meant, read)| meant != read);
        all
    });
    &ALL
}
