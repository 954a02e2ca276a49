import Catalog

/// Operators, calls and values used as what they are not: L104, L105, L106.
extension Advice {
  mutating func completeType() {
    if message.contains("operand type(s)") || message.hasPrefix("can only concatenate")
      || message.contains("not supported between instances")
      || message.hasPrefix("can't multiply sequence") || message.hasPrefix("bad operand type")
    {
      return completeOperands()
    }
    if message.hasSuffix("object is not callable") { return completeCallee() }
    if message.hasSuffix("is not iterable") { return completeIterable() }
    if message.hasSuffix("object is not subscriptable") { return completeSubscript() }
    if message.contains("indices must be integers") { return completeIndexType() }
    if message.hasSuffix("does not support item assignment") { return completeItemAssignment() }
    if message.hasPrefix("cannot unpack non-iterable") { return completeUnpacking() }
    if message.contains("has no len()") { return completeLength() }
    if message.hasPrefix("unhashable type") { return completeHash() }
    if message.hasPrefix("exceptions must derive") {
      if case .string? = raisedExpression?.form,
        let text = raisedExpression.flatMap({ site.text($0) })
      {
        return say(
          "L106", "raise an exception with that text: raise ValueError(\(text))",
          mark: raisedExpression?.span)
      }
      return say(
        "L106", "raise an exception, such as raise ValueError(\"…\")", mark: raisedExpression?.span)
    }
    if message.hasSuffix("object cannot be interpreted as an integer") {
      return completeInteger()
    }
    if message.hasSuffix("context manager protocol") {
      return say("L106", "with takes open files and objects with __enter__ and __exit__")
    }
    if message.hasSuffix("is not an iterator") {
      return say(
        "L106", onlyArgument.map { "write next(iter(\($0)))" } ?? "write next(iter(x))",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("slice indices must be") {
      return say("L106", "the parts of a slice are whole numbers: use // or int()")
    }
    if message.hasPrefix("not enough arguments for format")
      || message.hasPrefix("not all arguments")
    {
      return say("L110", "as many values as % marks; several stand in a tuple: \"%s, %s\" % (a, b)")
    }
    if message.hasPrefix("%"), message.contains("is required, not str") {
      return say("L105", "%d and %f take numbers: convert with int() or float(), or write %s")
    }
    if message.hasPrefix("tensor() takes numbers") {
      return say(
        "L105", "give numbers; words are numbered first: {\"a\": 0, \"b\": 1}[word]",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("sequence item") {
      return say(
        "L105", onlyArgument.map { "make them text first: .join(str(x) for x in \($0))" },
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("__str__ returned non-string") || message.hasPrefix("__repr__ returned") {
      return say("L105", "return the text instead of printing it")
    }
    if message.hasPrefix("__init__() should return None") {
      return say("L105", "__init__ only sets attributes; leave out its return")
    }
    if message.hasPrefix("cannot convert dictionary update sequence") {
      return say(
        "L110", "dict() takes pairs: dict([(\"a\", 1), (\"b\", 2)])", mark: onlyArgumentSpan)
    }
    if message.hasPrefix("isinstance() arg 2") {
      return say("L105", "write the type without quotes: isinstance(x, int)", mark: argument(1))
    }
    if message.hasPrefix("iter() returned non-iterator") {
      return say("L106", "let __iter__ return iter(self.items), or write it with yield")
    }
    completeCall()
  }

  private var raisedExpression: Expression? {
    if case .raise(let value, _)? = site.statements.last?.form { value } else { nil }
  }

  // MARK: Operands

  private mutating func completeOperands() {
    failure.code = "L104"
    failure.help = nil
    guard site.values.count == 2 else {
      if quoted() == "str" {
        let text = onlyArgument ?? "x"
        say(nil, "convert it first: float(\(text))", mark: onlyArgumentSpan)
      } else {
        say(nil, "it works on numbers only")
      }
      return
    }
    let (a, b) = (site.values[0], site.values[1])
    let operands = site.operands
    let (left, right) = (operands?.left, operands?.right)
    noteOperands(a, left, b, right)
    let names = (
      left.flatMap { site.text($0, limit: 24) }, right.flatMap { site.text($0, limit: 24) }
    )
    let isAddition = operands?.operator == "+" || message.hasPrefix("can only concatenate")
    if a.isNone || b.isNone {
      let none = a.isNone ? left : right
      return say(
        nil,
        whyNone(none)
          ?? "None is no value to work with; find out where \(none.flatMap { site.text($0) } ?? "it") "
          + "should get one")
    }
    for (value, name) in [(a, names.0), (b, names.1)] {
      switch value.tag {
      case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method:
        return say(nil, "\(name ?? "it") is a function; call it: \(name ?? "f")()")
      default: break
      }
    }
    switch (kind(a), kind(b)) {
    case ("str", "number"), ("number", "str"):
      let text = kind(a) == "str" ? a : b
      let textName = kind(a) == "str" ? names.0 : names.1
      let isRepeating = operands?.operator == "*" && !looksNumeric(text)
      let numberName = kind(a) == "str" ? names.1 : names.0
      if isRepeating {
        say(nil, "a text is repeated a whole number of times: use int() or //")
      } else if site.operands == nil {
        say(nil, "the values must all be numbers or all text; convert with int() or str()")
      } else if isAddition, !looksNumeric(text) {
        say(
          nil, "text and numbers do not add up: wrap the number in str(): str(\(numberName ?? "…"))"
        )
      } else if isAddition {
        say(
          nil,
          "to calculate, convert the text: \(converted(text, textName)); "
            + "to join texts, wrap the number in str()")
      } else if looksNumeric(text) || !(textName.map { $0.hasPrefix("\"") } ?? false) {
        say(nil, "convert the text to a number first: \(converted(text, textName))")
      } else {
        say(nil, "a text and a number do not go together in \(operands?.operator ?? "this")")
      }
    case ("str", "str"):
      say(
        nil,
        operands?.operator == "-"
          ? "to take a part out of a text write \(names.0 ?? "text").replace(\(names.1 ?? "part"), \"\")"
          : "one of them must be a number: \(converted(b, names.1))")
    case ("list", "list") where operands?.operator == "-":
      say(nil, "write [x for x in \(names.0 ?? "a") if x not in \(names.1 ?? "b")]")
    case ("dict", "dict"):
      say(nil, "join them with |: \(names.0 ?? "a") | \(names.1 ?? "b")")
    case ("tuple", "number") where isAddition:
      say(
        nil,
        "a comma made a tuple: decimals are written with a point, 3.5; "
          + "to add an element write + (\(names.1 ?? "x"),)")
    case ("list", _) where isAddition:
      let list = names.0 ?? "xs"
      say(
        nil, "to add an element write \(list).append(\(names.1 ?? "x")), or + [\(names.1 ?? "x")]")
    case ("list", "number"), ("number", "list"):
      if operands?.operator == "*" {
        say(nil, "a list is repeated a whole number of times: use int() or //")
      } else {
        say(
          nil,
          kind(a) == "list"
            ? "calculate with each element: [x \(operands?.operator ?? "/") \(names.1 ?? "y") "
              + "for x in \(names.0 ?? "xs")], or with a tensor: tensor(\(names.0 ?? "xs"))"
            : "calculate with each element, or with a tensor: tensor(\(names.1 ?? "xs"))")
      }
    case ("str", _) where operands?.operator == "*", (_, "str") where operands?.operator == "*":
      say(nil, "a text is repeated a whole number of times: use int() or //")
    case ("instance", _), (_, "instance"):
      let type = machine.typeName(a.tag == RawValue.Tag.instance ? a : b)
      let op = site.operands?.operator ?? (message.hasPrefix("'<'") ? "<" : ">")
      if let method = Advice.operatorMethods[op] {
        say(
          nil,
          "give class \(type) a method \(method)"
            + (op == "<" && site.operands == nil
              ? ", or sort by an attribute: key=lambda x: x.name" : ""))
      }
    default:
      if site.operands == nil {
        say(nil, "the values must be of kinds that compare, such as all numbers or all text")
      } else {
        say(nil, "convert one of them, so that both are of the same kind")
      }
    }
  }

  private static let operatorMethods: [String: String] = [
    "+": "__add__(self, other)", "-": "__sub__(self, other)", "*": "__mul__(self, other)",
    "/": "__truediv__(self, other)", "//": "__floordiv__(self, other)",
    "%": "__mod__(self, other)", "**": "__pow__(self, other)", "@": "__matmul__(self, other)",
    "<": "__lt__(self, other)", ">": "__gt__(self, other)", "<=": "__le__(self, other)",
    ">=": "__ge__(self, other)",
  ]

  private func kind(_ value: RawValue) -> String {
    if value.number != nil { return "number" }
    return value.tag == RawValue.Tag.instance ? "instance" : machine.typeName(value)
  }

  private func looksNumeric(_ value: RawValue) -> Bool {
    guard value.isString else { return false }
    let text = StringCell(value).string
    return text.utf8.count < 40 && (Double(text) != nil)
  }

  private func converted(_ value: RawValue, _ name: String?) -> String {
    let text = value.isString ? StringCell(value).string : ""
    return (text.contains(".") ? "float" : "int") + "(\(name ?? "…"))"
  }

  private mutating func noteOperands(
    _ a: RawValue, _ left: Expression?, _ b: RawValue, _ right: Expression?
  ) {
    func part(_ value: RawValue, _ expression: Expression?, _ side: String) -> String {
      let text = expression.flatMap { site.text($0, limit: 24) }
      let type = machine.typeName(value)
      if value.isNone { return "\(text ?? side) is None" }
      if let expression, let text, expression.isPlainValue || text == short(value) {
        return "\(text) is \(article(type))"
      }
      return "\(text ?? side) is \(short(value)), \(article(type))"
    }
    if a.isNone, b.isNone { return }
    note(part(a, left, "the left side") + "; " + part(b, right, "the right side"))
  }

  func article(_ name: String) -> String {
    let first = name.lowercased().first.map { "aeio".contains($0) } ?? false
    return (first ? "an " : "a ") + name
  }

  // MARK: Called

  private mutating func completeCallee() {
    failure.code = "L106"
    guard let (function, arguments) = site.call else { return }
    let callee = function.name.flatMap { machine.global(named: $0) }
    guard let value = site.values.first ?? callee else { return }
    if let wrong = calledArgument {
      let text = site.source.text(of: wrong.span).prefix { $0 != "(" }
      return say(nil, "give the function itself, without calling it: \(text)", mark: wrong.span)
    }
    if let name = function.name, isLocal(name), let shadow = shadowNote(name) {
      return say(nil, shadow, mark: function.span)
    }
    // `sorted(xs, key=5)`: what is called is an argument.
    if let callee, callee.tag == RawValue.Tag.builtin || callee.tag == RawValue.Tag.type,
      !callee.isIdentical(to: value)
    {
      return say(nil, "a function is wanted here, by its name and without ()")
    }
    mark = function.span
    let written = arguments.map { site.source.text(of: $0.span) }.joined(separator: ", ")
    if let name = function.name {
      if let shadow = shadowNote(name) { return say(nil, shadow) }
      if let binding = binding(of: name), function.name != nil, !value.isNone {
        note("\(name) is \(short(value)): it was assigned in \(place(binding))")
      }
    }
    let text = site.text(function, limit: 30) ?? "x"
    switch value.tag {
    case RawValue.Tag.int, RawValue.Tag.float, RawValue.Tag.bool:
      if case .attribute(let base, let member) = function.form, isProperty(member.text) {
        return say(
          nil,
          "\(member.text) is no method: write \(site.text(base) ?? "x").\(member.text) without ()")
      }
      say(nil, "a number is not called; for a product write *: \(text) * (\(written))")
    case RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict:
      say(nil, "elements are taken in square brackets: \(text)[\(written)]")
    case RawValue.Tag.string:
      say(nil, "leave out the parentheses, or take a character in brackets: \(text)[0]")
    case RawValue.Tag.none:
      if let name = function.name, isDecorated(name) {
        return say(nil, "its decorator returns nothing: let it return the function")
      }
      say(nil, whyNone(function) ?? "\(text) is None; find out where it should get a function")
    case RawValue.Tag.instance:
      say(
        nil,
        "call one of its methods, or give class \(machine.typeName(value)) a method __call__(self)")
    case RawValue.Tag.native:
      guard let module = NativeCell(value).object as? Module else { return }
      let names = machine.attributeNames(value)
      let same =
        names.contains(module.name)
        ? "\(text).\(module.name)(…)" : "\(text).\(names.first ?? "f")(…)"
      say(nil, "\(text) is a module; call a function in it, such as \(same)")
    default: say(nil, "leave out the parentheses")
    }
  }

  /// The argument of `map`, `filter` or `key=` that was called instead of given.
  private var calledArgument: Expression? {
    var found: Expression?
    site.node?.walk { part in
      guard case .call(let function, let arguments) = part.form else { return }
      let isMapping = ["map", "filter", "reduce"].contains(function.name ?? "")
      for (index, argument) in arguments.enumerated() {
        guard case .call = argument.value.form else { continue }
        if case .named(let name) = argument.kind, name.text == "key" { found = argument.value }
        if isMapping, index == 0 { found = argument.value }
      }
    }
    return found
  }

  private func isLocal(_ name: String) -> Bool {
    guard let function = site.function, case .block(let body) = function.body else { return false }
    return Bindings(site.source).of(body).contains { $0.name == name }
  }

  private func isProperty(_ name: String) -> Bool {
    var found = false
    for statement in site.tree.body {
      statement.walk { inner in
        if case .function(let function) = inner.form, function.name?.text == name,
          function.decorators.contains(where: { $0.name == "property" })
        {
          found = true
        }
      }
    }
    return found
  }

  private func isDecorated(_ name: String) -> Bool {
    site.tree.body.contains { statement in
      if case .function(let function) = statement.form {
        function.name?.text == name && !function.decorators.isEmpty
      } else {
        false
      }
    }
  }

  /// A note and way out when a name of the language or library has been given another value.
  mutating func shadowNote(_ name: String) -> String? {
    guard machine.globals.isDeclared(name) else { return nil }
    if let function = site.function, case .block(let body) = function.body,
      let own = Bindings(site.source).of(body).first(where: { $0.name == name })
    {
      note("\(name)() is shadowed: \(name) was assigned in \(place(own))")
      return "give the variable in \(function.name?.text ?? "the function")() another name"
    }
    guard let slot = machine.globals.slots[name], machine.isOwn(slot) else { return nil }
    if let binding = globalBinding(of: name) {
      note("\(name)() is shadowed: \(name) was assigned in \(place(binding))")
    } else {
      note("\(name)() is shadowed: \(name) was given another value")
    }
    return "use another name for the variable; %reset \(name) brings \(name)() back"
  }

  // MARK: Walked over

  private mutating func completeIterable() {
    failure.code = "L106"
    let node = site.node
    var culprit = node
    if case .comparison(_, let steps)? = node?.form, let last = steps.last {
      culprit = last.operand
    }
    if let call = site.call, call.arguments.count >= 1, !isWalked(node) {
      culprit = call.arguments[0].value
    }
    if let culprit { mark = culprit.span }
    guard let value = site.values.first else { return }
    let text = culprit.flatMap { site.text($0, limit: 30) } ?? "x"
    switch value.tag {
    case RawValue.Tag.int, RawValue.Tag.bool, RawValue.Tag.float:
      if message.hasPrefix("argument of type") {
        return say(nil, "in looks into texts and containers; for digits write in str(\(text))")
      }
      if case .call(let function, let arguments)? = culprit?.form, function.name == "len",
        let first = arguments.first, let sequence = site.text(first.value)
      {
        return say(
          nil, "a count is walked over by range(\(text)); for the elements write in \(sequence)")
      }
      if let (function, _) = site.call, !isWalked(node), let name = site.text(function) {
        return say(
          nil,
          "one value goes into a list first: \(name)([\(text)]); numbers up to it are range(\(text))"
        )
      }
      say(nil, "to count up to it write range(\(text))")
    case RawValue.Tag.none:
      say(nil, whyNone(culprit) ?? "\(text) is None; find out where it should get its elements")
    case RawValue.Tag.instance:
      let type = machine.typeName(value)
      say(nil, "walk over one of its lists, or give class \(type) a method __iter__(self)")
    case RawValue.Tag.function, RawValue.Tag.method, RawValue.Tag.builtin:
      say(nil, "call it: \(text)()")
    default: say(nil, "lists, texts, dicts, ranges and files are walked over")
    }
  }

  /// Whether the node itself is what a loop walks over.
  private func isWalked(_ node: Expression?) -> Bool {
    guard let node else { return false }
    if case .for(_, let iterable, _, _)? = site.statements.last?.form {
      return iterable.span == node.span
    }
    return false
  }

  // MARK: Indexed

  private mutating func completeSubscript() {
    failure.code = "L106"
    guard let value = site.values.first else { return }
    var base: Expression?
    var index: Expression?
    if case .element(let container, let inner)? = site.node?.form {
      (base, index) = (container, inner)
      mark = container.span
    }
    let text = base.flatMap { site.text($0, limit: 30) } ?? "x"
    let inside = index.flatMap { site.text($0, limit: 30) } ?? "…"
    switch value.tag {
    case RawValue.Tag.none:
      say(nil, whyNone(base) ?? "\(text) is None; find out where it should get its value")
    case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method:
      say(nil, "functions are called with parentheses: \(text)(\(inside))")
    case RawValue.Tag.set, RawValue.Tag.frozenSet:
      say(nil, "a set has no order; make a list: sorted(\(text))[\(inside)]")
    case RawValue.Tag.iterator, RawValue.Tag.generator, RawValue.Tag.dictView:
      say(nil, "make a list of it first: list(\(text))[\(inside)]")
    case RawValue.Tag.int, RawValue.Tag.float, RawValue.Tag.bool:
      if let name = base?.name, let binding = binding(of: name) {
        note("\(name) is \(short(value)): it was assigned in \(place(binding))")
      }
      say(nil, "a number has no elements; its digits are those of str(\(text))")
    case RawValue.Tag.instance:
      say(
        nil,
        "name an attribute after a dot, or give class \(machine.typeName(value)) a method "
          + "__getitem__(self, key)")
    case RawValue.Tag.native where NativeCell(value).object is Module:
      say(nil, "\(text) is a module; write a dot and the name of what is in it")
    default: say(nil, "lists, tuples, texts and dicts are indexed")
    }
  }

  private mutating func completeIndexType() {
    failure.code = "L106"
    let target = site.node ?? site.statements.last?.expressions.first
    guard case .element(let container, let index)? = target?.form else { return }
    mark = index.span
    let text = site.text(container, limit: 30) ?? "xs"
    switch index.form {
    case .tuple(let parts):
      let inner = parts.map { "[" + site.source.text(of: $0.span) + "]" }.joined()
      say(nil, "lists in lists take one index each: \(text)\(inner)")
    case .binary(_, let steps) where steps.contains(where: { $0.operator == .divide }):
      say(nil, "/ gives a float; // gives a whole number")
    default:
      if message.hasSuffix("not str") || message.hasSuffix("'str'") {
        if case .string(let key) = index.form, Int(key) == nil {
          say(
            nil,
            "\(text) is a list, not a dict: take an element first, "
              + "\(text)[0][\(site.source.text(of: index.span))]")
        } else {
          say(nil, "convert the text to a number: \(text)[int(\(site.text(index) ?? "i"))]")
        }
      } else {
        say(nil, "an index is a whole number: use int() or //")
      }
    }
  }

  private mutating func completeItemAssignment() {
    failure.code = "L106"
    guard
      case .element(let container, let index)? =
        (site.statements.last?.expressions.first ?? site.node)?.form
    else { return }
    mark = container.span
    let text = site.text(container, limit: 30) ?? "x"
    switch quoted() {
    case "str":
      let place = site.text(index) ?? "i"
      say(
        nil,
        place == "0"
          ? "texts do not change; make a new one: \(text) = \"…\" + \(text)[1:]"
          : "texts do not change; make a new one: \(text) = \(text)[:\(place)] + \"…\" + \(text)[\(place) + 1:]"
      )
    case "tuple", "range": say(nil, "make a list of it, which can change: \(text) = list(\(text))")
    case "NoneType": say(nil, whyNone(container) ?? "\(text) is None; give it a list or dict first")
    case "set": say(nil, "a set has no places; write \(text).add(…), or use a dict")
    default: say(nil, "lists and dicts take assignments to elements")
    }
  }

  private mutating func completeLength() {
    let text = onlyArgument ?? "x"
    mark = onlyArgumentSpan
    switch quoted() {
    case "NoneType":
      say(
        "L106",
        whyNone(site.call?.arguments.first?.value)
          ?? "\(text) is None; find out where it should get its value")
    case "int", "float", "bool":
      say("L106", "a number has no length; its digits are counted by len(str(\(text)))")
    case "map", "zip", "filter", "enumerate", "generator", "reversed":
      say("L106", "make a list of it first: len(list(\(text)))")
    case "function", "builtin_function_or_method", "method": say("L106", "call it: len(\(text)())")
    default: say("L106", "texts and containers have a length")
    }
  }

  private mutating func completeHash() {
    var culprit: Expression?
    switch site.node?.form {
    case .element(_, let index): culprit = index
    case .call(_, let arguments): culprit = arguments.first?.value
    case .dictionary(let items):
      for case .pair(let key, _) in items where isMutable(key) {
        culprit = culprit ?? key
      }
    case .set(let items): culprit = items.first(where: isMutable)
    default: break
    }
    mark = culprit?.span
    switch quoted() {
    case "list":
      say(
        "L106", "keys and elements of sets must not change: use a tuple, (1, 2) instead of [1, 2]")
    case "dict":
      say(
        "L106",
        "keys and elements of sets must not change: use a tuple of its items, or keep dicts in a list"
      )
    case "slice": say("L106", "a dict has no order to slice: write list(d.items())[0:1]")
    case "set": say("L106", "keys and elements of sets must not change: use frozenset(…)")
    default: say("L106", "keys and elements of sets must not change")
    }
  }

  private func isMutable(_ expression: Expression) -> Bool {
    switch expression.form {
    case .list, .dictionary, .set: true
    default: false
    }
  }

  private mutating func completeInteger() {
    let wanted = site.call?.arguments.first { argument in
      switch argument.value.form {
      case .float, .string: true
      case .binary(_, let steps): steps.contains { $0.operator == .divide }
      default: false
      }
    }
    mark = wanted?.value.span ?? onlyArgumentSpan
    if quoted() == "float" {
      say("L105", "a whole number is wanted: use int(), round() or // instead of /")
    } else if quoted() == "str" {
      let text = wanted.flatMap { site.text($0.value) } ?? onlyArgument ?? "…"
      say("L105", "a whole number is wanted: int(\(text))")
    } else {
      say("L105", "a whole number is wanted")
    }
  }
}
