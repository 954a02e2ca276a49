import Catalog

extension Machine {
  /// `format % arguments`.
  func percentFormat(_ format: RawValue, _ given: RawValue) throws(Thrown) -> RawValue {
    if let quick = try quickPercent(StringCell(format), given) { return quick }
    let arguments = plain(given).isTuple ? plain(given) : given
    let template = StringCell(format).array
    var scanner = PercentScanner()
    var text: [UInt8] = []
    var taken = 0
    // A tuple holds the arguments; anything else is the only one.
    let tuple = arguments.isTuple ? TupleCell(arguments) : nil
    var single = arguments
    let isMapping = !arguments.isTuple && !arguments.isString && isSubscriptable(arguments)

    func nextArgument() throws(Thrown) -> RawValue {
      taken += 1
      if let tuple, taken <= tuple.count { return tuple[taken - 1] }
      if tuple == nil, taken == 1 { return single }
      throw error(.type, "not enough arguments for format string")
    }
    func amount(_ amount: PercentDirective.Amount) throws(Thrown) -> Int? {
      switch amount {
      case .none: return nil
      case .given(let value): return value
      case .argument:
        guard let value = try nextArgument().integer else { throw mismatch("* wants int") }
        return value
      }
    }

    let scope = HandleScope(self)
    let place = scope.keep(.none)
    while let piece = try attempt({ try scanner.next(template.span) }) {
      switch piece {
      case .literal(let range): text += template[range]
      case .directive(let directive):
        if let key = directive.key {
          guard isMapping else { throw mismatch("format requires a mapping") }
          let name = try string(Array(template[key]))
          single = try item(arguments, name)
          scope[place] = single
          taken = 0
        }
        let width = try amount(directive.width)
        let precision = try amount(directive.precision)
        let value = try nextArgument()
        let format = try attempt {
          try PercentFormat(directive, width: width, precision: precision)
        }
        text += try converted(value, format)
      }
    }
    if let tuple {
      if taken < tuple.count { throw leftOver() }
    } else if taken == 0, !isMapping {
      throw leftOver()
    }
    return try string(text)
  }

  private func leftOver() -> Thrown {
    error(.type, "not all arguments converted during string formatting")
  }

  /// What CPython takes for a mapping: everything with `[]` but strings and tuples.
  private func isSubscriptable(_ value: RawValue) -> Bool {
    switch value.tag {
    case RawValue.Tag.dict, RawValue.Tag.list, RawValue.Tag.range, RawValue.Tag.native: true
    case RawValue.Tag.instance:
      InstanceCell(value).type.own(names.getItem) != nil || plain(value).isList
        || plain(value).isDict
    default: false
    }
  }

  private func converted(
    _ value: RawValue, _ format: PercentFormat
  ) throws(Thrown) -> [UInt8] {
    let letter = UInt8(exactly: format.directive.conversion) ?? 0
    switch letter {
    case UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "a"):
      var bytes: [UInt8] = []
      try write(value, to: &bytes, isRepr: letter != UInt8(ascii: "s"))
      if letter == UInt8(ascii: "a") { bytes = Quoting.ascii(bytes.span) }
      return format.text(bytes.span)
    case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"):
      if let int = plain(value).integer { return format.int(int) }
      guard let number = number(value) else {
        if let int = try integer(ifIndex: value) { return format.int(int) }
        throw mismatch(
          "%\(shown(letter)) format: a real number is required, not \(typeName(value))")
      }
      return format.int(try attempt { try NumberText.whole(number.rounded(.towardZero)) })
    case UInt8(ascii: "o"), UInt8(ascii: "x"), UInt8(ascii: "X"):
      guard let int = try integer(ifIndex: value) else {
        throw mismatch(
          "%\(shown(letter)) format: an integer is required, not \(typeName(value))")
      }
      return format.int(int)
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "g"), UInt8(ascii: "G"):
      guard let number = try float(value) else {
        throw mismatch("must be real number, not \(typeName(value))")
      }
      return format.float(number)
    case UInt8(ascii: "c"): return try character(value, format)
    default: throw try attempt { () throws -> Thrown in throw format.directive.unsupported() }
    }
  }

  private func character(
    _ given: RawValue, _ format: PercentFormat
  ) throws(Thrown) -> [UInt8] {
    let value = plain(given)
    if value.isString, StringCell(value).count == 1 {
      return StringCell(value).withBytes { format.text($0, isCut: false) }
    }
    guard !value.isString, let code = try integer(ifIndex: value) else {
      throw mismatch("%c requires int or char")
    }
    guard code >= 0, code < 0x110000, let scalar = Unicode.Scalar(UInt32(code)) else {
      throw error(.overflow, "%c arg not in range(0x110000)")
    }
    let bytes = Array(String(scalar).utf8)
    return format.text(bytes.span, isCut: false)
  }

  private func shown(_ letter: UInt8) -> Character { Character(Unicode.Scalar(letter)) }
}
