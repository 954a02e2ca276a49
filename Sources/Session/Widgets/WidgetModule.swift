internal import Catalog

/// `import ipywidgets`: sliders, buttons and the like, and `interact`.
enum WidgetModule {
  static let module = ModuleFacts(
    "ipywidgets", "Controls in the notebook: sliders, menus, buttons, and interact."
  ) {
    WidgetKind.all.filter { $0.name != WidgetKind.interactive.name }.map { Widget.entry($0) }
      + [interact, interactManual, interactive, fixed]
  }

  static let interact = Entry(
    "interact",
    "Runs a function with a control for each argument, again at every change of one.",
    Parameter("function", Function?.self, "what to run; without it, a decorator") { nil },
    Parameter("controls", RestNamed<Value>.self, "by argument", passing: .restNamed), .context,
    example: "interact(lambda alpha: alpha ** 2, alpha=(0.0, 1.0))",
    details: abbreviations
  ) { function, controls, context in
    try start(function, controls, isManual: false, context)
  }

  private static let interactManual = Entry(
    "interact_manual", "As interact, but the function runs at the click of a button.",
    Parameter("function", Function?.self, "what to run; without it, a decorator") { nil },
    Parameter("controls", RestNamed<Value>.self, "by argument", passing: .restNamed), .context,
    example: "interact_manual(lambda alpha: alpha ** 2, alpha=(0.0, 1.0))",
    details: abbreviations
  ) { function, controls, context in
    try start(function, controls, isManual: true, context)
  }

  private static let interactive = Entry(
    "interactive", "What interact shows, as a widget to put where it belongs.",
    Parameter("function", Function.self, "what to run"),
    Parameter("controls", RestNamed<Value>.self, "by argument", passing: .restNamed), .context,
    returns: "interactive",
    example: "box = interactive(lambda alpha: alpha ** 2, alpha=(0.0, 1.0))",
    details: abbreviations, makes: Widget.type(of: .interactive)
  ) { function, controls, context in
    let box = try Interaction.make(function, controls.values, isManual: false, context: context)
    try box.interaction?.run()
    return .object(box)
  }

  private static let fixed = Entry(
    "fixed", "An argument of interact that has no control.",
    Parameter("value", Value.self, "the argument"), returns: "fixed",
    example: "interact(lambda a, b: a + b, a=(0, 9), b=fixed(1))", makes: Fixed.type
  ) { .object(Fixed($0)) }

  private static let abbreviations =
    "Controls: `(low, high)` or `(low, high, step)` a slider, a number a slider around it, "
    + "`True` a box to tick, a text a field, a list or dict a menu, or any widget."

  /// Shows the controls; as a decorator, waits for the function.
  private static func start(
    _ function: Function?, _ controls: RestNamed<Value>, isManual: Bool, _ context: Context
  ) throws -> Value {
    guard let function else {
      return .object(Decorator(controls.values, isManual: isManual))
    }
    try show(function, controls.values, isManual: isManual, context)
    return .none
  }

  fileprivate static func show(
    _ function: Function, _ controls: [(name: String, value: Value)], isManual: Bool,
    _ context: Context
  ) throws {
    let box = try Interaction.make(function, controls, isManual: isManual, context: context)
    context.sink.emit(.display(box.display(context)))
    if !isManual { try box.interaction?.run() }
  }
}

/// What `@interact(alpha=(0.0, 1.0))` puts above a function.
private final class Decorator: Object {
  static let type = ObjectType("interact", "Runs the function below it with controls.")
  private let controls: [(name: String, value: Value)]
  private let isManual: Bool

  init(_ controls: [(name: String, value: Value)], isManual: Bool) {
    self.controls = controls
    self.isManual = isManual
  }

  var type: ObjectType { Self.type }

  func call(_ arguments: Arguments) throws -> Value {
    guard let function = arguments.positional.first.flatMap(Function.read) else {
      throw Failure(.type, "@interact(…) stands above a function", code: "L105")
    }
    try WidgetModule.show(function, controls, isManual: isManual, arguments.context)
    return function.held
  }

  func visit(_ keep: (Value) -> Void) {
    for (_, value) in controls { keep(value) }
  }
}
