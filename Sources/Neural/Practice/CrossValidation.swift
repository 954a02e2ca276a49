internal import Catalog
internal import Data
internal import Tensors

/// Examples cut into parts that are held out in turn; what scales them is learnt from the rest.
struct FoldedData {
  private let x: Tensor
  private let y: Tensor
  private let dataset: Dataset?
  let places: [[Int]]
  private let scale: TransformChoice?

  /// - Parameters:
  ///   - isStratified: nil: where the targets are classes.
  ///   - stream: draws the order.
  init(
    _ data: ExamplesArgument, _ y: Tensor?, folds: Int, isStratified: Bool?,
    scale: TransformChoice?,
    from stream: inout RandomStream
  ) throws {
    if case .dataset(let set) = data {
      dataset = set.train
    } else {
      dataset = nil
    }
    let examples =
      try dataset.map { Examples($0) } ?? data.examples(y, in: "cross_validate")
    let checked = try examples.checked("cross_validate")
    x = checked.x
    self.y = checked.y
    self.scale = scale
    let isClasses = checked.hasClasses || self.y.dtype.isInteger && self.y.rank == 1
    var drawing: RandomStream? = stream
    places =
      isStratified ?? isClasses
      ? try Folds.stratified(FoldedData.labels(self.y), folds: folds, shuffling: &drawing)
      : try Folds.plain(checked.count, folds: folds, shuffling: &drawing)
    if let drawing { stream = drawing }
  }

  private static func labels(_ y: Tensor) throws -> [Int] {
    guard y.rank == 1 else {
      throw Failure(
        .value, "stratified folds need class numbers, the targets are \(y.shape)",
        help: "give stratified=False")
    }
    return y.ints
  }

  /// What `fit` takes for one fold: training data and, by name, the held-out part.
  func fold(
    _ number: Int
  ) throws -> (data: [Value], options: [(String, Value)]) {
    let held = places[number]
    let isHeld = Set(held)
    let kept = (0..<(x.shape.first ?? 0)).filter { !isHeld.contains($0) }
    let (trained, watched) = try scaled(x.rows(kept), x.rows(held))
    let (labels, truth) = (try y.rows(kept), try y.rows(held))
    guard let dataset else {
      return (
        [.object(trained), .object(labels)],
        [("validation_data", .tuple([.object(watched), .object(truth)]))]
      )
    }
    func part(_ x: Tensor, _ y: Tensor) throws -> Value {
      .object(
        try Dataset(
          x: x, y: y, title: dataset.title,
          names: x.shape.last == dataset.names.count
            ? dataset.names : [], classes: dataset.classes))
    }
    return (
      [try part(trained, labels)], [("validation_data", try part(watched, truth))]
    )
  }

  /// Both parts, scaled by figures of the training part alone.
  private func scaled(
    _ trained: Tensor, _ watched: Tensor
  ) throws -> (Tensor, Tensor) {
    guard let fitted = try scale?.transformation.fitted(to: trained) else {
      return (trained, watched)
    }
    return (try fitted.apply(trained), try fitted.apply(watched))
  }
}

/// A model's settings or a function that makes models, judged by folds.
enum CrossValidating {
  /// Trains anew for each fold and collects the runs.
  static func runs(
    _ answer: Value, name: String, folded: FoldedData, seed: UInt64,
    options: [(String, Value)], _ context: Context
  ) throws -> [Comparing.Result] {
    try folded.places.indices.map { number in
      try context.check()
      let (data, held) = try folded.fold(number)
      return try Comparing.result(
        answer, name: name, seed: seed, data: data, options: options + held, context)
    }
  }

  static let entry = Entry(
    "cross_validate", "Judges a model by folds: each part of the data is held out once.",
    Parameter("model", Value.self, "a model, or a function that makes one"),
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data", "on"]),
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("folds", Int.self, "how many parts", where: .within(2, 1_000_000)) { 5 },
    Parameter(
      "stratified", Bool?.self, "like shares of classes in each part; None: where there are classes"
    ) { nil },
    Parameter(
      "scale", TransformChoice?.self,
      "\"standard\" and the like, a transform or a pipeline: fitted inside each fold"
    ) { nil },
    Parameter("figure", String?.self, "what is reported; None: validation accuracy or loss") {
      nil
    },
    Parameter("options", RestNamed<Value>.self, "for fit: epochs=, lr=, …", passing: .restNamed),
    .context, returns: "Trials",
    example: """
      cross_validate(Sequential(Dense(8, "relu"), Dense(2, "softmax")), moons(60), folds=3, \
      scale="standard", epochs=2)["folds"].mean
      """,
    details: """
      For each fold the model is drawn anew and trained on the other parts; `validation_data` is \
      the part held out. What `scale` learns, it learns from the training part of the fold alone: \
      nothing leaks. The answer "folds" holds the figure of each fold, its mean and deviation. The \
      session's streams and the model given stay as they are. Source: Stone 1974.
      """
  ) { model, data, y, folds, stratified, scale, figure, options, context in
    .object(
      try judged(
        model, data, y, folds: folds, isStratified: stratified, scale: scale, figure: figure,
        options: options.values.map { ($0.name, $0.value) }, context))
  }

  /// One run for each fold.
  static func judged(
    _ model: Value, _ data: ExamplesArgument, _ y: Tensor?, folds: Int, isStratified: Bool?,
    scale: TransformChoice?, figure: String?, options: [(String, Value)], _ context: Context
  ) throws -> Trials {
    var stream = RandomStream(seed: context.seed, name: "folds")
    let folded = try FoldedData(
      data, y, folds: folds, isStratified: isStratified, scale: scale, from: &stream)
    let results = try runs(
      model, name: "model", folded: folded, seed: context.seed, options: options, context)
    return try Trials(
      [("folds", results)], seeds: folded.places.indices.map { UInt64($0) }, figure: figure)
  }
}
