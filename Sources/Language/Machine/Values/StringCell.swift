import Glibc

/// A string: UTF-8 bytes, their number of code points, a hash made on first use.
///
/// Short ones stand in the cell, whose size follows from theirs; longer ones in a buffer that
/// strings grown from one another share, so that `s += t` costs what `t` costs.
@safe struct StringCell: CellView {
  @safe struct Layout {
    /// Its `extra` is the hash.
    var header: Header
    var byteCount: Int
    var scalarCount: Int
    /// Here the text of a short string begins; a long one has its buffer's cell and the breadcrumbs.
    var word0: UInt
    var word1: UInt
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
  /// The most bytes that stand in the cell.
  static let inlineBytes = 128
  static let crumbDistance = 64
  static let inlineOffset = 24

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
    if flags & Flag.hashed != 0 { return unsafe Int(at.pointee.header.extra) }
    return makeHash()
  }

  @inline(never)
  private func makeHash() -> Int {
    let hash = unsafe StringCell.hash(bytes, byteCount)
    unsafe at.pointee.header.extra = UInt32(truncatingIfNeeded: hash)
    set(Flag.hashed)
    return hash
  }

  /// A hash of 32 bits.
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
    return Int(hash >> 32)
  }
}

/// Characters of a string, found from their indices.
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
