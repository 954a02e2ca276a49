internal import Language

/// Services on the evaluator's own thread, for consoles that wait for it anyway.
extension Session {
  /// Completes a text at a cursor, counted in code points; runs no script code.
  public func complete(_ text: String, at cursor: Int) -> Completion {
    Completion(of: text, at: cursor, folder: options.directory) { wanted in directory(for: wanted) }
  }

  /// What is known of the name at a cursor, counted in code points; runs no script code.
  public func inspect(_ text: String, at cursor: Int, detail: Int = 0) -> Inspection? {
    Inspection(of: text, at: cursor, detail: detail) { wanted in directory(for: wanted) }
  }

  private func directory(for wanted: Wanted) -> Directory {
    var (items, isComplete) = roll.update(from: machine)
    while !isComplete { (items, isComplete) = roll.update(from: machine) }
    return Directory(items, details: wanted.details(in: machine))
  }
}
