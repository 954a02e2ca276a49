import Glibc

/// Making strings on the heap.
extension Heap {
  func newString(_ text: String) -> StringCell {
    var text = text
    return text.withUTF8 { utf8 in
      guard let start = utf8.baseAddress else { return unsafe newString(bytes: nil, count: 0) }
      return unsafe newString(bytes: start, count: utf8.count)
    }
  }

  func newString(_ bytes: [UInt8]) -> StringCell {
    unsafe bytes.withUnsafeBufferPointer { utf8 in
      unsafe newString(bytes: utf8.baseAddress, count: utf8.count)
    }
  }

  func newString(_ bytes: ArraySlice<UInt8>) -> StringCell {
    unsafe bytes.withUnsafeBufferPointer { utf8 in
      unsafe newString(bytes: utf8.baseAddress, count: utf8.count)
    }
  }

  func newString(_ scalar: Unicode.Scalar) -> StringCell {
    if scalar.value < 128 { return single(Int(scalar.value)) }
    return newString(Array(String(scalar).utf8))
  }

  /// A string of valid UTF-8; counts its scalars unless told.
  func newString(
    bytes: UnsafePointer<UInt8>?, count: Int, scalars: Int? = nil
  ) -> StringCell {
    let scalars = unsafe scalars ?? Heap.scalarCount(bytes, count)
    let string = newString(count: count, scalars: scalars, room: count)
    if let bytes = unsafe bytes { unsafe memcpy(string.bytes, bytes, count) }
    return string
  }

  /// A string whose bytes the caller writes at once.
  @inline(__always)
  func newString(count: Int, scalars: Int, room: Int) -> StringCell {
    var flags: UInt16 = scalars == count ? StringCell.Flag.ascii : 0
    let isLong = count > StringCell.inlineBytes
    if isLong { flags |= StringCell.Flag.long }
    let size = isLong ? MemoryLayout<StringCell.Layout>.size : StringCell.inlineOffset &+ count
    let string = StringCell(allocate(size, .string, flags: flags))
    unsafe string.at.pointee.byteCount = count
    unsafe string.at.pointee.scalarCount = scalars
    if isLong { attachBuffer(to: string, used: count, room: room) }
    return string
  }

  @inline(never)
  private func attachBuffer(to string: StringCell, used: Int, room: Int) {
    let cell = allocate(MemoryLayout<StringCell.Buffer>.size, .buffer)
    let layout = unsafe cell.view(as: StringCell.Buffer.self)
    unsafe layout.pointee.used = used
    unsafe layout.pointee.capacity = max(room, used)
    unsafe layout.pointee.bytes = buffer(max(room, used)).assumingMemoryBound(to: UInt8.self)
    unsafe string.at.pointee.word0 = UInt(bitPattern: layout)
    unsafe string.at.pointee.word1 = 0
  }

  static func scalarCount(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    guard let bytes = unsafe bytes else { return 0 }
    var scalars = 0
    for index in 0..<count where unsafe bytes[index] & 0xC0 != 0x80 { scalars += 1 }
    return scalars
  }

  /// `left + right`; nil when it would pass the memory limit.
  func concatenate(_ left: StringCell, _ right: StringCell) -> StringCell? {
    let more = right.byteCount
    if more == 0 { return left }
    let before = left.byteCount
    if before == 0 { return right }
    let count = before + more
    let scalars = left.count + right.count
    if count <= StringCell.inlineBytes {
      let string = newString(count: count, scalars: scalars, room: count)
      unsafe memcpy(string.bytes, left.bytes, before)
      unsafe memcpy(string.bytes + before, right.bytes, more)
      return string
    }
    if left.isLong, unsafe left.buffer.pointee.used == before {
      let buffer = unsafe left.buffer
      if unsafe count > buffer.pointee.capacity {
        let room = count + count / 2 + 64
        guard fits(room, of: 1) else { return nil }
        let old = unsafe buffer.pointee.capacity
        // `right` may share the buffer, so its bytes are looked up after the move.
        unsafe buffer.pointee.bytes = resize(
          UnsafeMutableRawPointer(buffer.pointee.bytes), from: old, to: room
        ).assumingMemoryBound(to: UInt8.self)
        unsafe buffer.pointee.capacity = room
      }
      unsafe memmove(buffer.pointee.bytes + before, right.bytes, more)
      unsafe buffer.pointee.used = count
      var flags = StringCell.Flag.long
      if scalars == count { flags |= StringCell.Flag.ascii }
      let string = StringCell(
        allocate(MemoryLayout<StringCell.Layout>.size, .string, flags: flags))
      unsafe string.at.pointee.byteCount = count
      unsafe string.at.pointee.scalarCount = scalars
      unsafe string.at.pointee.word0 = UInt(bitPattern: buffer)
      unsafe string.at.pointee.word1 = 0
      return string
    }
    guard fits(count, of: 1) else { return nil }
    let string = newString(count: count, scalars: scalars, room: count + count / 8 + 16)
    unsafe memcpy(string.bytes, left.bytes, before)
    unsafe memcpy(string.bytes + before, right.bytes, more)
    return string
  }

  /// The part from one byte up to another, both at the borders of scalars.
  @inline(__always)
  func substring(_ string: StringCell, fromByte start: Int, toByte end: Int) -> StringCell {
    end &- start == 1 ? single(Int(string.byte(start))) : longer(string, start, end)
  }

  @inline(never)
  private func longer(_ string: StringCell, _ start: Int, _ end: Int) -> StringCell {
    if start == 0, end == string.byteCount { return string }
    let count = end - start
    return unsafe newString(
      bytes: string.bytes + start, count: count, scalars: string.isASCII ? count : nil)
  }

  /// The string of one ASCII character.
  @inline(__always)
  func single(_ code: Int) -> StringCell {
    let known = unsafe singles[code]
    if !known.isUndefined { return StringCell(known) }
    return makeSingle(code)
  }

  @inline(never)
  private func makeSingle(_ code: Int) -> StringCell {
    let made = interned.makeSingle(code, self)
    unsafe singles[code] = made.value
    return made
  }

  /// The scalar with an index from 0 to `count - 1`.
  func character(_ string: StringCell, _ index: Int) -> StringCell {
    if string.isASCII { return single(Int(string.byte(index))) }
    let start = string.offset(ofScalar: index)
    return substring(
      string, fromByte: start, toByte: start + StringCell.width(string.byte(start)))
  }

  /// `string * times`; nil when it would pass the memory limit.
  func repeated(_ string: StringCell, _ times: Int) -> StringCell? {
    let size = string.byteCount
    guard times > 0, size > 0 else { return interned.empty(self) }
    guard fits(times, of: size) else { return nil }
    let result = newString(count: size * times, scalars: string.count * times, room: size * times)
    let target = unsafe result.bytes
    if size == 1 {
      unsafe memset(target, Int32(string.byte(0)), times)
      return result
    }
    for index in 0..<times { unsafe memcpy(target + index * size, string.bytes, size) }
    return result
  }

  /// The one cell for this text; names of variables, attributes and keys are such.
  func intern(_ text: String) -> StringCell {
    var text = text
    return text.withUTF8 { utf8 in
      guard let start = utf8.baseAddress else { return interned.empty(self) }
      return unsafe interned.find(start, utf8.count, self)
    }
  }

  func intern(_ string: StringCell) -> StringCell {
    string.isInterned ? string : unsafe interned.find(string.bytes, string.byteCount, self)
  }
}

extension Heap {
  /// The decimal digits of an integer.
  func newString(decimal value: Int) -> StringCell {
    if value >= 0, value < 10 { return single(value + 0x30) }
    var magnitude = value.magnitude
    var count = value < 0 ? 1 : 0
    repeat {
      count += 1
      magnitude /= 10
    } while magnitude > 0
    let string = newString(count: count, scalars: count, room: count)
    let bytes = unsafe string.bytes
    magnitude = value.magnitude
    var place = count
    repeat {
      place -= 1
      unsafe bytes[place] = UInt8(truncatingIfNeeded: magnitude % 10) + 0x30
      magnitude /= 10
    } while magnitude > 0
    if value < 0 { unsafe bytes[0] = 0x2D }
    return string
  }

  /// Strings with another between them; the caller has added up their bytes and scalars.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  func joined<E: Error>(
    _ row: Row, _ separator: StringCell, bytes: Int, scalars: Int, pause: () throws(E) -> Void
  ) throws(E) -> StringCell {
    let result = newString(count: bytes, scalars: scalars, room: bytes)
    var place = unsafe result.bytes
    for index in 0..<row.count {
      if index > 0 {
        unsafe memcpy(place, separator.bytes, separator.byteCount)
        unsafe place += separator.byteCount
      }
      let part = StringCell(row[index])
      unsafe memcpy(place, part.bytes, part.byteCount)
      unsafe place += part.byteCount
      if index & 0xFFFF == 0xFFFF { try pause() }
    }
    return result
  }
}
