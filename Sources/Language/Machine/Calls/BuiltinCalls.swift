import Catalog

/// Calls of builtins: their arguments stay in the registers.
extension Machine {
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
          return unsafe try body(self, Window(base, given: count, restIndex: rest))
        }
        if unsafe count <= table.pointee.positional {
          var index = count
          while index < parameters {
            base[index] = .undefined
            index += 1
          }
          return unsafe try body(self, Window(base, given: count, restIndex: rest))
        }
      }
    }
    return unsafe try callBuiltinSlowly(unsafe table.pointee.builtin, body, base, count, names)
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
    _ builtin: Builtin, _ body: Unmanaged<IntrinsicBody>, _ base: Registers, _ count: Int,
    _ names: TupleCell?
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
    return unsafe try body(
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
}
