//! Small pictures that stand for photos: a street under the sky, with things lying about before and gone after; what cases are
//! about; scanned pages and a seal.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, Rgba, RgbaImage};
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
    jpeg(&picture)
}

/// Shades of rubble.
const RUBBLE: [Rgb<u8>; 4] =
    [Rgb([134, 118, 98]), Rgb([110, 96, 82]), Rgb([156, 142, 124]), Rgb([92, 84, 78])];

fn fill(picture: &mut RgbImage, (x, y): (i32, i32), (w, h): (i32, i32), colour: Rgb<u8>) {
    let inside = |at: i32, size: u32| u32::try_from(at).ok().filter(|at| *at < size);
    for py in (y..y + h).filter_map(|py| inside(py, SIZE.1)) {
        for px in (x..x + w).filter_map(|px| inside(px, SIZE.0)) {
            picture.put_pixel(px, py, colour);
        }
    }
}

fn disc(picture: &mut RgbImage, (x, y): (i32, i32), r: i32, colour: Rgb<u8>) {
    for dy in -r..=r {
        let dx = (r * r - dy * dy).isqrt();
        fill(picture, (x - dx, y + dy), (2 * dx + 1, 1), colour);
    }
}

/// A heap of rubble on the ground: its foot in the middle, half its width, its height.
fn heap(picture: &mut RgbImage, (x, foot): (i32, i32), half: i32, height: i32, rng: &mut ChaCha12Rng) {
    for dx in -half..half {
        let slope = height * (half * half - dx * dx) / (half * half);
        for dy in 0..(slope + rng.random_range(-3..3)).max(0) {
            let colour = RUBBLE[rng.random_range(0..RUBBLE.len())];
            fill(picture, (x + dx, foot - dy), (1, 1), colour);
        }
    }
}

/// Crumbs on the road.
fn crumbs(picture: &mut RgbImage, n: usize, (from, to): (i32, i32), rng: &mut ChaCha12Rng) {
    for _ in 0..n {
        let (x, y) = (rng.random_range(from..to), rng.random_range(180..232));
        let size = (rng.random_range(3..9), rng.random_range(2..6));
        fill(picture, (x, y), size, RUBBLE[rng.random_range(0..RUBBLE.len())]);
    }
}

/// A photo of what cases of this item are about, as JPEG bytes; an untidy street for items that have no scene of their own.
///
/// # Errors
/// When the encoder fails, which it does not on memory.
pub fn scene(item: &str, rng: &mut ChaCha12Rng) -> Result<Vec<u8>, image::ImageError> {
    let light: u8 = rng.random_range(130..215);
    let (sky, ground) =
        (Rgb([light - 50, light - 15, light]), Rgb([light / 2 + 10, light / 2 + 8, light / 2]));
    let mut picture = RgbImage::from_pixel(SIZE.0, SIZE.1, sky);
    let p = &mut picture;
    fill(p, (0, 130), (320, 110), ground);
    let moved = rng.random_range(-30..30);
    match item {
        // Heaps on open ground, ruts of tyres.
        "JZLJ-01" => {
            for rut in [150, 190] {
                fill(p, (0, rut + moved / 4), (320, 5), Rgb([70, 62, 54]));
            }
            for n in 0..rng.random_range(2..5) {
                heap(p, (60 + 75 * n + moved, 200), rng.random_range(34..60), rng.random_range(40..85), rng);
            }
        }
        // A small heap and sacks in the green.
        "JZLJ-02" => {
            fill(p, (0, 130), (320, 60), Rgb([64, 112, 58]));
            heap(p, (120 + moved, 205), 44, 34, rng);
            for n in 0..4 {
                disc(p, (200 + 22 * n + moved, 196), rng.random_range(10..15), Rgb([214, 208, 192]));
            }
        }
        // A lorry with its load open, and what fell off it.
        "JZLJ-07" => {
            fill(p, (0, 150), (320, 90), Rgb([92, 92, 96]));
            fill(p, (70 + moved, 112), (120, 52), Rgb([176, 58, 46]));
            heap(p, (130 + moved, 112), 56, 24, rng);
            fill(p, (194 + moved, 96), (44, 68), Rgb([40, 92, 160]));
            fill(p, (206 + moved, 104), (24, 22), Rgb([190, 214, 226]));
            for wheel in [94, 160, 216] {
                disc(p, (wheel + moved, 166), 14, Rgb([28, 28, 30]));
            }
            crumbs(p, 60, (0, 120 + moved), rng);
        }
        // A grill with coals on the pavement, smoke above it.
        "FS-03" => {
            for n in 0..5 {
                disc(p, (150 + moved + 9 * n, 96 - 16 * n), 12 + 3 * n, Rgb([206, 206, 204]));
            }
            fill(p, (90 + moved, 132), (120, 20), Rgb([48, 44, 42]));
            for n in 0..12 {
                fill(p, (94 + 10 * n + moved, 128), (6, 5), Rgb([226, rng.random_range(70..130), 30]));
            }
            for leg in [96, 200] {
                fill(p, (leg + moved, 152), (5, 50), Rgb([48, 44, 42]));
            }
        }
        // The front of a house, with an opening that does not belong to it.
        "FW-02" => {
            fill(p, (0, 0), (320, 190), Rgb([204, 190, 166]));
            for (row, column) in (0..3).flat_map(|row| (0..5).map(move |column| (row, column))) {
                fill(p, (18 + 62 * column, 18 + 56 * row), (34, 32), Rgb([96, 124, 146]));
            }
            fill(p, (108 + moved, 118), (52, 72), Rgb([36, 34, 34]));
            crumbs(p, 40, (90, 190), rng);
        }
        // A shed of steel sheets on a flat roof.
        "WJ-02" => {
            fill(p, (0, 120), (320, 120), Rgb([186, 180, 170]));
            for (row, column) in (0..2).flat_map(|row| (0..5).map(move |column| (row, column))) {
                fill(p, (18 + 62 * column, 142 + 50 * row), (34, 28), Rgb([88, 112, 134]));
            }
            for n in 0..14 {
                let stripe = if n % 2 == 0 { Rgb([58, 118, 178]) } else { Rgb([86, 144, 200]) };
                fill(p, (90 + 10 * n + moved, 66), (10, 54), stripe);
            }
            fill(p, (84 + moved, 58), (152, 9), Rgb([160, 58, 50]));
        }
        _ => return photo(true, rng),
    }
    jpeg(&picture)
}

fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture)?;
    Ok(bytes)
}

/// Size of a scanned page, pixels: A4.
const PAGE: (u32, u32) = (595, 842);

/// A scanned page as JPEG bytes: lines that stand for text, a red seal ring, a signature.
///
/// # Errors
/// When the encoder fails, which it does not on memory.
pub fn page(rng: &mut ChaCha12Rng) -> Result<Vec<u8>, image::ImageError> {
    let (ink, seal, pen) = (Rgb([70, 70, 74]), Rgb([200, 40, 40]), Rgb([40, 50, 150]));
    let (last, gap, wave) =
        (rng.random_range(300..620), rng.random_range(26..34), rng.random_range(5..11_u32));
    let page = RgbImage::from_fn(PAGE.0, PAGE.1, |x, y| {
        let (dx, dy) = (i64::from(x) - 430, i64::from(y) - 660);
        let ring = dx * dx + dy * dy;
        let text = (90..505).contains(&x) && (140..last).contains(&y);
        let line = text && y % gap < 9 && !(x / 11 + y / gap).is_multiple_of(8);
        let head = (170..425).contains(&x) && (80..102).contains(&y);
        let up = x * wave % 23;
        let signed = (120..240).contains(&x) && (680 + up..683 + up).contains(&y);
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
    jpeg(&page)
}

/// Width and height of a seal, pixels.
const SEAL: u32 = 200;

/// A seal as PNG bytes: a red ring with a star, see-through elsewhere. It bears no name: it is nobody's.
///
/// # Errors
/// When the encoder fails, which it does not on memory.
pub fn seal() -> Result<Vec<u8>, image::ImageError> {
    let middle = f64::from(SEAL) / 2.0;
    let inked = |x: u32, y: u32| {
        let (dx, dy) = (f64::from(x) + 0.5 - middle, f64::from(y) + 0.5 - middle);
        let r = dx.hypot(dy);
        // The edge of a star of five points: out to one radius on its points, to the other between them.
        let turn = (dy.atan2(dx) / std::f64::consts::TAU + 0.25).rem_euclid(0.2) / 0.2;
        let edge = 28.0 - 34.0 * (0.5 - (turn - 0.5).abs());
        (92.0..98.0).contains(&r) || r < edge
    };
    let picture = RgbaImage::from_fn(SEAL, SEAL, |x, y| {
        if inked(x, y) { Rgba([204, 30, 30, 200]) } else { Rgba([204, 30, 30, 0]) }
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
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
    #[test]
    fn each_item_has_photos_of_its_own() {
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        let scene = |item: &str, rng: &mut ChaCha12Rng| {
            let bytes = scene(item, rng).unwrap();
            assert!(bytes.len() < 40_000, "{item}: {} bytes", bytes.len());
            image::load_from_memory(&bytes).unwrap().to_rgb8()
        };
        let pictures: Vec<_> = ["JZLJ-01", "JZLJ-02", "JZLJ-07", "FS-03", "FW-02", "WJ-02"]
            .map(|item| scene(item, &mut rng))
            .into();
        for (n, one) in pictures.iter().enumerate() {
            assert!(pictures[n + 1..].iter().all(|other| other != one));
        }
        assert_ne!(scene("JZLJ-01", &mut rng), pictures[0], "no two photos of an item are the same");
    }

    #[test]
    fn a_seal_is_a_ring_with_a_star_that_hides_nothing_else() {
        let picture = image::load_from_memory(&seal().unwrap()).unwrap().to_rgba8();
        let inked = |x, y| picture.get_pixel(x, y).0[3] > 0;
        assert!(inked(100, 100) && inked(100, 4) && inked(4, 100), "star and ring");
        assert!(!inked(0, 0) && !inked(100, 40) && !inked(40, 100), "paper");
    }
}
