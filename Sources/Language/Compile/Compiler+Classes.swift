/// Classes: their bodies as functions that fill a namespace.
extension Compiler {
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
      let compiler = opened(inner, name, parameter: ".namespace")
      let child = compiler.code
      child.isClassBody = true
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
        try makeFunction(child, inner, into: window)
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
