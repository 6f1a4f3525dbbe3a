//! A few seconds of film that stand for what a body camera records: MP4 with H.264 in its simplest form, every block as plain samples
//! (I_PCM, ITU-T H.264 7.3.5), so that it is written without an encoder and plays wherever films do.

/// Blocks of 16 by 16 pixels in a row, and rows of them.
const BLOCKS: (u32, u32) = (6, 4);
/// Pictures, and how long each is shown, milliseconds.
const PICTURES: u32 = 8;
const SHOWN_MS: u32 = 500;
/// Side of a block, pixels.
const SIDE: u32 = 16;

/// Bits, the most significant first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for n in (0..count).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from((value >> n) & 1 == 1) << self.free;
            }
        }
    }
    /// Exp-Golomb, ue(v).
    fn golomb(&mut self, value: u32) {
        let width = (value + 1).ilog2() + 1;
        self.put(0, width - 1);
        self.put(value + 1, width);
    }
    fn golombs(&mut self, values: &[u32]) {
        for value in values {
            self.golomb(*value);
        }
    }
    fn align(&mut self) {
        self.free = 0;
    }
    /// The stop bit and zeros to the next byte.
    fn end(mut self) -> Vec<u8> {
        self.put(1, 1);
        self.bytes
    }
}

fn nal(kind: u8, bits: Bits) -> Vec<u8> {
    [vec![kind], bits.end()].concat()
}

/// What holds for all pictures: baseline profile, level 1.
fn sequence() -> Vec<u8> {
    let mut bits = Bits { bytes: vec![66, 0xc0, 10], free: 0 };
    // Number of the set, of pictures; their order is that of decoding; one reference; the size in blocks.
    bits.golombs(&[0, 0, 2, 1]);
    bits.put(0, 1);
    bits.golomb(BLOCKS.0 - 1);
    bits.golomb(BLOCKS.1 - 1);
    // Whole frames, 8x8 inference, no cropping, no more words.
    bits.put(0b1100, 4);
    nal(0x67, bits)
}

fn pictures_of() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.golombs(&[0, 0]);
    bits.put(0, 2);
    bits.golombs(&[0, 0, 0]);
    bits.put(0, 3);
    bits.golombs(&[0, 0, 0]);
    bits.put(0, 3);
    nal(0x68, bits)
}

/// Brightness and colours of a pixel: a street under the sky, on which something is carried away. No sample is below 16, as in films,
/// so that nothing looks like the beginning of another unit.
fn pixel(n: u32, x: u32, y: u32) -> [u8; 3] {
    let left = 12 + n * 6;
    if (left..left + 22).contains(&x) && (30..46).contains(&y) {
        [90, 90, 200]
    } else if y < 24 {
        [180, 150, 110]
    } else {
        [if (x + y).is_multiple_of(7) { 104 } else { 96 }, 128, 128]
    }
}

fn picture(n: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    // First block, all of it intra, its set.
    bits.golombs(&[0, 7, 0]);
    bits.put(0, 4);
    bits.golomb(n % 2);
    bits.put(0, 2);
    bits.golomb(0);
    for (row, column) in (0..BLOCKS.1).flat_map(|row| (0..BLOCKS.0).map(move |column| (row, column))) {
        // I_PCM.
        bits.golomb(25);
        bits.align();
        let (x, y) = (column * SIDE, row * SIDE);
        let samples = |plane: usize, step: u32| {
            let side = SIDE / step;
            (0..side * side).map(move |at| {
                let at = (x + at % side * step, y + at / side * step);
                pixel(n, at.0, at.1)[plane]
            })
        };
        bits.bytes.extend(samples(0, 1).chain(samples(1, 2)).chain(samples(2, 2)));
    }
    nal(0x65, bits)
}

fn words(all: &[u32]) -> Vec<u8> {
    all.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn size(of: &[u8]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

/// A box of ISO/IEC 14496-12.
fn boxed(name: &str, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    [&(size(&content) + 8).to_be_bytes()[..], name.as_bytes(), &content].concat()
}

fn half(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_be_bytes()
}

/// The film as MP4.
#[must_use]
pub(crate) fn film() -> Vec<u8> {
    const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
    let (wide, high) = (BLOCKS.0 * SIDE, BLOCKS.1 * SIDE);
    let (each, all) = (SHOWN_MS, PICTURES * SHOWN_MS);
    let (sps, pps) = (sequence(), pictures_of());
    let samples: Vec<Vec<u8>> =
        (0..PICTURES).map(picture).map(|nal| [&size(&nal).to_be_bytes()[..], &nal].concat()).collect();
    let sizes: Vec<u32> = samples.iter().map(|sample| size(sample)).collect();
    let ftyp = boxed("ftyp", &[b"isom", &words(&[0x200]), b"isomavc1mp41"]);
    let mdat = boxed("mdat", &[&samples.concat()]);

    let avcc = boxed(
        "avcC",
        &[&[1, 66, 0xc0, 10, 0xff, 0xe1], &half(sps.len()), &sps, &[1], &half(pps.len()), &pps],
    );
    let avc1 = boxed(
        "avc1",
        &[
            &words(&[0, 1, 0, 0, 0, 0, (wide << 16) | high, 0x48_0000, 0x48_0000, 0]),
            &[0, 1],
            &[0; 32],
            &[0, 0x18, 0xff, 0xff],
            &avcc,
        ],
    );
    let stbl = boxed(
        "stbl",
        &[
            &boxed("stsd", &[&words(&[0, 1]), &avc1]),
            &boxed("stts", &[&words(&[0, 1, PICTURES, each])]),
            &boxed("stsc", &[&words(&[0, 1, 1, PICTURES, 1])]),
            &boxed("stsz", &[&words(&[0, 0, PICTURES]), &words(&sizes)]),
            &boxed("stco", &[&words(&[0, 1, size(&ftyp) + 8])]),
        ],
    );
    let dinf = boxed("dinf", &[&boxed("dref", &[&words(&[0, 1]), &boxed("url ", &[&words(&[1])])])]);
    let minf = boxed("minf", &[&boxed("vmhd", &[&words(&[1, 0, 0])]), &dinf, &stbl]);
    let mdia = boxed(
        "mdia",
        &[
            &boxed("mdhd", &[&words(&[0, 0, 0, 1_000, all, 0x55c4_0000])]),
            &boxed("hdlr", &[&words(&[0, 0]), b"vide", &words(&[0, 0, 0]), &[0]]),
            &minf,
        ],
    );
    let tkhd = boxed(
        "tkhd",
        &[&words(&[7, 0, 0, 1, 0, all, 0, 0, 0, 0]), &words(&MATRIX), &words(&[wide << 16, high << 16])],
    );
    let mvhd = boxed(
        "mvhd",
        &[
            &words(&[0, 0, 0, 1_000, all, 0x1_0000, 0x0100_0000, 0, 0]),
            &words(&MATRIX),
            &words(&[0, 0, 0, 0, 0, 0, 2]),
        ],
    );
    let moov = boxed("moov", &[&mvhd, &boxed("trak", &[&tkhd, &mdia])]);
    [ftyp, mdat, moov].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The boxes follow one another to the end, and the film begins where its table says.
    #[test]
    fn a_film_is_a_file_of_whole_boxes() {
        let film = film();
        let mut at = 0;
        let mut names = Vec::new();
        while at < film.len() {
            let size = u32::from_be_bytes(film[at..at + 4].try_into().unwrap());
            names.push(String::from_utf8_lossy(&film[at + 4..at + 8]).into_owned());
            at += usize::try_from(size).unwrap();
        }
        assert_eq!((at, names.join(" ").as_str()), (film.len(), "ftyp mdat moov"));
        let table = film.windows(4).position(|w| w == b"stco").unwrap() + 12;
        let begins = u32::from_be_bytes(film[table..table + 4].try_into().unwrap());
        let begins = usize::try_from(begins).unwrap();
        assert_eq!(film[begins + 4], 0x65, "a picture that stands by itself");
        // Nothing within looks like the beginning of another unit (H.264 annex B).
        let unit = u32::from_be_bytes(film[begins..begins + 4].try_into().unwrap());
        let unit = &film[begins + 4..begins + 4 + usize::try_from(unit).unwrap()];
        assert!(unit.windows(3).all(|w| !(w[0] == 0 && w[1] == 0 && w[2] <= 3)));
    }
}
