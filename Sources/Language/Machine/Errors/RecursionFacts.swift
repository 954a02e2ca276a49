/// What to say of a recursion without an end.
extension Machine {
  /// What the calls on the stack say about a recursion that went too deep.
  func recursionFacts() -> (notes: [String], help: String) {
    let top = unsafe state.pointee.frame
    let code = unsafe CodeCell(Cell(UnsafeMutableRawPointer(top.pointee.code)))
    let facts = code.facts
    guard facts.signature.positionalCount > 0 else {
      return ([], "let the function end by itself in some case: was no base case reached?")
    }
    // The outermost call of the same function.
    var frame = unsafe frames + 1
    while unsafe frame < top, unsafe frame.pointee.code != code.at { unsafe frame += 1 }
    guard unsafe frame < top else { return ([], "was no base case reached?") }
    var changed = false
    var notes: [String] = []
    for index in 0..<facts.signature.positionalCount {
      let (first, last) = unsafe (frame.pointee.base[index], top.pointee.base[index])
      if first.isIdentical(to: last) { continue }
      changed = true
      if notes.isEmpty, first.number != nil, last.number != nil {
        notes.append(
          "\(facts.signature.names[index]) was \(brief(first)) in the first call of "
            + "\(facts.name) and \(brief(last)) in the last")
      }
    }
    return (
      notes,
      changed
        ? "was no base case reached? Each call must come closer to it"
        : "the arguments never changed: was no base case reached? Each call must come closer to it"
    )
  }
}
