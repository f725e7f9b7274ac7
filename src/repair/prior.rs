//! How common each mixup is, before the text is looked at.
//!
//! In eighths of a nat (see [`crate::model::PER_NAT`]). The order of magnitude comes from public issue threads and from
//! search hits for typical damage (November 2026): windows-1252 far ahead, then its C1 twin, then the system code pages of
//! Windows, DOS consoles and the Mac; the rest is rare. Two
//! nats more for the rarest pages cost 0.3 points of exact repairs of such pages on a development set, and spared dozens of
//! false alarms in a gigabyte of right text (November 2026).

use std::sync::LazyLock;

use super::Mixup;
use crate::codec::{Encoding, Loss, Page};
use crate::model::PER_NAT;

/// What a chain of mixups costs to enter. A text that went through a mixup once goes through it again more easily than
/// through another, and through any more easily than a text that never did.
pub fn chain(mixups: &[Mixup]) -> i32 {
    let Some(first) = mixups.first() else { return 0 };
    let inner = |pair: &[Mixup]| if pair[0] == pair[1] { 3 * PER_NAT } else { one(pair[1]) - 2 * PER_NAT };
    one(*first) + mixups.windows(2).map(inner).sum::<i32>()
}

/// What a single mixup costs to enter.
pub fn one(mixup: Mixup) -> i32 {
    match (mixup.meant, mixup.read) {
        (Encoding::Utf8, Encoding::Page(page)) => utf8(page),
        _ if mixup == Mixup::C1 => ENTER_C1,
        _ => foreign(mixup),
    }
}

/// What entering a mixup costs in which no UTF-8 was read as a single-byte page.
fn foreign(mixup: Mixup) -> i32 {
    let nats = match (mixup.meant, mixup.read) {
        _ if mixup.is_wide() => 14,
        (Encoding::Utf8, _) => 10,
        (Encoding::Multi(_), Encoding::Page(Page::WINDOWS_1252 | Page::ISO_8859_1)) => 12,
        (Encoding::Multi(_), _) => 14,
        (_, Encoding::Page(Page::WINDOWS_1252 | Page::ISO_8859_1)) => 11,
        _ => 13,
    };
    nats * PER_NAT
}

/// What entering "UTF-8 read as `page`" costs.
fn utf8(page: Page) -> i32 {
    static COSTS: LazyLock<Vec<i32>> = LazyLock::new(|| Page::all().map(utf8_once).collect());
    COSTS[page.number()]
}

fn utf8_once(page: Page) -> i32 {
    let nats = match page.label() {
        "windows-1252" => 8,
        "iso-8859-1" => 9,
        "macintosh" | "ibm437" | "ibm850" | "windows-1250" | "windows-1251" | "windows-1254" => 10,
        "windows-1253" | "windows-1257" | "ibm866" | "ibm852" | "iso-8859-2" | "iso-8859-15" | "koi8-r" => 11,
        _ => 14,
    };
    nats * PER_NAT
}

/// What entering "windows-1252 read as ISO-8859-1" costs: lone C1 controls.
const ENTER_C1: i32 = 7 * PER_NAT;

/// What a character costs that stands as it is in the middle of damage, beyond the letter statistics: damage and right
/// text alternate less often than damage goes on.
pub const PASS: i32 = 3 * PER_NAT;

/// What an inferred byte costs, by what became of it: a mark in its place says more than a gap, but where one C1 control
/// vanished, they all did.
pub fn loss(loss: Loss) -> i32 {
    let nats = match loss {
        Loss::None => 0,
        Loss::Case | Loss::SpaceStuck => 1,
        Loss::Replaced => 2,
        Loss::BothReplaced | Loss::SpaceMerged => 3,
        Loss::Questioned | Loss::Quote | Loss::Space => 4,
        Loss::Dropped | Loss::BothDropped | Loss::SoftHyphen => 4,
        Loss::Blanked => 8,
    };
    nats * PER_NAT
}

/// What an inferred byte costs where no whole unit has shown that there is damage, or else this one does.
pub fn loss_entering(kind: Loss) -> i32 {
    match kind {
        Loss::None | Loss::SpaceStuck => loss(kind),
        _ => loss(kind) + LOSS_ENTERS,
    }
}

/// What an inferred byte costs on top where no whole unit has shown that there is damage.
pub const LOSS_ENTERS: i32 = 4 * PER_NAT;
