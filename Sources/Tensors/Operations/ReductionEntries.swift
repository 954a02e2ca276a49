internal import Catalog

// What scripts call: folds over axes, spread, places of extremes, running sums.

/// A fold over axes that a script calls as a function, as a method, or both.
private struct FoldDeclaration: Sendable {
  let name: String
  let sentence: String
  let formula: String
  /// The language has a builtin of this name, so the function is only in modules.
  var isMethodOnly = false
  let body: @Sendable (Tensor, Axes, Bool) throws -> Tensor

  /// Formula, shapes and source.
  private var details: String {
    """
    \(formula). Shapes: that of x without the axes, with keepdims 1 in their place; without axes \
    one number. Source: \(name == "logsumexp" ? "SciPy" : "NumPy")'s `\(name)`.
    """
  }

  var method: Entry {
    .method(
      of: Tensor.self, name, sentence,
      Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
      Parameter(
        "keepdims", Bool.self, "keep them with size one", also: ["keepdim"], default: { false }),
      returns: "tensor", example: "tensor([[1, 2], [3, 4]]).\(name)(axis=0)", details: details
    ) { x, axes, keep in .tensor(try body(x, axes, keep)) }
  }

  var function: Entry {
    Entry(
      name, sentence, Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
      Parameter(
        "keepdims", Bool.self, "keep them with size one", also: ["keepdim"], default: { false }),
      returns: "tensor", example: "\(name)(tensor([[1, 2], [3, 4]]), axis=0)", details: details
    ) { x, axes, keep in .tensor(try body(x, axes, keep)) }
  }

  static let all: [FoldDeclaration] = [
    FoldDeclaration(
      name: "sum", sentence: "The sum over axes.",
      formula: "`sum_i x_i`; its derivative is 1 for every element", isMethodOnly: true
    ) {
      try $0.sum(axes: $1.values, keepdims: $2)
    },
    FoldDeclaration(
      name: "mean", sentence: "The mean over axes.",
      formula: "`sum_i x_i / n`; its derivative is 1 / n for every element"
    ) {
      try $0.mean(axes: $1.values, keepdims: $2)
    },
    FoldDeclaration(
      name: "prod", sentence: "The product over axes.",
      formula: "`x_1 * x_2 * …`; its derivative by one element is the product of the others"
    ) {
      try $0.product(axes: $1.values, keepdims: $2)
    },
    FoldDeclaration(
      name: "max", sentence: "The largest element over axes.",
      formula: "`x_k >= x_i` for all i, NaN if one is; those that tie share the gradient",
      isMethodOnly: true
    ) { try $0.max(axes: $1.values, keepdims: $2) },
    FoldDeclaration(
      name: "min", sentence: "The smallest element over axes.",
      formula: "`x_k <= x_i` for all i, NaN if one is; those that tie share the gradient",
      isMethodOnly: true
    ) { try $0.min(axes: $1.values, keepdims: $2) },
    FoldDeclaration(
      name: "any", sentence: "Whether one element over axes is not zero.",
      formula: "`x_1 != 0 or x_2 != 0 …`", isMethodOnly: true
    ) { try $0.any(axes: $1.values, keepdims: $2) },
    FoldDeclaration(
      name: "all", sentence: "Whether all elements over axes are not zero.",
      formula: "`x_1 != 0 and x_2 != 0 …`", isMethodOnly: true
    ) { try $0.all(axes: $1.values, keepdims: $2) },
    FoldDeclaration(
      name: "logsumexp", sentence: "log(sum(exp(x))) over axes, without overflow.",
      formula: "`m + log(sum_i exp(x_i - m))`, m the largest; its derivative is softmax(x)"
    ) {
      try $0.logSumExp(axes: $1.values, keepdims: $2)
    },
  ]
}

/// Spread over axes: variance or standard deviation.
private func spread(
  _ name: String, _ sentence: String, _ formula: String,
  _ body: @escaping @Sendable (Tensor, Axes, Double, Bool) throws -> Tensor
) -> (function: Entry, method: Entry) {
  let details = """
    \(formula), as NumPy and Keras; PyTorch divides by n - 1, which is ddof=1. Shapes: that of x \
    without the axes. Source: NumPy's `\(name)`.
    """
  let function = Entry(
    name, sentence, Parameter("x", Tensor.self, "the elements"),
    Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
    Parameter("ddof", Double.self, "taken from the count in the divisor", default: { 0 }),
    Parameter("keepdims", Bool.self, "keep the axes with size one", default: { false }),
    returns: "tensor", example: "\(name)(tensor([1.0, 2.0, 4.0]))", details: details
  ) { x, axes, ddof, keep in .tensor(try body(x, axes, ddof, keep)) }
  let method = Entry.method(
    of: Tensor.self, name, sentence,
    Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
    Parameter("ddof", Double.self, "taken from the count in the divisor", default: { 0 }),
    Parameter("keepdims", Bool.self, "keep the axes with size one", default: { false }),
    returns: "tensor", example: "tensor([1.0, 2.0, 4.0]).\(name)()", details: details
  ) { x, axes, ddof, keep in .tensor(try body(x, axes, ddof, keep)) }
  return (function, method)
}

/// A function of one optional axis.
private func alongAxis(
  _ name: String, _ sentence: String, _ formula: String, shapes: String,
  _ body: @escaping @Sendable (Tensor, Int?) throws -> Tensor
) -> (function: Entry, method: Entry) {
  let details = "\(formula). Shapes: \(shapes). Source: NumPy's `\(name)`."
  let function = Entry(
    name, sentence, Parameter("x", Tensor.self, "the elements"),
    Parameter("axis", Int?.self, "the axis; all elements in order when None", default: { nil }),
    returns: "tensor", example: "\(name)(tensor([3, 1, 2]))", details: details
  ) { x, axis in .tensor(try body(x, axis)) }
  let method = Entry.method(
    of: Tensor.self, name, sentence,
    Parameter("axis", Int?.self, "the axis; all elements in order when None", default: { nil }),
    returns: "tensor", example: "tensor([3, 1, 2]).\(name)()", details: details
  ) { x, axis in .tensor(try body(x, axis)) }
  return (function, method)
}

extension Tensor {
  private static let spreads = [
    spread(
      "var", "The mean squared distance from the mean.", "`sum((x - mean)**2) / (n - ddof)`"
    ) {
      try $0.variance(axes: $1.values, ddof: $2, keepdims: $3)
    },
    spread("std", "The standard deviation.", "`sqrt(sum((x - mean)**2) / (n - ddof))`") {
      try $0.deviation(axes: $1.values, ddof: $2, keepdims: $3)
    },
  ]

  private static let without = "that of x without the axis; without one a number that counts all"
  private static let whole = "that of x; without an axis (n,) for all n elements"

  private static let alongAxes = [
    alongAxis(
      "argmax", "Where the first largest element stands.", "`x_y >= x_i` for all i", shapes: without
    ) { try $0.argmax($1) },
    alongAxis(
      "argmin", "Where the first smallest element stands.", "`x_y <= x_i` for all i",
      shapes: without
    ) { try $0.argmin($1) },
    alongAxis("cumsum", "Running sums.", "`y_i = y_(i-1) + x_i`", shapes: whole) {
      try $0.cumulativeSum($1)
    },
    alongAxis("cumprod", "Running products.", "`y_i = y_(i-1) * x_i`", shapes: whole) {
      try $0.cumulativeProduct($1)
    },
  ]

  /// Functions whose names the language has for its own: they are in modules only.
  static let namesakeFolds: [Entry] = FoldDeclaration.all.filter(\.isMethodOnly).map(\.function)

  static let reductionEntries: [Entry] =
    FoldDeclaration.all.filter { !$0.isMethodOnly }.map(\.function) + spreads.map(\.function)
    + alongAxes.map(\.function) + [
      Entry(
        "norm", "The length of a vector: order 2, 1 or inf.",
        Parameter("x", Tensor.self, "the elements"),
        Parameter("ord", Double.self, "the order", default: { 2 }),
        Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
        Parameter("keepdims", Bool.self, "keep them with size one", default: { false }),
        returns: "tensor", example: "norm(tensor([3.0, 4.0]))",
        details: """
          Order 2: `sqrt(sum(x**2))`, 1: `sum(abs(x))`, inf: `max(abs(x))`, -inf: `min(abs(x))`, \
          else `sum(abs(x)**ord)**(1 / ord)`. The gradient at 0 counts as 0. Matrices have more \
          in `linalg.norm`. Shapes: that of x without the axes. Source: NumPy's `linalg.norm`.
          """
      ) { x, order, axes, keep in
        .tensor(try x.norm(order, axes: axes.values, keepdims: keep))
      }
    ]

  static let reductionMembers: [Entry] =
    FoldDeclaration.all.map(\.method) + spreads.map(\.method) + alongAxes.map(\.method)
}
