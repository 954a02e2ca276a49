/// The shapes of attribute tables: objects of one class that were given the same attributes in the
/// same order have tables of one shape, so a site that knows the shape knows the place.
///
/// A table has no shape any more when something was deleted from it, or it was handed around.
/// (Self's maps: Chambers, Ungar, Lee, OOPSLA 1989.)
struct Shapes {
  /// The table's places are its own matter.
  static let none: UInt32 = 0
  /// What no table has.
  static let unknown = UInt32.max
  /// So many are told apart.
  private static let most: UInt32 = 1 << 18

  private struct Step: Hashable {
    let shape: UInt32
    let key: UInt64
  }

  private var count: UInt32 = 0
  private var following: [Step: UInt32] = [:]
  /// The attributes' names: they live as long as the heap, since steps know them by address.
  private(set) var names: [UInt64: StringCell] = [:]

  /// The shape of the empty tables of a class's objects.
  mutating func makeRoot() -> UInt32 {
    guard count < Shapes.most else { return Shapes.none }
    count += 1
    return count
  }

  /// The shape of a table after one more name.
  mutating func after(_ shape: UInt32, adding name: StringCell) -> UInt32 {
    let step = Step(shape: shape, key: name.cell.address)
    if let known = following[step] { return known }
    let new = makeRoot()
    if new != Shapes.none {
      following[step] = new
      names[step.key] = name
    }
    return new
  }
}

extension DictCell {
  /// Which keys stand at which places; `Shapes.none` for most dicts.
  @inline(__always)
  var shape: UInt32 {
    get { unsafe at.pointee.header.extra }
    nonmutating set { unsafe at.pointee.header.extra = newValue }
  }
}

extension Heap {
  /// The table for the attributes of a new object of a class.
  func newAttributes(of type: TypeCell) -> DictCell {
    let table = newDict()
    if unsafe type.at.pointee.shape == Shapes.none {
      unsafe type.at.pointee.shape = shapes.makeRoot()
    }
    table.shape = unsafe type.at.pointee.shape
    return table
  }

  /// Adds an attribute that a table with a known shape does not have.
  @inline(__always)
  func add(
    _ name: StringCell, _ value: RawValue, to table: DictCell, becoming shape: UInt32
  ) {
    table.shape = Shapes.none
    add(name.value, hash: name.hash, value, to: table)
    table.shape = shape
  }

  /// Gives a table with a shape the one that it has after a key was added.
  @inline(never)
  func noteShape(of table: DictCell, adding key: RawValue) {
    table.shape =
      key.isString && StringCell(key).isInterned
      ? shapes.after(table.shape, adding: StringCell(key)) : Shapes.none
  }
}
