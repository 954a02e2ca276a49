import Catalog

/// Arguments that do not fit a function: L105.
extension Advice {
  /// The text of a call's only argument.
  var onlyArgument: String? {
    guard let call = site.call, call.arguments.count >= 1 else { return nil }
    return site.text(call.arguments[0].value, limit: 30)
  }

  var onlyArgumentSpan: SourceSpan? { argument(0) }

  func argument(_ index: Int) -> SourceSpan? {
    guard let call = site.call, call.arguments.indices.contains(index) else { return nil }
    return call.arguments[index].value.span
  }

  mutating func completeCall() {
    guard let (function, arguments) = site.call else { return }
    if message.contains("unexpected keyword argument")
      || message.contains("invalid keyword argument")
      || message.contains("multiple values for argument") || message.contains("given by name")
      || message.contains("positional-only arguments passed")
    {
      let name = message.contains("invalid keyword") ? quoted() : quoted(0)
      for argument in arguments {
        if case .named(let identifier) = argument.kind, identifier.text == name {
          mark =
            message.contains("multiple values") || message.contains("given by name")
            ? argument.span : identifier.span
        }
      }
      if message.contains("multiple values") || message.contains("given by name") {
        note(callee.map { "it is defined as \($0)" })
        say("L105", "give it once, by place or by name")
      } else {
        say("L105", abbreviation(of: name ?? ""))
        say("L105", signatureHelp)
      }
      return
    }
    if message.contains("positional argument") && message.contains("given")
      || message.contains("takes exactly") || message.contains("takes at most")
      || message.contains("takes no arguments") || message.contains("expected at most")
    {
      let firstExtra = extraArgument(arguments)
      if let firstExtra { mark = firstExtra.span }
      if let hint = selfHint(function) { failure.help = hint }
      if message.hasSuffix("takes no arguments"), let value = site.values.first,
        value.tag == RawValue.Tag.type
      {
        let names = machine.attributeNames(value)
        let near = ["_init_", "__int__", "init", "__init", "_init__", "__inti__", "initialize"]
          .first(where: names.contains)
        failure.help =
          near.map { "\($0) has no meaning: name it __init__, with two _ on both sides" }
          ?? "give the class a method __init__(self, …)"
      }
      return say("L105", signatureHelp)
    }
    if message.contains("missing"), message.contains("argument") {
      mark = function.span
      if message.hasSuffix("'self'"), case .attribute(let base, let method) = function.form,
        let type = site.text(base)
      {
        failure.help = "make an object first: \(type)().\(method.text)()"
        if let value = machine.global(named: type), value.tag != RawValue.Tag.type {
          failure.help = nil
        }
      }
      if let near = misspeltName(arguments) { failure.help = near }
      return say("L105", signatureHelp)
    }
    if let position = message.firstRange(of: "argument '") {
      // A library's "argument 'units' must be int": under the value given for it.
      let name = String(message[position.upperBound...].prefix { $0 != "'" })
      for argument in arguments {
        if case .named(let identifier) = argument.kind, identifier.text == name {
          mark = argument.value.span
        }
      }
      if arguments.count == 1 { mark = arguments[0].value.span }
      if failure.exception == "ValueError" { say("L110", nil) }
      if failure.code == "L105" { say(nil, mismatchHelp) }
      say(nil, site.text(function).map { "help(\($0)) shows what it takes" })
      return
    }
    for type in ["int", "float"] where message.hasPrefix("\(type)() argument") {
      guard let text = onlyArgument else { continue }
      mark = onlyArgumentSpan
      let way =
        switch quoted() {
        case "NoneType":
          whyNone(arguments[0].value) ?? "\(text) is None; find out where it should get its value"
        case "Tensor" where type == "float":
          "it has several elements: take one, \(text)[0], or \(text).mean()"
        default: "convert each element: [\(type)(x) for x in \(text)]"
        }
      return say("L105", way)
    }
    if message.hasPrefix("ord() expected") {
      return say("L105", "take one character: ord(text[0])", mark: onlyArgumentSpan)
    }
    if message.hasPrefix("type str doesn't define __round__") {
      return say(
        "L105", onlyArgument.map { "convert it first: round(float(\($0)), …)" },
        mark: onlyArgumentSpan)
    }
    if failure.code == "L105" || message.hasPrefix("must be str") {
      if arguments.count == 1 { mark = arguments[0].value.span }
      say("L105", mismatchHelp)
    }
  }

  /// `str(5)` or `int("5")` for an argument of the wrong type.
  private var mismatchHelp: String? {
    guard let text = onlyArgument else { return nil }
    if message.contains("must be str") || message.contains("expected str") {
      return "a text is wanted: str(\(text))"
    }
    if message.contains("must be int"), message.contains("not str") {
      return "a whole number is wanted, without quotes"
    }
    if message.contains("real number is required") { return "a number is wanted: float(…)" }
    return nil
  }

  /// `greet(nmae="Ada")` leaves `name` missing: the misspelt name is the mistake.
  private mutating func misspeltName(_ arguments: [CallArgument]) -> String? {
    guard let missing = message.contains(": '") ? quoted(0) : nil else { return nil }
    for argument in arguments {
      guard case .named(let name) = argument.kind, name.text != missing else { continue }
      if Nearest.names(name.text, among: [missing]).isEmpty { continue }
      mark = name.span
      return "did you mean '\(missing)' instead of '\(name.text)'?"
    }
    return nil
  }

  /// The first argument beyond those that the message says are taken.
  private func extraArgument(_ arguments: [CallArgument]) -> CallArgument? {
    let words = message.split(separator: " " as Character)
    var takes: Int?
    for (index, word) in words.enumerated() where takes == nil {
      if word == "takes" || word == "most" || word == "to" || word == "exactly" {
        guard words.indices.contains(index + 1) else { continue }
        takes = words[index + 1] == "one" ? 1 : words[index + 1] == "no" ? 0 : Int(words[index + 1])
      }
    }
    guard var takes else { return nil }
    // A method counts its receiver, which is not among the arguments.
    let given = words.firstIndex(of: "but").flatMap { place in
      words.indices.contains(place + 1) ? Int(words[place + 1]) : nil
    }
    let positional = arguments.filter { argument in
      if case .positional = argument.kind { true } else { false }
    }
    if let given, given == positional.count + 1 { takes -= 1 }
    return positional.indices.contains(takes) ? positional[takes] : nil
  }

  /// `def bark():` in a class.
  private func selfHint(_ function: Expression) -> String? {
    guard case .attribute = function.form, let value = site.values.first,
      value.tag == RawValue.Tag.function
    else { return nil }
    let code = FunctionCell(value).code.facts
    guard code.qualifiedName.contains("."), !code.qualifiedName.contains("<locals>"),
      !["self", "cls"].contains(code.signature.names.first ?? "")
    else { return nil }
    let rest =
      code.signature.names.isEmpty ? "" : ", " + code.signature.names.joined(separator: ", ")
    return "a method takes the object first: def \(code.name)(self\(rest)):"
  }

  /// `area(width, height)` of the function that was called.
  private var callee: String? {
    guard let value = site.values.first else { return nil }
    switch value.tag {
    case RawValue.Tag.function: return FunctionCell(value).code.facts.shownSignature
    default: return nil
    }
  }

  /// `sep` for `seperator`: a parameter that the given name begins with, or the other way round.
  private func abbreviation(of name: String) -> String? {
    guard let value = calledValue, value.tag == RawValue.Tag.builtin else { return nil }
    let names = machine.builtins[BuiltinCell(value).index].entry.parameters.map(\.name)
    let near = names.first { known in
      known.count > 2 && (name.hasPrefix(known) || known.hasPrefix(name) && name.count > 1)
    }
    return near.map { "did you mean '\($0)'?" }
  }

  /// The function that was called, by its name or as a member of a module.
  private var calledValue: RawValue? {
    guard let function = site.call?.function else { return nil }
    if let name = function.name { return machine.global(named: name) }
    guard case .attribute(let base, let member) = function.form, let name = base.name,
      let module = machine.global(named: name), module.tag == RawValue.Tag.native,
      NativeCell(module).object is Module
    else { return nil }
    return try? machine.attribute(module, machine.heap.intern(member.text), isOptional: true)
  }

  private var signatureHelp: String? {
    if let callee { return "it is defined as \(callee)" }
    if let value = calledValue, value.tag == RawValue.Tag.builtin {
      return "it is called as \(machine.builtins[BuiltinCell(value).index].entry.signature)"
    }
    return nil
  }
}
