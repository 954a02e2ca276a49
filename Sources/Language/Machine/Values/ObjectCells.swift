import Catalog

/// An object of a script's class.
@safe struct InstanceCell: CellView {
  @safe struct Layout {
    var header: Header
    var type: UnsafeMutablePointer<TypeCell.Layout>
    /// A dict.
    var attributes: RawValue
    /// The built-in object it extends, or none.
    var peer: RawValue
  }
  static let kind = Kind.instance
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var type: TypeCell { unsafe TypeCell(Cell(UnsafeMutableRawPointer(at.pointee.type))) }
  var attributes: DictCell {
    get { unsafe DictCell(at.pointee.attributes) }
    nonmutating set {
      newValue.shape = Shapes.none
      unsafe at.pointee.attributes = newValue.value
    }
  }
}

/// An object of the library.
@safe struct NativeCell: CellView {
  @safe struct Layout {
    var header: Header
    var externalBytes: Int
    /// The two words of the existential, owned by the cell.
    var object: any Object
  }
  /// Bytes that an object takes beside those it reports: measured for a small tensor.
  static let overhead = 640
  static let kind = Kind.native
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var object: any Object { unsafe at.pointee.object }
}
