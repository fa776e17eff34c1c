//! Bytes packed once, to be sent many times.

use std::io::{Read, Write};

/// `bytes` in a content encoding: `gzip`, `br` or `zstd`; as they are for any
/// other. A tile of 50 kB costs about a millisecond.
#[must_use]
pub fn packed(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let packed = match encoding {
        "gzip" => gzip(bytes),
        "br" => brotli(bytes),
        "zstd" => zstd::bulk::compress(bytes, 6),
        _ => return bytes.to_vec(),
    };
    // Writing to memory cannot fail; a decoder would refuse half a stream.
    packed.unwrap_or_default()
}

/// What was packed with `gzip`.
///
/// # Errors
/// If it was not.
pub fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() * 3);
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() / 2);
    brotli::CompressorWriter::new(&mut out, 16 * 1024, 5, 20).write_all(bytes)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_smaller_and_unpacks_to_the_same() {
        let bytes: Vec<u8> = (0..20_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        for encoding in ["gzip", "br", "zstd"] {
            let small = packed(&bytes, encoding);
            assert!(small.len() < bytes.len() / 2, "{encoding}");
            let again = match encoding {
                "gzip" => unpacked(&small).unwrap(),
                "br" => {
                    let mut out = Vec::new();
                    brotli::Decompressor::new(&small[..], 4096).read_to_end(&mut out).unwrap();
                    out
                }
                _ => zstd::bulk::decompress(&small, bytes.len()).unwrap(),
            };
            assert_eq!(again, bytes, "{encoding}");
        }
        assert_eq!(packed(&bytes, "identity"), bytes);
        assert!(unpacked(b"no gzip").is_err());
    }
}
