internal import Catalog

/// `reduction=`: how the losses of a batch become one number.
struct ReductionChoice: Argument {
  let reduction: Loss.Reduction

  static var kind: String { "str" }
  static var choices: [String] { ["mean", "sum", "none", "sum_over_batch_size"] }

  static func read(_ value: Value) throws -> ReductionChoice? {
    switch value {
    case .none: return ReductionChoice(reduction: .none)
    case .string("sum_over_batch_size"): return ReductionChoice(reduction: .mean)
    case .string(let name):
      guard let reduction = Loss.Reduction(rawValue: name) else {
        throw Failure.unknownOption(name, among: choices)
      }
      return ReductionChoice(reduction: reduction)
    default: return nil
    }
  }

  var shown: String { "\"\(reduction.rawValue)\"" }
}

extension LossObject {
  private static let reduction = Parameter(
    "reduction", ReductionChoice.self,
    "\"mean\", \"sum\", or \"none\" for one loss per output or row"
  ) { ReductionChoice(reduction: .mean) }
  private static let fromLogits = Parameter(
    "from_logits", Bool.self, "called alone: y_pred stands before the softmax or sigmoid",
    default: { false })
  private static let labelSmoothing = Parameter(
    "label_smoothing", Double.self, "share of a label spread over all classes",
    where: .within(0, below: 1), default: { 0 })
  private static let classWeights = Parameter(
    "class_weight", [Double].self,
    "one number per class; the mean divides by the sum of the weights", default: { [] })
  private static let ignored = Parameter(
    "ignore_class", Int?.self, "a label whose examples do not count", also: ["ignore_index"]
  ) { nil }
  private static let gamma = Parameter(
    "gamma", Double.self, "how strongly sure and right answers are played down",
    where: .atLeast(0)
  ) { 2 }

  /// A loss of numbers without settings of its own.
  private static func plain(
    _ name: String, _ sentence: String, _ kind: Loss.Kind, _ details: String
  ) -> Entry {
    Entry(
      name, sentence, reduction, returns: "Loss", example: "\(name)()", details: details,
      makes: type
    ) { .object(LossObject(Loss(kind, reduction: $0.reduction))) }
  }

  private static let sums =
    " The mean is taken over all numbers. With reduction=\"none\" each number has its loss; Keras "
    + "first takes the mean over the last axis."

  static let entries: [Entry] = [
    Entry(
      "CategoricalCrossentropy", "Loss for classes that exclude each other.",
      fromLogits, labelSmoothing, reduction, classWeights, ignored,
      returns: "Loss", example: "CategoricalCrossentropy(label_smoothing=0.1)",
      details: """
        `-sum(y * log(p))` over a row, from logits `logsumexp(z) - z_label`. Takes class numbers \
        and one-hot rows. In a model the softmax is kept inside the loss. Shares are divided by \
        their sum and kept 1e-7 away from 0 and 1, as in Keras. Label smoothing: Szegedy et al. \
        2016, `y * (1 - s) + s / classes`. Source: Bridle 1990.
        """,
      makes: type
    ) { logits, smoothing, reduction, weights, ignored in
      .object(
        LossObject(
          Loss(
            .categorical, smoothing: smoothing, reduction: reduction.reduction,
            classWeights: weights, ignoring: ignored), isLogits: logits))
    },
    Entry(
      "SparseCategoricalCrossentropy", "CategoricalCrossentropy for class numbers.",
      fromLogits, reduction, ignored, classWeights,
      returns: "Loss", example: "SparseCategoricalCrossentropy(from_logits=True)",
      details: """
        `-log(p_label)`. The same loss as CategoricalCrossentropy, which takes class numbers, too. \
        A label outside of the classes is an error. Source: Bridle 1990.
        """,
      makes: type
    ) { logits, reduction, ignored, weights in
      .object(
        LossObject(
          Loss(
            .categorical, reduction: reduction.reduction, classWeights: weights,
            ignoring: ignored), isLogits: logits))
    },
    Entry(
      "BinaryCrossentropy", "Loss for answers of yes or no, each output by itself.",
      fromLogits, labelSmoothing, reduction,
      Parameter(
        "pos_weight", Double.self, "how much more a target of 1 counts", where: .above(0)
      ) { 1 },
      returns: "Loss", example: "BinaryCrossentropy(pos_weight=2.0)",
      details: """
        `-(w * y * log(p) + (1 - y) * log(1 - p))`, from logits `max(z, 0) - z * y + \
        log(1 + exp(-abs(z)))`. Probabilities are kept 1e-7 away from 0 and 1, as in Keras; \
        PyTorch keeps their logarithms above -100. Label smoothing: `y * (1 - s) + s / 2`. Source: \
        Cox 1958.
        """, makes: type
    ) { logits, smoothing, reduction, weight in
      .object(
        LossObject(
          Loss(
            .binary, smoothing: smoothing, reduction: reduction.reduction, positiveWeight: weight),
          isLogits: logits))
    },
    Entry(
      "BinaryFocalCrossentropy", "Binary cross-entropy that plays down what is easy.",
      gamma,
      Parameter(
        "alpha", Double?.self, "weight of the targets of 1; None: both count alike"
      ) { nil },
      fromLogits, labelSmoothing, reduction, returns: "Loss",
      example: "BinaryFocalCrossentropy(gamma=2.0)",
      details: """
        `(1 - p_t)**gamma * crossentropy`, p_t the probability of the right answer. Keras applies \
        alpha=0.25 only with apply_class_balancing. Source: Lin et al. 2017.
        """, makes: type
    ) { gamma, alpha, logits, smoothing, reduction in
      .object(
        LossObject(
          Loss(
            .binaryFocal(gamma: gamma, alpha: alpha), smoothing: smoothing,
            reduction: reduction.reduction), isLogits: logits))
    },
    Entry(
      "CategoricalFocalCrossentropy", "Cross-entropy over classes that plays down what is easy.",
      Parameter("alpha", Double.self, "weight of all classes") { 0.25 }, gamma, fromLogits,
      labelSmoothing, reduction, returns: "Loss", example: "CategoricalFocalCrossentropy()",
      details:
        "`alpha * (1 - p)**gamma * -y * log(p)`, summed over a row. Source: Lin et al. 2017.",
      makes: type
    ) { alpha, gamma, logits, smoothing, reduction in
      .object(
        LossObject(
          Loss(
            .categoricalFocal(gamma: gamma, alpha: alpha), smoothing: smoothing,
            reduction: reduction.reduction), isLogits: logits))
    },
    plain(
      "MeanSquaredError", "Loss for numbers: the mean of the squared differences.", .squared,
      "`(p - t)**2`; its gradient is `2 * (p - t) / n`." + sums + " Source: Legendre 1805."),
    plain(
      "MeanAbsoluteError", "Loss for numbers: the mean of the absolute differences.", .absolute,
      "`abs(p - t)`; its gradient at 0 is 0." + sums + " Source: Laplace 1774."),
    plain(
      "MeanAbsolutePercentageError", "Loss for numbers: differences in per cent of the target.",
      .percentage, "`100 * abs(t - p) / max(abs(t), 1e-7)`." + sums + " Source: the equation."),
    plain(
      "MeanSquaredLogarithmicError", "Loss for positive numbers: ratios count, not differences.",
      .squaredLog,
      "`(log(1 + p) - log(1 + t))**2`, both at least 1e-7." + sums + " Source: the equation."),
    Entry(
      "Huber", "Loss for numbers with outliers: squared near zero, straight beyond delta.",
      Parameter("delta", Double.self, "where it turns straight", where: .above(0)) { 1 }, reduction,
      returns: "Loss", example: "Huber(1.0)",
      details: "`r**2 / 2` up to delta, `delta * (abs(r) - delta / 2)` beyond. Source: Huber 1964.",
      makes: type
    ) { .object(LossObject(Loss(.huber($0), reduction: $1.reduction))) },
    Entry(
      "SmoothL1", "Huber over beta: the slope far from zero is 1.",
      Parameter("beta", Double.self, "where it turns straight", where: .atLeast(0)) { 1 },
      reduction, returns: "Loss", example: "SmoothL1(0.5)",
      details: "`r**2 / (2 * beta)` up to beta, `abs(r) - beta / 2` beyond. Source: Girshick 2015.",
      makes: type
    ) { .object(LossObject(Loss(.smoothL1($0), reduction: $1.reduction))) },
    plain(
      "LogCosh", "Loss for numbers: nearly half the square near zero, straight far from it.",
      .logCosh,
      "`log(cosh(r))` as `r + softplus(-2 * r) - log(2)`, which cannot overflow." + sums
        + " Source: Green 1990."),
    Entry(
      "Poisson", "Loss for counts, from their rate.",
      Parameter("log_input", Bool.self, "the output is the logarithm of the rate") { false },
      Parameter("full", Bool.self, "adds Stirling's term for targets above 1") { false },
      reduction,
      Parameter(
        "epsilon", Double.self, "keeps the logarithm of a rate of 0 finite", where: .above(0)
      ) {
        1e-7
      }, returns: "Loss", example: "Poisson()",
      details: """
        `p - t * log(p + epsilon)`, or `exp(p) - t * p` with log_input. PyTorch's log_input is True \
        by default and its epsilon 1e-8, Keras has only the first form. Source: Nelder and \
        Wedderburn 1972.
        """, makes: type
    ) { isLog, isFull, reduction, epsilon in
      let kind = Loss.Kind.poisson(isLog: isLog, isFull: isFull, epsilon: epsilon)
      return .object(LossObject(Loss(kind, reduction: reduction.reduction)))
    },
    plain(
      "CosineSimilarity", "Loss for directions: minus the cosine between two rows.", .cosine,
      "`-sum(p * t) / (norm(p) * norm(t))`: -1 is best, as in Keras. A row of zeros counts 0. "
        + "Source: the equation."),
    plain(
      "Hinge", "Loss for answers of -1 and 1: right by a margin of 1 costs nothing.", .hinge,
      "`max(0, 1 - t * p)`; targets of 0 and 1 stand for -1 and 1. Source: Cortes and Vapnik 1995."),
    plain(
      "SquaredHinge", "The hinge loss squared.", .squaredHinge,
      "`max(0, 1 - t * p)**2`; targets of 0 and 1 stand for -1 and 1. Source: Lee and Mangasarian "
        + "2001."),
    plain(
      "CategoricalHinge", "The best wrong class must stay 1 below the right one.",
      .categoricalHinge,
      "`max(0, 1 + max((1 - t) * p) - sum(t * p))`; the maximum includes a 0 for the right class, "
        + "as in Keras. Source: Weston and Watkins 1999."),
    Entry(
      "MulticlassHinge", "Every wrong class must stay a margin below the right one (SVM).",
      Parameter("margin", Double.self, "how far below") { 1 },
      Parameter("p", Double.self, "the power of what is missing", where: .atLeast(1)) { 1 },
      Parameter("divide", Bool.self, "divides by the number of classes, as PyTorch does") { true },
      reduction, returns: "Loss", example: "MulticlassHinge(margin=0.5)",
      details: """
        `sum_j max(0, margin + s_j - s_label)**p / classes`, over the wrong classes j. Lectures \
        leave the division out. Source: Weston and Watkins 1999.
        """, makes: type
    ) { margin, power, divides, reduction in
      .object(
        LossObject(
          Loss(
            .multiclassHinge(margin: margin, power: power, divides: divides),
            reduction: reduction.reduction)))
    },
    plain(
      "KLDivergence", "How far shares are from the ones wanted.", .divergence,
      "`sum(t * log(t / p))` over a row, both kept above 1e-7. Source: Kullback and Leibler 1951."),
    Entry(
      "NLLLoss", "Minus the logarithm of the right class's share, from log_softmax.",
      classWeights, ignored, reduction, returns: "Loss", example: "NLLLoss()",
      details: "`-log_p_label`; the last layer ends in log_softmax. Source: PyTorch.", makes: type
    ) { weights, ignored, reduction in
      .object(
        LossObject(
          Loss(
            .likelihood, reduction: reduction.reduction, classWeights: weights, ignoring: ignored)))
    },
  ]
}
