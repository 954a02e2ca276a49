import Catalog
import Data
import Neural
import Tensors
import Testing

/// A function as a script would give one.
final class Body: Callable {
  let name = "build"
  let parameters: [ParameterFacts]
  let body: ([(name: String, value: Value)]) throws -> Value
  private(set) var calls = 0

  init(_ names: [String], _ body: @escaping ([(name: String, value: Value)]) throws -> Value) {
    parameters = names.map { ParameterFacts(name: $0) }
    self.body = body
  }

  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    calls += 1
    return try body(named)
  }
}

@Suite struct SearchTests {
  /// (x - 1)², least at 1.
  private func bowl() -> Body {
    Body(["x"]) { named in
      let x = try #require(Double.read(named[0].value))
      return .float((x - 1) * (x - 1))
    }
  }

  private func between(_ low: Double, _ high: Double, log: Bool = false) throws -> Value {
    .object(try SettingRange(low, high, isLog: log))
  }

  private func search(
    _ body: Body, _ space: [(String, Value)], _ options: [(String, Value)]
  ) throws -> SearchResults {
    let value = try Lab.call(
      "search",
      [.function(body), .dictionary(space.map { (.string($0.0), $0.1) })],
      [("figure", .string("loss"))] + options)
    guard case .object(let object) = value, let results = object as? SearchResults else {
      throw Failure(.type, "no results")
    }
    return results
  }

  @Test("Every way of searching finds the bottom", arguments: ["random", "grid", "coarse_to_fine"])
  func bottom(method: String) throws {
    let results = try search(
      bowl(), [("x", between(-3, 3))], [("method", .string(method)), ("trials", .int(40))])
    #expect((results.best?.score ?? 1) < 0.1)
    #expect(results.trials.count <= 40)
    #expect(results.table()?.rows.count == results.trials.count)
  }

  @Test("A best point at the edge of its range says widen")
  func edge() throws {
    let results = try search(
      bowl(), [("x", between(2, 4))], [("method", .string("grid")), ("trials", .int(5))])
    #expect(results.advice.first?.contains("widen") == true)
  }

  @Test("Log ranges are drawn evenly in decades")
  func decades() throws {
    let body = Body(["x"]) { named in
      .float(try #require(Double.read(named[0].value)))
    }
    let results = try search(
      body, [("x", between(1e-4, 1, log: true))], [("trials", .int(200))])
    let scores = results.trials.compactMap(\.score)
    #expect(scores.allSatisfy { $0 >= 1e-4 && $0 <= 1 })
    #expect((70...130).contains(scores.count { $0 < 1e-2 }))
  }

  @Test("An error in one trial is written down and ends nothing")
  func errors() throws {
    let body = Body(["x"]) { named in
      if Int.read(named[0].value) == 2 { throw Failure(.value, "two") }
      return .float(1)
    }
    let list = Value.array([.int(1), .int(2), .int(3)])
    let results = try search(body, [("x", list)], [("method", .string("grid"))])
    #expect(results.trials.count == 3)
    #expect(results.trials.compactMap(\.error) == ["ValueError: two"])
    #expect(results.best?.error == nil)
  }

  @Test("An interrupt passes, keeps what was done, and a later search goes on from there")
  func interrupted() throws {
    let kept = SearchResults()
    let body = Body(["x"]) { named in
      if Int.read(named[0].value) == 3 { throw Interrupted() }
      return .float(1)
    }
    let list = Value.array([.int(1), .int(2), .int(3)])
    let options: [(String, Value)] = [("method", .string("grid")), ("results", .object(kept))]
    #expect(throws: Interrupted.self) { try search(body, [("x", list)], options) }
    #expect(kept.trials.count == 2)
    let after = Body(["x"]) { _ in .float(0) }
    let results = try search(after, [("x", list)], options)
    #expect(results === kept)
    #expect(results.trials.count == 3)
    #expect(after.calls == 1)
  }

  @Test("Halving gives the best a third more effort and chooses among the last")
  func halving() throws {
    let data = Value.object(try Lab.moons(90))
    let body = Body(["units"]) { named in
      let units = Int.read(named[0].value) ?? 1
      return .object(try Sequential(Dense(units, .relu), Dense(2, .softmax)))
    }
    let value = try Lab.call(
      "search",
      [
        .function(body),
        .dictionary([(.string("units"), .array([.int(2), .int(8), .int(16)]))]), data,
      ], [("method", .string("halving")), ("trials", .int(9)), ("epochs", .int(9))])
    guard case .object(let object) = value, let results = object as? SearchResults else { return }
    #expect(results.trials.map(\.epochs).max() == 9)
    #expect(results.trials.count { $0.round == 3 } == 1)
    #expect(results.best?.round == 3)
  }

  @Test("Settings that nobody takes are refused with the nearest name")
  func unknown() throws {
    let failure = Lab.failure {
      _ = try search(bowl(), [("batch_sise", .array([.int(1)]))], [])
    }
    #expect(failure?.message.contains("batch_sise") == true)
    #expect(failure?.help?.contains("batch_size") == true)
  }

  @Test("Folds hold out every example once and scale by their training part alone")
  func folds() throws {
    let net = try Sequential(Dense(4, .relu), Dense(2, .softmax))
    let value = try Lab.call(
      "cross_validate", [.object(net), .object(try Lab.moons(60))],
      [("folds", .int(3)), ("scale", .string("standard")), ("epochs", .int(2))])
    guard case .object(let object) = value, let trials = object as? Trials else { return }
    #expect(trials.answers.first?.values.count == 3)
    #expect(trials.figure == "val_accuracy")
    #expect(!net.isBuilt)
    #expect(throws: Failure.self) {
      try Lab.call(
        "cross_validate", [.object(net), .object(try Lab.moons(4))], [("folds", .int(9))])
    }
  }
}
