internal import Catalog
internal import Tensors

/// Why a layer cannot take an input; the model adds where the layer stands.
public enum LayerProblem: Error {
  /// - Parameters:
  ///   - expected: what would do, such as "inputs ending in 128".
  ///   - got: the shape of one input.
  ///   - built: the shape it was built for.
  case input(expected: String, got: [Int], built: [Int]?)
  case dtype(expected: DType, got: DType)
  /// An input of the wrong kind, with the way out.
  case unfit(expected: String, got: [Int], help: String)

  /// What a convolution or pooling said to the sizes of an input.
  static func window(_ error: TensorError, got: [Int]) -> any Error {
    guard case .window(let text, let help) = error else { return error }
    return LayerProblem.unfit(expected: "inputs that fit (\(text))", got: got, help: help)
  }
}

/// Where a layer stands in a model, and what feeds it.
struct LayerPlace {
  let index: Int
  let count: Int
  let model: String
  /// The layer that made the input; nil: it is the data.
  let before: (any Layer)?
}

extension LayerProblem {
  /// The error as a user sees it.
  func failure(of layer: any Layer, at place: LayerPlace?) -> Failure {
    var title = "layer '\(layer.name)' (\(layer.type.name)"
    if let place {
      title += ", \(Self.ordinal(place.index + 1)) of \(place.count) in model '\(place.model)'"
    }
    title += ")"
    switch self {
    case .input(let expected, let got, let built):
      var notes: [String] = []
      if let built {
        let by = layer.state.builtAt.map { " by \($0)" } ?? ""
        notes.append("'\(layer.name)' was built for \(Self.batch(built))\(by)")
      }
      if let place {
        let origin = place.before?.origin.map { ", \($0)" } ?? ""
        notes.append(
          "\(Self.batch(got)) came from \((place.before?.title).map { $0 + origin } ?? "the data")")
      }
      let isReused = built != nil && layer.state.isBuilt && built != got
      return Failure(
        .shape, "\(title) expected \(expected), got \(Self.batch(got))",
        code: isReused && place == nil ? "L309" : "L301", notes: notes,
        help: Self.wayOut(layer, built, got, place))
    case .unfit(let expected, let got, let help):
      var notes: [String] = []
      if let place {
        let origin = place.before?.origin.map { ", \($0)" } ?? ""
        notes.append(
          "\(Self.batch(got)) came from \((place.before?.title).map { $0 + origin } ?? "the data")")
      }
      // Behind other layers nothing can be done to the data.
      let way =
        (place?.index ?? 0) > 0 && help.hasPrefix("give them a channel")
        ? "put Reshape((\((got + [1]).map(String.init).joined(separator: ", ")))) before it" : help
      return Failure(
        .shape, "\(title) expected \(expected), got \(Self.batch(got))", code: "L301",
        notes: notes, help: way)
    case .dtype(let expected, let got):
      return Failure(
        .dtype, "\(title) has \(expected.name) weights, got \(got.name) inputs", code: "L305",
        help: "convert them: x.astype(\"\(expected.name)\")")
    }
  }

  /// What else went wrong while a layer was built, with a note that says which layer.
  static func placed(
    _ error: any Error, building layer: any Layer, for input: [Int], at place: LayerPlace
  ) -> any Error {
    switch error {
    case TensorError.interrupted: return error
    case is TensorError: break
    // What a script's function throws says where by itself.
    case let failure as Failure where failure.frames.isEmpty: break
    default: return error
    }
    var failure = Failure(error)
    failure.notes.append(
      "while layer '\(layer.name)' (\(layer.type.name), \(ordinal(place.index + 1)) of "
        + "\(place.count) in model '\(place.model)') was built for \(batch(input))")
    return failure
  }

  private static func wayOut(
    _ layer: any Layer, _ built: [Int]?, _ got: [Int], _ place: LayerPlace?
  ) -> String? {
    guard let built else { return nil }
    if let before = place?.before as? Dense, built.count == got.count, let units = built.last {
      return "give '\(before.name)' units=\(units), or put a new layer in the place of "
        + "'\(layer.name)'"
    }
    return "give it such inputs, or use a new layer: a layer keeps the shape it was built for"
  }

  static func ordinal(_ number: Int) -> String {
    let teens = (11...13).contains(number % 100)
    switch number % 10 {
    case 1 where !teens: return "\(number)st"
    case 2 where !teens: return "\(number)nd"
    case 3 where !teens: return "\(number)rd"
    default: return "\(number)th"
    }
  }

  /// `(None, 28, 28)`.
  static func batch(_ shape: [Int]) -> String {
    shape.isEmpty ? "(None,)" : "(None, " + shape.map(String.init).joined(separator: ", ") + ")"
  }
}
