//! Photos of a report: read under caps as they arrive, shown to staff alone.

use super::{App, Error, Ground, Result, Staff, failure, moderate_report::event_key};
use crate::media::{MOST_PHOTOS, read_photo};
use fyren_core::domain::{Category, Operation, Photo, PublicityClass, Role, Violation};

impl App {
    /// Reads the files of photos, two at a time in the whole process. A
    /// category that keeps only the district keeps no photo.
    ///
    /// # Errors
    /// [`Error::Invalid`] below `photos`: `too_many_photos`, or what
    /// [`read_photo`] finds wrong with each.
    pub(super) async fn read_photos(
        &self,
        category: Category,
        files: &[Vec<u8>],
    ) -> Result<Vec<Photo>> {
        if files.len() > MOST_PHOTOS {
            return Err(Violation::new("photos", "too_many_photos").into());
        }
        let (mut photos, mut broken) = (Vec::new(), Vec::new());
        for (at, file) in files.iter().enumerate() {
            let _turn = self.developing.acquire().await.map_err(|e| Error::Bug(e.to_string()))?;
            let (field, file) = (format!("photos[{at}]"), file.clone());
            let read = tokio::task::spawn_blocking(move || read_photo(&field, &file)).await;
            match read.map_err(|fault| Error::Bug(fault.to_string()))? {
                Ok(photo) => photos.push(photo),
                Err(violation) => broken.push(violation),
            }
        }
        if !broken.is_empty() {
            return Err(Error::Invalid(broken));
        }
        Ok(if category.district_only() { Vec::new() } else { photos })
    }

    /// One photo of a report, for staff. The read is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report or photo,
    /// or one of a category that only a coordinator reads.
    pub async fn show_photo(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        position: u32,
    ) -> Result<Photo> {
        staff.must(ground.code(), Operation::ReadReport)?;
        let key = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let coordinates = staff.roles_in(ground.code()).contains(&Role::Coordinator);
        if !coordinates && report.category.publicity() == PublicityClass::Never {
            return Err(Error::NotFound);
        }
        let photo = self.municipal.photo(&key, position).await.map_err(failure)?;
        let photo = photo.ok_or(Error::NotFound)?;
        let entry =
            self.audit(staff.name(), "read_photo", Some(ground.code()), Some(id.to_owned()));
        self.municipal.append_audit(entry).await.map_err(failure)?;
        Ok(photo)
    }
}
