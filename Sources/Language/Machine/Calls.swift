import Catalog

extension Machine {
  /// Calls anything callable from Swift code.
  ///
  /// May run script code, so values in Swift locals must be kept in a `HandleScope`; the function
  /// and the arguments are kept here.
  func call(_ function: RawValue, _ arguments: [RawValue]) throws(Thrown) -> RawValue {
    try call(function, arguments, named: [])
  }

  /// Calls with one argument.
  func call(_ function: RawValue, with argument: RawValue) throws(Thrown) -> RawValue {
    let saved = unsafe state.pointee.scratch
    guard unsafe saved + 16 < stackEnd else { throw stackOverflow() }
    let window = unsafe Registers(saved)
    window[0] = function
    window[1] = argument
    unsafe state.pointee.scratch = saved + 2
    defer { unsafe state.pointee.scratch = saved }
    return try invoke(window, 1, nil)
  }

  @inline(never)
  func call(
    _ function: RawValue, _ arguments: [RawValue], named: [(StringCell, RawValue)]
  ) throws(Thrown) -> RawValue {
    let saved = unsafe state.pointee.scratch
    let count = arguments.count + named.count
    guard unsafe saved + count + 8 < stackEnd else { throw stackOverflow() }
    let window = unsafe Registers(saved)
    window[0] = function
    for (index, value) in arguments.enumerated() { window[1 + index] = value }
    for (index, item) in named.enumerated() { window[1 + arguments.count + index] = item.1 }
    unsafe state.pointee.scratch = saved + 1 + count
    defer { unsafe state.pointee.scratch = saved }
    var names: TupleCell?
    if !named.isEmpty {
      let made = heap.newTuple(named.map { $0.0.value })
      unsafe state.pointee.scratch.pointee = made.value
      unsafe state.pointee.scratch += 1
      names = made
    }
    return try invoke(window, count, names)
  }

  /// Calls what stands in register 0 of the window with `count` arguments after it, the last of
  /// them named; runs script code to its end.
  func invoke(_ window: Registers, _ count: Int, _ names: TupleCell?) throws(Thrown) -> RawValue {
    let before = unsafe state.pointee.frame
    switch try begin(window, count, names) {
    case .done: return window[0]
    case .entered:
      unsafe state.pointee.frame.pointee.flags |= FrameFlag.entry
      guard unsafe state.pointee.nesting < limits.nesting else {
        unsafe state.pointee.frame = before
        throw nestingError()
      }
      do throws(Thrown) {
        try checkStack()
      } catch {
        unsafe state.pointee.frame = before
        throw error
      }
      unsafe state.pointee.nesting += 1
      let scratch = unsafe state.pointee.scratch
      defer {
        unsafe state.pointee.nesting -= 1
        unsafe state.pointee.scratch = scratch
      }
      return try execute()
    }
  }

  /// What `begin` did.
  enum Start {
    /// The result stands in register 0 of the window.
    case done
    /// A frame has been pushed.
    case entered
  }

  /// Starts a call: pushes a frame for script code, or runs a builtin to its end.
  @inline(never)
  func begin(_ window: Registers, _ count: Int, _ names: TupleCell?) throws(Thrown) -> Start {
    let callee = window[0]
    switch callee.tag {
    case RawValue.Tag.function:
      try bindArguments(FunctionCell(callee), window.advanced(by: 1), count, names)
      if FunctionCell(callee).code.facts.isGenerator {
        window[0] = newGenerator(FunctionCell(callee), window.advanced(by: 1))
        return .done
      }
      try push(FunctionCell(callee), window.advanced(by: 1), flags: 0)
      return .entered
    case RawValue.Tag.builtin:
      window[0] = try callBuiltin(
        BuiltinCell(callee).index, window.advanced(by: 1), count, names, hasReceiver: false)
      return .done
    case RawValue.Tag.method:
      let method = MethodCell(callee)
      // The receiver becomes the first argument.
      try shift(window, from: 1, count)
      window[1] = method.receiver
      window[0] = method.function
      return try begin(window, count + 1, names)
    case RawValue.Tag.type:
      return try construct(TypeCell(callee), window, count, names)
    case RawValue.Tag.native:
      let object = NativeCell(callee).object
      let arguments = catalogArguments(window.advanced(by: 1), count, names, receiver: nil)
      window[0] = try library { try object.call(arguments) }
      return .done
    case RawValue.Tag.instance, RawValue.Tag.exception:
      guard isScripted(callee) else { break }
      guard let method = type(of: callee).own(self.names.call) else {
        guard let object = peerObject(callee) else { break }
        let arguments = catalogArguments(window.advanced(by: 1), count, names, receiver: nil)
        window[0] = try library { try object.call(arguments) }
        return .done
      }
      guard method.tag == RawValue.Tag.function else {
        try checkStack()
        window[0] = try resolve(method, for: callee, type(of: callee))
        return try begin(window, count, names)
      }
      try shift(window, from: 1, count)
      window[1] = callee
      window[0] = method
      return try begin(window, count + 1, names)
    default:
      if isTypeExpression(callee), DescriptorCell(Cell(callee)).form == .alias {
        window[0] = DescriptorCell(Cell(callee)).getter
        return try begin(window, count, names)
      }
    }
    throw notCallable(callee)
  }

  func notCallable(_ value: RawValue) -> Thrown {
    error(.type, "'\(typeName(value))' object is not callable", code: "L106", about: [value])
  }

  /// Moves `count` registers from `start` up by one.
  func shift(_ window: Registers, from start: Int, _ count: Int) throws(Thrown) {
    guard unsafe window.base + start + count + 8 < stackEnd else { throw stackOverflow() }
    var index = start + count
    while index > start {
      window[index] = window[index - 1]
      index -= 1
    }
    let end = unsafe window.base + start + count + 1
    if unsafe state.pointee.scratch < end { unsafe state.pointee.scratch = end }
  }

  /// Too much Swift code that was called from scripts that it called.
  @inline(never)
  func nestingError() -> Thrown {
    error(
      .recursion, "maximum recursion depth exceeded", code: "L111",
      notes: ["functions that the library calls may call it again \(limits.nesting) times deep"])
  }

  func stackOverflow() -> Thrown {
    let (notes, help) = recursionFacts()
    return error(
      .recursion, "maximum recursion depth exceeded", code: "L111",
      notes: ["the limit is \(limits.recursion) calls inside one another"] + notes, help: help)
  }

  /// Pushes a frame whose registers start at `base`.
  @inline(__always)
  func push(_ function: FunctionCell, _ base: Registers, flags: UInt64) throws(Thrown) {
    let code = function.code
    let frame = unsafe state.pointee.frame + 1
    guard unsafe frame < framesEnd, unsafe base.base + code.registerCount + 64 < stackEnd else {
      throw stackOverflow()
    }
    unsafe frame.pointee = Frame(
      next: code.instructions + code.at.pointee.entry, base: base.base,
      top: base.base + code.registerCount, code: code.at,
      function: function.cell.pointer, flags: flags, generator: nil)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = base.base + code.registerCount
  }

  // MARK: Script functions

  /// Brings the arguments of a call into the registers of the parameters.
  func bindArguments(
    _ function: FunctionCell, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) {
    if names == nil, unsafe count == function.code.at.pointee.simpleArity { return }
    if try bindPlainly(function, base, count, names) { return }
    try bindSlowly(function, base, count, names)
  }

  /// Binds a call of a function without `*rest` and `**named`; false: another way is needed.
  @inline(never)
  private func bindPlainly(
    _ function: FunctionCell, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> Bool {
    let code = unsafe function.at.pointee.code
    let namedCount = names?.count ?? 0
    let given = count - namedCount
    let (positional, total) = unsafe (code.pointee.positionalCount, code.pointee.parameterCount)
    guard unsafe code.pointee.isPlain, given <= positional, namedCount <= 64,
      unsafe base.base + total + 2 * count + 64 < stackEnd
    else { return false }
    if let names {
      let parameters = unsafe code.pointee.parameterNames
      // All names must be known before anything is moved.
      var places: UInt64 = 0
      for index in 0..<namedCount {
        var place = unsafe code.pointee.positionalOnlyCount
        while unsafe place < total && parameters[place].bits != names[index].bits { place += 1 }
        guard place < total, place >= given, place < 64, places & (1 << UInt64(place)) == 0 else {
          return false
        }
        places |= 1 << UInt64(place)
      }
      let aside = total + namedCount
      for index in 0..<namedCount { base[aside + index] = base[given + index] }
      for index in given..<total { base[index] = .undefined }
      for index in 0..<namedCount {
        var place = given
        while unsafe parameters[place].bits != names[index].bits { place += 1 }
        base[place] = base[aside + index]
      }
    } else {
      for index in given..<total { base[index] = .undefined }
    }
    let defaults = unsafe function.at.pointee.defaults
    let first = positional - (defaults.isTuple ? TupleCell(defaults).count : 0)
    let namedDefaults = unsafe function.at.pointee.namedDefaults
    for index in given..<total where base[index].isUndefined {
      if index < positional, index >= first {
        base[index] = TupleCell(defaults)[index - first]
      } else if index >= positional, namedDefaults.isDict,
        let value = unsafe DictCell(namedDefaults).value(
          named: StringCell(code.pointee.parameterNames[index]))
      {
        base[index] = value
      } else {
        try fillDefaults(function, function.code.facts, base)
        return true
      }
    }
    return true
  }

  @inline(never)
  private func bindSlowly(
    _ function: FunctionCell, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) {
    let facts = function.code.facts
    let signature = facts.signature
    guard unsafe base.base + signature.registerCount + count + 64 < stackEnd else {
      throw stackOverflow()
    }
    let namedCount = names?.count ?? 0
    let given = count - namedCount
    let positional = signature.positionalCount
    let total = positional + signature.keywordOnlyCount
    // The named arguments, before their registers are overwritten. Nothing collects meanwhile.
    var named: [RawValue] = []
    for index in 0..<namedCount { named.append(base[given + index]) }
    var rest: TupleCell?
    if given > positional, signature.hasRest {
      rest = heap.newTuple(
        copying: base.advanced(by: positional), count: given - positional)
    }
    for index in min(given, positional)..<max(total, min(given, positional)) {
      base[index] = .undefined
    }
    var restNamed: DictCell?
    if signature.hasNamed { restNamed = heap.newDict() }
    if let names {
      for index in 0..<namedCount {
        let name = StringCell(names[index])
        var place = -1
        for parameter in signature.positionalOnlyCount..<max(total, signature.positionalOnlyCount) {
          if name.isNamed(signature.names[parameter]) {
            place = parameter
            break
          }
        }
        if place >= 0 {
          guard base[place].isUndefined else {
            throw error(
              .type,
              "\(facts.qualifiedName)() got multiple values for argument '\(name.string)'",
              code: "L105", about: [function.value])
          }
          base[place] = named[index]
        } else if let restNamed {
          guard restNamed.find(name) < 0 else {
            throw error(
              .type,
              "\(facts.qualifiedName)() got multiple values for keyword argument "
                + "'\(name.string)'", code: "L105")
          }
          heap.set(name, named[index], in: restNamed)
        } else {
          throw unexpected(facts, signature, name.string, names, function)
        }
      }
    }
    // After the names, which CPython looks at first.
    if given > positional, !signature.hasRest {
      throw tooMany(facts, signature, given, names, function)
    }
    try fillDefaults(function, facts, base)
    if signature.hasRest {
      base[signature.restRegister] = (rest ?? heap.newTuple(count: 0)).value
    }
    if let restNamed { base[signature.namedRegister] = restNamed.value }
  }

  private func fillDefaults(
    _ function: FunctionCell, _ facts: Code, _ base: Registers
  ) throws(Thrown) {
    let signature = facts.signature
    let defaults = unsafe function.at.pointee.defaults
    let defaultCount = defaults.isTuple ? TupleCell(defaults).count : 0
    let first = signature.positionalCount - defaultCount
    var missing: [String] = []
    for index in 0..<signature.positionalCount where base[index].isUndefined {
      if index >= first {
        base[index] = TupleCell(defaults)[index - first]
      } else {
        missing.append(signature.names[index])
      }
    }
    if !missing.isEmpty { throw self.missing(missing, "positional", function) }
    let namedDefaults = unsafe function.at.pointee.namedDefaults
    let end = signature.positionalCount + signature.keywordOnlyCount
    for index in signature.positionalCount..<end where base[index].isUndefined {
      let name = heap.intern(signature.names[index])
      if namedDefaults.isDict, let value = DictCell(namedDefaults).value(named: name) {
        base[index] = value
      } else {
        missing.append(signature.names[index])
      }
    }
    if !missing.isEmpty { throw self.missing(missing, "keyword-only", function) }
  }

  private func missing(_ names: [String], _ kind: String, _ function: FunctionCell) -> Thrown {
    let facts = function.code.facts
    let quoted = names.map { "'\($0)'" }
    let listed: String
    switch quoted.count {
    case 1: listed = quoted[0]
    case 2: listed = "\(quoted[0]) and \(quoted[1])"
    default:
      listed = quoted.dropLast().joined(separator: ", ") + ", and \(quoted[quoted.count - 1])"
    }
    let plural = names.count == 1 ? "" : "s"
    return error(
      .type,
      "\(facts.qualifiedName)() missing \(names.count) required \(kind) argument\(plural): "
        + listed, code: "L105", about: [function.value])
  }

  private func tooMany(
    _ facts: Code, _ signature: Code.Signature, _ given: Int, _ names: TupleCell?,
    _ function: FunctionCell
  ) -> Thrown {
    let defaults = unsafe function.at.pointee.defaults
    let defaultCount = defaults.isTuple ? TupleCell(defaults).count : 0
    let most = signature.positionalCount
    let takes: String
    let isPlural: Bool
    if defaultCount > 0 {
      takes = "from \(most - defaultCount) to \(most)"
      isPlural = true
    } else {
      takes = "\(most)"
      isPlural = most != 1
    }
    var keywordGiven = 0
    if let names {
      for index in 0..<names.count {
        let name = StringCell(names[index])
        let end = most + signature.keywordOnlyCount
        for parameter in most..<end where name.isNamed(signature.names[parameter]) {
          keywordGiven += 1
        }
      }
    }
    let verb: String
    if keywordGiven > 0 {
      verb =
        " positional argument\(given == 1 ? "" : "s") (and \(keywordGiven) keyword-only "
        + "argument\(keywordGiven == 1 ? "" : "s")) were given"
    } else {
      verb = given == 1 ? " was given" : " were given"
    }
    return error(
      .type,
      "\(facts.qualifiedName)() takes \(takes) positional argument\(isPlural ? "s" : "") but "
        + "\(given)\(verb)", code: "L105", about: [function.value])
  }

  private func unexpected(
    _ facts: Code, _ signature: Code.Signature, _ name: String, _ names: TupleCell,
    _ function: FunctionCell
  ) -> Thrown {
    let byPosition = signature.names.prefix(signature.positionalOnlyCount)
    if byPosition.contains(name) {
      let given = names.array.map { StringCell($0).string }
      let wrong = byPosition.filter { given.contains($0) }.joined(separator: ", ")
      return error(
        .type,
        "\(facts.qualifiedName)() got some positional-only arguments passed as keyword "
          + "arguments: '\(wrong)'", code: "L105")
    }
    return error(
      .type, "\(facts.qualifiedName)() got an unexpected keyword argument '\(name)'",
      code: "L105",
      help: Nearest.question(name, among: Array(signature.names)), about: [function.value])
  }

  // MARK: Builtins and the library

  /// Calls a builtin; `base` is its first argument, the receiver of a method included.
  @inline(never)
  func callBuiltin(
    _ index: Int, _ base: Registers, _ count: Int, _ names: TupleCell?, hasReceiver: Bool
  ) throws(Thrown) -> RawValue {
    let table = unsafe state.pointee.builtinTable + index
    guard let body = unsafe table.pointee.body else {
      return try callLibrary(unsafe table.pointee.builtin, base, count, names)
    }
    var (base, count) = (base, count)
    let parameters = unsafe Int(table.pointee.parameterCount)
    if unsafe table.pointee.isMethod {
      guard count > 0 else {
        throw error(
          .type,
          "unbound method \(unsafe table.pointee.builtin.qualifiedName)() needs an argument")
      }
      if unsafe base[0].tag != table.pointee.ownerTag {
        base[0] = try plainReceiver(unsafe table.pointee.builtin, base[0])
      }
      base = base.advanced(by: 1)
      count -= 1
    }
    let rest = unsafe Int(table.pointee.restIndex)
    let end = unsafe base.base + max(count, parameters) + parameters + 1
    if unsafe state.pointee.scratch < end {
      guard unsafe end < stackEnd else { throw stackOverflow() }
      unsafe state.pointee.scratch = end
    }
    var bits = unsafe table.pointee.plainParameters
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      if index >= count { break }
      if base[index].tag == RawValue.Tag.instance { base[index] = plain(base[index]) }
      bits &= bits &- 1
    }
    if names == nil, unsafe !table.pointee.hasRestNamed {
      if unsafe count >= table.pointee.required {
        guard rest > parameters else {
          for index in 0..<(parameters - rest - 1) { base[count + index] = .undefined }
          return try body(self, Window(base, given: count, restIndex: rest))
        }
        if unsafe count <= table.pointee.positional {
          var index = count
          while index < parameters {
            base[index] = .undefined
            index += 1
          }
          return try body(self, Window(base, given: count, restIndex: rest))
        }
      }
    }
    return try callBuiltinSlowly(unsafe table.pointee.builtin, body, base, count, names)
  }

  /// The receiver as the method of a built-in type takes it: the built-in value behind an
  /// instance, but for special methods, which ask for it themselves.
  @inline(never)
  private func plainReceiver(
    _ builtin: Builtin, _ receiver: RawValue
  ) throws(Thrown) -> RawValue {
    guard let owner = builtin.owner, let type = typesByName[owner] else { return receiver }
    let own = self.type(of: receiver)
    if own.cell == type.cell || own.isKind(of: type) {
      let isSpecial = builtin.entry.name.hasPrefix("__")
      return isSpecial || type.instances == RawValue.Tag.instance ? receiver : plain(receiver)
    }
    let name = builtin.entry.name
    throw error(
      .type,
      name.hasPrefix("__")
        ? "descriptor '\(name)' requires a '\(owner)' object but received a "
          + "'\(typeName(receiver))'"
        : "descriptor '\(name)' for '\(owner)' objects doesn't apply to a "
          + "'\(typeName(receiver))' object")
  }

  @inline(never)
  private func callBuiltinSlowly(
    _ builtin: Builtin, _ body: Intrinsic, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> RawValue {
    let namedCount = names?.count ?? 0
    let given = count - namedCount
    let name = builtin.qualifiedName
    let parameters = builtin.entry.parameters
    if namedCount > 0, !builtin.takesNames {
      throw error(.type, "\(name)() takes no keyword arguments", code: "L105")
    }
    let hasRest = builtin.restIndex < parameters.count
    if !hasRest, given > builtin.positionalCount { throw wrongCount(builtin, given) }
    var named: [RawValue] = []
    for index in 0..<namedCount { named.append(base[given + index]) }
    // Positional parameters first, then those by name only, behind what `*rest` takes.
    let fixed = hasRest ? max(given, builtin.restIndex) : parameters.count
    for index in given..<max(given, fixed) { base[index] = .undefined }
    if hasRest {
      for index in 0..<(parameters.count - builtin.restIndex - 1) {
        base[fixed + index] = .undefined
      }
    }
    func place(_ index: Int) -> Int {
      index < builtin.restIndex ? index : fixed + index - builtin.restIndex - 1
    }
    let restNamed = builtin.hasRestNamed ? heap.newDict() : nil
    if let restNamed { base[place(parameters.count - 1)] = restNamed.value }
    if let names {
      for index in 0..<namedCount {
        let wanted = StringCell(names[index])
        let found = parameters.firstIndex {
          ($0.passing == .positional || $0.passing == .keywordOnly) && wanted.isNamed($0.name)
        }
        if let found {
          let register = place(found)
          guard base[register].isUndefined else {
            throw error(
              .type,
              "argument for \(name)() given by name ('\(wanted.string)') and position (\(found + 1))",
              code: "L105")
          }
          base[register] = named[index]
        } else if let restNamed {
          heap.set(wanted, named[index], in: restNamed)
        } else {
          throw error(
            .type, "'\(wanted.string)' is an invalid keyword argument for \(builtin.entry.name)()",
            code: "L105",
            help: Nearest.question(wanted.string, among: parameters.map(\.name)))
        }
      }
    }
    for (index, parameter) in parameters.enumerated() {
      guard parameter.passing != .rest, parameter.passing != .restNamed,
        parameter.shownDefault == nil, base[place(index)].isUndefined
      else { continue }
      if builtin.takesNames, parameter.passing == .positional {
        throw error(
          .type,
          "\(builtin.entry.name)() missing required argument '\(parameter.name)'"
            + (builtin.entry.name == "enumerate" ? "" : " (pos \(index + 1))"), code: "L105")
      }
      throw wrongCount(builtin, given)
    }
    var bits = builtin.plainParameters
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      base[index] = plain(base[index])
      bits &= bits &- 1
    }
    return try body(
      self, Window(base, given: hasRest ? fixed : given, restIndex: builtin.restIndex))
  }

  private func wrongCount(_ builtin: Builtin, _ given: Int) -> Thrown {
    let (least, most) = (builtin.requiredCount, builtin.positionalCount)
    let name = builtin.qualifiedName
    let message: String
    let isSpecial = builtin.entry.name == "__init__"
    let short = isSpecial ? builtin.owner ?? builtin.entry.name : builtin.entry.name
    func plural(_ count: Int) -> String { count == 1 ? "argument" : "arguments" }
    let hasNames = builtin.entry.parameters.contains {
      $0.passing == .positional || $0.passing == .keywordOnly
    }
    let isNamed = hasNames && given > most
    if short == "sorted" {
      message = "sorted expected 1 argument, got \(given)"
    } else if short == "type" {
      message = "type() takes 1 or 3 arguments"
    } else if isNamed, most == 0 {
      message = "\(short)() takes no positional arguments"
    } else if isNamed {
      message = "\(short)() takes at most \(most) \(plural(most)) (\(given) given)"
    } else if builtin.restIndex < builtin.parameterCount {
      message = "\(short) expected at least \(least) \(plural(least)), got \(given)"
    } else if least == most, most == 0 {
      message = "\(name)() takes no arguments (\(given) given)"
    } else if least == most, most == 1 {
      message = "\(name)() takes exactly one argument (\(given) given)"
    } else if least == most {
      message = "\(short) expected \(most) \(plural(most)), got \(given)"
    } else if given < least {
      message = "\(short) expected at least \(least) \(plural(least)), got \(given)"
    } else {
      message = "\(short) expected at most \(most) \(plural(most)), got \(given)"
    }
    return error(
      .type, message, code: "L105", help: "it is called as \(builtin.entry.signature)")
  }

  /// Calls an entry of the library: the arguments cross as `Value`s.
  @inline(never)
  private func callLibrary(
    _ builtin: Builtin, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> RawValue {
    let entry = builtin.entry
    var receiver: Value?
    var (base, count) = (base, count)
    if entry.kind == .method {
      guard count > 0 else {
        throw error(.type, "unbound method \(builtin.qualifiedName)() needs an argument")
      }
      receiver = value(base[0])
      base = base.advanced(by: 1)
      count -= 1
    }
    let arguments = catalogArguments(base, count, names, receiver: receiver)
    return try library {
      let made = try entry.call(arguments)
      if entry.type != nil, case .object(let object) = made, let placed = object as? any Placed,
        placed.origin == nil
      {
        placed.origin = place
      }
      return made
    }
  }

  private func catalogArguments(
    _ base: Registers, _ count: Int, _ names: TupleCell?, receiver: Value?
  ) -> Arguments {
    let namedCount = names?.count ?? 0
    let given = count - namedCount
    var positional: [Value] = []
    positional.reserveCapacity(given)
    for index in 0..<given { positional.append(value(base[index])) }
    var named: [(name: String, value: Value)] = []
    if let names {
      for index in 0..<namedCount {
        named.append((StringCell(names[index]).string, value(base[given + index])))
      }
    }
    return Arguments(receiver: receiver, positional: positional, named: named, context: context)
  }

  /// Runs code of the library; what it gets from script functions is kept until it returns.
  private func library(_ body: () throws -> Value) throws(Thrown) -> RawValue {
    let kept = pins.count
    defer { if pins.count > kept { pins.removeLast(pins.count - kept) } }
    do {
      return raw(try body())
    } catch {
      throw thrown(error)
    }
  }
}

extension StringCell {
  /// Equal to a Swift string, byte by byte.
  func isNamed(_ text: String) -> Bool {
    let utf8 = text.utf8
    guard utf8.count == byteCount else { return false }
    var index = 0
    for byte in utf8 {
      if byte != self.byte(index) { return false }
      index += 1
    }
    return true
  }
}

extension Code {
  /// `f(a, b=2, *rest)`.
  var shownSignature: String {
    var parts: [String] = []
    let facts = parameterFacts
    for (index, parameter) in facts.enumerated() {
      if index == signature.positionalCount, signature.hasRest {
        parts.append("*" + signature.names[signature.restRegister])
      } else if index == signature.positionalCount, signature.keywordOnlyCount > 0 {
        parts.append("*")
      }
      switch parameter.passing {
      case .rest: break
      case .restNamed: parts.append("**" + parameter.name)
      default: parts.append(parameter.name + (parameter.shownDefault.map { "=\($0)" } ?? ""))
      }
      if index + 1 == signature.positionalOnlyCount { parts.append("/") }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}
