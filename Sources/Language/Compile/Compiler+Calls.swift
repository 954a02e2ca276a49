/// Calls: the function and its arguments into a window of registers.
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
}
