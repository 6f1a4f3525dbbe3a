//! Copies of pictures for showing: decoded, turned upright, made smaller, encoded anew. Nothing of the original's
//! metadata (place, device, time, embedded preview) survives; the original itself is never touched.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use std::io::Cursor;

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// In lists and on pages.
    Thumb,
    /// For the public, with the follow code.
    Public,
}

impl Copy {
    /// Name under which it is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Copy::Thumb => "thumb",
            Copy::Public => "public",
        }
    }
    /// Longest side, pixels.
    const fn side(self) -> u32 {
        match self {
            Copy::Thumb => 320,
            Copy::Public => 1600,
        }
    }
}

/// Memory that decoding one picture may take, bytes.
const DECODE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Quality of copies: no visible loss at a tenth of the size.
const QUALITY: u8 = 80;

/// Whether copies of this kind can be made.
#[must_use]
pub fn possible(media: &str) -> bool {
    matches!(media, "image/jpeg" | "image/png" | "image/webp")
}

/// Makes a copy as JPEG.
///
/// # Errors
/// When the picture cannot be read.
pub fn make(original: &[u8], copy: Copy) -> Result<Vec<u8>, ImageError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    let side = copy.side();
    if picture.width() > side || picture.height() > side {
        picture = picture.resize(side, side, FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.to_rgb8())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG of 40×20 with an EXIF segment: orientation 6 (turn right), a place and a device.
    fn photo() -> Vec<u8> {
        let mut plain = Vec::new();
        let picture = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(40, 20, image::Rgb([200, 30, 30])));
        JpegEncoder::new(&mut plain).encode_image(&picture).unwrap();
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]); // orientation
        exif.extend_from_slice(&[0x0f, 0x01, 2, 0, 12, 0, 0, 0, 38, 0, 0, 0]); // maker, at offset 38
        exif.extend_from_slice(&[0, 0, 0, 0]);
        exif.extend_from_slice(b"SecretPhone\0");
        let mut out = plain[..2].to_vec();
        out.extend_from_slice(&[0xff, 0xe1]);
        out.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(&exif);
        out.extend_from_slice(&plain[2..]);
        out
    }

    #[test]
    fn a_copy_stands_upright_and_carries_no_metadata() {
        let original = photo();
        assert!(original.windows(11).any(|w| w == b"SecretPhone"));
        for copy in [Copy::Public, Copy::Thumb] {
            let made = make(&original, copy).unwrap();
            let decoded = image::load_from_memory(&made).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (20, 40), "turned upright");
            assert!(!made.windows(11).any(|w| w == b"SecretPhone"));
            assert!(!made.windows(4).any(|w| w == b"Exif"));
        }
    }

    #[test]
    fn a_large_picture_becomes_smaller_and_a_small_one_stays() {
        let picture = DynamicImage::ImageRgb8(image::RgbImage::new(2000, 1000));
        let mut png = Vec::new();
        picture.write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        let thumb = image::load_from_memory(&make(&png, Copy::Thumb).unwrap()).unwrap();
        assert_eq!((thumb.width(), thumb.height()), (320, 160));
        assert!(make(b"no picture", Copy::Thumb).is_err());
    }
}
