/// A function of a script: code, the variables it shares, its defaults.
@safe struct FunctionCell: CellView {
  @safe struct Layout {
    var header: Header
    var code: UnsafeMutablePointer<CodeCell.Layout>
    /// The defaults of the last positional parameters, a tuple or none.
    var defaults: RawValue
    /// The defaults of keyword-only parameters by name, a dict or none.
    var namedDefaults: RawValue
    /// Attributes set on it, a dict or none.
    var attributes: RawValue
    var captureCount: Int
  }
  static let kind = Kind.function
  static let captureOffset = MemoryLayout<Layout>.stride
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var code: CodeCell {
    unsafe CodeCell(Cell(UnsafeMutableRawPointer(at.pointee.code)))
  }

  /// The shared variables, as values that refer to boxes.
  @inline(__always) var captures: Registers {
    unsafe Registers(
      (cell.pointer + FunctionCell.captureOffset).assumingMemoryBound(to: RawValue.self))
  }

  var attributes: DictCell? {
    let value = unsafe at.pointee.attributes
    return value.isDict ? DictCell(value) : nil
  }
}

/// A builtin of the machine, or an entry of the library, as a value.
@safe struct BuiltinCell: CellView {
  @safe struct Layout {
    var header: Header
    /// The index in the machine's table of builtins.
    var index: Int
  }
  static let kind = Kind.builtin
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var index: Int { unsafe at.pointee.index }
}

/// A function together with its first argument: `items.append` without a call.
@safe struct MethodCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var receiver: RawValue
    var function: RawValue
  }
  static let kind = Kind.method
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var receiver: RawValue { unsafe at.pointee.receiver }
  var function: RawValue { unsafe at.pointee.function }
}

/// `property`, `staticmethod`, `classmethod`.
@safe struct DescriptorCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var getter: RawValue
    var setter: RawValue
    var deleter: RawValue
    /// The text of a property's `doc` argument, or none.
    var documentation: RawValue
  }
  enum Form: UInt32 {
    case property, staticMethod, classMethod
    /// A property that is computed once for each object.
    case cachedProperty
    /// An element of a tuple; `getter` is its index.
    case tupleField
    /// `super()`: the class whose base is looked in, and the object.
    case superProxy
    /// `int | str`: a tuple of types.
    case union
    /// `list[int]`: a type and a tuple of its parameters.
    case alias
  }
  static let kind = Kind.descriptor
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var form: Form { unsafe Form(rawValue: at.pointee.header.extra) ?? .property }
  var getter: RawValue { unsafe at.pointee.getter }
  var setter: RawValue { unsafe at.pointee.setter }
  var deleter: RawValue { unsafe at.pointee.deleter }
  var documentation: RawValue {
    get { unsafe at.pointee.documentation }
    nonmutating set { unsafe at.pointee.documentation = newValue }
  }
}
