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
  /// - Parameter pixels: `width * height` pixels, row-major.
  /// - Returns: nil when the sizes do not fit together or are beyond 32,767.
  public static func encode(width: Int, height: Int, format: Format, pixels: [UInt8]) -> [UInt8]? {
    guard (1...32_767).contains(width), (1...32_767).contains(height),
      pixels.count == width * height * format.bytes
    else { return nil }
    let stride = width * format.bytes
    var raw: [UInt8] = []
    raw.reserveCapacity(height * (stride + 1))
    for row in 0..<height {
      raw.append(0)
      raw.append(contentsOf: pixels[(row * stride)..<((row + 1) * stride)])
    }
    guard let packed = Deflate.compress(raw) else { return nil }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header = big(UInt32(width)) + big(UInt32(height)) + [8, format.rawValue, 0, 0, 0]
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
