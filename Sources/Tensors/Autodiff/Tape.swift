internal import Synchronization

/// A tensor's place on a tape.
struct Trace {
  let tape: Tape
  let index: Int
  /// The storage's version when the value was recorded.
  let version: Int
}

/// The record of a running gradient: a flat array of operations, oldest first.
///
/// The running `grad` owns it and empties it at the end. Tensors refer to it, it refers to what
/// pullbacks need, and emptying it ends both, so there is no chain to release however long the
/// computation was, and a tensor that outlives its tape is a plain value.
public final class Tape {
  /// How the gradient of an operation's result flows to one of its inputs.
  struct Pull {
    let index: Int
    let shape: Shape
    let dtype: DType
    let run: (Tensor) throws -> Tensor
  }

  private struct Node {
    let name: StaticString
    var pulls: [Pull]
    /// Values the pullbacks read, with the versions they must still have.
    var needs: [(storage: Storage, version: Int)]
  }

  private var nodes: [Node] = []
  private var watched: [(tensor: Tensor, before: Trace?)] = []
  private var depth = 0
  private(set) var isRecording = true
  /// A number was taken out of a traced tensor, so a gradient may have been lost.
  var lostNumber = false
  /// The leaves, by their place in the last call of `gradients`, that the output does not use.
  public private(set) var unreached: [Int] = []

  /// Tells tapes apart for as long as the process runs.
  let serial: Int
  private static let made = Atomic<Int>(0)

  private init() {
    serial = Tape.made.add(1, ordering: .relaxed).newValue
  }

  /// Runs `body` with a tape: the one of a `grad` that is already running on this thread, so that
  /// gradients of gradients work, or a new one.
  public static func recording<R>(_ body: (Tape) throws -> R) rethrows -> R {
    let tape = current ?? Tape()
    let watchedBefore = tape.watched.count
    tape.depth += 1
    setCurrent(tape)
    defer {
      while tape.watched.count > watchedBefore {
        let (tensor, before) = tape.watched.removeLast()
        tensor.trace = before
      }
      tape.depth -= 1
      if tape.depth == 0 {
        tape.isRecording = false
        tape.nodes = []
        setCurrent(nil)
      }
    }
    return try body(tape)
  }

  /// Runs `body` without recording.
  public static func paused<R>(_ body: () throws -> R) rethrows -> R {
    guard let tape = current, tape.isRecording else { return try body() }
    tape.isRecording = false
    defer { tape.isRecording = true }
    return try body()
  }

  /// The tape on which an operation on these inputs is recorded, or nil.
  @inline(__always)
  static func recording(_ a: Tensor) -> Tape? {
    if a.trace == nil, a.storage.tracedBy == 0 { return nil }
    return a.recordingTape
  }

  @inline(__always)
  static func recording(_ a: Tensor, _ b: Tensor) -> Tape? {
    recording(a) ?? recording(b)
  }

  static func recording(_ all: [Tensor]) -> Tape? {
    for tensor in all {
      if let tape = recording(tensor) { return tape }
    }
    return nil
  }

  /// Appends an operation and gives its result a place.
  ///
  /// - Parameters:
  ///   - inputs: each with its pullback; those that are not traced are dropped.
  ///   - needs: tensors whose values the pullbacks read.
  /// - Throws: `TensorError.gradient` when an input was overwritten since it was recorded.
  func record(
    _ name: StaticString, _ result: Tensor, needs: [Tensor] = [],
    _ inputs: (Tensor, (Tensor) throws -> Tensor)...
  ) throws {
    try record(name, result, needs: needs, all: inputs)
  }

  func record(
    _ name: StaticString, _ result: Tensor, needs: [Tensor] = [],
    all inputs: [(Tensor, (Tensor) throws -> Tensor)]
  ) throws {
    guard result.dtype.isFloating else { return }
    var pulls: [Pull] = []
    pulls.reserveCapacity(inputs.count)
    for (input, run) in inputs {
      guard let trace = input.trace, trace.tape === self else {
        if input.storage.tracedBy == serial, !input.isDetached { throw Tape.staleView(name) }
        continue
      }
      guard trace.version == input.storage.version else { throw Tape.staleView(name) }
      pulls.append(Pull(index: trace.index, shape: input.shape, dtype: input.dtype, run: run))
    }
    guard !pulls.isEmpty else { return }
    nodes.append(
      Node(name: name, pulls: pulls, needs: needs.map { ($0.storage, $0.storage.version) }))
    result.trace = Trace(tape: self, index: nodes.count - 1, version: result.storage.version)
  }

  static func staleView(_ name: StaticString) -> TensorError {
    .gradient(
      "an input of '\(name)' was overwritten in place after the gradient's computation read it",
      help: "compute a new tensor instead of writing into this one, or take a copy before")
  }

  /// A traced view of `tensor` that gradients can be taken for.
  ///
  /// - Throws: `TensorError.gradient` for dtypes that have no gradient.
  public func leaf(_ tensor: Tensor) throws -> Tensor {
    let view = tensor.detached()
    view.trace = try newLeaf(tensor)
    return view
  }

  /// Traces `tensor` itself until the tape ends, as a model's parameters need it.
  ///
  /// - Throws: as `leaf`.
  public func watch(_ tensor: Tensor) throws {
    let trace = try newLeaf(tensor)
    watched.append((tensor, tensor.trace))
    tensor.trace = trace
  }

  private func newLeaf(_ tensor: Tensor) throws -> Trace {
    guard tensor.dtype.isFloating else {
      throw TensorError.gradient(
        "gradients need float32 or float64, got \(tensor.dtype.name)",
        help: "convert it first: x.astype(\"float32\")")
    }
    var pulls: [Pull] = []
    if let outer = tensor.trace, outer.tape === self {
      pulls = [Pull(index: outer.index, shape: tensor.shape, dtype: tensor.dtype, run: { $0 })]
    }
    nodes.append(Node(name: "leaf", pulls: pulls, needs: []))
    return Trace(tape: self, index: nodes.count - 1, version: tensor.storage.version)
  }

  /// The gradients of `output` for leaves; zeros for a leaf it does not depend on.
  ///
  /// Pullbacks are operations themselves, so inside an outer `grad` they are recorded too.
  ///
  /// - Parameter cotangent: ones when nil, and then `output` must have one element.
  /// - Throws: `TensorError.gradient`.
  public func gradients(
    of output: Tensor, for leaves: [Tensor], cotangent: Tensor? = nil
  ) throws -> [Tensor] {
    if cotangent == nil, output.count != 1 {
      throw TensorError.gradient(
        "a gradient needs a result with one element, this one has shape \(output.shape)",
        help: "reduce it first, for example with .sum() or .mean()")
    }
    let places = leaves.map { $0.trace?.index ?? Int.max }
    unreached = Array(leaves.indices)
    guard let end = output.trace, end.tape === self else {
      if lostNumber {
        throw TensorError.gradient(
          "the result does not depend on the arguments: a number was taken out of a tensor "
            + "with float(), int() or .item(), and numbers carry no gradient",
          help: "keep it a tensor until the result")
      }
      return try leaves.map { try Tensor.zeros($0.shape, dtype: $0.dtype) }
    }
    let floor = places.min() ?? 0
    let isOutermost = depth == 1
    if isOutermost { isRecording = false }
    defer { if isOutermost { isRecording = true } }
    var found: [Tensor?] = Array(repeating: nil, count: leaves.count)
    if floor <= end.index {
      let reach = dependents(of: places, from: floor, to: end.index)
      var sums: [Tensor?] = Array(repeating: nil, count: end.index - floor + 1)
      sums[end.index - floor] =
        try cotangent ?? Tensor.ones(output.shape, dtype: output.dtype)
      for index in stride(from: end.index, through: floor, by: -1) where reach[index - floor] {
        guard let arrived = sums[index - floor] else { continue }
        for (i, place) in places.enumerated() where place == index { found[i] = arrived }
        sums[index - floor] = nil
        try pull(nodes[index], arrived, into: &sums, floor: floor, reach: reach)
      }
    }
    unreached = found.indices.filter { found[$0] == nil }
    return try zip(leaves, found).map { leaf, gradient in
      try gradient ?? Tensor.zeros(leaf.shape, dtype: leaf.dtype)
    }
  }

  private func pull(
    _ node: Node, _ arrived: Tensor, into sums: inout [Tensor?], floor: Int, reach: [Bool]
  ) throws {
    for (storage, version) in node.needs where storage.version != version {
      throw TensorError.gradient(
        "a value that the gradient of '\(node.name)' needs was overwritten in place",
        help: "write to a copy, or compute a new tensor instead")
    }
    for pull in node.pulls where pull.index >= floor && reach[pull.index - floor] {
      let part = try pull.run(arrived).fitted(to: pull.shape, pull.dtype)
      if let sum = sums[pull.index - floor] {
        sums[pull.index - floor] = try sum + part
      } else {
        sums[pull.index - floor] = part
      }
    }
  }

  /// Which nodes between `from` and `to` depend on a leaf.
  private func dependents(of places: [Int], from: Int, to: Int) -> [Bool] {
    var reach = Array(repeating: false, count: to - from + 1)
    for place in places where place >= from && place <= to { reach[place - from] = true }
    for index in from...to where !reach[index - from] {
      reach[index - from] = nodes[index].pulls.contains {
        $0.index >= from && reach[$0.index - from]
      }
    }
    return reach
  }
}

extension Tensor {
  /// The open tape this tensor is recorded on.
  var recordingTape: Tape? {
    if let trace, trace.tape.isRecording { return trace.tape }
    guard storage.tracedBy != 0, !isDetached, let tape = Tape.current, tape.isRecording,
      tape.serial == storage.tracedBy
    else { return nil }
    return tape
  }

  /// Whether a running gradient follows this value.
  public var isTraced: Bool { recordingTape != nil }

  /// A gradient summed over the axes along which its operand was stretched.
  func fitted(to target: Shape, _ dtype: DType) throws -> Tensor {
    var result = self
    if shape != target {
      let extra = shape.count - target.count
      var axes: [Int] = Array(0..<Swift.max(extra, 0))
      for axis in 0..<target.count where target[axis] == 1 && shape[axis + extra] != 1 {
        axes.append(axis + extra)
      }
      if !axes.isEmpty { result = try result.sum(axes: axes, keepdims: true) }
      result = try result.reshape(target)
    }
    return result.dtype == dtype ? result : try result.astype(dtype)
  }
}
