import Catalog

/// The arguments of a call into the registers of a script function's parameters.
extension Machine {
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
