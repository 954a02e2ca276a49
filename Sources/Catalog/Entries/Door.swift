extension Entry {
  /// A parameter of the other library that this one does without: taken with these values only.
  public struct Spare: Sendable {
    public let name: String
    /// As `repr` writes them; the first is its default there.
    let values: [String]

    public init(_ name: String, _ values: String...) {
      self.name = name
      self.values = values
    }
  }

  /// Another library's name for an entry: renames its parameters and overrides its defaults.
  ///
  /// It has no body of its own. Parameters come in the order of `names`, then those left over in
  /// theirs; an argument may still be given under the entry's own name.
  ///
  /// - Parameters:
  ///   - name: with its module: `numpy.zeros`.
  ///   - names: what parameters are called there.
  ///   - defaults: by the entry's own names.
  ///   - hiding: parameters that the signature does not show.
  ///   - spare: parameters of the other library that change nothing here.
  ///   - reading: what an argument becomes before the entry reads it.
  public static func door(
    _ name: String, to entry: Entry, names: [(theirs: String, ours: String)] = [],
    defaults: [(name: String, value: @Sendable () -> Value)] = [], hiding: Set<String> = [],
    spare: [Spare] = [], sentence: String? = nil, examples: [String]? = nil,
    details: String? = nil, type: ObjectType? = nil,
    reading: (@Sendable (ParameterFacts, Value) throws -> Value)? = nil
  ) -> Entry {
    let parts = name.split(separator: ".")
    let plan = DoorPlan(
      entry, names: names, defaults: defaults, hiding: hiding, spare: spare, reading: reading)
    let body: Body =
      switch entry.body {
      case .library(let inner):
        .library { door, arguments in
          try plan.run(door, arguments) { try inner(door, $0) }
        }
      case .constant, .attribute, .intrinsic: entry.body
      }
    return Entry(
      parts.last.map(String.init) ?? name, sentence ?? entry.sentence, kind: entry.kind,
      parameters: plan.facts, returns: entry.returns, examples: examples ?? entry.examples,
      details: details ?? entry.details, type: type ?? entry.type,
      place: parts.dropLast().joined(separator: "."), body: body)
  }
}

/// How the arguments of a door become those of its entry.
private struct DoorPlan: Sendable {
  /// The door's parameters as its signature shows them.
  let facts: [ParameterFacts]
  /// The entry's parameters that arguments by position reach, in the door's order.
  private let order: [ParameterFacts]
  /// Whether that is the entry's own order, so that positions can stay.
  private let keepsOrder: Bool
  private let entry: Entry
  private let names: [(theirs: String, ours: String)]
  private let defaults: [(name: String, value: @Sendable () -> Value)]
  private let spare: [Entry.Spare]
  private let reading: (@Sendable (ParameterFacts, Value) throws -> Value)?

  init(
    _ entry: Entry, names: [(theirs: String, ours: String)],
    defaults: [(name: String, value: @Sendable () -> Value)], hiding: Set<String>,
    spare: [Entry.Spare], reading: (@Sendable (ParameterFacts, Value) throws -> Value)?
  ) {
    self.entry = entry
    self.names = names
    self.defaults = defaults
    self.spare = spare
    self.reading = reading
    let ours = entry.parameters
    let first = names.compactMap { name in ours.first { $0.name == name.ours } }
    let named = Set(first.map(\.name))
    let all = first + ours.filter { !named.contains($0.name) && !hiding.contains($0.name) }
    let byPosition = all.filter {
      [.positional, .positionalOnly, .rest].contains($0.passing)
    }
    // What the entry takes by name only keeps its place behind the others.
    order = byPosition
    let own = ours.filter { [.positional, .positionalOnly, .rest].contains($0.passing) }
    keepsOrder =
      zip(byPosition, own).allSatisfy { $0.name == $1.name }
      || byPosition.contains { $0.passing == .rest }
    let shown =
      byPosition
      + all.filter { candidate in
        !byPosition.contains { $0.name == candidate.name }
      }
    let spares = spare.filter { one in !ours.contains { $0.name == one.name } }
    facts =
      shown.map { facts in
        let name = names.first { $0.ours == facts.name }?.theirs ?? facts.name
        let value = defaults.first { $0.name == facts.name }.map { Self.written($0.value()) }
        let aliases = (facts.aliases + [facts.name]).filter { $0 != name }
        return ParameterFacts(
          name: name, kind: facts.kind, sentence: facts.sentence, aliases: aliases,
          passing: facts.passing, range: facts.range, shownDefault: value ?? facts.shownDefault,
          choices: facts.choices)
      }
      + spares.map {
        ParameterFacts(
          name: $0.name, sentence: "as by default", passing: .keywordOnly,
          shownDefault: $0.values.first)
      }
  }

  func run(_ door: Entry, _ arguments: Arguments, _ body: (Arguments) throws -> Value) throws
    -> Value
  {
    var inner = arguments
    var named: [(name: String, value: Value)] = []
    for argument in arguments.named {
      if let one = spare.first(where: { $0.name == argument.name }) {
        try check(one, argument.value, door)
        continue
      }
      let name = names.first { $0.theirs == argument.name }?.ours ?? argument.name
      named.append((name, argument.value))
    }
    if keepsOrder {
      inner.positional = try arguments.positional.enumerated().map { place, value in
        try read(value, order.indices.contains(place) ? order[place] : order.last)
      }
    } else {
      guard arguments.positional.count <= order.count else {
        throw Failure(
          .type,
          "\(door.name)() takes at most \(order.count) positional arguments "
            + "(\(arguments.positional.count) given)",
          code: "L105", help: "it is called as \(door.signature)")
      }
      inner.positional = []
      let given = zip(order, arguments.positional).map { (name: $0.name, value: $1) }
      if let twice = given.first(where: { one in named.contains { $0.name == one.name } }) {
        throw Failure(
          .type,
          "\(door.name)() got multiple values for argument '\(theirs(twice.name))'", code: "L105")
      }
      named = given + named
    }
    inner.named = try named.map { argument in
      let facts = entry.parameters.first {
        $0.name == argument.name || $0.aliases.contains(argument.name)
      }
      return (argument.name, try read(argument.value, facts))
    }
    for (name, value) in defaults {
      let facts = entry.parameters.first { $0.name == name }
      let isGiven = inner.named.contains { argument in
        argument.name == name || facts?.aliases.contains(argument.name) == true
      }
      let place = order.firstIndex { $0.name == name } ?? Int.max
      if !isGiven, inner.positional.count <= place { inner.named.append((name, value())) }
    }
    do {
      return try body(inner)
    } catch var failure as Failure where failure.code == "L105" || failure.code == "L308" {
      for name in names where name.theirs != name.ours {
        failure.message = failure.message.renaming("'\(name.ours)'", to: "'\(name.theirs)'")
      }
      throw failure
    }
  }

  /// A value as a signature writes it.
  private static func written(_ value: Value) -> String {
    if case .string(let text) = value { text.shown } else { value.shown }
  }

  private func theirs(_ name: String) -> String {
    names.first { $0.ours == name }?.theirs ?? name
  }

  private func read(_ value: Value, _ facts: ParameterFacts?) throws -> Value {
    guard let reading, let facts else { return value }
    return try reading(facts, value)
  }

  private func check(_ spare: Entry.Spare, _ value: Value, _ door: Entry) throws {
    guard !spare.values.contains(Self.written(value)) else { return }
    throw Failure(
      .type,
      "\(door.name)() takes \(spare.name)=\(spare.values.joined(separator: " or ")) only, "
        + "not \(value.brief())",
      code: "L105", help: "leave it out")
  }
}

extension String {
  /// The text with every occurrence of a part replaced.
  fileprivate func renaming(_ part: String, to other: String) -> String {
    var result = ""
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(part) {
        result += other
        rest = rest.dropFirst(part.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }
}
