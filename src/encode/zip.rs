//! Files packed into one.

use std::{
    io::{Cursor, Write},
    path::Path,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A ZIP archive of files with their names, in the order in which they are
/// given; every time in it is the first that the format knows, so that the
/// same files give the same archive.
///
/// # Errors
/// Where a name is given twice.
pub fn zipped(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        // A JPEG does not get smaller.
        let method =
            if is_jpeg(name) { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn is_jpeg(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jpg"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_comes_out_again_and_is_the_same_each_time() {
        let file = |name: &str, text: &str| (name.to_owned(), text.repeat(90).into_bytes());
        let files = [file("index.html", "<p>å</p>"), file("photos/1.jpg", "jpeg")];
        let packed = zipped(&files).unwrap();
        assert_eq!(packed, zipped(&files).unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        for (name, bytes) in &files {
            let mut out = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut out).unwrap();
            assert_eq!(&out, bytes, "{name}");
        }
        assert!(zipped(&[file("a", "b"), file("a", "c")]).is_err());
    }
}
