/// Searching and cutting of UTF-8 text; all positions are byte offsets at scalar borders.
enum TextScan {
  /// The first place of `needle` that lies inside `range`: Knuth, Morris and Pratt's search.
  static func findByTable(
    _ needle: Span<UInt8>, in text: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    var table = Array(repeating: 0, count: needle.count)
    var matched = 0
    for index in 1..<needle.count {
      while matched > 0, needle[index] != needle[matched] { matched = table[matched - 1] }
      if needle[index] == needle[matched] { matched += 1 }
      table[index] = matched
    }
    matched = 0
    for index in range {
      while matched > 0, text[index] != needle[matched] { matched = table[matched - 1] }
      if text[index] == needle[matched] { matched += 1 }
      if matched == needle.count { return index - needle.count + 1 }
    }
    return nil
  }

  /// The last place of `needle` that lies inside `range`.
  static func findLast(
    _ needle: Span<UInt8>, in text: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    guard !needle.isEmpty else { return range.upperBound }
    guard needle.count <= range.count else { return nil }
    var start = range.upperBound - needle.count
    while start >= range.lowerBound {
      var index = 0
      while index < needle.count, text[start + index] == needle[index] { index += 1 }
      if index == needle.count { return start }
      start -= 1
    }
    return nil
  }

  static func hasPrefix(_ needle: Span<UInt8>, in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard needle.count <= range.count else { return false }
    for index in needle.indices where text[range.lowerBound + index] != needle[index] {
      return false
    }
    return true
  }

  static func hasSuffix(_ needle: Span<UInt8>, in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard needle.count <= range.count else { return false }
    return hasPrefix(needle, in: text, range.upperBound - needle.count..<range.upperBound)
  }

  static func trimStart(
    _ text: Span<UInt8>, _ range: Range<Int>, _ test: (UInt32) -> Bool
  ) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound {
      let (scalar, length) = Scalars.decode(text, at: start)
      if !test(scalar) { break }
      start += length
    }
    return start..<range.upperBound
  }

  static func trimEnd(
    _ text: Span<UInt8>, _ range: Range<Int>, _ test: (UInt32) -> Bool
  ) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound {
      let start = Scalars.before(text, end)
      if !test(Scalars.decode(text, at: start).scalar) { break }
      end = start
    }
    return range.lowerBound..<end
  }

  static func trim(
    _ text: Span<UInt8>, _ range: Range<Int>, _ test: (UInt32) -> Bool
  ) -> Range<Int> {
    trimEnd(text, trimStart(text, range, test), test)
  }

  /// The scalars of a text, as the set that `strip(chars)` removes.
  static func scalars(_ text: Span<UInt8>) -> [UInt32] {
    var all: [UInt32] = []
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      all.append(scalar)
      offset += length
    }
    return all
  }

  /// `split()`: the words between runs of blanks, at most `limit` cuts.
  static func words<E: Error>(
    _ text: Span<UInt8>, limit: Int, pause: () throws(E) -> Void
  ) throws(E) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var offset = 0
    while true {
      offset = trimStart(text, offset..<text.count, TextClass.isSpace).lowerBound
      guard offset < text.count else { return parts }
      if parts.count >= limit {
        parts.append(offset..<text.count)
        return parts
      }
      let start = offset
      while offset < text.count {
        let (scalar, length) = Scalars.decode(text, at: offset)
        if TextClass.isSpace(scalar) { break }
        offset += length
      }
      parts.append(start..<offset)
      if parts.count & 0xFFFF == 0 { try pause() }
    }
  }

  /// `rsplit()`: as `words`, cutting from the end.
  static func wordsFromEnd<E: Error>(
    _ text: Span<UInt8>, limit: Int, pause: () throws(E) -> Void
  ) throws(E) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var end = text.count
    while true {
      end = trimEnd(text, 0..<end, TextClass.isSpace).upperBound
      guard end > 0 else { break }
      if parts.count >= limit {
        parts.append(0..<end)
        break
      }
      var start = end
      while start > 0 {
        let previous = Scalars.before(text, start)
        if TextClass.isSpace(Scalars.decode(text, at: previous).scalar) { break }
        start = previous
      }
      parts.append(start..<end)
      if parts.count & 0xFFFF == 0 { try pause() }
      end = start
    }
    return parts.reversed()
  }

  /// `rsplit(separator)`; the separator is not empty.
  static func splitFromEnd<E: Error>(
    _ text: Span<UInt8>, at separator: Span<UInt8>, limit: Int, pause: () throws(E) -> Void
  ) throws(E) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var end = text.count
    while parts.count < limit, let found = findLast(separator, in: text, 0..<end) {
      parts.append(found + separator.count..<end)
      if parts.count & 0xFFFF == 0 { try pause() }
      end = found
    }
    parts.append(0..<end)
    return parts.reversed()
  }

  /// `splitlines(keepends)`.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  static func lines<E: Error>(
    _ text: Span<UInt8>, keepingEnds: Bool, pause: () throws(E) -> Void
  ) throws(E) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      var next = offset + length
      if TextClass.isLineBreak(scalar) {
        if scalar == 0x0D, next < text.count, text[next] == 0x0A { next += 1 }
        parts.append(start..<(keepingEnds ? next : offset))
        start = next
      }
      if offset & ~0xFFFF != next & ~0xFFFF { try pause() }
      offset = next
    }
    if start < text.count { parts.append(start..<text.count) }
    return parts
  }
}
