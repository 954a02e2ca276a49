import Catalog

/// `repr`, `str` and `format`.
extension Machine {
  /// What `repr` gives.
  func repr(_ value: RawValue) throws(Thrown) -> String {
    var text: [UInt8] = []
    try write(value, to: &text, isRepr: true)
    return String(decoding: text, as: UTF8.self)
  }

  /// What `str` and `print` give.
  func str(_ value: RawValue) throws(Thrown) -> String {
    var text: [UInt8] = []
    try write(value, to: &text, isRepr: false)
    return String(decoding: text, as: UTF8.self)
  }

  /// What `str` gives, as a value; a string is itself.
  func strValue(_ value: RawValue) throws(Thrown) -> RawValue {
    if value.isString { return value }
    switch value.tag {
    case RawValue.Tag.int: return heap.newString(decimal: value.int).value
    case RawValue.Tag.float: return string(FloatText.repr(value.double))
    case RawValue.Tag.bool: return string(value.bool ? "True" : "False")
    case RawValue.Tag.none: return string("None")
    default:
      var text: [UInt8] = []
      try write(value, to: &text, isRepr: false)
      return heap.newString(text).value
    }
  }

  /// Appends what `repr` or `str` give.
  ///
  /// May run script code.
  func write(_ value: RawValue, to text: inout [UInt8], isRepr: Bool) throws(Thrown) {
    switch value.tag {
    case RawValue.Tag.int: Machine.write(value.int, to: &text)
    case RawValue.Tag.float: text += FloatText.repr(value.double).utf8
    case RawValue.Tag.bool: text += (value.bool ? "True" : "False").utf8
    case RawValue.Tag.none: text += "None".utf8
    case RawValue.Tag.string:
      StringCell(value).withBytes { bytes in
        if isRepr {
          Quoting.append(bytes, to: &text)
        } else {
          text.append(bytes, 0..<bytes.count)
        }
      }
    case RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict, RawValue.Tag.set,
      RawValue.Tag.frozenSet, RawValue.Tag.dictView, RawValue.Tag.deque:
      try writeContainer(value, to: &text)
    case RawValue.Tag.instance:
      try writeInstance(value, to: &text, isRepr: isRepr)
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      text += (isRepr ? object.text : object.printed).utf8
    case RawValue.Tag.exception: try writeException(value, to: &text, isRepr: isRepr)
    case RawValue.Tag.iterator:
      text += (try toolText(IteratorCell(value)) ?? plainText(value)).utf8
    default: text += plainText(value).utf8
    }
  }

  static func write(_ value: Int, to text: inout [UInt8]) {
    var magnitude = value.magnitude
    if value < 0 { text.append(0x2D) }
    let start = text.count
    repeat {
      text.append(UInt8(truncatingIfNeeded: magnitude % 10) + 0x30)
      magnitude /= 10
    } while magnitude > 0
    var (low, high) = (start, text.count - 1)
    while low < high {
      text.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  private func writeContainer(_ value: RawValue, to text: inout [UInt8]) throws(Thrown) {
    let isOpen = openContainers.contains(value.bits)
    if isOpen {
      switch value.tag {
      case RawValue.Tag.list: text += "[...]".utf8
      case RawValue.Tag.tuple: text += "(...)".utf8
      case RawValue.Tag.dict: text += "{...}".utf8
      case RawValue.Tag.deque: text += "[...]".utf8
      default: text += "\(typeName(value))(...)".utf8
      }
      return
    }
    try checkStack()
    if openContainers.count > Machine.depthLimit {
      throw error(
        .recursion, "maximum recursion depth exceeded while getting the repr of an object")
    }
    openContainers.append(value.bits)
    defer { openContainers.removeLast() }
    switch value.tag {
    case RawValue.Tag.list:
      text.append(0x5B)
      try writeElements(value, to: &text)
      text.append(0x5D)
    case RawValue.Tag.tuple:
      text.append(0x28)
      try writeElements(value, to: &text)
      if TupleCell(value).count == 1 { text.append(0x2C) }
      text.append(0x29)
    case RawValue.Tag.dict:
      text.append(0x7B)
      var isFirst = true
      let dict = DictCell(value)
      var index = 0
      while index < dict.used {
        if dict.isPresent(index) {
          if !isFirst { text += ", ".utf8 }
          isFirst = false
          try checkText(text.count)
          let element = dict.value(index)
          try write(dict.key(index), to: &text, isRepr: true)
          text += ": ".utf8
          try write(element, to: &text, isRepr: true)
        }
        index += 1
      }
      text.append(0x7D)
    case RawValue.Tag.deque: try writeDeque(DequeCell(value), to: &text)
    case RawValue.Tag.dictView:
      text += "\(typeName(value))([".utf8
      let all = try newList(of: value)
      let scope = HandleScope(self)
      scope.keep(all)
      try writeElements(all, to: &text)
      text += "])".utf8
    default:
      let set = SetCell(value)
      if set.count == 0 {
        text += (set.isFrozen ? "frozenset()" : "set()").utf8
        return
      }
      if set.isFrozen { text += "frozenset(".utf8 }
      try writeSet(set, to: &text)
      if set.isFrozen { text += ")".utf8 }
    }
  }

  func writeSet(_ set: SetCell, to text: inout [UInt8]) throws(Thrown) {
    text += "{".utf8
    var isFirst = true
    for slot in 0..<set.slots where slot < set.slots && set.isPresent(slot) {
      if !isFirst { text += ", ".utf8 }
      isFirst = false
      try checkText(text.count)
      try write(set.key(slot), to: &text, isRepr: true)
    }
    text += "}".utf8
  }

  private func writeElements(_ value: RawValue, to text: inout [UInt8]) throws(Thrown) {
    var index = 0
    while let row = Row(value), index < row.count {
      if index > 0 { text += ", ".utf8 }
      try checkText(text.count)
      try write(row[index], to: &text, isRepr: true)
      index += 1
    }
  }

  private func writeException(
    _ value: RawValue, to text: inout [UInt8], isRepr: Bool
  ) throws(Thrown) {
    let cell = ExceptionCell(value)
    let name = isRepr ? names.repr : names.string
    if let method = cell.type.own(name) {
      return try writeResult(method, value, name, to: &text)
    }
    try writePlainException(cell, to: &text, isRepr: isRepr)
  }

  /// What the built-in classes of exceptions print.
  func writePlainException(
    _ cell: ExceptionCell, to text: inout [UInt8], isRepr: Bool
  ) throws(Thrown) {
    let arguments = cell.arguments
    if isRepr {
      // Without the module that the name may carry.
      text += (cell.type.name.string.split(separator: ".").last ?? "").utf8
      text.append(0x28)
      try writeElements(arguments.value, to: &text)
      text.append(0x29)
      return
    }
    if try writeSystemError(cell, to: &text) { return }
    switch arguments.count {
    case 0: break
    case 1:
      let isKey = typesByName["KeyError"].map { cell.type.isKind(of: $0) } ?? false
      try write(arguments[0], to: &text, isRepr: isKey)
    default: try write(arguments.value, to: &text, isRepr: true)
    }
  }

  /// The text of what has no contents to show.
  private func plainText(_ value: RawValue) -> String {
    switch value.tag {
    case RawValue.Tag.undefined: return "<undefined>"
    case RawValue.Tag.special: return value.bits == 0 ? "Ellipsis" : "NotImplemented"
    case RawValue.Tag.range:
      let range = RangeCell(value)
      let step = range.step == 1 ? "" : ", \(range.step)"
      return "range(\(range.start), \(range.stop)\(step))"
    case RawValue.Tag.slice:
      let slice = SliceCell(value)
      let parts = [slice.lower, slice.upper, slice.step].map { (try? repr($0)) ?? "?" }
      return "slice(\(parts.joined(separator: ", ")))"
    case RawValue.Tag.function:
      return "<function \(FunctionCell(value).code.facts.qualifiedName)>"
    case RawValue.Tag.builtin:
      let builtin = builtins[BuiltinCell(value).index]
      if builtin.entry.type != nil { return "<class '\(builtin.entry.name)'>" }
      if builtin.isMethod {
        let parts = builtin.qualifiedName.split(separator: ".")
        return "<method '\(builtin.entry.name)' of '\(parts.first ?? "object")' objects>"
      }
      return "<built-in function \(builtin.entry.name)>"
    case RawValue.Tag.method:
      let method = MethodCell(value)
      if method.function.tag == RawValue.Tag.builtin {
        return "<built-in method \(functionName(method.function)) of "
          + "\(typeName(method.receiver)) object>"
      }
      let receiver = (try? repr(method.receiver)) ?? "?"
      return "<bound method \(functionName(method.function, isQualified: true)) of \(receiver)>"
    case RawValue.Tag.type:
      let type = TypeCell(value)
      if type.isGuided, let text = try? guide(.repr, value), text.isString {
        return StringCell(text).string
      }
      return type.isScript
        ? "<class '\(moduleName(type)).\(type.qualifiedName.string)'>"
        : "<class '\(type.name.string)'>"
    case RawValue.Tag.generator:
      return "<generator object \(GeneratorCell(value).function.code.facts.qualifiedName)>"
    default:
      if isTypeExpression(value), let text = try? typeText(value) { return text }
      return "<\(typeName(value)) object>"
    }
  }

  /// The name of the module that a class stands in.
  func moduleName(_ type: TypeCell) -> String {
    if let own = type.attributes.value(named: names.module), own.isString {
      return StringCell(own).string
    }
    if type.isScript { return "__main__" }
    // A type of a built-in module has its module's name before its own.
    let parts = type.name.string.split(separator: ".")
    return parts.count > 1 ? parts.dropLast().joined(separator: ".") : "builtins"
  }

  /// The name of something that can be called.
  func functionName(_ value: RawValue, isQualified: Bool = false) -> String {
    switch value.tag {
    case RawValue.Tag.function:
      let facts = FunctionCell(value).code.facts
      return isQualified ? facts.qualifiedName : facts.name
    case RawValue.Tag.builtin:
      let builtin = builtins[BuiltinCell(value).index]
      return isQualified ? builtin.qualifiedName : builtin.entry.name
    case RawValue.Tag.method:
      return functionName(MethodCell(value).function, isQualified: isQualified)
    case RawValue.Tag.type:
      let type = TypeCell(value)
      return isQualified ? type.qualifiedName.string : type.name.string
    default: return typeName(value)
    }
  }

  /// What is known of a callable's parameters.
  func parameters(of value: RawValue) -> [ParameterFacts] {
    switch value.tag {
    case RawValue.Tag.function: return FunctionCell(value).code.facts.parameterFacts
    case RawValue.Tag.builtin: return builtins[BuiltinCell(value).index].entry.parameters
    case RawValue.Tag.method:
      let facts = parameters(of: MethodCell(value).function)
      let isScript = MethodCell(value).function.tag == RawValue.Tag.function
      return isScript ? Array(facts.dropFirst()) : facts
    case RawValue.Tag.type:
      let type = TypeCell(value)
      if type.maker.tag == RawValue.Tag.builtin { return parameters(of: type.maker) }
      if let method = type.find(names.initialize), method.tag == RawValue.Tag.function {
        return Array(parameters(of: method).dropFirst())
      }
      return []
    default: return []
    }
  }

  /// `format(value, specification)`.
  func format(_ value: RawValue, _ specification: StringCell) throws(Thrown) -> RawValue {
    if specification.byteCount == 0, !isScripted(value) {
      return try strValue(value)
    }
    if let quick = quickFormat(value, specification) { return quick }
    switch value.tag {
    case RawValue.Tag.int:
      return try formatted(value, specification) { spec in try spec.format(int: value.int) }
    case RawValue.Tag.bool:
      return try formatted(value, specification) { spec in
        try spec.format(int: value.int, typeName: "bool")
      }
    case RawValue.Tag.float:
      return try formatted(value, specification) { spec in try spec.format(float: value.double) }
    case RawValue.Tag.string:
      return try formatted(value, specification) { spec in
        try StringCell(value).withBytes { bytes in try spec.format(text: bytes) }
      }
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      if let text = try attempt({ try object.formatted(specification.string) }) {
        return string(text)
      }
      if let scalar = object.scalar() { return try format(raw(scalar), specification) }
      throw unsupportedFormat(value)
    case RawValue.Tag.instance: return try instanceFormat(value, specification)
    case RawValue.Tag.exception where isScriptException(value):
      return try instanceFormat(value, specification)
    default: throw unsupportedFormat(value)
    }
  }

  func unsupportedFormat(_ value: RawValue) -> Thrown {
    error(.type, "unsupported format string passed to \(typeName(value)).__format__")
  }

  private func formatted(
    _ value: RawValue, _ specification: StringCell, _ body: (FormatSpec) throws -> [UInt8]
  ) throws(Thrown) -> RawValue {
    let bytes = try attempt {
      let spec = try specification.withBytes { text in
        try FormatSpec(text, alignsRight: !value.isString, typeName: typeName(value))
      }
      return try body(spec)
    }
    return heap.newString(bytes).value
  }
}
