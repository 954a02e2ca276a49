public import Catalog

extension Machine {
  /// Parses a cell or file as a whole and runs it, telling the values of calls that stand as
  /// statements of their own at its top.
  ///
  /// - Parameter passing: receives the values of all such calls but the last statement's.
  /// - Returns: the value of the last statement when it is an expression and not None.
  public func run(_ source: Source, passing: (Value) throws -> Void) throws -> Value? {
    let tree: Tree
    do {
      tree = try Tree.parse(source).checked()
    } catch {
      throw error.failure(in: source)
    }
    do {
      return try runPieces(of: tree, passing: passing)
    } catch let failure as Failure {
      if let line = failure.frames.first?.line { notePlaces(tree, upTo: line) }
      throw failure
    }
  }

  private func runPieces(
    of tree: Tree, passing: (Value) throws -> Void
  ) throws -> Value? {
    let source = tree.source
    var first = 0
    for (index, statement) in tree.body.dropLast().enumerated() where statement.isCall {
      let piece = Tree(
        source: source, body: Array(tree.body[first...index]), scopeCount: tree.scopeCount,
        endsQuietly: false)
      first = index + 1
      if let value = try run(piece) { try passing(value) }
    }
    guard first > 0 else { return try run(tree) }
    return try run(
      Tree(
        source: source, body: Array(tree.body[first...]), scopeCount: tree.scopeCount,
        endsQuietly: tree.endsQuietly))
  }
}

extension Statement {
  /// Whether it is a call of something else than `print`.
  fileprivate var isCall: Bool {
    guard case .expression(let expression) = form, case .call(let function, _) = expression.form
    else {
      return false
    }
    if case .name("print") = function.form { return false }
    return true
  }
}
