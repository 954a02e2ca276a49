internal import Catalog
public import Tensors

/// What a layer does to its inputs while training: y = x * factor + shift, both drawn anew for
/// every batch.
public struct Noise {
  /// Stretches over the inputs.
  public var factor: Tensor?
  /// Stretches over the inputs.
  public var shift: Tensor?
}

/// A layer that disturbs its inputs while training and passes them on at inference.
///
/// Its draws come from the stream "dropout" and nothing else comes from there, so that adding one
/// changes no initial weight.
public protocol NoiseLayer: Layer {
  /// Whether it changes nothing, as dropout of rate 0.
  var isSilent: Bool { get }
  /// What inputs are multiplied by at inference.
  var atRest: Double { get }
  /// The noise of one batch.
  func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise
}

extension NoiseLayer {
  public var atRest: Double { 1 }
  public var step: PlanStep? { .noise(self) }
  public func outputShape(_ input: [Int]) throws -> [Int] { input }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    guard pass.isNoisy else { return atRest == 1 ? x : try x * atRest }
    return isSilent ? x : try disturbed(x, pass)
  }

  /// The inputs with noise drawn from the pass.
  func disturbed(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let noise = try draw(for: x.detached(), from: &pass.stream)
    var y = x
    if let factor = noise.factor { y = try y * factor }
    if let shift = noise.shift { y = try y + shift }
    return y
  }
}

/// Which numbers of a batch are kept: drawn, or those of a run that is replayed.
public struct KeepMask {
  public let rate: Double
  /// Masks to use in turn, 1 for what is kept, in place of drawn ones.
  public var replayed: [Tensor] = []

  init(rate: Double) {
    self.rate = rate
  }

  /// 1 where a number is kept, 0 with the chance `rate`; always drawn as f32.
  mutating func next(
    _ shape: Shape, dtype: DType, from stream: inout RandomStream
  ) throws -> Tensor {
    if !replayed.isEmpty { return try replayed.removeFirst().astype(dtype) }
    let draws = try stream.uniform(shape, dtype: .f32)
    return try Tensor.compare(.greaterOrEqual, draws, .float(rate)).astype(dtype)
  }
}

/// The shape of a mask as a script gives it: None or 1 where an axis is shared.
struct MaskShape: Argument {
  /// With the axis of examples; nil: as long as the inputs.
  let sizes: [Int?]

  static var kind: String { "tuple of ints" }

  static func read(_ value: Value) throws -> MaskShape? {
    guard case .list(let list) = value else { return nil }
    var sizes: [Int?] = []
    for element in try list.elements() {
      if element.isNone {
        sizes.append(nil)
      } else if let size = Int.read(element), size > 0 {
        sizes.append(size)
      } else {
        return nil
      }
    }
    return MaskShape(sizes: sizes)
  }

  var shown: String {
    "(" + sizes.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + ")"
  }

  /// - Throws: when inputs of a shape, batches of any size, are not what it stretches over.
  func check(_ input: [Int]) throws {
    guard sizes.count == input.count + 1,
      zip(sizes.dropFirst(), input).allSatisfy({ $0 == nil || $0 == 1 || $0 == $1 })
    else { throw problem(input) }
  }

  private func problem(_ input: [Int]) -> LayerProblem {
    .unfit(
      expected: "a batch over which its noise_shape \(shown) stretches", got: input,
      help: "noise_shape has one entry for the examples and one for each axis: None, 1 or its size")
  }

  /// The shape of the mask for a batch.
  func resolved(_ batch: Shape) throws -> Shape {
    guard sizes.count == batch.count,
      zip(sizes, batch).allSatisfy({ $0 == nil || $0 == 1 || $0 == $1 })
    else { throw problem(Array(batch.dropFirst())) }
    return try Shape(zip(sizes, batch).map { $0 ?? $1 })
  }
}
