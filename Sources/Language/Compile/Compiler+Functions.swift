/// Functions: their code, their parameters, and what they capture.
extension Compiler {
  /// A `def` or `lambda`: makes the function; its decorators are applied by the statement.
  func function(_ function: Function, into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      guard let inner = resolver.scopes[function.scope] else { return result }
      let parts = temporaries(2 + inner.captured.count)
      try defaults(function, parts)
      let index = try compile(function, inner)
      captureBoxes(inner, parts + 2)
      emit(.makeFunction, a: result, b: index, c: parts)
      return result
    }
  }

  private func defaults(_ function: Function, _ parts: Int) throws(Diagnostic) {
    let positional = function.parameters.filter {
      ($0.kind == .positional || $0.kind == .positionalOnly) && $0.default != nil
    }
    let named = function.parameters.filter { $0.kind == .keywordOnly && $0.default != nil }
    if positional.isEmpty {
      load(.none, into: parts)
    } else {
      try scratch { () throws(Diagnostic) in
        let first = temporaries(positional.count)
        for (index, parameter) in positional.enumerated() {
          if let expression = parameter.default { try value(expression, into: first + index) }
        }
        emit(.makeTuple, a: parts, b: first, c: positional.count)
      }
    }
    if named.isEmpty {
      load(.none, into: parts + 1)
    } else {
      try scratch { () throws(Diagnostic) in
        let first = temporaries(named.count * 2)
        for (index, parameter) in named.enumerated() {
          load(.string(parameter.name.text), into: first + 2 * index)
          if let expression = parameter.default {
            try value(expression, into: first + 2 * index + 1)
          }
        }
        emit(.makeDict, a: parts + 1, b: first, c: named.count)
      }
    }
  }

  /// The boxes a function captures, in the order of its names.
  func captureBoxes(_ inner: Scope, _ first: Int) {
    for (index, name) in inner.captured.enumerated() {
      switch scope.place(of: name) {
      case .local(let owner, _): move(register(name, in: owner), to: first + index)
      case .captured, .namespace: emit(.captureBox, a: first + index, b: captures[name] ?? 0)
      case .global: break
      }
    }
  }

  /// A name as it stands in the source, without the class that a private one gets.
  func writtenName(_ name: Identifier) -> String {
    name.text.hasPrefix("_") ? code.source.text(of: name.span) : name.text
  }

  func qualified(_ name: String) -> String {
    switch frame.kind {
    case .module: name
    case .classBody: "\(code.qualifiedName).\(name)"
    default: "\(code.qualifiedName).<locals>.\(name)"
    }
  }

  /// Compiles the code of a function; the index of the constant that holds it.
  private func compile(_ function: Function, _ inner: Scope) throws(Diagnostic) -> Int {
    let name = function.name.map(writtenName) ?? "<lambda>"
    let code = Code(name: name, source: self.code.source, span: span)
    code.qualifiedName = qualified(name)
    code.documentation = function.documentation
    code.isGenerator = function.isGenerator
    code.signature = signature(function)
    for parameter in function.parameters {
      guard let annotation = parameter.annotation else { continue }
      code.annotations.append((parameter.name.text, code.source.text(of: annotation.span)))
    }
    if let result = function.returns {
      code.annotations.append(("return", code.source.text(of: result.span)))
    }
    guard function.parameters.count <= 255 else {
      throw limit("too many parameters: the limit is 255")
    }
    let compiler = Compiler(
      inner, resolver: resolver, code: code, globals: globals,
      firstTemporary: code.signature.registerCount)
    compiler.span = span
    try compiler.compileBody(function)
    return add(code)
  }

  func add(_ child: Code) -> Int {
    code.children.append(child)
    return constant(.code(code.children.count - 1))
  }

  // MARK: Class bodies and generator expressions

  /// A compiler of code that takes one argument and is called where it stands.
  func opened(_ inner: Scope, _ name: String, parameter: String) -> Compiler {
    let child = Code(name: name, source: code.source, span: span)
    child.qualifiedName = qualified(name)
    child.signature.names = [parameter]
    child.signature.positionalCount = 1
    let compiler = Compiler(
      inner, resolver: resolver, code: child, globals: globals, firstTemporary: 1)
    compiler.span = span
    compiler.emit(.pass)
    return compiler
  }

  /// Makes the function of such code.
  func makeFunction(_ child: Code, _ inner: Scope, into target: Int) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let parts = temporaries(2 + inner.captured.count)
      load(.none, into: parts)
      load(.none, into: parts + 1)
      captureBoxes(inner, parts + 2)
      emit(.makeFunction, a: target, b: add(child), c: parts)
    }
  }

  // MARK: Parameters and bodies

  private func signature(_ function: Function) -> Code.Signature {
    var signature = Code.Signature()
    var (positional, named): ([String], [String]) = ([], [])
    var (rest, restNamed): (String?, String?) = (nil, nil)
    var shown: [String: String] = [:]
    for parameter in function.parameters {
      if let value = parameter.default {
        shown[parameter.name.text] = code.source.text(of: value.span)
      }
      switch parameter.kind {
      case .positionalOnly:
        positional.append(parameter.name.text)
        signature.positionalOnlyCount += 1
      case .positional: positional.append(parameter.name.text)
      case .keywordOnly: named.append(parameter.name.text)
      case .rest: rest = parameter.name.text
      case .restNamed: restNamed = parameter.name.text
      }
      if parameter.default != nil, parameter.kind != .keywordOnly { signature.defaultCount += 1 }
    }
    signature.names = positional + named + [rest, restNamed].compactMap { $0 }
    signature.positionalCount = positional.count
    signature.keywordOnlyCount = named.count
    signature.hasRest = rest != nil
    signature.hasNamed = restNamed != nil
    for (index, name) in signature.names.enumerated() {
      signature.shownDefaults[index] = shown[name]
    }
    return signature
  }

  /// The body of a function: parameters are in their registers, other locals come after them.
  private func compileBody(_ function: Function) throws(Diagnostic) {
    emit(.pass)
    openParameters()
    switch function.body {
    case .expression(let expression):
      let register = try value(expression)
      emit(.return, a: register)
    case .block(let statements):
      try compile(statements)
      if flow.isReachable { emit(.returnNone) }
    }
    try closeFunction()
  }

  func openParameters() {
    let names = code.signature.names
    for (register, name) in names.enumerated() {
      setRegister(name, in: frame, register)
      flow.assigned.insert(register)
      code.localNames.append((name, register))
    }
    for name in frame.bound
    where !names.contains(name) && !frame.globals.contains(name) && !frame.nonlocals.contains(name)
    {
      let register = temporary()
      setRegister(name, in: frame, register)
      code.localNames.append((name, register))
    }
    for name in frame.bound where frame.shared.contains(name) {
      let register = self.register(name, in: frame)
      if !names.contains(name) { emit(.undefine, a: register, b: register + 1) }
      emit(.makeBox, a: register)
    }
  }

  func closeFunction() throws(Diagnostic) {
    let parameters = code.signature.registerCount
    let end = parameters + code.localNames.count - code.signature.names.count
    if needsUndefine, end > parameters {
      code.instructions[0] = Instruction(.undefine, a: parameters, b: end)
      code.entry = 0
    } else {
      code.entry = 1
    }
    try finish()
  }
}
