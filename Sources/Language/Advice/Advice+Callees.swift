import Catalog

/// What to write when something that is no function is called: L106.
extension Advice {
  mutating func completeCallee() {
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
}
