public import Catalog
public import Data
internal import Tensors

// The practice tools for Swift programs: each does what the entry of its name does for a script.

extension Trials {
  /// What is tried with each seed.
  public enum Entrant {
    /// Settings: for each seed the weights are drawn anew, and trained.
    case model(Sequential)
    /// A figure that a program measures itself.
    case measured((_ seed: UInt64) throws -> Double)
  }

  /// Tries several answers to one question, each with several seeds.
  ///
  /// - Parameters:
  ///   - data: what models are trained with.
  ///   - figure: what is compared; nil: validation accuracy or loss.
  ///   - options: for fit, by the names it has for scripts: `["epochs": .int(5)]`.
  public static func compare(
    _ entrants: KeyValuePairs<String, Entrant>, on data: Dataset?, seeds: [UInt64] = [0, 1, 2],
    figure: String? = nil, options: KeyValuePairs<String, Value> = [:], context: Context
  ) throws -> Trials {
    let named = entrants.map { name, entrant -> (name: String, answer: Value) in
      switch entrant {
      case .model(let model): (name, .object(model))
      case .measured(let measure):
        (
          name,
          .function(
            SwiftFunction(name, [ParameterFacts(name: "seed")]) { positional, _ in
              let seed = positional.first.flatMap { Int.read($0) } ?? 0
              return .float(try measure(UInt64(bitPattern: Int64(seed))))
            })
        )
      }
    }
    return try compared(
      named, data.map { [.object($0)] } ?? [], seeds: seeds, figure: figure,
      options: options.map { ($0, $1) }, context)
  }
}

extension Sequential {
  /// Judges the model's settings by folds: each part of the data is held out once.
  ///
  /// - Parameters:
  ///   - isStratified: like shares of classes in each part; nil: where there are classes.
  ///   - scale: learnt anew from the training part of each fold.
  ///   - options: for fit, by the names it has for scripts.
  /// - Returns: trials with one answer, "folds".
  public func crossValidate(
    on data: Dataset, folds: Int = 5, isStratified: Bool? = nil,
    scale: (any Transformation)? = nil, figure: String? = nil,
    options: KeyValuePairs<String, Value> = [:], context: Context
  ) throws -> Trials {
    try CrossValidating.judged(
      .object(self), .dataset(data), nil, folds: folds, isStratified: isStratified,
      scale: scale.map { TransformChoice($0) }, figure: figure, options: options.map { ($0, $1) },
      context)
  }
}

extension SearchResults {
  /// Looks for good settings: tries points of a space and keeps a table of them.
  ///
  /// - Parameters:
  ///   - space: settings of `fit`, which get there by themselves, and of `build`.
  ///   - epochs: of each trial, at most.
  ///   - folds: parts that are held out in turn; 0: one part.
  ///   - rounds: of `coarseToFine`.
  ///   - file: where results are kept; an interrupted search goes on there.
  ///   - build: makes a model from the other settings of a point.
  public static func search(
    _ space: KeyValuePairs<String, Setting>, on data: Dataset, method: SearchMethod = .random,
    trials: Int = 20, epochs: Int = 10, folds: Int = 0, scale: (any Transformation)? = nil,
    figure: String? = nil, rounds: Int = 3, file: String? = nil,
    results: SearchResults = SearchResults(), options: KeyValuePairs<String, Value> = [:],
    context: Context, build: @escaping ([String: Value]) throws -> Sequential
  ) throws -> SearchResults {
    let maker = SwiftFunction("build", [ParameterFacts(name: "settings", passing: .restNamed)]) {
      _, named in
      .object(try build(Dictionary(named.map { ($0.name, $0.value) }) { $1 }))
    }
    let search = try Search(
      .function(maker), space.map { ($0, $1) }, .dataset(data), nil, folds: folds,
      scale: scale.map { TransformChoice($0) }, options: options.map { ($0, $1) }, figure: figure,
      epochs: epochs, path: file.map { context.resolve($0) }, results: results, context: context)
    try search.run(method, trials: trials, rounds: rounds)
    return search.results
  }
}

/// A function of a Swift program, where scripts have theirs.
final class SwiftFunction: Callable {
  let name: String
  let parameters: [ParameterFacts]
  private let body: ([Value], [(name: String, value: Value)]) throws -> Value

  init(
    _ name: String, _ parameters: [ParameterFacts] = [],
    _ body: @escaping ([Value], [(name: String, value: Value)]) throws -> Value
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }

  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    try body(positional, named)
  }
}
