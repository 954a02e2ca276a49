internal import Catalog
public import Tensors

/// Examples to learn from: inputs, what they should give, and what both mean.
///
/// After `split` it also holds its parts; statistics for scaling come from the training part only.
public final class Dataset {
  /// Inputs, one per position on the first axis; f32.
  public let x: Tensor
  /// Class numbers (i64, one axis) or numbers to predict (f32).
  public let y: Tensor
  public let title: String
  /// The names of the features; empty for images.
  public let names: [String]
  /// The names of the classes; empty when numbers are predicted.
  public let classes: [String]
  /// How the inputs were prepared, if they were.
  public let scaling: (any FittedTransformation)?
  /// The inputs before that, when the map has no way back.
  let raw: Tensor?
  /// How the targets were scaled, if they were.
  public let targetScaling: (any FittedTransformation)?
  /// The parts after `split`.
  public let parts: Parts?

  public struct Parts {
    public let train: Dataset
    public let validation: Dataset?
    public let test: Dataset?
  }

  /// - Throws: a `Failure` when x and y differ in length, or a label is no class.
  public convenience init(
    x: Tensor, y: Tensor, title: String = "data", names: [String] = [], classes: [String] = [],
    scaling: (any FittedTransformation)? = nil,
    targetScaling: (any FittedTransformation)? = nil, parts: Parts? = nil
  ) throws {
    try self.init(
      x: x, y: y, title: title, names: names, classes: classes, scaling: scaling, raw: nil,
      targetScaling: targetScaling, parts: parts)
  }

  init(
    x: Tensor, y: Tensor, title: String, names: [String], classes: [String],
    scaling: (any FittedTransformation)?, raw: Tensor?,
    targetScaling: (any FittedTransformation)?, parts: Parts?
  ) throws {
    guard let count = x.shape.first, let labels = y.shape.first else {
      throw Failure(
        .shape, "a data set needs x and y with at least one axis, got \(x.shape) and \(y.shape)",
        code: "L301")
    }
    guard count == labels else {
      throw Failure(
        .shape, "x has \(count) examples, y has \(labels)", code: "L301",
        notes: ["x is \(x.shape), y is \(y.shape)"])
    }
    if !classes.isEmpty, y.rank == 1 {
      for label in y.ints where !classes.indices.contains(label) {
        throw Failure(
          .value, "label \(label) is no class: there are \(classes.count) classes, numbered from 0",
          code: "L304")
      }
    }
    self.x = x
    self.y = y
    self.title = title
    self.names = names
    self.classes = classes
    self.scaling = scaling
    self.raw = raw
    self.targetScaling = targetScaling
    self.parts = parts
  }

  /// The number of examples.
  public var count: Int { x.shape.first ?? 0 }

  /// The shape of one input, without the axis of examples.
  public var inputShape: [Int] { Array(x.shape.dropFirst()) }

  /// Whether the inputs are pictures: height, width and perhaps channels.
  public var holdsImages: Bool { Dataset.areImages(x) }

  private static func areImages(_ x: Tensor) -> Bool {
    let shape = Array(x.shape.dropFirst())
    return shape.count == 2 || shape.count == 3 && (shape[2] == 1 || shape[2] == 3)
  }

  /// The part to train on: all, when it was not split.
  public var train: Dataset { parts?.train ?? self }
  public var validation: Dataset? { parts?.validation }
  public var test: Dataset? { parts?.test }

  /// The examples at these places, in that order; throws for a place that does not exist.
  public func examples(_ places: [Int]) throws -> Dataset {
    try with(x: x.rows(at: places), y: y.rows(at: places), raw: raw?.rows(at: places))
  }

  /// Neighbouring examples, as views of the same memory.
  public func examples(_ range: Range<Int>) throws -> Dataset {
    try with(x: x.rows(range), y: y.rows(range), raw: raw?.rows(range))
  }

  /// Other examples of the same kind.
  func with(x: Tensor, y: Tensor, raw: Tensor? = nil, parts: Parts? = nil) throws -> Dataset {
    try Dataset(
      x: x, y: y, title: title, names: names, classes: classes, scaling: scaling, raw: raw,
      targetScaling: targetScaling, parts: parts)
  }

  /// The inputs before they were prepared.
  func originals() throws -> Tensor { try raw ?? scaling?.undo(x) ?? x }

  /// The same examples before their inputs were prepared, without parts.
  func unscaled() throws -> Dataset {
    guard scaling != nil else { return try with(x: x, y: y) }
    return try Dataset(
      x: originals(), y: y, title: title, names: names, classes: classes,
      targetScaling: targetScaling)
  }

  /// The inputs as they were before scaling, shaped as pictures.
  public func images() throws -> Tensor {
    let images = try originals()
    guard Dataset.areImages(images) else {
      throw Failure(
        .value, "'\(title)' holds no images: one input has shape \(try Shape(inputShape))")
    }
    return images
  }
}

extension Tensor {
  /// The rows of these places on the first axis, copied.
  func rows(at places: [Int]) throws -> Tensor {
    let count = shape.first ?? 0
    for place in places where place < 0 || place >= count {
      throw Failure(.index, "example \(place) does not exist: there are \(count)")
    }
    return try rows(places)
  }

  /// Neighbouring rows, as a view.
  func rows(_ range: Range<Int>) throws -> Tensor {
    try at([.range(range.lowerBound, range.upperBound)])
  }
}
