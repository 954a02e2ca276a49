import Catalog

/// New texts out of old ones: padding, replacing, expanding.
enum TextEdit {
  /// Throws when a text of so many bytes does not fit into the room there is.
  static func checkSize(_ bytes: Int, _ overflow: Bool = false, room: Int) throws {
    guard !overflow, bytes <= room else { throw Failure(.memory, "", code: "L114") }
  }

  /// `ljust`, `rjust`, `center`, `zfill` share it: fill on both sides.
  static func pad(
    _ text: Span<UInt8>, before: Int, after: Int, fill: UInt32, room: Int
  ) throws -> [UInt8] {
    let (sum, overflow) = max(0, before).addingReportingOverflow(max(0, after))
    let (bytes, overflow2) = sum.multipliedReportingOverflow(by: 4)
    try checkSize(bytes, overflow || overflow2, room: room)
    var result: [UInt8] = []
    result.reserveCapacity(text.count + sum)
    result.append(scalar: fill, times: before)
    result.append(text, 0..<text.count)
    result.append(scalar: fill, times: after)
    return result
  }

  /// `center(width)`, with CPython's side for the odd blank.
  static func center(_ text: Span<UInt8>, width: Int, fill: UInt32, room: Int) throws -> [UInt8] {
    let missing = max(0, width - Scalars.count(text))
    let before = missing / 2 + (missing & width & 1)
    return try pad(text, before: before, after: missing - before, fill: fill, room: room)
  }

  /// `zfill(width)`: zeros behind the sign.
  static func zfill(_ text: Span<UInt8>, width: Int, room: Int) throws -> [UInt8] {
    var result = try pad(
      text, before: max(0, width - Scalars.count(text)), after: 0, fill: 48, room: room)
    let start = result.count - text.count
    if !text.isEmpty, start > 0, text[0] == 0x2B || text[0] == 0x2D {
      result[0] = text[0]
      result[start] = 48
    }
    return result
  }

  /// `expandtabs(size)`.
  static func expandTabs(_ text: Span<UInt8>, size: Int, room: Int) throws -> [UInt8] {
    var tabs = 0
    for index in text.indices where text[index] == 9 { tabs += 1 }
    let (bytes, overflow) = max(0, size).multipliedReportingOverflow(by: tabs)
    try checkSize(bytes, overflow, room: room)
    var result: [UInt8] = []
    var column = 0
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case 0x09:
        guard size > 0 else { continue }
        let blanks = size - column % size
        column += blanks
        result.append(scalar: 0x20, times: blanks)
      case 0x0A, 0x0D:
        column = 0
        result.append(byte)
      default:
        if byte & 0xC0 != 0x80 { column += 1 }
        result.append(byte)
      }
    }
    return result
  }
}
