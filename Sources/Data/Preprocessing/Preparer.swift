public import Catalog
internal import Tensors

/// A transformation as a script holds it: made, fitted, applied.
public final class Preparer: Object {
  public let transformation: any Transformation
  public private(set) var fitted: (any FittedTransformation)?
  private let own: ObjectType

  public init(
    _ transformation: any Transformation, fitted: (any FittedTransformation)? = nil,
    type: ObjectType = Preparer.type
  ) {
    self.transformation = transformation
    self.fitted = fitted
    own = type
  }

  public var type: ObjectType { own }
  public var text: String { transformation.text }
  public var brief: String { text + (fitted == nil ? "" : ", fitted") }

  func fit(_ x: Tensor) throws { fitted = try transformation.fitted(to: x) }

  func ready() throws -> any FittedTransformation {
    guard let fitted else {
      throw Failure(
        .value, "\(text) has not been fitted yet",
        help: "fit it on the training data first: .fit(x)")
    }
    return fitted
  }

  public var contents: [String] { fitted?.figures.map(\.name) ?? [] }

  /// The figures it has learnt; scikit-learn's names end in an underscore.
  public func attribute(_ name: String) throws -> Value? {
    let plain = name.hasSuffix("_") ? String(name.dropLast()) : name
    if let steps = (fitted as? FittedPipeline)?.steps, plain == "steps",
      let parts = (transformation as? Pipeline)?.steps
    {
      return .array(zip(parts, steps).map { .object(Preparer($0, fitted: $1)) })
    }
    guard let figure = fitted?.figures.first(where: { $0.name == plain }) else { return nil }
    return .object(figure.value)
  }

  public func display(_ context: Context) -> Media {
    guard let fitted else { return Media("\(text), not fitted yet") }
    let lines = fitted.figures.map { "\($0.name): \($0.value.printed)" }
    return Media(([text] + lines).joined(separator: "\n"))
  }

  private static let data = Parameter("x", Tensor.self, "examples on the first axis")

  public static let type = ObjectType(
    "Transform", "A map of examples that learns its figures from training data."
  ) {
    let example = "s = StandardScaler().fit(tensor([[1.0], [3.0]]))\n"
    return [
      .method(
        of: Preparer.self, "fit", "Learns from training data; what it knew before is forgotten.",
        data, returns: "Transform", example: "StandardScaler().fit(randn(10, 2))"
      ) { preparer, x in
        try preparer.fit(x)
        return .object(preparer)
      },
      .method(
        of: Preparer.self, "transform", "The mapped examples.", data, returns: "tensor",
        example: example + "s.transform(tensor([[5.0]]))"
      ) { preparer, x in .object(try preparer.ready().apply(x)) },
      .method(
        of: Preparer.self, "fit_transform", "Learns from the examples and maps them.", data,
        returns: "tensor", example: "MinMaxScaler().fit_transform(tensor([[1.0], [2.0], [5.0]]))",
        details: "For training data; others are mapped with `transform`."
      ) { preparer, x in
        try preparer.fit(x)
        return .object(try preparer.ready().apply(x))
      },
      .method(
        of: Preparer.self, "inverse", "The examples as they were before, or as near as can be.",
        data, returns: "tensor", example: example + "s.inverse(tensor([[0.0], [1.0]]))",
        details: "Predictions of scaled targets get their units back with it."
      ) { preparer, x in .object(try preparer.ready().undo(x)) },
      .method(
        of: Preparer.self, "inverse_transform", "The same as `inverse`.", data, returns: "tensor",
        example: example + "s.inverse_transform(tensor([[0.0]]))"
      ) { preparer, x in .object(try preparer.ready().undo(x)) },
      .method(
        of: Preparer.self, "copy", "The same transform, not fitted.", returns: "Transform",
        example: "StandardScaler().copy()"
      ) { preparer in .object(Preparer(preparer.transformation, type: preparer.own)) },
    ]
  }
}

/// Where a transform is wanted: an object, or a method of `scale` by name.
public struct TransformChoice: Argument {
  public let transformation: any Transformation

  public init(_ transformation: any Transformation) {
    self.transformation = transformation
  }

  public static var kind: String { "str or Transform" }
  public static var choices: [String] { Scaling.Method.choices }

  public static func read(_ value: Value) throws -> TransformChoice? {
    switch value {
    case .string: try Scaling.Method.read(value).map { TransformChoice(Scaling($0)) }
    case .object(let preparer as Preparer): TransformChoice(preparer.transformation)
    default: nil
    }
  }

  public var shown: String {
    if let scaling = transformation as? Scaling { return scaling.method.shown }
    return transformation.text
  }
}

extension Dataset {
  static var preparingMembers: [Entry] {
    [
      .method(
        of: Dataset.self, "scale",
        "Scales the features with statistics of the training part alone.",
        Parameter("method", TransformChoice.self, "how: a name, or a transform such as PCA(2)") {
          TransformChoice(Scaling(.standard))
        },
        returns: "Dataset", example: "digits(100).split(val=0.2).scale(\"standard\")",
        "digits(100).split(val=0.2).scale(pipeline(StandardScaler(), PCA(20)))",
        details: """
          The figures come from the training part, the other parts are mapped with them: nothing \
          leaks. What an earlier `scale` did is undone first. The fitted transform is `.scaling`.
          """
      ) { dataset, choice in .object(try dataset.prepared(by: choice.transformation)) },
      .method(
        of: Dataset.self, "scale_targets",
        "Scales the numbers to predict, with statistics of the training part alone.",
        Parameter("method", TransformChoice.self, "how: a name, or a transform") {
          TransformChoice(Scaling(.standard))
        },
        returns: "Dataset",
        example: "sine(50).scale_targets(MinMaxScaler((0, 1))).target_scaling",
        details: """
          (t - mean) / std for each output, undone with `.target_scaling.inverse(predictions)`. \
          Unscaled, squared error is ruled by the output with the largest unit. For outputs of a \
          sigmoid a range inside (0, 1).
          """
      ) { dataset, choice in .object(try dataset.targetsPrepared(by: choice.transformation)) },
      .attribute(
        of: Dataset.self, "scaling", "The fitted transform of the inputs, or None.",
        returns: "Transform or None", example: "moons(20).scale().scaling.mean"
      ) { dataset in
        dataset.scaling.map { .object(Preparer($0.transformation, fitted: $0)) } ?? .none
      },
      .attribute(
        of: Dataset.self, "target_scaling", "The fitted transform of the targets, or None.",
        returns: "Transform or None", example: "sine(20).scale_targets().target_scaling"
      ) { dataset in
        dataset.targetScaling.map { .object(Preparer($0.transformation, fitted: $0)) } ?? .none
      },
      .method(
        of: Dataset.self, "folds",
        "Cuts the training part into folds that take turns at being held out in `val`.",
        Parameter("k", Int.self, "how many", where: .atLeast(2)) { 5 },
        Parameter(
          "stratified", Bool?.self,
          "whether every fold has the classes' shares; None: when there are classes"
        ) { nil },
        Parameter("shuffle", Bool.self, "whether the order is random") { true },
        .context, returns: "list of Dataset",
        example: "[len(fold.scale().val) for fold in moons(20).folds(4)]",
        details: """
          Scale each fold, not the whole: then its held-out examples stay unseen.
          """
      ) { dataset, k, stratified, shuffle, context in
        try context.draw(from: "folds") { stream in
          var own: RandomStream? = shuffle ? stream : nil
          defer { if let own { stream = own } }
          let isStratified = stratified ?? !dataset.classes.isEmpty
          return .array(
            try dataset.folds(k, isStratified: isStratified, shuffling: &own).map {
              .object($0)
            })
        }
      },
    ]
  }
}
