/// Calls, functions and classes.
extension Compiler {
  func call(
    _ function: Expression, _ arguments: [CallArgument], into target: Int?
  ) throws(Diagnostic) -> Int {
    let whole = span
    if let target {
      return try scratch { () throws(Diagnostic) in
        let window = try self.window(function, arguments, whole)
        move(window, to: target)
        return target
      }
    }
    let saved = nextTemporary
    let window = try window(function, arguments, whole)
    // The result stays in the first register; the others are free again.
    nextTemporary = saved
    if nextTemporary <= window { nextTemporary = window + 1 }
    return window
  }

  /// Compiles a call; the register with its result.
  private func window(
    _ function: Expression, _ arguments: [CallArgument], _ whole: SourceSpan
  ) throws(Diagnostic) -> Int {
    var isPlain = true
    var namedCount = 0
    var names: Set<String> = []
    for argument in arguments {
      switch argument.kind {
      case .positional: if namedCount > 0 { isPlain = false }
      case .named(let name):
        namedCount += 1
        if !names.insert(name.text).inserted {
          throw Diagnostic(.syntax, "keyword argument repeated: \(name.text)", at: argument.span)
        }
      case .spread, .spreadNamed: isPlain = false
      }
    }
    if !isPlain || arguments.count > 250 { return try spreadCall(function, arguments, whole) }
    if case .name("super") = function.form, arguments.isEmpty, let register = try superCall() {
      return register
    }
    let window = temporary()
    if namedCount == 0, case .attribute(let base, let name) = function.form {
      let first = temporaries(1 + arguments.count)
      try value(base, into: first)
      // The method is looked up before its arguments, which is seen only when they run code.
      let isEarly = arguments.contains { $0.value.callsCode }
      let site = site(name.text)
      if isEarly {
        span = whole
        emit(.findMethod, a: window, b: site)
      }
      for (index, argument) in arguments.enumerated() {
        try value(argument.value, into: first + 1 + index)
      }
      span = whole
      emit(isEarly ? .callFound : .callMethod, x: arguments.count, a: window, b: site)
      return window
    }
    try value(function, into: window)
    let first = temporaries(arguments.count)
    var given: [Code.Constant] = []
    for (index, argument) in arguments.enumerated() {
      try value(argument.value, into: first + index)
      if case .named(let name) = argument.kind { given.append(.string(name.text)) }
    }
    span = whole
    if given.isEmpty {
      emit(.call, a: window, b: arguments.count)
    } else {
      emit(.callNamed, a: window, b: arguments.count, c: constant(.tuple(given)))
    }
    return window
  }

  /// A call with `*`, `**`, or more arguments than a window takes.
  private func spreadCall(
    _ function: Expression, _ arguments: [CallArgument], _ whole: SourceSpan
  ) throws(Diagnostic) -> Int {
    let window = temporaries(3)
    try value(function, into: window)
    emit(.makeList, a: window + 1, b: window + 1, c: 0)
    emit(.constant, a: window + 2, b: constant(.none))
    var hasNamed = false
    for argument in arguments {
      try scratch { () throws(Diagnostic) in
        switch argument.kind {
        case .positional:
          emit(.append, a: window + 1, b: try value(argument.value))
        case .spread:
          let register = try value(argument.value)
          span = argument.span
          emit(.extend, x: 1, a: window + 1, b: register, c: window)
        case .named(let name):
          openNamed(window, &hasNamed)
          let pair = temporary()
          emit(.makeDict, a: pair, b: pair, c: 0)
          try scratch { () throws(Diagnostic) in
            let key = temporary()
            load(.string(name.text), into: key)
            let register = try value(argument.value)
            emit(.setKey, a: pair, b: key, c: register)
          }
          emit(.update, x: 1, a: window + 2, b: pair, c: window)
        case .spreadNamed:
          openNamed(window, &hasNamed)
          let register = try value(argument.value)
          span = argument.span
          emit(.update, x: 1, a: window + 2, b: register, c: window)
        }
      }
    }
    span = whole
    emit(.callSpread, a: window)
    return window
  }

  private func openNamed(_ window: Int, _ hasNamed: inout Bool) {
    if !hasNamed { emit(.makeDict, a: window + 2, b: window + 2, c: 0) }
    hasNamed = true
  }

  /// `super()` inside a method; nil: it is an ordinary call.
  private func superCall() throws(Diagnostic) -> Int? {
    guard frame.kind == .function, code.signature.positionalCount > 0,
      let first = frame.bound.first, case .capture = try variable(Scope.classCell)
    else { return nil }
    let result = temporary()
    let receiver = try read(first)
    let owner = try read(Scope.classCell)
    emit(.superCall, a: result, b: receiver, c: owner)
    return result
  }

  // MARK: Functions

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
  private func writtenName(_ name: Identifier) -> String {
    name.text.hasPrefix("_") ? code.source.text(of: name.span) : name.text
  }

  private func qualified(_ name: String) -> String {
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

  /// A generator expression: a generator over the first iterable.
  func generatorExpression(
    _ comprehension: Comprehension, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      guard let inner = resolver.scopes[comprehension.scope] else { return result }
      let window = temporaries(2)
      try scratch { () throws(Diagnostic) in
        let source = try iterable(comprehension.clauses[0].iterable)
        span = comprehension.clauses[0].iterable.span
        emit(.delegate, a: window + 1, b: source)
      }
      let child = Code(name: "<genexpr>", source: code.source, span: span)
      child.qualifiedName = qualified("<genexpr>")
      child.isGenerator = true
      child.signature.names = [".0"]
      child.signature.positionalCount = 1
      let compiler = Compiler(
        inner, resolver: resolver, code: child, globals: globals, firstTemporary: 1)
      compiler.span = span
      compiler.emit(.pass)
      compiler.openParameters()
      let walk = compiler.temporaries(3)
      compiler.emit(.iterate, a: walk, b: 0)
      try compiler.generate(comprehension, 0, walk)
      compiler.emit(.returnNone)
      try compiler.closeFunction()
      try scratch { () throws(Diagnostic) in
        let parts = temporaries(2 + inner.captured.count)
        load(.none, into: parts)
        load(.none, into: parts + 1)
        captureBoxes(inner, parts + 2)
        emit(.makeFunction, a: window, b: add(child), c: parts)
      }
      emit(.call, a: window, b: 1)
      move(window, to: result)
      return result
    }
  }

  private func generate(
    _ comprehension: Comprehension, _ index: Int, _ walk: Int
  ) throws(Diagnostic) {
    let clause = comprehension.clauses[index]
    var (body, again) = (Label(), Label())
    emitJump(to: &again)
    place(&body)
    let element = elementRegister(clause.target)
    if element.isTemporary {
      try assign(clause.target, from: element.register)
    } else if case .name(let name) = clause.target.form {
      noteAssigned(element.register, name)
    }
    for condition in clause.conditions { try jump(unless: condition, to: &again) }
    try scratch { () throws(Diagnostic) in
      if index + 1 < comprehension.clauses.count {
        let inner = temporaries(3)
        try scratch { () throws(Diagnostic) in
          emit(.iterate, a: inner, b: try iterable(comprehension.clauses[index + 1].iterable))
        }
        try generate(comprehension, index + 1, inner)
      } else {
        let sent = temporary()
        try value(comprehension.element, into: sent)
        emit(.yield, a: sent)
      }
    }
    place(&again)
    span = clause.iterable.span
    jump(emit(.next, a: walk, b: element.register), to: &body)
  }

  // MARK: Classes

  /// Makes a class; its decorators are applied by the statement.
  func classValue(
    _ definition: ClassDefinition, into result: Int
  ) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      guard let inner = resolver.scopes[definition.scope] else { return }
      let parts = temporaries(4)
      let name = writtenName(definition.name)
      load(.string(qualified(name)), into: parts)
      if let base = definition.base {
        try value(base, into: parts + 1)
      } else {
        emit(.undefine, a: parts + 1, b: parts + 2)
      }
      emit(.makeDict, a: parts + 2, b: parts + 2, c: 0)
      try classKeywords(definition, into: parts + 3)
      let child = Code(name: name, source: code.source, span: span)
      child.qualifiedName = qualified(name)
      child.isClassBody = true
      child.signature.names = [".namespace"]
      child.signature.positionalCount = 1
      let compiler = Compiler(
        inner, resolver: resolver, code: child, globals: globals, firstTemporary: 1)
      compiler.span = span
      compiler.emit(.pass)
      if definition.body.hasAnnotations { try compiler.openAnnotations() }
      if let module = code.source.module { try compiler.setFact("__module__", .string(module)) }
      if inner.shared.contains(Scope.classCell) { compiler.openClassCell(inner) }
      if let documentation = definition.documentation {
        try compiler.setFact("__doc__", .string(documentation))
      }
      try compiler.compile(definition.body)
      if inner.shared.contains(Scope.classCell) { try compiler.handOverClassCell(inner) }
      compiler.emit(.returnNone)
      child.entry = 1
      try compiler.finish()
      try scratch { () throws(Diagnostic) in
        let window = temporaries(2)
        try scratch { () throws(Diagnostic) in
          let boxes = temporaries(2 + inner.captured.count)
          load(.none, into: boxes)
          load(.none, into: boxes + 1)
          captureBoxes(inner, boxes + 2)
          emit(.makeFunction, a: window, b: add(child), c: boxes)
        }
        move(parts + 2, to: window + 1)
        emit(.call, a: window, b: 1)
      }
      emit(.makeClass, a: result, b: parts)
    }
  }

  /// The named arguments of a class as a dict; undefined without any.
  private func classKeywords(
    _ definition: ClassDefinition, into register: Int
  ) throws(Diagnostic) {
    emit(.undefine, a: register, b: register + 1)
    for keyword in definition.keywords {
      guard case .named(let name) = keyword.kind else { continue }
      try scratch { () throws(Diagnostic) in
        let pair = temporaries(2)
        try value(keyword.value, into: pair + 1)
        var known = Label()
        jump(emit(.jumpDefined, a: register), to: &known)
        emit(.makeDict, a: register, b: register, c: 0)
        place(&known)
        load(.string(name.text), into: pair)
        emit(.setKey, a: register, b: pair, c: pair + 1)
      }
    }
  }

  /// Makes the box in which the functions of a class body will find the class.
  private func openClassCell(_ scope: Scope) {
    let register = temporary()
    setRegister(Scope.classCell, in: scope, register)
    emit(.undefine, a: register, b: register + 1)
    emit(.makeBox, a: register)
  }

  /// Leaves the box in the namespace, where making the class takes it from.
  private func handOverClassCell(_ scope: Scope) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let key = temporary()
      load(.string("__classcell__"), into: key)
      emit(.setKey, a: 0, b: key, c: register(Scope.classCell, in: scope))
    }
  }

  /// Gives a class body the dict that receives its annotations.
  private func openAnnotations() throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let pair = temporaries(2)
      load(.string("__annotations__"), into: pair)
      emit(.makeDict, a: pair + 1, b: pair + 1, c: 0)
      emit(.setKey, a: 0, b: pair, c: pair + 1)
    }
  }

  /// Keeps the text of an annotation in the class body it stands in; it is not evaluated.
  func keepAnnotation(_ target: Expression, _ annotation: Expression) throws(Diagnostic) {
    guard scope.kind == .classBody, case .name(let name) = target.form else { return }
    try scratch { () throws(Diagnostic) in
      let table = temporaries(3)
      emit(.getNamespace, a: table, b: 0, c: constant(.string("__annotations__")))
      load(.string(name), into: table + 1)
      load(.string(code.source.text(of: annotation.span)), into: table + 2)
      emit(.setItem, a: table, b: table + 1, c: table + 2)
    }
  }

  /// Puts a fact about a class into its namespace, which stands in register 0.
  private func setFact(_ name: String, _ fact: Code.Constant) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let pair = temporaries(2)
      load(.string(name), into: pair)
      load(fact, into: pair + 1)
      emit(.setKey, a: 0, b: pair, c: pair + 1)
    }
  }
}

extension [Statement] {
  /// Whether a name in them, or in the blocks of their `if`s and loops, is annotated.
  fileprivate var hasAnnotations: Bool {
    contains { statement in
      switch statement.form {
      case .annotate: true
      case .if(let branches, let otherwise):
        branches.contains { $0.body.hasAnnotations } || otherwise.hasAnnotations
      case .while(_, let body, let otherwise): body.hasAnnotations || otherwise.hasAnnotations
      case .for(_, _, let body, let otherwise): body.hasAnnotations || otherwise.hasAnnotations
      case .with(_, let body): body.hasAnnotations
      case .try(let attempt):
        attempt.body.hasAnnotations || attempt.otherwise.hasAnnotations
          || attempt.finally.hasAnnotations
          || attempt.handlers.contains { $0.body.hasAnnotations }
      default: false
      }
    }
  }
}
