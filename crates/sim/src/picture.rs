//! Small pictures that stand for photos: a street under the sky, with things lying about before and gone after.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// Width and height, pixels.
const SIZE: (u32, u32) = (320, 240);
/// Height of the street.
const STREET: u32 = 110;
/// Quality of the JPEG, per cent.
const QUALITY: u8 = 70;

/// A picture as JPEG bytes.
///
/// # Errors
/// When the encoder fails, which it does not on memory.
pub fn photo(cluttered: bool, rng: &mut ChaCha12Rng) -> Result<Vec<u8>, image::ImageError> {
    let (w, h) = SIZE;
    let light: u8 = rng.random_range(120..220);
    let sky = Rgb([light - 60, light - 20, light]);
    let wall = Rgb([rng.random_range(120..200), rng.random_range(100..170), rng.random_range(90..150)]);
    let mut picture = RgbImage::from_fn(w, h, |x, y| {
        let grain = u8::try_from((x * 7 + y * 13) % 9).unwrap_or(0);
        match y {
            0..40 => sky,
            40..STREET if x / 40 % 2 == 0 => wall,
            40..STREET => Rgb([wall.0[0] - 30, wall.0[1] - 30, wall.0[2] - 30]),
            _ => Rgb([96 + grain, 96 + grain, 100 + grain]),
        }
    });
    for _ in 0..if cluttered { 14 } else { 1 } {
        let (x, y) = (rng.random_range(0..w - 50), rng.random_range(STREET..h - 40));
        let (dx, dy) = (rng.random_range(12..50), rng.random_range(10..40));
        let colour = Rgb([rng.random_range(20..230), rng.random_range(20..230), rng.random_range(20..200)]);
        for (px, py) in (x..x + dx).flat_map(|px| (y..y + dy).map(move |py| (px, py))) {
            picture.put_pixel(px, py, colour);
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture)?;
    Ok(bytes)
}

/// Size of a scanned page, pixels: A4.
const PAGE: (u32, u32) = (595, 842);

/// A scanned page as JPEG bytes: lines that stand for text, a red seal ring, a signature.
///
/// # Errors
/// When the encoder fails, which it does not on memory.
pub fn scan() -> Result<Vec<u8>, image::ImageError> {
    let (ink, seal, pen) = (Rgb([70, 70, 74]), Rgb([200, 40, 40]), Rgb([40, 50, 150]));
    let page = RgbImage::from_fn(PAGE.0, PAGE.1, |x, y| {
        let (dx, dy) = (i64::from(x) - 430, i64::from(y) - 660);
        let ring = dx * dx + dy * dy;
        let line =
            (90..505).contains(&x) && (140..620).contains(&y) && y % 30 < 9 && (x / 11 + y / 30) % 8 != 0;
        let head = (170..425).contains(&x) && (80..102).contains(&y);
        let signed = (120..240).contains(&x) && (680 + (x * 7 % 23)..683 + (x * 7 % 23)).contains(&y);
        if (2_900..3_480).contains(&ring) {
            seal
        } else if signed {
            pen
        } else if head || line {
            ink
        } else {
            Rgb([250, 249, 245])
        }
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&page)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn a_photo_is_a_small_jpeg_that_reads_back() {
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        let bytes = photo(true, &mut rng).unwrap();
        assert!(bytes.len() < 40_000, "{} bytes", bytes.len());
        let read = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).unwrap();
        assert_eq!((read.width(), read.height()), SIZE);
        assert_ne!(bytes, photo(true, &mut rng).unwrap());
    }
}
