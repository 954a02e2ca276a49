public import Catalog
internal import Data
internal import Tensors

/// What setting small weights to zero has done.
public final class Pruning {
  public struct Row: Sendable {
    public let name: String
    public let zeros: Int
    public let count: Int
  }

  public let threshold: Double
  public let rows: [Row]
  /// Loss and accuracy before and after; empty without examples.
  public let before: [(name: String, value: Double)]
  public let after: [(name: String, value: Double)]

  init(
    threshold: Double, rows: [Row], before: [(name: String, value: Double)],
    after: [(name: String, value: Double)]
  ) {
    self.threshold = threshold
    self.rows = rows
    self.before = before
    self.after = after
  }

  /// The share of kernel weights that are zero.
  public var sparsity: Double {
    let count = rows.reduce(0) { $0 + $1.count }
    return count > 0 ? Double(rows.reduce(0) { $0 + $1.zeros }) / Double(count) : 0
  }

  var summary: String {
    var text = "\((sparsity * 1000).rounded() / 10) % of the kernel weights are 0, all below "
    text += History.short(threshold)
    for (name, value) in before {
      guard let now = after.first(where: { $0.name == name })?.value else { continue }
      text += "; \(name) \(History.short(value)) before, \(History.short(now)) after"
    }
    return text
  }
}

extension Sequential {
  /// Sets the kernel weights below a threshold to zero, in place; biases stay.
  ///
  /// - Parameters:
  ///   - threshold: absolute; or `share`: the smallest weights of all kernels together.
  ///   - examples: judged before and after.
  public func prune(
    threshold: Double? = nil, share: Double? = nil, on examples: Examples? = nil, context: Context
  ) throws -> Pruning {
    guard (threshold == nil) != (share == nil) else {
      throw Failure(.type, "prune() takes either threshold= or share=", code: "L105")
    }
    if let threshold, !(threshold >= 0 && threshold.isFinite) {
      throw Failure(.value, "threshold must be a finite number from 0, got \(threshold)")
    }
    if let share, !(0...1).contains(share) {
      throw Failure(.value, "share must be from 0 to 1, got \(share)")
    }
    guard isBuilt else {
      throw Failure(
        .value, "model '\(name)' has no weights yet: it has seen no data", code: "L309",
        help: "fit it first")
    }
    let kernels = namedWeights.filter { $0.weight.tensor.rank > 1 }
    var limit = threshold ?? 0
    var isBelow: (Double) -> Bool = { abs($0) < limit }
    if let share {
      let sizes = kernels.flatMap { $0.weight.tensor.doubles.map(abs) }.sorted()
      let count = Int(exactly: (share * Double(sizes.count)).rounded()) ?? 0
      limit = count > 0 ? sizes[count - 1] : 0
      let isAny = count > 0
      isBelow = { isAny && abs($0) <= limit }
    }
    let before = try examples.map { try evaluate($0, context: context) } ?? []
    var rows: [Pruning.Row] = []
    for (name, weight) in kernels {
      try context.check()
      let values = weight.tensor.doubles.map { isBelow($0) ? 0 : $0 }
      try weight.tensor.assign(
        [.ellipsis], Tensor(values, shape: weight.tensor.shape, dtype: weight.tensor.dtype))
      rows.append(Pruning.Row(name: name, zeros: values.count { $0 == 0 }, count: values.count))
    }
    let after = try examples.map { try evaluate($0, context: context) } ?? []
    return Pruning(threshold: limit, rows: rows, before: before, after: after)
  }
}

extension Pruning: Object {
  public static let type = ObjectType("Pruning", "What setting small weights to zero has done.") {
    [
      .attribute(
        of: Pruning.self, "sparsity", "The share of kernel weights that are 0.", returns: "float",
        example: "prune(net, share=0.5).sparsity"
      ) { .float($0.sparsity) },
      .attribute(
        of: Pruning.self, "threshold", "The size below which weights went.", returns: "float",
        example: "prune(net, share=0.5).threshold"
      ) { .float($0.threshold) },
      .attribute(
        of: Pruning.self, "before", "Loss and accuracy before; None without examples.",
        returns: "Scores or None", example: "prune(net, share=0.5, x=d).before.accuracy"
      ) { $0.before.isEmpty ? .none : .object(Scores($0.before)) },
      .attribute(
        of: Pruning.self, "after", "Loss and accuracy after; None without examples.",
        returns: "Scores or None", example: "prune(net, share=0.5, x=d).after.accuracy"
      ) { $0.after.isEmpty ? .none : .object(Scores($0.after)) },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<Pruning: \(summary)>" }
  public var brief: String { summary }
  public func length() -> Int { rows.count }

  private var rowTable: Table {
    Table(
      title: "pruned",
      columns: [Table.Column("weight")]
        + ["zeros", "of", "share"].map { Table.Column($0, isNumeric: true) },
      rows: rows.map { row in
        [
          .text(row.name), .whole(row.zeros), .whole(row.count),
          .number(Double(row.zeros) / Double(max(row.count, 1))),
        ]
      }, notes: [summary])
  }

  public func table() -> Table? { rowTable }
  public func facts() -> Facts? { .table(rowTable) }
  public func display(_ context: Context) -> Media { TableText.media(rowTable) }

  static let entry = Entry(
    "prune", "Sets small weights to zero, in place, and says what that costs.",
    Parameter("model", ModelArgument.self, "trained; its kernels are changed"),
    Parameter("threshold", Double?.self, "weights smaller than this go") { nil },
    Parameter("share", Double?.self, "or: this share of all kernel weights, the smallest") { nil },
    Parameter("x", ExamplesArgument?.self, "judged before and after", also: ["data", "on"]) { nil },
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    .context, returns: "Pruning",
    example: """
      d = moons(60)
      net = Sequential(Dense(8, "relu"), Dense(2, "softmax"))
      net.fit(d, epochs=2, verbose=0)
      prune(net, share=0.5, x=d).sparsity
      """,
    details: """
      `w = 0 if |w| < threshold else w`; biases stay. A later fit lets pruned weights grow again: for \
      weights that stay 0 train with l1, or with FTRL. To keep the model as it is, prune a copy: \
      prune(net.copy(), …). Source: Han et al. 2015.
      """
  ) { model, threshold, share, data, y, context in
    let examples = try data.map { try $0.examples(y, in: "prune") }
    return .object(
      try model.model.prune(threshold: threshold, share: share, on: examples, context: context))
  }
}
