/// Paths as text: joining, splitting, tidying; nothing here looks at the disk.
///
/// They are worked on as bytes, because a character that combines with a slash hides it.
enum PathText {
  private static let slash: UInt8 = 0x2F
  private static let dot: UInt8 = 0x2E

  private static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }

  static func join(_ first: String, _ others: [String]) -> String {
    var path = first
    for part in others {
      if part.utf8.first == slash {
        path = part
      } else if path.isEmpty || path.utf8.last == slash {
        path += part
      } else {
        path += "/" + part
      }
    }
    return path
  }

  /// What stands before the last slash, and after it.
  static func split(_ path: String) -> (head: String, tail: String) {
    let bytes = Array(path.utf8)
    let cut = (bytes.lastIndex(of: slash) ?? -1) + 1
    var head = bytes[..<cut]
    if head.contains(where: { $0 != slash }) {
      while head.last == slash { head = head.dropLast() }
    }
    return (text(head), text(bytes[cut...]))
  }

  /// The path and its ending, which starts with the last dot of the name.
  static func splitEnding(_ path: String) -> (root: String, ending: String) {
    let bytes = Array(path.utf8)
    let cut = bytes.lastIndex(of: slash) ?? -1
    guard let last = bytes.lastIndex(of: dot), last > cut,
      bytes[(cut + 1)..<last].contains(where: { $0 != dot })
    else { return (path, "") }
    return (text(bytes[..<last]), text(bytes[last...]))
  }

  /// Without empty parts, `.` and `..`, as far as that goes.
  static func normalized(_ path: String) -> String {
    if path.isEmpty { return "." }
    var slashes = 0
    if path.utf8.first == slash {
      let count = path.utf8.prefix { $0 == slash }.count
      // Two slashes at the start may mean something of their own; three do not.
      slashes = count == 2 ? 2 : 1
    }
    var parts: [String] = []
    for part in components(path) where !part.isEmpty && part != "." {
      if part != ".." || slashes == 0 && parts.isEmpty || parts.last == ".." {
        parts.append(part)
      } else if !parts.isEmpty {
        parts.removeLast()
      }
    }
    let result = String(repeating: "/", count: slashes) + parts.joined(separator: "/")
    return result.isEmpty ? "." : result
  }

  /// What stands between the slashes, empty parts included.
  static func components(_ path: String) -> [String] {
    path.utf8.split(separator: slash, omittingEmptySubsequences: false).map { text($0) }
  }

  /// The way from one absolute path to another.
  static func relative(_ path: String, from start: String) -> String {
    let from = components(start).filter { !$0.isEmpty }
    let to = components(path).filter { !$0.isEmpty }
    var same = 0
    while same < min(from.count, to.count), from[same] == to[same] { same += 1 }
    let parts = Array(repeating: "..", count: from.count - same) + to[same...]
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// What all begin with, character by character.
  static func commonPrefix(_ paths: [String]) -> String {
    let all = paths.map { Array($0.unicodeScalars) }
    guard let first = all.first else { return "" }
    var count = first.count
    for other in all {
      count = min(count, other.count)
      var index = 0
      while index < count, other[index] == first[index] { index += 1 }
      count = index
    }
    var prefix = String.UnicodeScalarView()
    prefix.append(contentsOf: first[..<count])
    return String(prefix)
  }

  /// With `$NAME` and `${NAME}` replaced by what `value` gives.
  static func expanded(_ path: String, value: (String) -> String?) -> String {
    let bytes = Array(path.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "$") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      var (start, end) = (index + 1, index + 1)
      var next = end
      if start < bytes.count, bytes[start] == UInt8(ascii: "{") {
        start += 1
        end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) ?? start
        next = end + 1
      } else {
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        next = end
      }
      if end > start, let found = value(text(bytes[start..<end])) {
        result += found.utf8
        index = next
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return text(result)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
