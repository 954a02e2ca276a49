internal import Catalog

/// A function with a control for each argument: it runs again whenever one changes.
final class Interaction {
  private enum Source {
    case control(Widget)
    case fixed(Value)
  }

  private let function: Function
  private let sources: [(name: String, source: Source)]
  private let output: Widget
  /// Whether it runs at the click of a button alone.
  private let isManual: Bool
  private(set) var result = Value.none
  private var isRunning = false

  private init(
    _ function: Function, _ sources: [(name: String, source: Source)], isManual: Bool,
    context: Context
  ) throws {
    self.function = function
    self.sources = sources
    self.isManual = isManual
    output = try Widget(.output, context: context)
  }

  /// The box with controls and output; the function has run once, unless it waits for a click.
  static func make(
    _ function: Function, _ given: [(name: String, value: Value)], isManual: Bool,
    context: Context
  ) throws -> Widget {
    var sources: [(name: String, source: Source)] = []
    for (name, value) in try complete(given, for: function.callable) {
      if case .object(let object) = value, let fixed = object as? Fixed {
        sources.append((name, .fixed(fixed.value)))
      } else {
        sources.append((name, .control(try Interaction.control(name, value, context))))
      }
    }
    let interaction = try Interaction(function, sources, isManual: isManual, context: context)
    var children: [Value] = []
    for case (_, .control(let widget)) in sources {
      children.append(.object(widget))
      widget.observe(["value", "index"], .interaction(interaction))
    }
    if isManual, let kind = WidgetKind.named("Button") {
      let button = try Widget(kind, ["description": .string("Run Interact")], context: context)
      button.interaction = interaction
      children.append(.object(button))
    }
    children.append(.object(interaction.output))
    let box = try Widget(
      .interactive, ["children": .tuple(children)], classes: ["widget-interact"],
      context: context)
    box.interaction = interaction
    return box
  }

  /// The arguments that are given, and those whose default tells what their control is.
  private static func complete(
    _ given: [(name: String, value: Value)], for callable: any Callable
  ) throws -> [(name: String, value: Value)] {
    let parameters = callable.parameters
    guard !parameters.isEmpty else { return given }
    let takesAll = parameters.contains { $0.passing == .restNamed }
    for (name, _) in given where !takesAll && !parameters.contains(where: { $0.name == name }) {
      throw Failure(
        .value, "\(callable.name)() has no parameter '\(name)'",
        help: Nearest.question(name, among: parameters.map(\.name)))
    }
    var all: [(name: String, value: Value)] = []
    for parameter in parameters {
      switch parameter.passing {
      case .rest, .restNamed, .accompanying: continue
      default: break
      }
      if let argument = given.first(where: { $0.name == parameter.name }) {
        all.append(argument)
      } else if let standard = parameter.shownDefault.flatMap(literal) {
        all.append((parameter.name, standard))
      } else if parameter.shownDefault == nil {
        throw Failure(
          .value, "cannot find a control for '\(parameter.name)' of \(callable.name)()",
          help: "say what it may be: \(parameter.name)=(0.0, 1.0), a list, or fixed(value)")
      }
    }
    return all + given.filter { argument in !parameters.contains { $0.name == argument.name } }
  }

  /// A default that is written as a plain number, text or truth value.
  private static func literal(_ text: String) -> Value? {
    switch text {
    case "True": return .bool(true)
    case "False": return .bool(false)
    default: break
    }
    if let int = Int(text) { return .int(int) }
    if let double = Double(text), double.isFinite { return .float(double) }
    if text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote,
      !text.contains("\\")
    {
      return .string(String(text.dropFirst().dropLast()))
    }
    return nil
  }

  /// The control that an abbreviation stands for: `(0.0, 1.0)`, `3`, `True`, `["a", "b"]`, a text.
  private static func control(_ name: String, _ value: Value, _ context: Context) throws -> Widget {
    if let widget = Widget.read(value) {
      if widget.kind.trait("description") != nil, case .string("") = widget.value(of: "description")
      {
        try widget.set("description", to: .string(name))
      }
      return widget
    }
    func make(_ kind: String, _ given: [String: Value]) throws -> Widget {
      guard let kind = WidgetKind.named(kind) else { throw unclear(name, value) }
      var given = given
      given["description"] = .string(name)
      return try Widget(kind, given, context: context)
    }
    switch value {
    case .bool: return try make("Checkbox", ["value": value])
    case .int(let int):
      let reach = abs(int) < 1 << 40 ? abs(int) : 1 << 40
      let (low, high) = int == 0 ? (0, 1) : int > 0 ? (-reach, 3 * reach) : (-3 * reach, reach)
      return try make("IntSlider", ["value": value, "min": .int(low), "max": .int(high)])
    case .float(let double):
      let (low, high) =
        double == 0 ? (0, 1) : double > 0 ? (-double, 3 * double) : (3 * double, -double)
      return try make("FloatSlider", ["value": value, "min": .float(low), "max": .float(high)])
    case .string: return try make("Text", ["value": value])
    case .dict: return try make("Dropdown", ["options": value])
    case .list(let view) where view.isTuple && (2...3).contains(view.count):
      let range = try view.elements()
      if case .bool = range[0] { break }
      if let whole = try view.integers(),
        !range.contains(where: { if case .float = $0 { true } else { false } })
      {
        let step = whole.count == 3 ? whole[2] : 1
        let middle = whole[0] + (whole[1] - whole[0]) / 2
        return try make(
          "IntSlider",
          [
            "min": .int(whole[0]), "max": .int(whole[1]), "step": .int(step),
            "value": .int(middle),
          ])
      }
      guard let numbers = try view.doubles(), numbers.allSatisfy(\.isFinite) else { break }
      let step = numbers.count == 3 ? numbers[2] : 0.1
      return try make(
        "FloatSlider",
        [
          "min": .float(numbers[0]), "max": .float(numbers[1]), "step": .float(step),
          "value": .float((numbers[0] + numbers[1]) / 2),
        ])
    default: break
    }
    switch value {
    case .list, .object: return try make("Dropdown", ["options": value])
    default: throw unclear(name, value)
    }
  }

  private static func unclear(_ name: String, _ value: Value) -> Failure {
    Failure(
      .value, "cannot find a control for \(name)=\(value.brief())",
      help: "a number, (low, high), True or False, a text, a list, a dict or a widget")
  }

  /// The arguments that the controls stand for now.
  var arguments: [(name: String, value: Value)] {
    sources.map { name, source in
      switch source {
      case .control(let widget): (name, widget.value(of: "value"))
      case .fixed(let value): (name, value)
      }
    }
  }

  func changed() throws {
    if !isManual { try run() }
  }

  /// Runs the function; what it shows and returns, or its error, appears below the controls.
  func run() throws {
    // A function that moves its own controls would never come to rest.
    guard !isRunning else { return }
    isRunning = true
    defer { isRunning = false }
    let context = output.context
    OutputCapture.begin(output, replaces: true)
    defer { OutputCapture.end(output) }
    do {
      result = try function.callable.call([], named: arguments)
      if !result.isNone { context.sink.emit(.display(try context.media(of: result))) }
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch {
      context.sink.emit(.failure(Failure(error)))
    }
  }

  func visit(_ keep: (Value) -> Void) {
    keep(function.held)
    keep(result)
    keep(.object(output))
    for (_, source) in sources {
      switch source {
      case .control(let widget): keep(.object(widget))
      case .fixed(let value): keep(value)
      }
    }
  }
}

/// An argument of `interact` that has no control.
final class Fixed: Object {
  static let type = ObjectType("fixed", "An argument of interact that has no control.")
  let value: Value

  init(_ value: Value) { self.value = value }

  var type: ObjectType { Self.type }
  var text: String { "fixed(\(value.brief()))" }
  func visit(_ keep: (Value) -> Void) { keep(value) }
}
