## Photographs: why one cannot be taken

error-photo-file-too-large = The photo is larger than { $limit_mb } MB. Lower the camera's quality, or choose to compress it when sending, and send it again.
error-photo-unrecognised = This file is not a photo that can be read. Send a JPEG, PNG or WebP.
error-photo-heic = This is a HEIC photo, which web pages cannot show. Send it as JPEG. On an iPhone, choose Settings, Camera, Formats, Most Compatible and take it again; on Android, switch off the high-efficiency format in the camera's settings. A screenshot of the photo will do too.
error-photo-truncated = The photo did not arrive whole; the network may have broken off. Send it again where the signal is good.
error-photo-damaged = The photo's file is damaged and cannot be opened. Take it again, or choose another.
error-photo-unsupported = This photo is encoded in a rare way that cannot be read. Send a screenshot of it, or save it as a plain JPEG and send that.
error-photo-animated = This picture moves. Send a still photo, or a capture of one moment of it.
error-photo-too-many-pixels = The photo has { $width } × { $height } pixels. The most is { $limit_megapixels } megapixels in all and { $limit_side } pixels on a side. Make it smaller and send it again.
error-photo-too-costly = Reading this photo would take too many resources. Save it as a plain JPEG, or send a screenshot of it.
error-photo-busy = Many people are sending photos just now. Submit it again in a minute.
