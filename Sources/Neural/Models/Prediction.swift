public import Catalog
public import Tensors

/// Many predictions with dropout on: their mean, and how far they spread.
///
/// Gal and Ghahramani 2016: dropout at inference draws from an approximate posterior, so the spread
/// tells how sure the model is.
public final class Prediction: Object {
  public static let type = ObjectType("Prediction", "Many predictions with dropout on.") {
    [
      .attribute(
        of: Prediction.self, "mean", "The mean of the samples: the prediction.", returns: "Tensor",
        example: "net.predict(x, samples=100).mean", get: { .object(try $0.mean()) }),
      .attribute(
        of: Prediction.self, "std", "Their deviation: how unsure it is.", returns: "Tensor",
        example: "net.predict(x, samples=100).std", get: { .object(try $0.spread()) }),
      .attribute(
        of: Prediction.self, "spread", "The same as std.", returns: "Tensor",
        example: "net.predict(x, samples=100).spread", get: { .object(try $0.spread()) }),
      .attribute(
        of: Prediction.self, "entropy",
        "Of the mean shares, in nats: 0 when sure, log(classes) when it knows nothing.",
        returns: "Tensor", example: "net.predict(x, samples=100).entropy",
        get: { .object(try $0.entropy()) }),
      .attribute(
        of: Prediction.self, "information",
        "The entropy of the mean without the mean entropy of the samples: how much they disagree.",
        returns: "Tensor", example: "net.predict(x, samples=100).information",
        get: { .object(try $0.information()) }),
      .attribute(
        of: Prediction.self, "samples", "All of them, on the first axis.", returns: "Tensor",
        example: "net.predict(x, samples=100).samples.shape", get: { .object($0.samples) }),
    ]
  }

  /// `[samples, examples, …]`.
  public let samples: Tensor

  public init(_ samples: Tensor) {
    self.samples = samples
  }

  public var type: ObjectType { Self.type }
  public var text: String {
    "<Prediction: \(samples.shape.first ?? 0) samples of shape \(Array(samples.shape.dropFirst()))>"
  }

  public func mean() throws -> Tensor { try samples.mean(0) }

  /// The deviation over the samples, of the population.
  public func spread() throws -> Tensor { try samples.deviation(axes: [0]) }

  /// -sum p log p over the last axis of the mean; of a single share p, that of p and 1 - p.
  ///
  /// - Throws: when the outputs are no shares.
  public func entropy() throws -> Tensor { try Prediction.entropy(of: mean()) }

  /// What the samples disagree about (Houlsby and others 2011).
  public func information() throws -> Tensor {
    try entropy() - Prediction.entropy(of: samples).mean(0)
  }

  private static func entropy(of shares: Tensor) throws -> Tensor {
    let isSingle = shares.rank < 2 || shares.shape[shares.rank - 1] == 1
    let values = shares.doubles
    guard values.allSatisfy({ $0 >= 0 && $0 <= 1 + 1e-5 || $0.isNaN }) else {
      throw Failure(
        .value, "an entropy needs shares from 0 to 1, these outputs are other numbers",
        help: "end the model in \"softmax\" or \"sigmoid\", or look at std")
    }
    func surprise(_ p: Tensor) throws -> Tensor {
      let one = try Tensor.ones([], dtype: p.dtype)
      return try -(p * Tensor.select(p.greater(0), p, one).log())
    }
    let terms = try surprise(shares)
    if isSingle { return try terms + surprise(1 - shares) }
    return try terms.sum(-1)
  }
}

extension Sequential {
  /// Predictions with dropout and its kin at work, and batch normalisation at rest.
  ///
  /// - Parameter samples: passes over the inputs; the time grows with it.
  public func predict(
    _ x: Tensor, samples: Int, batchSize: Int = 512, context: Context
  ) throws -> Prediction {
    var all: [Tensor] = []
    for _ in 0..<max(samples, 1) {
      all.append(try predict(x, batchSize: batchSize, context: context, isNoisy: true))
    }
    return Prediction(try Tensor.stack(all))
  }
}
