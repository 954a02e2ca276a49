extension Checks {
  /// What is known of the names of a scope, as CPython's symbol table keeps it.
  struct Scope {
    enum Kind {
      case cell, function, `class`
      case listComprehension, setComprehension, dictionaryComprehension, generator

      var isComprehension: Bool {
        switch self {
        case .cell, .function, .class: false
        case .listComprehension, .setComprehension, .dictionaryComprehension, .generator: true
        }
      }
    }

    let kind: Kind
    let parent: Int?
    var names: [String: Facts] = [:]
    var nonlocals: [Identifier] = []

    init(kind: Kind, parent: Int?) {
      self.kind = kind
      self.parent = parent
    }
  }

  /// How a scope uses a name.
  struct Facts: OptionSet {
    let rawValue: UInt8

    static let local = Facts(rawValue: 1)
    static let parameter = Facts(rawValue: 2)
    static let used = Facts(rawValue: 4)
    static let global = Facts(rawValue: 8)
    static let nonlocal = Facts(rawValue: 16)
    static let annotated = Facts(rawValue: 32)
    /// Bound by the `for` of a comprehension.
    static let iteration = Facts(rawValue: 64)
    /// Bound by a walrus inside a comprehension.
    static let named = Facts(rawValue: 128)

    static let bound: Facts = [.local, .parameter]
  }

  mutating func addNameError(_ message: String, _ span: SourceSpan, code: String? = nil) {
    nameErrors.append(Diagnostic(.syntax, message, at: span, code: code))
  }

  mutating func use(_ name: String) { scopes[scope].names[name, default: []].insert(.used) }

  mutating func define(_ name: String, _ span: SourceSpan, _ fact: Facts) {
    if name == "__debug__" { misplaced("cannot assign to __debug__", span) }
    scopes[scope].names[name, default: []].formUnion(fact)
  }

  /// `global` or `nonlocal`: comes before every other use in the scope.
  mutating func declare(_ names: [Identifier], _ fact: Facts, _ span: SourceSpan) {
    let word = fact == .global ? "global" : "nonlocal"
    for name in names {
      let facts = scopes[scope].names[name.text] ?? []
      if facts.contains(.parameter) {
        addNameError("name '\(name.text)' is parameter and \(word)", span)
      } else if facts.contains(.used) {
        addNameError("name '\(name.text)' is used prior to \(word) declaration", span)
      } else if facts.contains(.annotated) {
        addNameError("annotated name '\(name.text)' can't be \(word)", span)
      } else if facts.contains(.local) {
        addNameError("name '\(name.text)' is assigned to before \(word) declaration", span)
      }
      scopes[scope].names[name.text, default: []].insert(fact)
      if fact == .nonlocal { scopes[scope].nonlocals.append(name) }
    }
  }

  mutating func annotate(
    _ target: Expression, isPlainName: Bool, hasValue: Bool, _ span: SourceSpan
  ) {
    guard case .name(let name) = target.form else {
      if case .attribute(let base, _) = target.form { visit(base) } else { visit(target) }
      return
    }
    let facts = scopes[scope].names[name] ?? []
    if isPlainName, scopes[scope].kind != .cell {
      if facts.contains(.global) { addNameError("annotated name '\(name)' can't be global", span) }
      if facts.contains(.nonlocal) {
        addNameError("annotated name '\(name)' can't be nonlocal", span)
      }
    }
    if isPlainName {
      define(name, target.span, [.annotated, .local])
    } else if hasValue {
      define(name, target.span, .local)
    }
  }

  /// `name := value`, which binds in the function around the comprehensions it stands in.
  mutating func bindNamed(_ name: Identifier, _ span: SourceSpan) {
    if iterableDepth > 0 {
      addNameError(
        "assignment expression cannot be used in a comprehension iterable expression", span)
      return
    }
    guard scopes[scope].kind.isComprehension else {
      define(name.text, name.span, .local)
      return
    }
    var target = scope
    while scopes[target].kind.isComprehension {
      if scopes[target].names[name.text]?.contains(.iteration) == true {
        addNameError(
          "assignment expression cannot rebind comprehension iteration variable '\(name.text)'",
          span)
        return
      }
      scopes[target].names[name.text, default: []].insert(.named)
      guard let parent = scopes[target].parent else { return }
      target = parent
    }
    if scopes[target].kind == .class {
      addNameError(
        "assignment expression within a comprehension cannot be used in a class body", span)
      return
    }
    let facts = scopes[target].names[name.text] ?? []
    if facts.isDisjoint(with: [.global, .nonlocal]) {
      scopes[target].names[name.text] = facts.union(.local)
    }
  }

  /// Names bound by the `for` of a comprehension.
  mutating func bindIteration(_ target: Expression) {
    switch target.form {
    case .name(let name):
      if scopes[scope].names[name]?.contains(.named) == true {
        addNameError(
          "comprehension inner loop cannot rebind assignment expression target '\(name)'",
          target.span)
      }
      define(name, target.span, [.local, .iteration])
    case .tuple(let items), .list(let items): for item in items { bindIteration(item) }
    case .starred(let value): bindIteration(value)
    default: visit(target)
    }
  }

  // MARK: After everything was read

  /// Every `nonlocal` needs a function around it that binds the name.
  mutating func checkNonlocals() {
    for (number, scope) in scopes.enumerated() {
      for name in scope.nonlocals {
        if scope.names[name.text]?.contains(.global) == true {
          addNameError("name '\(name.text)' is nonlocal and global", name.span)
        } else if number == 0 {
          addNameError("nonlocal declaration not allowed at module level", name.span)
        } else if !isBound(name.text, around: number) {
          addNameError("no binding for nonlocal '\(name.text)' found", name.span)
        }
      }
    }
  }

  private func isBound(_ name: String, around number: Int) -> Bool {
    var current = scopes[number].parent
    while let index = current {
      let scope = scopes[index]
      current = scope.parent
      // Every class binds it for its methods.
      if scope.kind == .class, name == "__class__" { return true }
      guard scope.kind != .cell, scope.kind != .class, let facts = scope.names[name] else {
        continue
      }
      if facts.contains(.global) { return false }
      if !facts.isDisjoint(with: .bound), !facts.contains(.nonlocal) { return true }
    }
    return false
  }
}
