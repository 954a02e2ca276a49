/// Writes PNG files.
public enum PNG {
  /// How many bytes a pixel has, and what they mean.
  public enum Format: UInt8, Sendable {
    case grey = 0
    case colour = 2
    case greyAlpha = 4
    case colourAlpha = 6

    var bytes: Int {
      switch self {
      case .grey: 1
      case .colour: 3
      case .greyAlpha: 2
      case .colourAlpha: 4
      }
    }
  }

  /// A PNG file, eight bits per sample.
  ///
  /// - Parameters:
  ///   - pixels: `width * height` pixels, row-major.
  ///   - factor: how many pixels of the file each of them becomes, across and down.
  /// - Returns: nil when the sizes do not fit together or are beyond 32,767.
  public static func encode(
    width: Int, height: Int, format: Format, pixels: [UInt8], enlarged factor: Int = 1
  ) -> [UInt8]? {
    guard (1...32_767).contains(width), (1...32_767).contains(height), (1...16).contains(factor),
      pixels.count == width * height * format.bytes
    else { return nil }
    let stride = width * format.bytes
    var raw: [UInt8] = []
    raw.reserveCapacity(height * factor * (stride * factor + 1))
    for row in 0..<height {
      let line = raw.count
      raw.append(0)
      if factor == 1 {
        raw.append(contentsOf: pixels[(row * stride)..<((row + 1) * stride)])
        continue
      }
      for column in 0..<width {
        let place = row * stride + column * format.bytes
        for _ in 0..<factor { raw.append(contentsOf: pixels[place..<(place + format.bytes)]) }
      }
      let wide = Array(raw[line...])
      for _ in 1..<factor { raw.append(contentsOf: wide) }
    }
    guard let packed = Deflate.compress(raw) else { return nil }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header =
      big(UInt32(width * factor)) + big(UInt32(height * factor)) + [8, format.rawValue, 0, 0, 0]
    append("IHDR", header, to: &file)
    append("IDAT", packed, to: &file)
    append("IEND", [], to: &file)
    return file
  }

  private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let tagged = Array(type.utf8) + data
    file += big(UInt32(data.count)) + tagged + big(Deflate.checksum(tagged))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
