internal import Catalog
internal import Tensors

/// How a model's last layer, a loss and the targets fit together; misfits are explained (L304).
struct Targets {
  /// The loss, given or chosen.
  let loss: LossChoice
  /// Whether the loss wants what stands before the last activation.
  let isLogits: Bool
  /// Whether "right" means something: the task is one of classes.
  let countsRight: Bool
  /// The last layer, as messages call it: `layer 'dense_1' (Dense, units=3, softmax)`.
  let end: String

  /// - Parameters:
  ///   - last: the last activation, or nil when it is a script's.
  ///   - canEndEarly: whether the model can leave that activation out.
  ///   - output: the shape of one output.
  init(
    loss wanted: LossChoice?, last: Activation?, canEndEarly: Bool, output: [Int], y: Tensor,
    hasClasses: Bool, end: String = "the last layer"
  ) throws {
    self.end = end
    let width = output.last ?? 1
    let isWhole = y.dtype.isInteger || y.dtype == .bool
    let name = last?.name ?? "a function"
    if let wanted {
      loss = wanted
    } else if last?.name == "softmax" {
      loss = .builtIn(.categorical)
    } else if last?.name == "sigmoid" {
      loss = .builtIn(.binary)
    } else if hasClasses || isWhole && y.rank == 1 && width > 1 {
      throw Failure(
        .value, "the targets are classes, but \(end) ends in '\(name)'", code: "L304",
        help: "let it end in Dense(n, \"softmax\"), or Dense(1, \"sigmoid\") for two classes; "
          + "for raw scores give loss=\"categorical_crossentropy\"")
    } else {
      loss = .builtIn(.mse)
    }
    if loss.builtIn?.kind == .likelihood, last?.name != "log_softmax" {
      throw Failure(
        .value, "'nll' takes logarithms of shares, \(end) ends in '\(name)'",
        code: "L304",
        help: "end in \"log_softmax\", or use loss=\"categorical_crossentropy\" with \"softmax\"")
    }
    switch loss.builtIn?.form {
    case .classes?:
      if width < 2 {
        throw Failure(
          .value, "'\(loss.name)' needs an output per class, \(end) has \(width)",
          code: "L304",
          help: isWhole
            ? "for two classes use Dense(1, \"sigmoid\"); softmax of one output is always 1"
            : "to predict numbers use loss=\"mse\"; for classes give each an output")
      }
      let takesLogits = loss.builtIn?.takesLogits ?? false
      if last?.name == "sigmoid", takesLogits {
        throw Failure(
          .value,
          "'\(loss.name)' needs shares that add up to 1, \(end) ends in sigmoid, which gives each "
            + "by itself", code: "L304",
          help: "end in \"softmax\", or use loss=\"binary_crossentropy\" for several labels at once"
        )
      }
      isLogits =
        takesLogits && (last?.name == "softmax" && canEndEarly || last?.name == "linear")
      countsRight = loss.builtIn?.ignored == nil
    case .answers?:
      if last?.name == "softmax" {
        throw Failure(
          .value,
          "'\(loss.name)' judges each output by itself, \(end) ends in softmax, which ties them "
            + "together", code: "L304",
          help: "end in \"sigmoid\", or use loss=\"categorical_crossentropy\"")
      }
      isLogits = last?.name == "sigmoid" && canEndEarly || last?.name == "linear"
      countsRight = true
    case .signs?:
      isLogits = false
      countsRight = true
    default:
      isLogits = false
      countsRight = false
    }
  }

  /// The targets in the form that the loss takes, checked against the output.
  func target(_ y: Tensor, output: [Int], dtype: DType) throws -> Target {
    let width = output.last ?? 1
    let count = y.shape.first ?? 0
    let wanted = try Shape([count] + output)
    guard let loss = loss.builtIn else {
      // A script's loss gets the targets as they are, but in the shape of the outputs where the
      // number of elements agrees: (n,) against (n, 1) would become (n, n).
      let same = y.count == wanted.elements && y.shape != wanted ? try y.reshape(wanted) : y
      return y.dtype.isInteger ? .classes(same) : .values(try same.astype(dtype))
    }
    switch loss.form {
    case .classes:
      if y.shape == wanted {
        let rows = try y.astype(dtype).contiguous()
        try check(rows, from: 0, to: 1, "shares from 0 to 1, or class numbers")
        return .values(rows)
      }
      let isColumn = y.rank == 2 && y.shape[1] == 1
      guard y.rank == output.count || isColumn && output.count == 1 else {
        throw misfit(y, wanted, "class numbers of shape (\(count),) or one-hot rows \(wanted)")
      }
      return .classes(
        try Targets.labels(y.reshape([y.count]), classes: width, ignoring: loss.ignored))
    case .answers:
      guard y.count == wanted.elements else {
        throw misfit(y, wanted, "0 and 1 of shape \(wanted)")
      }
      let values = try y.astype(dtype).reshape(wanted).contiguous()
      let largest = values.doubles.max() ?? 0
      let least = values.doubles.min() ?? 0
      if least < 0 || largest > 1 {
        throw Failure(
          .value,
          "'\(loss.name)' needs targets from 0 to 1, they go from \(least) "
            + "to \(largest)", code: "L304",
          help: Targets.wayOfAnswers(values.doubles, from: least, to: largest))
      }
      return .values(values)
    case .signs, .numbers:
      guard y.count == wanted.elements else {
        throw misfit(y, wanted, "numbers of shape \(wanted)")
      }
      let values = try y.astype(dtype).reshape(wanted).contiguous()
      switch loss.kind {
      case .hinge, .squaredHinge:
        try check(values, from: -1, to: 1, "-1 and 1, or 0 and 1")
        guard values.doubles.allSatisfy({ $0 == $0.rounded() }) else {
          throw Failure(
            .value, "'\(loss.name)' takes -1 and 1, or 0 and 1, the targets are other numbers",
            code: "L304", help: "for numbers use loss=\"mse\"")
        }
      case .poisson: try check(values, from: 0, to: .infinity, "counts, which are not negative")
      case .squaredLog: try check(values, from: 0, to: .infinity, "numbers that are not negative")
      default: break
      }
      return .values(values)
    }
  }

  private func check(_ y: Tensor, from low: Double, to high: Double, _ fits: String) throws {
    guard let wrong = y.doubles.first(where: { !($0 >= low && $0 <= high) }) else { return }
    throw Failure(
      .value, "'\(loss.name)' takes \(fits); the targets hold \(wrong)", code: "L304",
      help: "for any numbers use loss=\"mse\"")
  }

  private func misfit(_ y: Tensor, _ output: Shape, _ fits: String) -> Failure {
    Failure(
      .shape, "\(end) gives \(output), the targets are \(y.shape)", code: "L304",
      notes: ["'\(loss.name)' takes \(fits)"],
      help: y.rank == 1 && y.dtype.isInteger && loss.builtIn?.form == .numbers
        ? "for class numbers use loss=\"categorical_crossentropy\" and end in \"softmax\""
        : y.shape.count == output.count
          ? "give the last layer as many units as a target has numbers: \(y.shape[y.rank - 1])"
          : "give the last layer as many units as a target has numbers")
  }

  /// What to do with targets beyond 0 and 1 where answers of yes or no are wanted.
  private static func wayOfAnswers(
    _ values: [Double], from least: Double, to largest: Double
  ) -> String {
    if values.allSatisfy({ $0 == -1 || $0 == 1 }) {
      return "make 0 and 1 of -1 and 1: (y + 1) / 2, or end in \"tanh\" with loss=\"hinge\""
    }
    if least >= 0, let top = Int(exactly: largest), values.allSatisfy({ $0 == $0.rounded() }) {
      return "for \(top + 1) classes end in Dense(\(top + 1), \"softmax\")"
    }
    return "to predict numbers end in Dense(1) and use loss=\"mse\""
  }

  /// A class number below a size that a layer may have.
  private static func number(_ value: Double) -> Int? {
    value < 1_048_576 ? Int(exactly: value) : nil
  }

  /// Class numbers as i64, each checked.
  static func labels(_ y: Tensor, classes: Int, ignoring ignored: Int? = nil) throws -> Tensor {
    for value in y.doubles {
      if let ignored, value == Double(ignored) { continue }
      guard let label = Int(exactly: value), label >= 0, label < classes else {
        guard value == value.rounded() else {
          throw Failure(
            .value, "the targets are numbers such as \(History.short(value)), not classes",
            code: "L304",
            help: "to predict numbers end in Dense(1) and use loss=\"mse\"; classes are numbered "
              + "from 0 to \(classes - 1)")
        }
        let text = Int(exactly: value).map { "\($0)" } ?? "\(value)"
        throw Failure(
          .value,
          "label \(text) is no class of the model: it has \(classes) outputs, "
            + "for the classes 0 to \(classes - 1)", code: "L304",
          help: value < 0
            ? "number the classes from 0: LabelEncoder().fit_transform(y)"
            : "give the last layer \(number(value).map { "\($0 + 1)" } ?? "more") units, or number the "
              + "classes from 0 with LabelEncoder()")
      }
    }
    return y.dtype == .i64 ? try y.contiguous() : try y.astype(.i64)
  }
}
