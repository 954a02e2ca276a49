import Catalog
import Data
import Neural
import Tensors
import Testing

/// The practice tools as a Swift program calls them.
@Suite struct SwiftPracticeTests {
  private static func data() throws -> Dataset {
    var stream = RandomStream(seed: 3, name: "data")
    return try Points.moons(60, from: &stream)
  }

  @Test("Models and measurements are compared over seeds")
  func compares() throws {
    let context = Lab.context()
    let trials = try Trials.compare(
      ["narrow": .model(.mlp([2, 2])), "wide": .model(.mlp([16, 2]))], on: Self.data(),
      seeds: [0, 1], options: ["epochs": .int(3), "lr": .float(0.05)], context: context)
    #expect(trials.answers.map(\.name) == ["narrow", "wide"])
    #expect(trials.answers.allSatisfy { $0.values.count == 2 && $0.runs.count == 2 })
    let numbers = try Trials.compare(
      ["seed": .measured { Double($0) }], on: nil, seeds: [4, 6], context: context)
    #expect(numbers.answers[0].values == [4, 6])
  }

  @Test("A model is judged by folds, settings are searched")
  func searches() throws {
    let context = Lab.context()
    let folds = try Sequential.mlp([8, 2]).crossValidate(
      on: Self.data(), folds: 3, scale: Scaling(.standard), options: ["epochs": .int(2)],
      context: context)
    #expect(folds.answers.map(\.name) == ["folds"] && folds.answers[0].values.count == 3)
    let results = try SearchResults.search(
      ["units": .choice([.int(4), .int(8)]), "lr": .range(SettingRange(0.001, 0.1, isLog: true))],
      on: Self.data(), trials: 3, epochs: 2, context: context
    ) { settings in
      try .mlp([settings["units"].flatMap { Int.read($0) } ?? 1, 2])
    }
    #expect(results.trials.count == 3)
    #expect(results.trials.allSatisfy { $0.error == nil }, "\(results.trials.map(\.error))")
    #expect(results.best?.score != nil)
  }

  @Test("Optimizers go down on a surface, runs race")
  func races() throws {
    let context = Lab.context()
    let bowl = Surface("bowl") { x, y in try x * x + y * y * 2.0 }
    let way = try bowl.descend(.sgd(.constant(0.1)), from: (1, 1), steps: 20, context: context)
    #expect(way.points.count == 21)
    #expect(abs(way.points[1].x - 0.8) < 1e-12 && abs(way.points[1].y - 0.6) < 1e-12)
    #expect((way.points.last?.value ?? 1) < 1e-3)
    let runs = try ["sgd": Optimizer.sgd(.constant(0.1)), "adam": .adam()].map { name, optimizer in
      let net = try Sequential.tower(2, width: 2)
      let run = try net.fit(
        Examples(Self.data().x, Self.data().x), Training(epochs: 2, optimizer: optimizer),
        context: context)
      return (name: name, run: run)
    }
    #expect(try Race(runs).length() == 2)
    #expect(throws: Failure.self) { try Race(runs, figure: "los") }
  }
}
