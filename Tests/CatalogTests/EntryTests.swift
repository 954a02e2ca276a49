import Catalog
import Testing

enum Shade: String, Choice {
  case light
  case dark
}

let mixed = Entry(
  "mix", "Mixes.",
  .context,
  Parameter("units", Int.self, "width", also: ["n_units"], where: .atLeast(1)),
  Parameter("rate", Double.self, where: .within(0, below: 1), default: { 0.5 }),
  Parameter("shade", Shade.self, default: { .light }),
  Parameter("name", String?.self, passing: .keywordOnly, default: { nil }),
  returns: "list", example: "mix(3, rate=0.2)"
) { context, units, rate, shade, name in
  .array([
    .int(units), .float(rate), .string(shade.rawValue), name.map { .string($0) } ?? .none,
    .int(Int(context.seed)),
  ])
}

let wide = Entry(
  "wide", "Has many parameters.",
  Parameter("a", Int.self), Parameter("b", Int.self, default: { 1 }),
  Parameter("c", Double.self, default: { 1 }), Parameter("d", Double.self, default: { 1 }),
  Parameter("e", Bool.self, default: { true }), Parameter("f", Bool.self, default: { true }),
  Parameter("g", Int.self, default: { 1 }), Parameter("h", Int.self, default: { 1 }),
  Parameter("i", Int.self, default: { 1 }), Parameter("j", Int.self, default: { 1 }),
  Parameter("k", Int.self, default: { 1 }), Parameter("l", Int.self, default: { 1 }),
  Parameter("m", Int.self, default: { 1 }), Parameter("n", Int.self, default: { 1 }),
  Parameter("o", Int.self, default: { 1 }), Parameter("p", Int.self, default: { 1 }),
  Parameter("q", Int.self, default: { 1 }), Parameter("r", String.self, default: { "r" }),
  Parameter("rest", RestNamed<Value>.self, passing: .restNamed),
  returns: "int", example: "wide(1)"
) { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, rest in
  .int(a + q + rest.values.count)
}

private func call(
  _ entry: Entry, _ positional: [Value], _ named: [(name: String, value: Value)] = []
) throws -> Value {
  try entry.call(
    Arguments(
      positional: positional, named: named, context: Context(sink: Recording(), seed: 7)))
}

private func failure(_ body: () throws -> Value) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch {
    return Failure(error)
  }
}

@Test func `an entry binds positional, named, aliased and default arguments`() throws {
  guard case .list(let list) = try call(mixed, [.int(3)], [("shade", .string("dark"))]) else {
    Issue.record("no list")
    return
  }
  #expect(try list.elements().map { $0.brief() } == ["3", "0.5", "'dark'", "None", "7"])
  guard case .list(let other) = try call(mixed, [], [("n_units", .int(4)), ("rate", .int(0))])
  else {
    Issue.record("no list")
    return
  }
  #expect(try other.elements().map { $0.brief() } == ["4", "0.0", "'light'", "None", "7"])
}

@Test func `an entry's signature is made from its parameters`() {
  #expect(mixed.signature == "mix(units, rate=0.5, shade=\"light\", *, name=None)")
  #expect(wide.parameters.count == 19)
}

@Test(
  arguments: [
    ([], [], "mix() missing 1 required positional argument: 'units'"),
    (["3"], ["units"], "mix() got multiple values for argument 'units'"),
    (["3"], ["rat"], "mix() got an unexpected keyword argument 'rat'"),
  ] as [([String], [String], String)])
func `a wrong call says what is wrong as Python does`(
  _ positional: [String], _ named: [String], _ message: String
) {
  let failure = failure {
    try call(
      mixed, positional.compactMap { Int($0).map { .int($0) } }, named.map { ($0, .int(1)) })
  }
  #expect(failure?.message == message)
  #expect(failure?.exception == "TypeError")
}

@Test func `wrong types, ranges and options are named`() {
  #expect(
    failure { try call(mixed, [.string("x")]) }?.message
      == "mix() argument 'units' must be int, not str")
  #expect(
    failure { try call(mixed, [.int(0)]) }?.message
      == "mix() argument 'units' must be at least 1, not 0")
  #expect(
    failure { try call(mixed, [.int(1), .float(.nan)]) }?.message
      == "mix() argument 'rate' must be at least 0.0 and below 1.0, not nan")
  let option = failure { try call(mixed, [.int(1)], [("shade", .string("drak"))]) }
  #expect(option?.message == "mix() argument 'shade': unknown option 'drak'")
  #expect(option?.help == "did you mean 'dark'?")
  #expect(option?.code == "L308")
}

@Test func `further named arguments are collected`() throws {
  let value = try call(wide, [.int(1)], [("z", .int(2)), ("y", .none)])
  #expect(value.brief() == "4")
}

@Test func `a door renames parameters and overrides defaults`() throws {
  let door = Entry.door(
    "stir", to: mixed, names: [("size", "units")], defaults: [("rate", { .float(0.25) })])
  guard case .list(let list) = try call(door, [], [("size", .int(9))]) else {
    Issue.record("no list")
    return
  }
  #expect(try list.elements().prefix(2).map { $0.brief() } == ["9", "0.25"])
}
