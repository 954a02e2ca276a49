/// `try`, `with`, and jumps out of them.
extension Compiler {
  // MARK: Regions

  private func openRegion() -> Int {
    regions.append(Region(parts: [], open: here))
    return regions.count - 1
  }

  private func closeRegion(_ index: Int) {
    if let start = regions[index].open, start < here {
      regions[index].parts.append((start, here))
    }
    regions[index].open = nil
  }

  /// Sends the exceptions of a region to a place.
  private func handle(_ index: Int, at target: Int, register: Int) {
    for part in regions[index].parts {
      code.handlers.append(
        CodeCell.Handler(
          start: Int32(part.start), end: Int32(part.end), target: Int32(target),
          register: Int32(register)))
    }
  }

  private func region(of block: Block) -> Int? {
    switch block {
    case .protected(let region), .finally(let region, _), .context(let region, _): region
    case .loop, .handler: nil
    }
  }

  /// Leaves all blocks from the innermost down to `depth`, for a jump out of them.
  ///
  /// - Returns: the blocks, for `reopen` after the jump.
  func unwind(to depth: Int) throws(Diagnostic) -> [Block] {
    let left = Array(blocks[depth...])
    for block in left.reversed() {
      blocks.removeLast()
      if let region = region(of: block) { closeRegion(region) }
      switch block {
      case .loop, .protected: break
      case .handler(let saved, let name):
        emit(.leaveHandler, a: saved)
        if let name { try forget(name.text) }
      case .finally(_, let statements):
        let outer = flow
        try compile(statements)
        // What is after the jump does not see what the copy did.
        let isReachable = flow.isReachable
        flow = outer
        flow.isReachable = isReachable
      case .context(_, let exit):
        try scratch { () throws(Diagnostic) in
          let none = temporary()
          load(.none, into: none)
          emit(.exitContext, a: exit, b: none)
        }
      }
    }
    return left
  }

  func reopen(_ left: [Block]) {
    for block in left {
      blocks.append(block)
      if let region = region(of: block) { regions[region].open = here }
    }
  }

  // MARK: try

  func compileTry(_ statement: TryStatement) throws(Diagnostic) {
    if statement.finally.isEmpty { return try compileExcept(statement) }
    let region = openRegion()
    blocks.append(.finally(region, statement.finally))
    let before = flow
    if statement.handlers.isEmpty {
      try compile(statement.body)
    } else {
      try compileExcept(statement)
    }
    blocks.removeLast()
    closeRegion(region)
    let after = flow
    var end = Label()
    try compile(statement.finally)
    let final = flow
    emitJump(to: &end)
    // The same statements for an exception that goes on afterwards.
    let exception = temporary()
    let saved = temporary()
    handle(region, at: here, register: exception)
    flow = before
    emit(.enterHandler, a: saved, b: exception)
    let cleanup = openRegion()
    blocks.append(.protected(cleanup))
    blocks.append(.handler(saved: saved, name: nil))
    try compile(statement.finally)
    blocks.removeLast(2)
    closeRegion(cleanup)
    raiseOn(exception, saved)
    raiseOn(from: cleanup, saved)
    flow = final
    flow.isReachable = after.isReachable && final.isReachable
    place(&end)
  }

  /// Leaves a handler with an exception that goes on.
  private func raiseOn(_ exception: Int, _ saved: Int) {
    emit(.leaveHandler, a: saved)
    emit(.reraise, a: exception)
  }

  /// Lets what a handler itself raises go on, out of its region.
  private func raiseOn(from cleanup: Int, _ saved: Int) {
    let other = temporary()
    handle(cleanup, at: here, register: other)
    raiseOn(other, saved)
  }

  private func compileExcept(_ statement: TryStatement) throws(Diagnostic) {
    let before = flow
    let region = openRegion()
    blocks.append(.protected(region))
    try compile(statement.body)
    blocks.removeLast()
    closeRegion(region)
    var end = Label()
    try compile(statement.otherwise)
    var result = flow
    if flow.isReachable { emitJump(to: &end) }
    let exception = temporary()
    let saved = temporary()
    handle(region, at: here, register: exception)
    emit(.enterHandler, a: saved, b: exception)
    let cleanup = openRegion()
    var hasBare = false
    for handler in statement.handlers {
      flow = before
      span = handler.span
      var next = Label()
      if let type = handler.type {
        try scratch { () throws(Diagnostic) in
          let register = try value(type)
          span = type.span
          jump(emit(.jumpUnlessMatch, a: exception, b: register), to: &next)
        }
      } else {
        hasBare = true
      }
      if let name = handler.name { try store(exception, to: name.text) }
      // An exception in the body takes the name away before it goes on.
      blocks.append(.protected(cleanup))
      blocks.append(.handler(saved: saved, name: handler.name))
      if let name = handler.name {
        let inner = openRegion()
        blocks.append(.protected(inner))
        try compile(handler.body)
        blocks.removeLast()
        closeRegion(inner)
        blocks.removeLast(2)
        if flow.isReachable {
          emit(.leaveHandler, a: saved)
          try forget(name.text)
          emitJump(to: &end)
        }
        result.merge(flow)
        let other = temporary()
        handle(inner, at: here, register: other)
        try forget(name.text)
        raiseOn(other, saved)
      } else {
        try compile(handler.body)
        blocks.removeLast(2)
        if flow.isReachable {
          emit(.leaveHandler, a: saved)
          emitJump(to: &end)
        }
        result.merge(flow)
      }
      place(&next)
    }
    closeRegion(cleanup)
    if !hasBare {
      raiseOn(exception, saved)
    }
    raiseOn(from: cleanup, saved)
    flow = result
    place(&end)
  }

  // MARK: with

  func compileWith(
    _ items: ArraySlice<WithItem>, _ body: [Statement]
  ) throws(Diagnostic) {
    guard let item = items.first else { return try compile(body) }
    let whole = span
    let exit = temporaries(2)
    try scratch { () throws(Diagnostic) in
      let manager = try value(item.context)
      span = item.context.span
      emit(.enterContext, a: exit, b: manager)
    }
    let before = flow
    let region = openRegion()
    blocks.append(.context(region, exit: exit))
    if let target = item.target { try assign(target, from: exit + 1) }
    span = whole
    try compileWith(items.dropFirst(), body)
    blocks.removeLast()
    closeRegion(region)
    let after = flow
    var end = Label()
    if flow.isReachable {
      let none = temporary()
      load(.none, into: none)
      emit(.exitContext, a: exit, b: none)
      emitJump(to: &end)
    }
    let exception = temporary()
    let saved = temporary()
    let result = temporary()
    handle(region, at: here, register: exception)
    emit(.enterHandler, a: saved, b: exception)
    let cleanup = openRegion()
    move(exception, to: result)
    emit(.exitContext, a: exit, b: result)
    var swallowed = Label()
    jump(emit(.jumpIf, x: 1, a: result), to: &swallowed)
    closeRegion(cleanup)
    raiseOn(exception, saved)
    raiseOn(from: cleanup, saved)
    place(&swallowed)
    emit(.leaveHandler, a: saved)
    // After a swallowed exception nothing of the body is certain.
    flow = before
    if after.isReachable { flow.merge(after) }
    place(&end)
  }
}
