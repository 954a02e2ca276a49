/// Taking texts apart, into lists.
extension Machine {
  /// The parts between separators, at most `limit` cuts; the separator is not empty.
  func split(
    _ text: StringCell, at separator: StringCell, limit: Int
  ) throws(Thrown) -> RawValue {
    let list = heap.newList(count: 0, capacity: 8)
    let scope = HandleScope(self)
    scope.keep(list.value)
    var start = 0
    while list.count < limit,
      let found = try find(separator, in: text, start..<text.byteCount)
    {
      try append(part(of: text, start..<found), to: list)
      start = found + separator.byteCount
      if list.count & 0xFFF == 0 { try safepoint() }
    }
    try append(part(of: text, start..<text.byteCount), to: list)
    return list.value
  }

  /// The words of a text that is all ASCII, at most `limit` cuts.
  func asciiWords(_ text: StringCell, limit: Int) throws(Thrown) -> RawValue {
    let list = heap.newList(count: 0, capacity: 8)
    let scope = HandleScope(self)
    scope.keep(list.value)
    let (bytes, end) = unsafe (text.bytes, text.byteCount)
    var offset = 0
    while true {
      while offset < end, unsafe TextClass.isASCIISpace(bytes[offset]) { offset += 1 }
      guard offset < end else { return list.value }
      if list.count >= limit {
        try append(part(of: text, offset..<end), to: list)
        return list.value
      }
      let start = offset
      while offset < end, unsafe !TextClass.isASCIISpace(bytes[offset]) { offset += 1 }
      try append(part(of: text, start..<offset), to: list)
      if list.count & 0xFFF == 0 { try safepoint() }
    }
  }

  /// The lines of a text that is all ASCII.
  func asciiLines(_ text: StringCell, keepingEnds: Bool) throws(Thrown) -> RawValue {
    let list = heap.newList(count: 0, capacity: 8)
    let scope = HandleScope(self)
    scope.keep(list.value)
    let end = text.byteCount
    var (start, offset) = (0, 0)
    while offset < end {
      let byte = text.byte(offset)
      offset += 1
      guard byte < 0x20, TextClass.isLineBreak(UInt32(byte)) else { continue }
      let line = start..<offset - 1
      if byte == 0x0D, offset < end, text.byte(offset) == 0x0A { offset += 1 }
      try append(part(of: text, keepingEnds ? start..<offset : line), to: list)
      start = offset
      if list.count & 0xFFF == 0 { try safepoint() }
    }
    if start < end { try append(part(of: text, start..<end), to: list) }
    return list.value
  }
}
