//! A decoded picture: on white, smaller, upright, and written as a JPEG of our own.
//!
//! It must not know where its pixels came from.
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::PhotoFault;
use super::exif::Orientation;
use super::queue::Picture;

/// Faces, plates and cracks stay readable; a third of what a phone writes.
const QUALITY: u8 = 82;

/// Rows of pixels of eight bits: grey or RGB.
#[derive(Clone, Debug)]
pub struct Raster {
    width: u32,
    height: u32,
    channels: usize,
    pixels: Vec<u8>,
}

impl Raster {
    /// Takes decoded pixels of grey, grey with alpha, RGB or RGBA; what is transparent comes on white.
    pub fn new(width: u32, height: u32, channels: usize, mut pixels: Vec<u8>) -> Result<Self, PhotoFault> {
        let count = width as usize * height as usize;
        if pixels.len() != count * channels {
            return Err(PhotoFault::damaged("a wrong number of pixels"));
        }
        let channels = match channels {
            2 => on_white::<2>(&mut pixels, count),
            4 => on_white::<4>(&mut pixels, count),
            other => other,
        };
        Ok(Self { width, height, channels, pixels })
    }

    /// At most `max_side` pixels on the longer side, never larger than it is.
    pub fn shrunk(self, max_side: u32) -> Result<Self, PhotoFault> {
        let longer = self.width.max(self.height);
        let max_side = max_side.max(1);
        if longer <= max_side {
            return Ok(self);
        }
        let scaled = |side: u32| {
            let exact = (u64::from(side) * u64::from(max_side) + u64::from(longer) / 2) / u64::from(longer);
            u32::try_from(exact).unwrap_or(max_side).max(1)
        };
        let (width, height) = (scaled(self.width), scaled(self.height));
        let kind = if self.channels == 1 { PixelType::U8 } else { PixelType::U8x3 };
        let source = ImageRef::new(self.width, self.height, &self.pixels, kind).map_err(internal)?;
        let mut target = Image::new(width, height, kind);
        let how = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Hamming));
        Resizer::new().resize(&source, &mut target, &how).map_err(internal)?;
        Ok(Self { width, height, channels: self.channels, pixels: target.into_vec() })
    }

    /// Turned and mirrored so that what was up when it was taken is up.
    pub fn upright(self, orientation: Orientation) -> Self {
        if orientation == Orientation::default() {
            return self;
        }
        let (width, height) = orientation.upright((self.width, self.height));
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            for x in 0..width {
                let (column, row) = orientation.source((x, y), (self.width, self.height));
                let at = (row as usize * self.width as usize + column as usize) * self.channels;
                pixels.extend_from_slice(&self.pixels[at..at + self.channels]);
            }
        }
        Self { width, height, channels: self.channels, pixels }
    }

    /// Writes it; all that the file holds beside the picture is a JFIF header of fixed content.
    pub fn jpeg(&self) -> Result<Picture, PhotoFault> {
        let side = |length: u32| u16::try_from(length).map_err(internal);
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let colours = if self.channels == 1 { ColorType::Luma } else { ColorType::Rgb };
        encoder.encode(&self.pixels, side(self.width)?, side(self.height)?, colours).map_err(internal)?;
        Ok(Picture { jpeg, width: self.width, height: self.height })
    }
}

fn internal(error: impl ToString) -> PhotoFault {
    PhotoFault::Internal(error.to_string())
}

/// Mixes each pixel with white by its last channel, in place, and says how many channels are left.
fn on_white<const CHANNELS: usize>(pixels: &mut Vec<u8>, count: usize) -> usize {
    let left = CHANNELS - 1;
    for index in 0..count {
        let (from, to) = (index * CHANNELS, index * left);
        let alpha = u32::from(pixels[from + left]);
        for channel in 0..left {
            let mixed = (u32::from(pixels[from + channel]) * alpha + 255 * (255 - alpha) + 127) / 255;
            pixels[to + channel] = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    pixels.truncate(count * left);
    left
}
