/// One scope of names: the cell, a function, a class body or a comprehension.
final class Scope {
  enum Kind {
    case module
    case function
    case classBody
    /// A list, set or dict comprehension: names of its own, in the registers of its frame.
    case comprehension
  }

  /// Where a name lives, seen from a scope.
  enum Place {
    case global
    /// In a register of the same frame; in a box there when `isShared`.
    case local(Scope, isShared: Bool)
    /// In a box that the function captured.
    case captured
    /// In the namespace of the class body, or else where the outer place says.
    indirect case namespace(otherwise: Place)
  }

  let kind: Kind
  let parent: Scope?
  let name: String
  /// The names it binds, in the order of their first binding.
  private(set) var bound: [String] = []
  private var boundSet: Set<String> = []
  private(set) var used: Set<String> = []
  private(set) var globals: Set<String> = []
  private(set) var nonlocals: Set<String> = []
  /// Its own names that inner functions use.
  private(set) var shared: Set<String> = []
  /// The names of outer functions that it, or a function in it, uses; only of frames.
  private(set) var captured: [String] = []
  /// A comprehension or generator expression: `:=` in it binds outside.
  var isComprehensionLike = false
  /// Names that a statement deletes, so that they are never known to have a value.
  private(set) var deleted: Set<String> = []

  init(_ kind: Kind, parent: Scope?, name: String) {
    self.kind = kind
    self.parent = parent
    self.name = name
  }

  /// The scope whose registers it uses.
  var frame: Scope {
    var scope = self
    while scope.kind == .comprehension, let parent = scope.parent { scope = parent }
    return scope
  }

  /// The name under which the functions in a class find the class.
  static let classCell = "__class__"

  func bind(_ name: String) {
    if boundSet.insert(name).inserted { bound.append(name) }
  }

  func use(_ name: String) { used.insert(name) }
  func delete(_ name: String) { deleted.insert(name) }
  func binds(_ name: String) -> Bool { boundSet.contains(name) }

  func declareGlobal(_ name: String) { globals.insert(name) }
  func declareNonlocal(_ name: String) { nonlocals.insert(name) }

  /// The scope that owns a name used here; nil: it is global.
  private func owner(of name: String) -> Scope? {
    var scope: Scope? = self
    var isFirst = true
    while let current = scope {
      if current.kind == .module { return nil }
      // Methods share the class itself under this name.
      if !isFirst, current.kind == .classBody, name == Scope.classCell { return current }
      if isFirst || current.kind != .classBody {
        if current.globals.contains(name) { return nil }
        if current.binds(name), !current.nonlocals.contains(name), current.kind != .classBody {
          return current
        }
      }
      // A comprehension in a class body sees the class's names only in its first iterable.
      isFirst = false
      scope = current.parent
    }
    return nil
  }

  /// Finds the owners of all names used here, and makes functions between capture them.
  func settle() {
    for name in used.union(boundSet) {
      guard let owner = owner(of: name), owner.frame !== frame else { continue }
      owner.shared.insert(name)
      var inner: Scope? = frame
      while let current = inner, current !== owner.frame {
        if !current.captured.contains(name) { current.captured.append(name) }
        inner = current.parent?.frame
      }
    }
  }

  func place(of name: String) -> Place {
    if kind == .classBody, name == Scope.classCell, shared.contains(name) {
      return .local(self, isShared: true)
    }
    if kind == .classBody, !globals.contains(name), !nonlocals.contains(name) {
      return .namespace(otherwise: outer(name))
    }
    return outer(name)
  }

  private func outer(_ name: String) -> Place {
    guard let owner = owner(of: name) else { return .global }
    if owner.frame === frame { return .local(owner, isShared: owner.shared.contains(name)) }
    return .captured
  }
}
