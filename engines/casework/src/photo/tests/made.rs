//! Makes photographs as phones do, and as attackers do.
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A size that is no multiple of a block.
pub const WIDTH: u32 = 150;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 100;

/// A picture with something in it: colours that change slowly, and grain.
pub fn scene(width: u32, height: u32) -> Vec<u8> {
    let mut grain = 0x2545_f491_u32;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let speck = (grain & 15) as u8;
            pixels.extend([(x * 200 / width) as u8 + speck, (y * 200 / height) as u8 + speck, 90 + speck]);
        }
    }
    pixels
}

/// The quarters of a picture: red, green, blue, yellow, read like a page.
pub fn quarters(width: u32, height: u32) -> Vec<u8> {
    let colour = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [220, 20, 20],
        (false, true) => [20, 200, 20],
        (true, false) => [20, 20, 220],
        (false, false) => [230, 220, 20],
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| colour(x, y))).collect()
}

/// A JPEG as a phone writes it.
pub fn jpeg(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    jpeg_with(pixels, width, height, false)
}

/// A progressive one with its several scans.
pub fn progressive(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    jpeg_with(pixels, width, height, true)
}

fn jpeg_with(pixels: &[u8], width: u32, height: u32, progressive: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 90);
    encoder.set_progressive(progressive);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(pixels, width as u16, height as u16, ColorType::Rgb).expect("a JPEG");
    out
}

/// The usual JPEG of most tests.
pub fn usual_jpeg() -> Vec<u8> {
    jpeg(&scene(WIDTH, HEIGHT), WIDTH, HEIGHT)
}

/// A PNG of any colour type and depth.
pub fn png(pixels: &[u8], (width, height): (u32, u32), colour: png::ColorType, depth: png::BitDepth) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels)).expect("a PNG");
    out
}

/// The usual PNG of most tests.
pub fn usual_png() -> Vec<u8> {
    png(&scene(WIDTH, HEIGHT), (WIDTH, HEIGHT), png::ColorType::Rgb, png::BitDepth::Eight)
}

/// A lossless WebP.
pub fn webp(pixels: &[u8], width: u32, height: u32, colour: image_webp::ColorType) -> Vec<u8> {
    let mut out = Vec::new();
    image_webp::WebPEncoder::new(&mut out).encode(pixels, width, height, colour).expect("a WebP");
    out
}

/// The usual WebP of most tests.
pub fn usual_webp() -> Vec<u8> {
    webp(&scene(WIDTH, HEIGHT), WIDTH, HEIGHT, image_webp::ColorType::Rgb8)
}

/// A lossy WebP of 32 by 24 pixels: left red, right blue. Nothing here writes lossy WebP, so it is kept.
pub fn lossy_webp() -> Vec<u8> {
    riff(&chunk(b"VP8 ", &LOSSY))
}

/// The same with its right half transparent.
pub fn transparent_lossy_webp() -> Vec<u8> {
    let head = [0x10, 0, 0, 0, 31, 0, 0, 23, 0, 0];
    riff(&[chunk(b"VP8X", &head), chunk(b"ALPH", &RIGHT_HALF_CLEAR), chunk(b"VP8 ", &LOSSY)].concat())
}

const RIGHT_HALF_CLEAR: [u8; 19] =
    [0x01, 0x0f, 0x30, 0xff, 0x11, 0x11, 0x42, 0x20, 0x90, 0xe4, 0x2f, 0xbd, 0xc0, 0x00, 0x11, 0xfd, 0x8f, 0xe2, 0x0d];
const LOSSY: [u8; 74] = [
    0xf0, 0x03, 0x00, 0x9d, 0x01, 0x2a, 0x20, 0x00, 0x18, 0x00, 0x3e, 0xa5, 0x44, 0x9a, 0x49, 0xa6, 0x24, 0x22, 0xa1,
    0x37, 0xfa, 0xa8, 0x00, 0xc0, 0x14, 0x89, 0x64, 0x00, 0x9d, 0x33, 0x68, 0x64, 0x0f, 0xc5, 0x50, 0x0f, 0x6e, 0xb5,
    0x14, 0x00, 0x00, 0xfe, 0xec, 0x70, 0xde, 0xb9, 0x7d, 0xc9, 0x04, 0xff, 0xf9, 0x9a, 0x2a, 0xfa, 0x47, 0xd4, 0x9f,
    0xdd, 0x1b, 0x31, 0x61, 0x7d, 0xf8, 0xfa, 0x68, 0xbc, 0x6e, 0x35, 0xc2, 0xa7, 0xa1, 0x05, 0x80, 0x00,
];

/// A chunk of WebP.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad = if body.len() % 2 == 1 { &[0][..] } else { &[] };
    [&name[..], &(body.len() as u32).to_le_bytes(), body, pad].concat()
}

/// A WebP file of these chunks.
pub fn riff(chunks: &[u8]) -> Vec<u8> {
    [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", chunks].concat()
}

/// A chunk of PNG with its checksum.
pub fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&name[..], body].concat();
    let sum = !named.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    [&(body.len() as u32).to_be_bytes()[..], &named, &sum.to_be_bytes()].concat()
}

/// Puts chunks behind the header of a PNG.
pub fn with_png_chunks(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    let header_end = 8 + 25;
    [&png[..header_end], chunks, &png[header_end..]].concat()
}

/// The header of a PNG and nothing behind it but an empty picture and the end.
pub fn png_of_size(width: u32, height: u32, colour: u8) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, colour, 0, 0, 0]].concat();
    let chunks = [png_chunk(b"IHDR", &head), png_chunk(b"IDAT", b""), png_chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n", &chunks.concat()[..]].concat()
}

/// A segment of JPEG.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
}

/// Puts segments behind the beginning of a JPEG, where phones put theirs.
pub fn with_segments(jpeg: &[u8], segments: &[u8]) -> Vec<u8> {
    [&jpeg[..2], segments, &jpeg[2..]].concat()
}

/// A JPEG of a size, with as many empty scans as asked for.
pub fn jpeg_of_size(marker: u8, (width, height): (u16, u16), scans: usize) -> Vec<u8> {
    let size = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]];
    let scan = segment(0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 0, 0]);
    [&[0xff, 0xd8][..], &segment(marker, &size.concat()), &scan.repeat(scans), &[0xff, 0xd9]].concat()
}

/// What an EXIF block of a test says.
#[derive(Clone)]
pub struct Exif {
    pub little_endian: bool,
    pub orientation: u16,
    pub taken: Option<&'static str>,
    pub offset: Option<&'static str>,
    /// Degrees, minutes and seconds of latitude, then of longitude.
    pub place: Option<[(u32, u32); 6]>,
    pub sides: (&'static str, &'static str),
    pub status: Option<&'static str>,
}

impl Default for Exif {
    fn default() -> Self {
        Self {
            little_endian: true,
            orientation: 1,
            taken: Some("2026:03:14 08:05:09"),
            offset: None,
            // 31° 14' 9.5" N, 121° 28' 30.25" E
            place: Some([(31, 1), (14, 1), (95, 10), (121, 1), (28, 1), (3025, 100)]),
            sides: ("N", "E"),
            status: None,
        }
    }
}

impl Exif {
    /// The TIFF block: directories of entries, each followed by the values that are too long to stand in an entry.
    pub fn block(&self) -> Vec<u8> {
        let camera = [(0x927c, Value::Text("MAKER-NOTE-SECRET")), (0xa430, Value::Text("OWNER-NAME-SECRET"))];
        let mut exif: Vec<_> = camera.into();
        exif.extend(self.taken.map(|text| (0x9003, Value::Text(text))));
        exif.extend(self.offset.map(|text| (0x9011, Value::Text(text))));
        let mut gps = vec![(1, Value::Text(self.sides.0)), (3, Value::Text(self.sides.1))];
        if let Some(place) = self.place {
            gps.push((2, Value::Ratios(place[..3].to_vec())));
            gps.push((4, Value::Ratios(place[3..].to_vec())));
        }
        gps.extend(self.status.map(|text| (9, Value::Text(text))));
        let mut out = self.header();
        let model = (0x0110, Value::Text("PHONE-MODEL-SECRET"));
        let first =
            vec![model, (0x0112, Value::Short(self.orientation)), (0x8769, Value::Long(0)), (0x8825, Value::Long(0))];
        let pointers = self.directory(&mut out, &first);
        for (pointer, fields) in pointers.into_iter().zip([exif, gps]) {
            let here = self.u32(out.len() as u32);
            out[pointer..pointer + 4].copy_from_slice(&here);
            self.directory(&mut out, &fields);
        }
        out
    }

    /// The block as the first segment of a JPEG.
    pub fn segment(&self) -> Vec<u8> {
        segment(0xe1, &[&b"Exif\0\0"[..], &self.block()].concat())
    }

    /// The usual JPEG with this block.
    pub fn on_jpeg(&self) -> Vec<u8> {
        with_segments(&usual_jpeg(), &self.segment())
    }

    fn header(&self) -> Vec<u8> {
        let order: &[u8] = if self.little_endian { b"II" } else { b"MM" };
        [order, &self.u16(42), &self.u32(8)].concat()
    }

    fn u16(&self, value: u16) -> [u8; 2] {
        if self.little_endian { value.to_le_bytes() } else { value.to_be_bytes() }
    }

    fn u32(&self, value: u32) -> [u8; 4] {
        if self.little_endian { value.to_le_bytes() } else { value.to_be_bytes() }
    }

    /// Writes a directory at the end, and says where its pointers to others are.
    fn directory(&self, out: &mut Vec<u8>, fields: &[(u16, Value)]) -> Vec<usize> {
        let mut fields: Vec<_> = fields.iter().collect();
        fields.sort_by_key(|(tag, _)| *tag);
        let mut pointers = Vec::new();
        let mut far = out.len() + 2 + fields.len() * 12 + 4;
        let mut tail = Vec::new();
        out.extend(self.u16(fields.len() as u16));
        for (tag, value) in fields {
            let (kind, count, mut bytes) = self.written(value);
            out.extend(self.u16(*tag));
            out.extend(self.u16(kind));
            out.extend(self.u32(count));
            if kind == 4 {
                pointers.push(out.len());
            }
            if bytes.len() <= 4 {
                bytes.resize(4, 0);
                out.extend(bytes);
            } else {
                out.extend(self.u32(far as u32));
                far += bytes.len();
                tail.extend(bytes);
            }
        }
        out.extend([0; 4]);
        out.extend(tail);
        pointers
    }

    fn written(&self, value: &Value) -> (u16, u32, Vec<u8>) {
        match value {
            Value::Text(text) => (2, text.len() as u32 + 1, [text.as_bytes(), &[0]].concat()),
            Value::Short(number) => (3, 1, self.u16(*number).to_vec()),
            Value::Long(number) => (4, 1, self.u32(*number).to_vec()),
            Value::Ratios(ratios) => {
                let bytes = ratios.iter().flat_map(|(a, b)| [self.u32(*a), self.u32(*b)].concat()).collect();
                (5, ratios.len() as u32, bytes)
            }
        }
    }
}

enum Value {
    Text(&'static str),
    Short(u16),
    Long(u32),
    Ratios(Vec<(u32, u32)>),
}
