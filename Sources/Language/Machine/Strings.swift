import Glibc

/// A string: UTF-8 bytes, their number of code points, a hash made on first use.
///
/// Up to 24 bytes stand in the cell; longer ones in a buffer that strings grown from one another
/// share, so that `s += t` costs what `t` costs.
@safe struct StringCell: CellView {
  @safe struct Layout {
    var header: Header
    var byteCount: Int
    var scalarCount: Int
    var hash: Int
    /// 24 bytes of text, or the buffer's cell and the breadcrumbs.
    var word0: UInt
    var word1: UInt
    var word2: UInt
  }

  /// The shared storage of long strings.
  @safe struct Buffer {
    var header: Header
    var used: Int
    var capacity: Int
    var bytes: UnsafeMutablePointer<UInt8>
  }

  enum Flag {
    static let ascii: UInt16 = 1
    static let interned: UInt16 = 2
    static let long: UInt16 = 4
    static let hashed: UInt16 = 8
  }

  static let kind = Kind.string
  static let inlineBytes = 24
  static let crumbDistance = 64
  private static let inlineOffset = 32

  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var byteCount: Int { unsafe at.pointee.byteCount }
  /// What `len` gives.
  @inline(__always) var count: Int { unsafe at.pointee.scalarCount }
  @inline(__always) var flags: UInt16 { unsafe at.pointee.header.flags }
  @inline(__always) var isASCII: Bool { flags & Flag.ascii != 0 }
  @inline(__always) var isInterned: Bool { flags & Flag.interned != 0 }
  @inline(__always) var isLong: Bool { flags & Flag.long != 0 }

  func set(_ flag: UInt16) { unsafe at.pointee.header.flags |= flag }

  @inline(__always)
  var bytes: UnsafeMutablePointer<UInt8> {
    if isLong { return unsafe buffer.pointee.bytes }
    return unsafe (cell.pointer + StringCell.inlineOffset).assumingMemoryBound(to: UInt8.self)
  }

  var buffer: UnsafeMutablePointer<Buffer> {
    unsafe UnsafeMutablePointer(bitPattern: at.pointee.word0).unsafelyUnwrapped
  }

  /// The byte at an index that the caller has checked.
  @inline(__always)
  func byte(_ index: Int) -> UInt8 { unsafe bytes[index] }

  /// Reads the UTF-8 bytes in place.
  @inline(__always)
  func withBytes<Result, E: Error>(_ body: (Span<UInt8>) throws(E) -> Result) throws(E) -> Result {
    let span = unsafe Span(_unsafeStart: UnsafePointer(bytes), count: byteCount)
    return try body(span)
  }

  var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: byteCount)) }

  /// A Swift string with the same code points.
  var string: String {
    unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: byteCount), as: UTF8.self)
  }

  /// Equal to the text, byte by byte.
  func equals(_ text: StaticString) -> Bool {
    unsafe byteCount == text.utf8CodeUnitCount && memcmp(bytes, text.utf8Start, byteCount) == 0
  }

  @inline(__always)
  func equals(_ other: StringCell) -> Bool {
    if isSame(as: other) { return true }
    guard byteCount == other.byteCount, !(isInterned && other.isInterned) else { return false }
    return unsafe memcmp(bytes, other.bytes, byteCount) == 0
  }

  /// Order by code points, which for UTF-8 is the order of the bytes.
  func compare(_ other: StringCell) -> Int {
    let order = unsafe Int(memcmp(bytes, other.bytes, min(byteCount, other.byteCount)))
    return order != 0 ? order : byteCount - other.byteCount
  }

  @inline(__always)
  var hash: Int {
    if flags & Flag.hashed != 0 { return unsafe at.pointee.hash }
    return makeHash()
  }

  @inline(never)
  private func makeHash() -> Int {
    let hash = unsafe StringCell.hash(bytes, byteCount)
    unsafe at.pointee.hash = hash
    set(Flag.hashed)
    return hash
  }

  static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)
    var index = 0
    while index + 8 <= count {
      let word = unsafe UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
      hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
      index += 8
    }
    var tail: UInt64 = 0
    while index < count {
      tail = unsafe (tail << 8) | UInt64(bytes[index])
      index += 1
    }
    hash = (hash ^ tail) &* 0xD6E8_FEB8_6659_FD93
    hash ^= hash >> 32
    return Int(Int64(bitPattern: hash >> 1))
  }
}

extension StringCell {
  /// Where the scalar with that index starts, in bytes; an index from 0 to `count`.
  func offset(ofScalar index: Int) -> Int {
    if isASCII { return index }
    if index >= count { return byteCount }
    var offset = 0
    var left = index
    if isLong, index >= StringCell.crumbDistance {
      let crumbs = unsafe crumbs()
      offset = unsafe crumbs[index / StringCell.crumbDistance]
      left = index % StringCell.crumbDistance
    }
    while left > 0 {
      offset += unsafe StringCell.width(bytes[offset])
      left -= 1
    }
    return offset
  }

  /// The index of the scalar that starts at a byte.
  func scalarIndex(ofByte offset: Int) -> Int {
    if isASCII { return offset }
    var count = 0
    var index = 0
    while index < offset {
      if unsafe bytes[index] & 0xC0 != 0x80 { count += 1 }
      index += 1
    }
    return count
  }

  /// The length in bytes of the scalar that starts with `first`.
  @inline(__always)
  static func width(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// The scalar that starts at a byte, and its length.
  func scalar(atByte offset: Int) -> (scalar: Unicode.Scalar, width: Int) {
    let first = unsafe bytes[offset]
    let width = StringCell.width(first)
    var code = UInt32(first)
    if width > 1 {
      code = UInt32(first) & (0xFF >> UInt32(width + 1))
      for index in 1..<width { code = unsafe (code << 6) | UInt32(bytes[offset + index] & 0x3F) }
    }
    return (Unicode.Scalar(code) ?? "\u{FFFD}", width)
  }

  var scalars: [Unicode.Scalar] {
    var all: [Unicode.Scalar] = []
    all.reserveCapacity(count)
    var offset = 0
    while offset < byteCount {
      let (scalar, width) = scalar(atByte: offset)
      all.append(scalar)
      offset += width
    }
    return all
  }

  /// The byte offset of every 64th scalar, made on first use.
  private func crumbs() -> UnsafeMutablePointer<Int> {
    if let made = unsafe UnsafeMutablePointer<Int>(bitPattern: at.pointee.word1) {
      return unsafe made
    }
    let size = count / StringCell.crumbDistance + 1
    let made = UnsafeMutablePointer<Int>.allocate(capacity: size)
    var offset = 0
    var index = 0
    while offset < byteCount {
      if index % StringCell.crumbDistance == 0 {
        unsafe made[index / StringCell.crumbDistance] = offset
      }
      offset += unsafe StringCell.width(bytes[offset])
      index += 1
    }
    if index % StringCell.crumbDistance == 0 {
      if index / StringCell.crumbDistance < size {
        unsafe made[index / StringCell.crumbDistance] = offset
      }
    }
    unsafe at.pointee.word1 = UInt(bitPattern: made)
    return unsafe made
  }

  func releaseCrumbs() {
    guard isLong else { return }
    unsafe UnsafeMutablePointer<Int>(bitPattern: at.pointee.word1)?.deallocate()
  }
}

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
    let string = StringCell(
      allocate(MemoryLayout<StringCell.Layout>.size, .string, flags: flags))
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
  func substring(_ string: StringCell, fromByte start: Int, toByte end: Int) -> StringCell {
    if start == 0, end == string.byteCount { return string }
    let count = end - start
    if count == 1 { return single(Int(string.byte(start))) }
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

/// The interned strings.
///
/// Those that nothing refers to are dropped by the collector.
struct InternTable {
  private var slots: [StringCell?] = Array(repeating: nil, count: 1024)
  private var count = 0
  private var singles: [StringCell?] = Array(repeating: nil, count: 129)

  mutating func makeSingle(_ code: Int, _ heap: Heap) -> StringCell {
    if let string = singles[code] { return string }
    let byte = [UInt8(truncatingIfNeeded: code)]
    let string = unsafe byte.withUnsafeBufferPointer { bytes in
      unsafe find(bytes.baseAddress, 1, heap)
    }
    singles[code] = string
    return string
  }

  mutating func empty(_ heap: Heap) -> StringCell {
    if let string = singles[128] { return string }
    let string = unsafe find(nil, 0, heap)
    singles[128] = string
    return string
  }

  mutating func find(_ bytes: UnsafePointer<UInt8>?, _ size: Int, _ heap: Heap) -> StringCell {
    let zero: [UInt8] = [0]
    let hash = unsafe zero.withUnsafeBufferPointer { none in
      unsafe StringCell.hash(bytes ?? none.baseAddress.unsafelyUnwrapped, size)
    }
    var index = hash & (slots.count - 1)
    while let string = slots[index] {
      if string.byteCount == size, string.hash == hash,
        unsafe size == 0 || memcmp(string.bytes, bytes.unsafelyUnwrapped, size) == 0
      {
        return string
      }
      index = (index + 1) & (slots.count - 1)
    }
    let string = unsafe heap.newString(bytes: bytes, count: size)
    string.set(StringCell.Flag.interned)
    slots[index] = string
    count += 1
    if count * 2 > slots.count { rebuild(slots.count * 2) { _ in true } }
    return string
  }

  private mutating func rebuild(_ size: Int, keeping isKept: (StringCell) -> Bool) {
    let old = slots
    slots = Array(repeating: nil, count: size)
    count = 0
    for case .some(let string) in old where isKept(string) {
      var index = string.hash & (size - 1)
      while slots[index] != nil { index = (index + 1) & (size - 1) }
      slots[index] = string
      count += 1
    }
  }

  /// Forgets the strings that the collection has not reached.
  mutating func keepMarked(_ epoch: UInt8) {
    rebuild(slots.count) { $0.cell.header.mark == epoch }
  }

  /// The strings that live as long as the heap.
  var permanent: [StringCell] { singles.compactMap { $0 } }
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
}
