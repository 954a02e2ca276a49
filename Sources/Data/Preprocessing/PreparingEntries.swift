internal import Catalog
internal import Tensors

/// Declarations of the transforms, and of the functions that prepare data at once.
enum PreparingEntries {
  static var all: [Entry] { transforms + atOnce + CategoryEntries.all + FoldEntries.all }

  private static let fitting = """
    Fit it on training data only: `fit(x)`, then `transform(other)`; `inverse(y)` goes back. \
    Statistics are computed in float64.
    """

  private static func transform(_ transformation: any Transformation) -> Value {
    .object(Preparer(transformation))
  }

  private static let ddof = Parameter(
    "ddof", Int.self, "taken from the count in the variance", where: .within(0, 1_000_000),
    default: { 0 })
  private static let epsilon = Parameter(
    "epsilon", Double.self, "added to the eigenvalues", where: .atLeast(0), default: { 1e-5 })
  private static let data = Parameter("x", Tensor.self, "examples on the first axis")

  static let transforms: [Entry] = [
    Entry(
      "StandardScaler", "Every feature with mean 0 and variance 1: (x - mean) / std.",
      ddof, Parameter("with_std", Bool.self, "whether it is divided by std", default: { true }),
      returns: "Transform",
      example: "StandardScaler().fit_transform(tensor([[1.0, 10.0], [3.0, 30.0]]))",
      details: """
        `(x - mean) / std` of each feature. A constant feature is only centred. The shape of the distribution stays what it was. \
        Figures: `mean`, `std`. Shapes: x (n, …); mean and std (…), the result as x. Peers: `ddof=0` \
        as NumPy and scikit-learn, pandas divides by n - 1, which is ddof=1. Source: the equation.

        """ + fitting
    ) { ddof, withStd in transform(Scaling(withStd ? .standard : .center, ddof: ddof)) },
    Entry(
      "MinMaxScaler", "Every feature stretched to a range: a + (b - a) (x - min) / (max - min).",
      Parameter("feature_range", [Double].self, "the new ends", default: { [0, 1] }),
      returns: "Transform",
      example: "MinMaxScaler((-1, 1)).fit_transform(tensor([[1.0], [2.0], [5.0]]))",
      details: """
        `a + (b - a) * (x - min) / (max - min)`. A constant feature becomes the low end; data that was not seen may leave the range. \
        Figures: `data_min`, `data_max`. Shapes: x (n, …), the result as x. Source: the equation.

        """ + fitting
    ) { range in
      guard range.count == 2, range[0] < range[1], range.allSatisfy(\.isFinite) else {
        throw Failure(.value, "feature_range needs two numbers, the smaller first")
      }
      return transform(Scaling(.minmax, low: range[0], high: range[1]))
    },
    Entry(
      "MaxAbsScaler", "Every feature divided by its largest absolute value.",
      returns: "Transform", example: "MaxAbsScaler().fit_transform(tensor([[1.0], [-4.0]]))",
      details: """
        `x / max(abs(x))`. Zeros stay zeros. Figure: `max_abs`. Shapes: x (n, …), the result as x. \
        Source: the equation.

        """ + fitting
    ) { transform(Scaling(.maxabs)) },
    Entry(
      "RobustScaler", "Every feature by median and quantiles: (x - median) / (q75 - q25).",
      Parameter(
        "quantile_range", [Double].self, "the quantiles, in percent", default: { [25, 75] }),
      returns: "Transform",
      example: "RobustScaler().fit_transform(tensor([[1.0], [2.0], [3.0], [100.0]]))",
      details: """
        `(x - median) / (q75 - q25)`. Single extreme examples hardly move it. Quantiles lie on the \
        line between neighbours. Figures: `median`, `scale`. Shapes: x (n, …), the result as x. \
        Source: the equation.

        """ + fitting
    ) { range in
      guard range.count == 2, range[0] >= 0, range[0] < range[1], range[1] <= 100 else {
        throw Failure(.value, "quantile_range needs two numbers from 0 to 100, the smaller first")
      }
      return transform(Scaling(.robust, quantiles: (range[0], range[1])))
    },
    Entry(
      "Normalizer", "Every example divided by its own length.",
      Parameter("norm", RowNormalization.Norm.self, "which length", default: { .l2 }),
      returns: "Transform",
      example: "Normalizer(\"l1\").fit_transform(tensor([[1.0, 3.0], [0.0, 0.0]]))",
      details: """
        l1: `x / sum(abs(x))`; l2: `x / sqrt(sum(x**2))`; max: `x / max(abs(x))`, over one example. \
        An example of zeros stays. Nothing is learnt, and there is no inverse. Shapes: x (n, …), the \
        result as x. Source: the equation.
        """
    ) { norm in transform(RowNormalization(norm)) },
    Entry(
      "CurveScaler", "Long-tailed features through a curve.",
      Parameter("curve", NonlinearScaling.Curve.self, "which curve"),
      Parameter("scale", Double.self, "of the exponential", where: .above(0), default: { 10 }),
      returns: "Transform",
      example: "CurveScaler(\"log1p\").fit_transform(tensor([[0.0], [99.0]]))",
      details: """
        log10: `log10(x) / log10(max)` per feature, for x from 1; log1p: `ln(1 + x)`; atan: `2 * \
        atan(x) / π`; exponential: `1 - exp(-x / scale)`; logistic: `1 / (1 + exp(-(x - mean) / \
        std))`. Shapes: x (n, …), the result as x. Source: the equations.

        """ + fitting
    ) { curve, scale in transform(NonlinearScaling(curve, scale: scale)) },
    Entry(
      "MeanImage", "Pictures less the mean picture of the training data.",
      returns: "Transform", example: "MeanImage().fit(digits(50).images).mean.shape",
      details: """
        `x - mean`, one mean for each pixel and channel, as AlexNet. Use the training mean at test \
        time too. Shapes: x (n, height, width, channels), mean (height, width, channels). Source: \
        Krizhevsky, Sutskever and Hinton 2012.

        """ + fitting
    ) { transform(ImageScaling(isByChannel: false)) },
    Entry(
      "ChannelScaler", "Pictures less the mean of each channel, perhaps divided by its std.",
      Parameter("std", Bool.self, "whether it is divided by the deviation", default: { true }),
      Parameter("layout", ImageScaling.Layout.self, "where the channels stand") { .NHWC },
      returns: "Transform", example: "ChannelScaler().fit(digits(50).images).std",
      details: """
        `(x - mean) / std` by channel: VGG subtracts the mean, ResNet also divides by the standard \
        deviation. Figures: `mean`, `std`. Shapes: x (n, height, width, channels), mean and std \
        (channels,). Source: Simonyan and Zisserman 2015.

        """ + fitting
    ) { std, layout in
      transform(ImageScaling(isByChannel: true, dividesByDeviation: std, layout: layout))
    },
    Entry(
      "PCA", "Rotation to the directions of largest variance, of which the first are kept.",
      Parameter(
        "n_components", Double?.self,
        "how many; below 1: the share of variance to keep; None: all", also: ["components"]
      ) { nil },
      Parameter("whiten", Bool.self, "divides by sqrt(variance + epsilon)", default: { false }),
      Parameter("epsilon", Double.self, "added to the variances", where: .atLeast(0)) { 0 },
      Parameter(
        "ddof", Int.self, "taken from the count in the covariance", where: .within(0, 1_000_000)
      ) { 1 },
      returns: "Transform",
      example: "PCA(1).fit_transform(tensor([[1.0, 1.0], [2.0, 2.1], [3.0, 2.9]]))",
      details: """
        `(x - mean) @ components.T`, whitened divided by `sqrt(variance + epsilon)`, the components being eigenvectors of the covariance, rows of \
        `components`. Centred, not scaled. The loading of largest magnitude of each is positive, \
        as scikit-learn has it. Figures: `mean`, `components`, \
        `explained_variance`, `explained_variance_ratio`, `singular_values`. `inverse` gives the \
        nearest points of the kept directions. Shapes: x (n, d), components (k, d), the result (n, \
        k). Peers: `ddof=1` as scikit-learn; CS231n divides by n and whitens with epsilon 1e-5: \
        `PCA(whiten=True, epsilon=1e-5, ddof=0)`. Source: Pearson 1901; Hotelling 1933.

        """ + fitting
    ) { components, whiten, epsilon, ddof in
      var rule = PrincipalComponents(whitens: whiten, epsilon: epsilon, ddof: ddof)
      if let components {
        if components > 0, components < 1 {
          rule.share = components
        } else {
          guard let count = Int(exactly: components), count > 0 else {
            throw Failure(
              .value,
              "n_components must be a whole number from 1 or a share below 1, not "
                + "\(components)")
          }
          rule.count = count
        }
      }
      return transform(rule)
    },
    Entry(
      "ZCA", "Uncorrelated features of variance 1 that stay near what they were.",
      epsilon, ddof, returns: "Transform",
      example: "ZCA().fit_transform(tensor([[1.0, 1.0], [2.0, 2.5], [3.0, 2.4], [4.0, 4.1]]))",
      details: """
        `(x - mean) @ V @ diag(1 / sqrt(λ + epsilon)) @ V.T`, with the eigenvalues λ and eigenvectors \
        V of the covariance. Of pictures it keeps the edges. Figures: `mean`, `W`, `covariance`, \
        `eigenvalues`. Shapes: x (n, d), W (d, d), the result (n, d). Source: Bell and Sejnowski 1997.

        """ + fitting
    ) { epsilon, ddof in transform(ZeroPhaseWhitening(epsilon: epsilon, ddof: ddof)) },
    Entry(
      "pipeline", "Several transforms, one after another, as one.",
      Parameter("steps", Rest<TransformChoice>.self, "transforms or names", passing: .rest),
      returns: "Transform",
      example: "pipeline(StandardScaler(), PCA(1)).fit_transform(tensor([[1.0, 9.0], [2.0, 7.0]]))",
      details: """
        `last(… second(first(x)))`. Each learns from what the ones before it give, all from training \
        data only: \
        `data.split(val=0.2).scale(pipeline(…))` fits on the training part, and \
        `data.folds(5)` with `fold.scale(pipeline(…))` anew in each fold. `steps` are the fitted \
        ones. Shapes: those of the transforms, one after another. Peers: scikit-learn's Pipeline. \
        Source: the equation.
        """
    ) { steps in
      guard !steps.values.isEmpty else {
        throw Failure(.value, "a pipeline needs at least one transform")
      }
      return transform(Pipeline(steps.values.map(\.transformation)))
    },
  ]

  private static let hint =
    "With a test set, learn from the training set and map both: `dataset.scale()`."

  private static func mapped(_ x: Tensor, _ rule: any Transformation) throws -> Value {
    .object(try rule.fitted(to: x).apply(x))
  }

  private static let same = "Shapes: x (n, …), the result as x. Source: the equation."

  static let atOnce: [Entry] = [
    Entry(
      "standardize", "Every column with mean 0 and variance 1; a constant column is centred.",
      data, ddof,
      returns: "Tensor", example: "standardize(tensor([[1.0, 10.0], [3.0, 30.0]]))",
      details: "`(x - mean) / std` of each column. \(same)\n\n" + hint
    ) { x, ddof in try mapped(x, Scaling(.standard, ddof: ddof)) },
    Entry(
      "minmax", "Every column stretched to a range.", data,
      Parameter("low", Double.self, "the new minimum") { 0 },
      Parameter("high", Double.self, "the new maximum") { 1 },
      returns: "Tensor", example: "minmax(tensor([[1.0], [2.0], [5.0]]))",
      details: "`low + (high - low) * (x - min) / (max - min)`. \(same)\n\n" + hint
    ) { x, low, high in try mapped(x, Scaling(.minmax, low: low, high: high)) },
    Entry(
      "pca", "The examples along their k directions of largest variance.", data,
      Parameter("k", Int.self, "how many directions", where: .atLeast(1), default: { 2 }),
      Parameter("whiten", Bool.self, "with variance 1 each", default: { false }),
      returns: "Tensor", example: "pca(digits(50).x, 2).shape",
      details: """
        `(x - mean) @ components.T`. Shapes: x (n, …), the result (n, k). Source: Pearson 1901; \
        Hotelling 1933.

        """ + hint
    ) { x, k, whiten in try mapped(x, PrincipalComponents(k, whitens: whiten)) },
    Entry(
      "whiten", "The examples along all directions, uncorrelated and with variance 1.", data,
      epsilon, returns: "Tensor",
      example: "whiten(tensor([[1.0, 1.0], [2.0, 2.5], [3.0, 2.4], [4.0, 4.1]]))",
      details: """
        `(x - mean) @ V / sqrt(λ + epsilon)`, with the eigenvalues λ and eigenvectors V of the \
        covariance (divided by n), as in CS231n. The sign of each column is free. Shapes: x (n, …), \
        the result (n, d). Source: the notes of CS231n.

        """ + hint
    ) { x, epsilon in try mapped(x, PrincipalComponents(whitens: true, epsilon: epsilon, ddof: 0))
    },
    Entry(
      "zca", "The examples uncorrelated and with variance 1, near what they were.", data, epsilon,
      ddof, returns: "Tensor",
      example: "zca(tensor([[1.0, 1.0], [2.0, 2.5], [3.0, 2.4], [4.0, 4.1]]))",
      details: """
        `(x - mean) @ V @ diag(1 / sqrt(λ + epsilon)) @ V.T`. Shapes: x (n, d), the result (n, d). \
        Source: Bell and Sejnowski 1997.

        """ + hint
    ) { x, epsilon, ddof in try mapped(x, ZeroPhaseWhitening(epsilon: epsilon, ddof: ddof)) },
  ]
}
