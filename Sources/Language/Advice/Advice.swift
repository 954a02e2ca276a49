import Catalog

extension Machine {
  /// Completes what a user sees of an exception: the exact token, notes about the values, a way out.
  ///
  /// Runs once, when an exception ends a cell; programs that catch their exceptions pay nothing.
  func advise(_ failure: inout Failure, on exception: ExceptionCell) {
    guard let site = Site(exception, in: self), !failure.frames.isEmpty else { return }
    var advice = Advice(failure: failure, site: site, machine: self)
    advice.complete()
    failure = advice.failure
    let last = failure.frames.count - 1
    guard let mark = advice.mark, failure.frames[last].source == site.source.name else { return }
    var frame = site.source.frame(at: mark, in: failure.frames[last].function)
    frame.repeats = failure.frames[last].repeats
    frame.group = failure.frames[last].group
    failure.frames[last] = frame
  }
}

/// Where an exception was raised: code, instruction, and the syntax they were made from.
struct Site {
  let code: Code
  let operation: Operation
  let span: SourceSpan
  let tree: Tree
  /// The statements around the place, outermost first.
  let statements: [Statement]
  /// The expressions around the place, outermost first.
  let expressions: [Expression]
  /// What the exception is about.
  let values: [RawValue]
  /// The code at the bottom, and the line it had come to.
  let outermost: (code: Code, line: Int)

  var source: Source { code.source }
  var line: Int { source.line(at: span.start) }

  init?(_ exception: ExceptionCell, in machine: Machine) {
    let places = exception.places
    // The code of the language's own modules is not the user's.
    guard let first = places.first(where: { $0.code.source.module == nil }), let last = places.last
    else { return nil }
    code = first.code
    guard first.instruction >= 0, first.instruction < code.instructions.count else { return nil }
    operation = code.instructions[first.instruction].operation
    span = code.span(at: first.instruction)
    outermost = (last.code, last.code.source.line(at: last.code.span(at: last.instruction).start))
    tree = Tree.parse(code.source).tree
    (statements, expressions) = tree.path(to: span)
    values = exception.evidence.isTuple ? TupleCell(exception.evidence).array : []
  }

  /// The expression that failed.
  var node: Expression? {
    expressions.first { $0.span == span } ?? expressions.last
  }

  /// The call that failed, if one did.
  var call: (function: Expression, arguments: [CallArgument])? {
    guard case .call(let function, let arguments)? = node?.form else { return nil }
    return (function, arguments)
  }

  /// The two operands of the operator that failed.
  var operands: (left: Expression?, right: Expression, operator: String)? {
    switch node?.form {
    case .binary(let first, let steps):
      guard let index = steps.firstIndex(where: { $0.span == span }) ?? steps.indices.last else {
        return nil
      }
      return (index == 0 ? first : nil, steps[index].operand, steps[index].operator.rawValue)
    case .comparison(let first, let steps):
      guard steps.count == 1 else { return nil }
      return (first, steps[0].operand, steps[0].operator.rawValue)
    default:
      guard case .augment(let target, let op, let value)? = statements.last?.form,
        statements.last?.span == span || target.span == span
      else { return nil }
      return (target, value, op.rawValue)
    }
  }

  /// The function whose body holds the place; nil at the top.
  var function: Function? {
    for statement in statements.reversed() {
      if case .function(let function) = statement.form { return function }
    }
    return nil
  }

  /// The class whose method holds the place.
  var classDefinition: ClassDefinition? {
    for statement in statements.reversed() {
      if case .class(let definition) = statement.form { return definition }
    }
    return nil
  }

  /// An expression as written, when it is short and stands on one line.
  func text(_ expression: Expression, limit: Int = 40) -> String? {
    let text = source.text(of: expression.span)
    return text.utf8.count <= limit && !text.contains(where: \.isNewline) ? text : nil
  }
}

/// A failure that is being completed.
struct Advice {
  var failure: Failure
  let site: Site
  let machine: Machine
  /// What the caret is to stand under; nil: what the instruction says.
  var mark: SourceSpan?

  var message: String { failure.message }

  /// Sets the code, and the help where there is none yet.
  mutating func say(_ code: String?, _ help: String?, mark: SourceSpan? = nil) {
    if failure.code == nil { failure.code = code }
    if failure.help == nil { failure.help = help }
    if let mark { self.mark = mark }
  }

  mutating func note(_ text: String?) {
    guard let text, !failure.notes.contains(text) else { return }
    failure.notes.append(text)
  }

  /// The n-th text in single quotes of the message.
  func quoted(_ index: Int = 0) -> String? {
    let parts = message.split(separator: "'" as Character, omittingEmptySubsequences: false)
    let place = index * 2 + 1
    return parts.indices.contains(place) ? String(parts[place]) : nil
  }

  /// A value as a note shows it; runs no script code.
  func short(_ value: RawValue) -> String {
    let text = machine.brief(value)
    return text.count <= 40 ? text : text.prefix(39) + "…"
  }

  /// Whether script code raised the exception itself: its words are the author's.
  var isByScript: Bool {
    site.operation == .raise && !message.hasPrefix("exceptions must derive")
  }

  mutating func complete() {
    guard !isByScript else { return }
    switch failure.exception {
    case "NameError", "UnboundLocalError": completeName()
    case "AttributeError": completeAttribute()
    case "TypeError": completeType()
    case "ValueError", "StopIteration": completeValue()
    case "IndexError": completeIndex()
    case "KeyError": completeKey()
    case "ZeroDivisionError", "OverflowError": completeArithmetic()
    case "RuntimeError": completeLoop()
    case "MemoryError": completeMemory()
    case "ImportError", "ModuleNotFoundError": completeImport()
    case "GradientError": completeGradient()
    case "ShapeError", "DTypeError": completeCall()
    case "AssertionError":
      say(nil, "the condition after assert must hold here; find out why it does not")
    default: break
    }
  }
}

// MARK: Where names got their values

extension Advice {
  /// The last binding of a name before the place, in the function, else at the top.
  func binding(of name: String) -> Binding? {
    if let function = site.function, case .block(let body) = function.body {
      if function.parameters.contains(where: { $0.name.text == name }) { return nil }
      let own = Bindings(site.source).of(body).filter { $0.name == name }
      if let last = own.last(where: { $0.line < site.line }) ?? own.first { return last }
    }
    return globalBinding(of: name)
  }

  /// Where a name at the top of the session got its value last.
  func globalBinding(of name: String) -> Binding? {
    let bottom = site.outermost
    if bottom.code.name == "<module>" {
      let tree =
        bottom.code.source === site.source ? site.tree : Tree.parse(bottom.code.source).tree
      let before = tree.bindings.last { $0.name == name && $0.line <= bottom.line }
      if let before { return before }
    }
    return machine.globals.places[name]
  }

  func place(_ binding: Binding) -> String { "\(binding.source.name), line \(binding.line)" }

  /// Why an expression is None, when the text shows it.
  func whyNone(_ expression: Expression?) -> String? {
    guard let expression else { return nil }
    var value = expression
    var known: Binding?
    if let name = expression.name {
      guard let binding = binding(of: name), case .assignment(let assigned?) = binding.form else {
        return nil
      }
      known = binding
      value = assigned
    }
    guard case .call(let function, _) = value.form else { return nil }
    let line = known.map { "line \($0.line): " } ?? ""
    switch function.form {
    case .attribute(let base, let method) where Advice.inPlace.contains(method.text):
      guard let receiver = base.name else {
        return "\(line)\(method.text)() changes a list in its place and gives None; "
          + "give the list a name first, then call \(method.text)() on a line of its own"
      }
      return "\(line)\(method.text)() changes \(receiver) itself and gives None; write "
        + "\(receiver).\(method.text)(…) on a line of its own and go on with \(receiver)"
    case .name("print"): return "\(line)print() shows its values and gives None"
    case .name(let name):
      guard let global = machine.global(named: name), global.tag == RawValue.Tag.function else {
        return nil
      }
      return "\(line)\(name)() gives None: it ends without 'return value'"
    case .attribute(_, let method):
      return "\(line)\(method.text)() gave None; does it end with 'return value'?"
    default: return nil
    }
  }

  static let inPlace: Set<String> = [
    "sort", "append", "extend", "reverse", "insert", "remove", "clear", "update", "add", "discard",
    "shuffle",
  ]
}
