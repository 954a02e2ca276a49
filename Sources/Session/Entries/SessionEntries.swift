internal import Catalog

/// What scripts can call of the session itself.
enum SessionEntries {
  static let section = Library.Section(
    "Session",
    [
      seed, theme, display, update, clearOutput, ProgressBar.entry, claim, ExportEntry.entry, input,
      HelpEntry.entry,
      WidgetModule.interact,
      Quitter.entry("exit"), Quitter.entry("quit"),
    ])

  static let seed = Entry(
    "seed", "Starts all random streams anew from one number; the same seed gives the same figures.",
    Parameter("value", Int.self, "any whole number"), .context, example: "seed(42)"
  ) { value, context in
    context.seed = UInt64(bitPattern: Int64(value))
    context.drawn = [:]
    return .none
  }

  static let theme = Entry(
    "theme", "Chooses the colours of figures; \"auto\" follows the front end.",
    Parameter("name", Context.Theme.self, "the colours"), .context, example: "theme(\"dark\")"
  ) { name, context in
    context.theme = name
    return .none
  }

  static let display = Entry(
    "display", "Shows values as a cell shows its result, one after the other.",
    Parameter("values", Rest<Value>.self, "what to show", passing: .rest),
    Parameter<String?>(
      "id", String?.self, "a name under which update() can replace it", passing: .keywordOnly,
      default: { nil }),
    .context, example: "display(\"before\", id=\"state\")"
  ) { values, id, context in
    for value in values.values {
      context.sink.emit(.display(try context.media(of: value), id: id))
    }
    return .none
  }

  static let update = Entry(
    "update", "Replaces what display(…, id=…) has shown, in its place.",
    Parameter("value", Value.self, "what to show instead"),
    Parameter("id", String.self, "the name given to display()"), .context,
    example: "update(\"after\", id=\"state\")"
  ) { value, id, context in
    context.sink.emit(.update(try context.media(of: value), id: id))
    return .none
  }

  static let clearOutput = Entry(
    "clear_output", "Removes what the cell has shown so far.",
    Parameter("wait", Bool.self, "not before the next output comes", default: { false }), .context,
    example: "clear_output(wait=True)"
  ) { wait, context in
    context.sink.emit(.clear(wait: wait))
    return .none
  }

  static let claim = Entry(
    "claim", "Shows a sentence with a tick when the condition holds; else the cell fails.",
    Parameter("sentence", String.self, "what is claimed"),
    Parameter("condition", Value.self, "what must be true"), .context,
    example: "claim(\"two and two is four\", 2 + 2 == 4)",
    details: "When a comparison fails, the error shows both values. Without a claim to show, "
      + "`assert` does the same."
  ) { sentence, condition, context in
    guard try isTrue(condition) else {
      let isPlain = Bool.read(condition) != nil
      let sides =
        isPlain ? context.comparedSides?("claim") : "the condition is \(condition.brief())"
      throw Failure(
        .assertion, "the claim does not hold: \(sentence)", notes: sides.map { [$0] } ?? [],
        help: "find out why the condition does not hold here")
    }
    context.sink.emit(.stream(.standard, "✓ \(sentence)\n"))
    return .none
  }

  static let input = Entry(
    "input", "Asks the user for a line of text and returns it.",
    Parameter("prompt", Value.self, "shown before the answer", default: { .string("") }), .context,
    returns: "str", example: "name = input(\"Name? \")"
  ) { prompt, context in
    let text: String
    if case .string(let string) = prompt {
      text = string
    } else {
      text = try context.media(of: prompt).text
    }
    return .string(try context.sink.ask(text, isSecret: false))
  }

  private static func isTrue(_ value: Value) throws -> Bool {
    switch value {
    case .none: false
    case .bool(let bool): bool
    case .int(let int): int != 0
    case .float(let double): double != 0
    case .string(let string): !string.isEmpty
    case .list(let view): view.count > 0
    case .dict(let view): view.count > 0
    case .function: true
    case .object(let object): try object.truth()
    }
  }
}
