import Catalog

/// An exception: its class, its arguments, where it came from.
@safe struct ExceptionCell: CellView {
  @safe struct Layout {
    var header: Header
    var type: UnsafeMutablePointer<TypeCell.Layout>
    /// A tuple.
    var arguments: RawValue
    /// An exception or none.
    var cause: RawValue
    var context: RawValue
    /// Attributes, a dict or none.
    var attributes: RawValue
    /// The values the error is about, a tuple or none; for advice.
    var evidence: RawValue
    /// The places it passed, innermost first: behind the layout while they fit there.
    var trace: UnsafeMutablePointer<TraceEntry>
    var traceCount: Int
    var traceCapacity: Int
    /// What a failure of the library said beyond its message: a retained `FailureBox`.
    var failure: UnsafeMutableRawPointer?
  }

  /// The places that fit into the cell.
  static let ownPlaces = 2
  static let bytes = MemoryLayout<Layout>.size + ownPlaces * MemoryLayout<TraceEntry>.stride

  @safe struct TraceEntry {
    var code: UnsafeMutablePointer<CodeCell.Layout>
    /// The index of the instruction.
    var instruction: Int
  }

  enum Flag {
    static let suppressesContext: UInt16 = 1
  }

  static let kind = Kind.exception
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var ownTrace: UnsafeMutablePointer<TraceEntry> {
    unsafe (cell.pointer + MemoryLayout<Layout>.size).assumingMemoryBound(to: TraceEntry.self)
  }
  /// The buffer of a trace that does not fit into the cell.
  var traceBuffer: UnsafeMutableRawPointer? {
    unsafe at.pointee.traceCapacity == ExceptionCell.ownPlaces
      ? nil : UnsafeMutableRawPointer(at.pointee.trace)
  }

  var type: TypeCell { unsafe TypeCell(Cell(UnsafeMutableRawPointer(at.pointee.type))) }
  var arguments: TupleCell {
    get { unsafe TupleCell(at.pointee.arguments) }
    nonmutating set { unsafe at.pointee.arguments = newValue.value }
  }
  /// The first argument or none: what a StopIteration says a generator has returned.
  var firstArgument: RawValue { arguments.count > 0 ? arguments[0] : .none }
  var cause: RawValue {
    get { unsafe at.pointee.cause }
    nonmutating set { unsafe at.pointee.cause = newValue }
  }
  var context: RawValue {
    get { unsafe at.pointee.context }
    nonmutating set { unsafe at.pointee.context = newValue }
  }
  var attributes: RawValue {
    get { unsafe at.pointee.attributes }
    nonmutating set { unsafe at.pointee.attributes = newValue }
  }
  var evidence: RawValue {
    get { unsafe at.pointee.evidence }
    nonmutating set { unsafe at.pointee.evidence = newValue }
  }
  var suppressesContext: Bool {
    get { unsafe at.pointee.header.flags & Flag.suppressesContext != 0 }
    nonmutating set {
      if newValue {
        unsafe at.pointee.header.flags |= Flag.suppressesContext
      } else {
        unsafe at.pointee.header.flags &= ~Flag.suppressesContext
      }
    }
  }

  /// What the library said, to be shown with it.
  var failure: Failure? {
    get {
      guard let pointer = unsafe at.pointee.failure else { return nil }
      return unsafe Unmanaged<FailureBox>.fromOpaque(pointer).takeUnretainedValue().failure
    }
    nonmutating set {
      if let old = unsafe at.pointee.failure {
        unsafe Unmanaged<FailureBox>.fromOpaque(old).release()
      }
      unsafe at.pointee.failure = newValue.map {
        unsafe Unmanaged.passRetained(FailureBox($0)).toOpaque()
      }
    }
  }
}

extension Heap {
  /// Makes room for more places.
  @inline(never)
  func growTrace(of cell: ExceptionCell) {
    let (old, count) = unsafe (cell.at.pointee.trace, cell.at.pointee.traceCount)
    let stride = MemoryLayout<ExceptionCell.TraceEntry>.stride
    let new = unsafe buffer(count * 4 * stride).assumingMemoryBound(
      to: ExceptionCell.TraceEntry.self)
    unsafe new.update(from: old, count: count)
    releaseTrace(of: cell)
    unsafe cell.at.pointee.trace = new
    unsafe cell.at.pointee.traceCapacity = count * 4
  }

  func releaseTrace(of cell: ExceptionCell) {
    unsafe release(
      cell.traceBuffer,
      cell.at.pointee.traceCapacity * MemoryLayout<ExceptionCell.TraceEntry>.stride)
  }
}

/// A failure as an object, so that a cell can own it.
final class FailureBox {
  let failure: Failure

  init(_ failure: Failure) { self.failure = failure }
}
