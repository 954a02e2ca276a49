/// What every heap cell starts with.
struct Header {
  /// 0: the cell is free.
  var kind: UInt8
  /// The epoch of the collection that last reached the cell.
  var mark: UInt8
  var flags: UInt16
  var extra: UInt32
}

/// A pointer to a heap cell.
///
/// Safe to hold as long as the cell is rooted: cells never move, and are freed only by the
/// collector at a safepoint.
@safe struct Cell: Equatable {
  let pointer: UnsafeMutableRawPointer

  @inline(__always)
  init(_ pointer: UnsafeMutableRawPointer) {
    unsafe self.pointer = pointer
  }

  @inline(__always)
  init(_ value: RawValue) {
    // A value with a heap tag always carries the address of a live cell.
    unsafe pointer = UnsafeMutableRawPointer(bitPattern: UInt(value.bits)).unsafelyUnwrapped
  }

  @inline(__always)
  static func == (left: Cell, right: Cell) -> Bool {
    unsafe left.pointer == right.pointer
  }

  @inline(__always)
  var address: UInt64 { unsafe UInt64(UInt(bitPattern: pointer)) }

  @inline(__always)
  func view<Layout>(as layout: Layout.Type) -> UnsafeMutablePointer<Layout> {
    unsafe pointer.assumingMemoryBound(to: layout)
  }

  var header: Header {
    @inline(__always) get { unsafe view(as: Header.self).pointee }
    nonmutating set { unsafe view(as: Header.self).pointee = newValue }
  }
}

/// A typed view of a cell; the layout says what lies where.
protocol CellView {
  associatedtype Layout
  static var kind: Kind { get }
  var cell: Cell { get }
  init(_ cell: Cell)
}

extension CellView {
  @inline(__always)
  init(_ value: RawValue) { self.init(Cell(value)) }

  @inline(__always)
  var at: UnsafeMutablePointer<Layout> { unsafe cell.view(as: Layout.self) }

  /// The cell as a value of the machine.
  @inline(__always)
  var value: RawValue { RawValue(tag: UInt64(Self.kind.rawValue), bits: cell.address) }

  func isSame(as other: Self) -> Bool { cell == other.cell }
}

/// A place in the machine's stack; index 0 is the first register of a window.
@safe struct Registers {
  let base: UnsafeMutablePointer<RawValue>

  @inline(__always)
  init(_ base: UnsafeMutablePointer<RawValue>) {
    unsafe self.base = base
  }

  @inline(__always)
  subscript(index: Int) -> RawValue {
    get { unsafe base[index] }
    nonmutating set { unsafe base[index] = newValue }
  }

  @inline(__always)
  subscript(index: UInt16) -> RawValue {
    get { unsafe base[Int(index)] }
    nonmutating set { unsafe base[Int(index)] = newValue }
  }

  /// `self[index] = other[place]`, one word after the other: values are written in two words, and
  /// to read in one piece what was just written in two takes a processor ten times as long.
  @inline(__always)
  func copy(_ index: Int, from other: Registers, _ place: Int) {
    unsafe base[index].bits = other.base[place].bits
    unsafe base[index].tag = other.base[place].tag
  }

  /// The same for some values.
  @inline(__always)
  func copy(from other: Registers, count: Int) {
    if count > 16 { return unsafe base.update(from: other.base, count: count) }
    var index = 0
    while index < count {
      copy(index, from: other, index)
      // Never: it keeps the compiler from copying in larger pieces.
      if self[index].tag > RawValue.highestTag { break }
      index &+= 1
    }
  }

  @inline(__always)
  func advanced(by count: Int) -> Registers { unsafe Registers(base + count) }
}
