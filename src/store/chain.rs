//! The chain of hashes of the audit log.

use super::{AuditEntry, Digest, SensitiveRead};
use fyren_core::domain::MunicipalityCode;
use sha2::{Digest as _, Sha256};

/// The hash of an entry at `position` after `previous`. Every part is preceded
/// by its length, so that no two entries write the same bytes.
pub(super) fn link(
    previous: &Digest,
    position: i64,
    entry: &AuditEntry,
    subject: Option<&Digest>,
) -> Digest {
    let mut hash = Sha256::new();
    let at = entry.at.as_microsecond().to_be_bytes();
    let municipality = entry.municipality.as_ref().map_or("", MunicipalityCode::as_str);
    for part in [
        &previous.0[..],
        &position.to_be_bytes(),
        &at,
        entry.actor.as_bytes(),
        entry.action.as_bytes(),
        municipality.as_bytes(),
        subject.map_or(&[][..], |subject| &subject.0),
        entry.detail.as_bytes(),
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    Digest(hash.finalize().into())
}

/// What stays of the subject of the entry at `position` when it is forgotten.
/// An identity of 128 random bits cannot be found again from it.
pub(super) fn subject_hash(position: i64, subject: &str) -> Digest {
    let mut hash = Sha256::new();
    hash.update(position.to_be_bytes());
    hash.update(subject);
    Digest(hash.finalize().into())
}

/// What makes a second read of one layer in one hour and session the same.
pub(super) fn read_key(read: &SensitiveRead) -> Digest {
    let mut hash = Sha256::new();
    hash.update(read.session.0);
    hash.update(read.at_hour.as_second().to_be_bytes());
    hash.update(read.municipality.as_str());
    hash.update([0]);
    hash.update(&read.layer);
    Digest(hash.finalize().into())
}
