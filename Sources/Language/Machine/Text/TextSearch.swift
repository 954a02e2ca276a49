import Catalog
import Glibc

extension StringCell {
  /// Whether the other string stands somewhere in this one.
  func contains(_ other: StringCell) -> Bool { find(other, from: 0, to: byteCount) != nil }

  /// The first byte from `start` on where the other string begins, all of it before `end`.
  ///
  /// Linear in the lengths: after many fruitless comparisons it goes on with a failure table.
  func find(_ other: StringCell, from start: Int, to end: Int) -> Int? {
    let wanted = other.byteCount
    if wanted == 0 { return start <= end ? start : nil }
    guard wanted <= end - start else { return nil }
    let (text, needle) = unsafe (bytes, other.bytes)
    let (first, last) = unsafe (needle[0], needle[wanted - 1])
    if wanted == 1 {
      let hit = unsafe memchr(text + start, Int32(first), end - start)
      return unsafe hit.map { unsafe $0.assumingMemoryBound(to: UInt8.self) - text }
    }
    var index = start
    var budget = 4 * (end - start) + 256
    while index <= end - wanted {
      guard let hit = unsafe memchr(text + index, Int32(first), end - wanted - index + 1) else {
        return nil
      }
      index = unsafe hit.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(text)
      if unsafe text[index + wanted - 1] == last {
        if unsafe wanted <= 2 || memcmp(text + index, needle, wanted) == 0 { return index }
        budget -= wanted
        if budget < 0 {
          return withBytes(and: other) { text, needle in
            TextScan.findByTable(needle, in: text, index + 1..<end)
          }
        }
      }
      index += 1
    }
    return nil
  }
}

/// Searching in the bytes of strings; an interrupt is seen within a few milliseconds.
extension Machine {
  /// Bytes that are looked at between two looks at what is pending.
  private static let stretch = 1 << 22

  /// The first place of `needle` that lies inside a range of bytes.
  func find(
    _ needle: StringCell, in text: StringCell, _ range: Range<Int>
  ) throws(Thrown) -> Int? {
    let wanted = needle.byteCount
    var start = range.lowerBound
    if range.count > Machine.stretch {
      let step = max(Machine.stretch, 8 * wanted)
      while range.upperBound - start > step + wanted {
        if let found = text.find(needle, from: start, to: start + step + wanted - 1) {
          return found
        }
        start += step
        try poll()
      }
    }
    return text.find(needle, from: start, to: range.upperBound)
  }

  /// The last place of `needle` that lies inside a range of bytes.
  func findLast(
    _ needle: StringCell, in text: StringCell, _ range: Range<Int>
  ) throws(Thrown) -> Int? {
    let wanted = needle.byteCount
    if wanted == 0 { return range.upperBound }
    guard wanted <= range.count else { return nil }
    let (bytes, pattern) = unsafe (text.bytes, needle.bytes)
    let first = unsafe pattern[0]
    var start = range.upperBound - wanted
    var budget = Machine.stretch
    while start >= range.lowerBound {
      if unsafe bytes[start] == first {
        if unsafe memcmp(bytes + start, pattern, wanted) == 0 { return start }
        budget -= wanted
      }
      start -= 1
      budget -= 1
      if budget < 0 {
        budget = Machine.stretch
        try poll()
      }
    }
    return nil
  }

  /// How often `needle` occurs without overlap; an empty one at every border.
  func count(
    _ needle: StringCell, in text: StringCell, _ range: Range<Int>
  ) throws(Thrown) -> Int {
    let wanted = needle.byteCount
    if wanted == 0 { return text.withBytes { Scalars.count($0, range) } + 1 }
    if wanted == 1 { return try count(needle.byte(0), in: text, range) }
    if range.count <= 1 << 10 { return countNearby(needle, in: text, range) }
    var (count, start) = (0, range.lowerBound)
    var next = start + Machine.stretch
    while let found = try find(needle, in: text, start..<range.upperBound) {
      count += 1
      start = found + wanted
      if start > next {
        next = start + Machine.stretch
        try poll()
      }
    }
    return count
  }

  /// The same in a short text, byte by byte.
  private func countNearby(_ needle: StringCell, in text: StringCell, _ range: Range<Int>) -> Int {
    let (bytes, pattern, wanted) = unsafe (text.bytes, needle.bytes, needle.byteCount)
    let (first, last) = unsafe (pattern[0], pattern[wanted - 1])
    var (count, index) = (0, range.lowerBound)
    let end = range.upperBound - wanted
    while index <= end {
      if unsafe bytes[index] == first, unsafe bytes[index + wanted - 1] == last,
        unsafe wanted == 2 || memcmp(bytes + index, pattern, wanted) == 0
      {
        count += 1
        index += wanted
      } else {
        index += 1
      }
    }
    return count
  }

  /// How often a byte occurs.
  private func count(
    _ byte: UInt8, in text: StringCell, _ range: Range<Int>
  ) throws(Thrown) -> Int {
    let bytes = unsafe text.bytes
    var count = 0
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Machine.stretch) {
      if start > range.lowerBound { try poll() }
      for index in start..<min(start + Machine.stretch, range.upperBound) {
        count &+= unsafe bytes[index] == byte ? 1 : 0
      }
    }
    return count
  }

  /// `text.replace(old, new, limit)`.
  func replace(
    _ old: StringCell, with new: StringCell, in text: StringCell, limit: Int
  ) throws(Thrown) -> RawValue {
    guard limit > 0 else { return text.value }
    if old.byteCount == 0 { return try interleave(new, in: text, limit: limit) }
    let end = text.byteCount
    guard let first = try find(old, in: text, 0..<end) else { return text.value }
    let size = old.byteCount
    if size == 1, new.byteCount == 1, limit >= end {
      let (gone, put) = (old.byte(0), new.byte(0))
      return try mapped(text) { $0 == gone ? put : $0 }
    }
    let places =
      limit == 1 ? 1 : min(limit, 1 + (try count(old, in: text, first + size..<end)))
    let (growth, overflow) = places.multipliedReportingOverflow(by: new.byteCount)
    let (total, tooMuch) = growth.addingReportingOverflow(end - places * size)
    if overflow || tooMuch { throw memoryError(asked: Int.max) }
    try room(for: total, of: 1)
    let result = heap.newString(
      count: total, scalars: text.count + places * (new.count - old.count), room: total)
    if size == 1, places > end / 16 {
      putByteByByte(new, for: old.byte(0), times: places, from: text, into: result)
      return result.value
    }
    var (source, target) = unsafe (UnsafePointer(text.bytes), result.bytes)
    let finish = unsafe source + end
    var at = first
    for place in 0..<places {
      if place > 0 {
        let from = unsafe source - UnsafePointer(text.bytes)
        guard let found = try find(old, in: text, from..<end) else { break }
        at = found
      }
      let kept = unsafe UnsafePointer(text.bytes) + at - source
      unsafe memcpy(target, source, kept)
      unsafe memcpy(target + kept, new.bytes, new.byteCount)
      unsafe target += kept + new.byteCount
      unsafe source += kept + size
      if place & 0xFFFF == 0xFFFF { try poll() }
    }
    unsafe memcpy(target, source, finish - source)
    return result.value
  }

  /// Copies a text with the first of the bytes replaced; what is sought is never far.
  private func putByteByByte(
    _ new: StringCell, for old: UInt8, times: Int, from text: StringCell, into result: StringCell
  ) {
    let (source, put, size) = unsafe (text.bytes, new.bytes, new.byteCount)
    var (target, left) = unsafe (result.bytes, times)
    for index in 0..<text.byteCount {
      let byte = unsafe source[index]
      if byte == old, left > 0 {
        for place in 0..<size { unsafe target[place] = unsafe put[place] }
        unsafe target += size
        left -= 1
      } else {
        unsafe target.pointee = byte
        unsafe target += 1
      }
    }
  }

  /// Replacing nothing puts the new text before every character and at the end.
  private func interleave(
    _ new: StringCell, in text: StringCell, limit: Int
  ) throws(Thrown) -> RawValue {
    let times = min(limit, text.count + 1)
    let (growth, overflow) = times.multipliedReportingOverflow(by: new.byteCount)
    let (total, tooMuch) = growth.addingReportingOverflow(text.byteCount)
    if overflow || tooMuch { throw memoryError(asked: Int.max) }
    try room(for: total, of: 1)
    let result = heap.newString(
      count: total, scalars: text.count + times * new.count, room: total)
    var (target, offset) = unsafe (result.bytes, 0)
    for time in 0..<times {
      unsafe memcpy(target, new.bytes, new.byteCount)
      unsafe target += new.byteCount
      if offset < text.byteCount {
        let width = StringCell.width(text.byte(offset))
        unsafe memcpy(target, text.bytes + offset, width)
        unsafe target += width
        offset += width
      }
      if time & 0xFFFF == 0xFFFF { try poll() }
    }
    unsafe memcpy(target, text.bytes + offset, text.byteCount - offset)
    return result.value
  }

  /// The part of a text that stays when the bytes at its ends that `isGone` names are dropped.
  @inline(__always)
  func trimmed(
    _ text: StringCell, start: Bool, end: Bool, _ isGone: (UInt8) -> Bool
  ) -> RawValue {
    let bytes = unsafe text.bytes
    var (low, high) = (0, text.byteCount)
    if start {
      while low < high, unsafe isGone(bytes[low]) { low += 1 }
    }
    if end {
      while high > low, unsafe isGone(bytes[high - 1]) { high -= 1 }
    }
    return part(of: text, low..<high)
  }

  /// A text with each byte changed, from ASCII to ASCII.
  @inline(__always)
  func mapped(_ text: StringCell, _ change: (UInt8) -> UInt8) throws(Thrown) -> RawValue {
    let count = text.byteCount
    try room(for: count, of: 1)
    let result = heap.newString(count: count, scalars: text.count, room: count)
    let (source, target) = unsafe (text.bytes, result.bytes)
    for index in 0..<count { unsafe target[index] = unsafe change(source[index]) }
    return result.value
  }

  /// A text with an ASCII character before and behind it.
  func padded(
    _ text: StringCell, before: Int, after: Int, fill: UInt8
  ) throws(Thrown) -> RawValue {
    let (missing, overflow) = before.addingReportingOverflow(after)
    let (count, tooMuch) = missing.addingReportingOverflow(text.byteCount)
    if overflow || tooMuch { throw memoryError(asked: Int.max) }
    try room(for: count, of: 1)
    return paddedWithin(text, before: before, after: after, fill: fill)
  }

  /// The same where little is added; it collects nothing.
  func paddedWithin(_ text: StringCell, before: Int, after: Int, fill: UInt8) -> RawValue {
    let missing = before + after
    let count = missing + text.byteCount
    let result = heap.newString(count: count, scalars: text.count + missing, room: count)
    let target = unsafe result.bytes
    unsafe memset(target, Int32(fill), before)
    unsafe memcpy(target + before, text.bytes, text.byteCount)
    unsafe memset(target + before + text.byteCount, Int32(fill), after)
    return result.value
  }

  /// Every `step`-th byte of a text that is all ASCII.
  func stepped(
    _ text: StringCell, from start: Int, by step: Int, count: Int
  ) throws(Thrown) -> RawValue {
    try room(for: count, of: 1)
    let result = heap.newString(count: count, scalars: count, room: count)
    let (source, target) = unsafe (text.bytes, result.bytes)
    var place = start
    for index in 0..<count {
      unsafe target[index] = unsafe source[place]
      place &+= step
    }
    return result.value
  }

  /// Whether all bytes of a text that is all ASCII are in a set of 128 bits, and there is one.
  func all(_ text: StringCell, in set: (UInt64, UInt64)) -> Bool {
    let (bytes, count) = unsafe (text.bytes, text.byteCount)
    for index in 0..<count {
      let byte = unsafe bytes[index]
      let bit = byte < 64 ? set.0 >> UInt64(byte) : set.1 >> UInt64(byte &- 64)
      if bit & 1 == 0 { return false }
    }
    return count > 0
  }

  /// Throws KeyboardInterrupt when the user has interrupted; no safepoint: nothing is collected.
  @inline(__always)
  func poll() throws(Thrown) {
    if pending.raw & Pending.Reason.interrupt.rawValue != 0 { throw interrupt() }
  }

  @inline(never)
  func interrupt() -> Thrown {
    pending.clear(.interrupt)
    noteInterrupt()
    return error(.keyboardInterrupt, "", code: "L113")
  }
}
