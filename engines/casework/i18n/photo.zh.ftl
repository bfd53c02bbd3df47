## 照片：为什么不能收

error-photo-file-too-large = 照片超过了 { $limit_mb } MB。请把相机画质调低，或在发送时选择压缩，再发一次。
error-photo-unrecognised = 这个文件不是能识别的照片。请发送 JPEG、PNG 或 WebP 格式的照片。
error-photo-heic = 这是 HEIC 格式的照片，网页上无法显示，请转成 JPEG 再发。苹果手机：在“设置”的“相机”“格式”中选择“兼容性最佳”后重新拍摄；安卓手机：在相机设置中关闭高效格式。也可以发送这张照片的截图。
error-photo-truncated = 照片没有传完整，可能是网络中断了。请在信号好的地方重新发送。
error-photo-damaged = 照片文件已损坏，打不开。请重新拍摄，或者换一张。
error-photo-unsupported = 这张照片的编码方式不常见，无法读取。请发送它的截图，或另存为普通 JPEG 再发。
error-photo-animated = 这是动图。请发送静态的照片，或截取其中一个画面。
error-photo-too-many-pixels = 照片有 { $width } × { $height } 像素，超过了上限：总数 { $limit_megapixels } 百万像素，每边 { $limit_side } 像素。请缩小后再发。
error-photo-too-costly = 这张照片要占用太多资源才能读取。请另存为普通 JPEG，或发送它的截图。
error-photo-busy = 现在发送照片的人很多。请过一分钟再提交一次。
