internal import Catalog
public import Tensors

/// A map of examples that has still to learn its figures, such as means, from training data.
public protocol Transformation: Sendable {
  /// As a script writes it: `StandardScaler()`.
  var text: String { get }
  /// Learns from examples on the first axis.
  func fitted(to x: Tensor) throws -> any FittedTransformation
}

/// A map of examples with its figures, to be applied to any data.
public protocol FittedTransformation {
  /// How a summary calls it: `standard`.
  var title: String { get }
  /// What learnt it, to learn anew.
  var transformation: any Transformation { get }
  /// The mapped examples, of the same dtype when that is a float, else f32.
  func apply(_ x: Tensor) throws -> Tensor
  /// The examples as they were before `apply`, or as near as the map allows.
  func undo(_ x: Tensor) throws -> Tensor
  /// What it has learnt, by name.
  var figures: [(name: String, value: Tensor)] { get }
  /// Whether `undo` gives everything back but rounding.
  var isReversible: Bool { get }
}

extension FittedTransformation {
  public var figures: [(name: String, value: Tensor)] { [] }
  public var isReversible: Bool { true }

  /// - Throws: a `Failure` unless `x` is examples of the shape that the figures came from.
  func require(_ x: Tensor, like shape: [Int]) throws {
    guard x.rank > 0, Array(x.shape.dropFirst()) == shape else {
      let wanted = "(n\(shape.map { ", \($0)" }.joined())\(shape.isEmpty ? "," : ""))"
      throw Failure(
        .shape, "\(title) was learnt from examples of shape \(wanted), x has shape \(x.shape)",
        code: "L301")
    }
  }
}

/// Several maps, one after another, each learnt from what the ones before it give.
public struct Pipeline: Transformation {
  public let steps: [any Transformation]

  public init(_ steps: [any Transformation]) {
    self.steps = steps
  }

  public var text: String { "pipeline(" + steps.map(\.text).joined(separator: ", ") + ")" }

  public func fitted(to x: Tensor) throws -> any FittedTransformation {
    var current = x
    var fitted: [any FittedTransformation] = []
    for (index, step) in steps.enumerated() {
      let next = try step.fitted(to: current)
      fitted.append(next)
      // What the last gives, nobody learns from.
      if index < steps.count - 1 { current = try next.apply(current) }
    }
    return FittedPipeline(steps: fitted)
  }
}

/// The maps of a pipeline with their figures.
public struct FittedPipeline: FittedTransformation {
  public let steps: [any FittedTransformation]

  public var title: String { steps.map(\.title).joined(separator: ", ") }
  public var transformation: any Transformation { Pipeline(steps.map(\.transformation)) }
  public var isReversible: Bool { steps.allSatisfy(\.isReversible) }

  public func apply(_ x: Tensor) throws -> Tensor {
    try steps.reduce(x) { try $1.apply($0) }
  }

  public func undo(_ x: Tensor) throws -> Tensor {
    try steps.reversed().reduce(x) { try $1.undo($0) }
  }
}

extension Tensor {
  /// Examples as floats: f64 stays, everything else becomes f32.
  var asFeatures: Tensor {
    get throws { dtype.isFloating ? self : try astype(.f32) }
  }

  /// One row of all features per example, in f64.
  func featureRows() throws -> Tensor {
    guard let count = shape.first, rank > 0 else {
      throw Failure(.shape, "examples need a first axis, x is a single number", code: "L301")
    }
    let width = shape.dropFirst().reduce(1, *)
    return try detached().astype(.f64).reshape(Shape([count, width]))
  }
}
