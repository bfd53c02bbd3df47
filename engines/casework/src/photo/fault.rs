//! Why a photograph is refused, in words that whoever sent it can act on.
use jh_core::fault::{Fault, Kind, Refusal};

use super::{FILE_BYTES_MAX, PIXELS_MAX, SIDE_MAX};

/// Why a photograph is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhotoFault {
    /// The file is larger than what is received.
    #[error("the file has {0} bytes")]
    FileTooLarge(usize),
    /// Neither JPEG nor PNG nor WebP.
    #[error("the content is no photograph that we read")]
    Unrecognised,
    /// A phone's own format, which browsers cannot show.
    #[error("the content is HEIC or AVIF")]
    Heic,
    /// The end of the file is missing.
    #[error("the file ends before the picture does")]
    Truncated,
    /// The file contradicts itself.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A rare way of writing, for example arithmetic coding.
    #[error("the file is written in a way that we do not read: {0}")]
    Unsupported(&'static str),
    /// A moving picture.
    #[error("the picture is animated")]
    Animated,
    /// Too many pixels in all or on a side.
    #[error("the picture has {width} by {height} pixels")]
    TooManyPixels {
        /// As the file says.
        width: u32,
        /// As the file says.
        height: u32,
    },
    /// Few pixels, but written so that reading them takes too much memory or time.
    #[error("reading the picture would cost too much: {0}")]
    TooCostly(&'static str),
    /// Too many photographs wait.
    #[error("too many photographs wait")]
    Busy,
    /// Ours: a picture that we could not write.
    #[error("the picture could not be written: {0}")]
    Internal(String),
}

impl PhotoFault {
    pub(super) fn damaged(reason: impl ToString) -> Self {
        Self::Damaged(reason.to_string())
    }
}

impl Fault for PhotoFault {
    fn refusal(&self) -> Refusal {
        match self {
            Self::FileTooLarge(_) => {
                Refusal::new(Kind::TooLarge, "photo-file-too-large").arg("limit_mb", FILE_BYTES_MAX / (1024 * 1024))
            }
            Self::Unrecognised => Refusal::new(Kind::Invalid, "photo-unrecognised"),
            Self::Heic => Refusal::new(Kind::Invalid, "photo-heic"),
            Self::Truncated => Refusal::new(Kind::Invalid, "photo-truncated"),
            Self::Damaged(_) => Refusal::new(Kind::Invalid, "photo-damaged"),
            Self::Unsupported(_) => Refusal::new(Kind::Invalid, "photo-unsupported"),
            Self::Animated => Refusal::new(Kind::Invalid, "photo-animated"),
            Self::TooManyPixels { width, height } => Refusal::new(Kind::Invalid, "photo-too-many-pixels")
                .arg("width", width)
                .arg("height", height)
                .arg("limit_megapixels", PIXELS_MAX / 1_000_000)
                .arg("limit_side", SIDE_MAX),
            Self::TooCostly(_) => Refusal::new(Kind::Invalid, "photo-too-costly"),
            Self::Busy => Refusal::new(Kind::Unavailable, "photo-busy"),
            Self::Internal(_) => Refusal::new(Kind::Internal, "internal"),
        }
    }
}
