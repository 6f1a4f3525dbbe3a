//! Where a photo says that it was taken: the GPS directory of its EXIF segment (CIPA DC-008-2023, 4.6.6). Only read,
//! never believed: it goes on a map beside what people recorded.

use lianzhi_territory::{Coordinates, Crs, Point};

/// EXIF stands in the first segments of a JPEG: so much of the file is enough.
pub(crate) const FRONT_BYTES: u64 = 128 * 1024;
/// Entries of a directory that are looked at.
const ENTRIES_MAX: usize = 256;

/// The TIFF block inside the JPEG's APP1 segment.
fn tiff(jpeg: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    if jpeg.get(..2)? != [0xff, 0xd8] {
        return None;
    }
    loop {
        let head = jpeg.get(at..at + 4)?;
        // Start of scan: no more segments.
        if head[0] != 0xff || head[1] == 0xda {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let body = jpeg.get(at + 4..at + 2 + length)?;
        if head[1] == 0xe1 && body.starts_with(b"Exif\0\0") {
            return body.get(6..);
        }
        at += 2 + length;
    }
}

/// A TIFF block in one byte order.
struct Block<'b> {
    bytes: &'b [u8],
    big: bool,
}

impl Block<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let b: [u8; 2] = self.bytes.get(at..at + 2)?.try_into().ok()?;
        Some(if self.big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) })
    }

    fn u32(&self, at: usize) -> Option<usize> {
        let b: [u8; 4] = self.bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(if self.big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) }).ok()
    }

    /// Where the entry of a tag stands in a directory.
    fn entry(&self, directory: usize, tag: u16) -> Option<usize> {
        let entries = usize::from(self.u16(directory)?).min(ENTRIES_MAX);
        (0..entries).map(|i| directory + 2 + i * 12).find(|at| self.u16(*at) == Some(tag))
    }

    fn letter(&self, directory: usize, tag: u16) -> Option<u8> {
        self.bytes.get(self.entry(directory, tag)? + 8).copied()
    }

    /// Degrees, minutes and seconds as three fractions.
    fn degrees(&self, directory: usize, tag: u16) -> Option<f64> {
        let entry = self.entry(directory, tag)?;
        (self.u16(entry + 2)? == 5 && self.u32(entry + 4)? == 3).then_some(())?;
        let at = self.u32(entry + 8)?;
        let mut degrees = 0.0;
        for (i, unit) in [1.0, 60.0, 3600.0].into_iter().enumerate() {
            let (over, under) = (self.u32(at + i * 8)?, self.u32(at + i * 8 + 4)?);
            if under == 0 {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
            {
                degrees += over as f64 / under as f64 / unit;
            }
        }
        Some(degrees)
    }
}

/// The place in a JPEG's EXIF, when there is one within the country.
pub(crate) fn place(jpeg: &[u8]) -> Option<Point> {
    let bytes = tiff(jpeg)?;
    let big = match bytes.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let block = Block { bytes, big };
    let first = block.u32(4)?;
    let gps = block.u32(block.entry(first, 0x8825)? + 8)?;
    let (lat, lng) = (block.degrees(gps, 2)?, block.degrees(gps, 4)?);
    let (north, east) = (block.letter(gps, 1)?, block.letter(gps, 3)?);
    if (north, east) != (b'N', b'E') {
        return None;
    }
    Coordinates { lng, lat, crs: Crs::Wgs84 }.point().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG without a picture whose EXIF holds a place, in one byte order.
    fn photo(big: bool, lat: [u32; 3], lng: [u32; 3], letters: [u8; 2]) -> Vec<u8> {
        let n16 = |v: u16| if big { v.to_be_bytes() } else { v.to_le_bytes() };
        let n32 = |v: u32| if big { v.to_be_bytes() } else { v.to_le_bytes() };
        let mut tiff = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            [&n16(tag)[..], &n16(kind), &n32(count), &value].concat()
        };
        tiff.extend(n32(8));
        tiff.extend(n16(1));
        tiff.extend(entry(0x8825, 4, 1, n32(26)));
        tiff.extend(n32(0));
        tiff.extend(n16(4));
        tiff.extend(entry(1, 2, 2, [letters[0], 0, 0, 0]));
        tiff.extend(entry(2, 5, 3, n32(80)));
        tiff.extend(entry(3, 2, 2, [letters[1], 0, 0, 0]));
        tiff.extend(entry(4, 5, 3, n32(104)));
        tiff.extend(n32(0));
        for [degrees, minutes, seconds] in [lat, lng] {
            for (over, under) in [(degrees, 1), (minutes, 1), (seconds, 100)] {
                tiff.extend(n32(over));
                tiff.extend(n32(under));
            }
        }
        let mut out = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xe1];
        out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        out.extend(b"Exif\0\0");
        out.extend(tiff);
        out
    }

    #[test]
    fn a_photo_says_where_it_was_taken() {
        for big in [true, false] {
            let jpeg = photo(big, [31, 9, 3600], [121, 7, 1200], *b"NE");
            let point = place(&jpeg).unwrap();
            assert_eq!((point.lng_e6, point.lat_e6), (121_120_000, 31_160_000));
            assert_eq!(place(&photo(big, [31, 9, 0], [121, 7, 0], *b"SE")), None);
            for cut in 0..jpeg.len() {
                place(&jpeg[..cut]);
            }
        }
        assert_eq!(place(b"\x89PNG"), None);
        assert_eq!(place(&[0xff, 0xd8, 0xff, 0xda, 0, 0]), None);
    }
}
