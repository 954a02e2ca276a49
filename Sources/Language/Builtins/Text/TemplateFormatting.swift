import Catalog

/// `str.format` and `str.format_map`.
enum TemplateFormatting {
  static let all: [Builtin] = [
    .method(
      "format", "The text with its fields in braces filled in.", .rest("args"),
      .restNamed("named"), returns: "str", example: "\"{} of {n:>3}\".format(1, n=10)"
    ) { machine, window throws(Thrown) in
      if let quick = try machine.quickFill(StringCell(window.receiver), window) { return quick }
      let positional = window.restValues
      let named = window[1]
      return try machine.fill(
        StringCell(window.receiver), count: positional.count,
        position: { positional[$0] },
        name: { name throws(Thrown) in
          let found = named.isDict ? DictCell(named).find(StringCell(name)) : -1
          guard found >= 0 else { throw machine.keyError(name) }
          return DictCell(named).value(found)
        })
    },
    .method(
      "format_map", "As `format`, with the names from a dict.", .required("mapping", "dict"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      let mapping = window[0]
      return try machine.fill(
        StringCell(window.receiver), count: nil, position: { _ in .none },
        name: { name throws(Thrown) in try machine.item(mapping, name) })
    },
  ]
}

/// Where the values of a template come from.
private struct FieldSource {
  /// nil: there are no positional fields.
  let count: Int?
  let position: (Int) -> RawValue
  let name: (RawValue) throws(Thrown) -> RawValue
  var next = 0
  var isAutomatic: Bool?
}

extension Machine {
  fileprivate func fill(
    _ template: StringCell, count: Int?, position: @escaping (Int) -> RawValue,
    name: @escaping (RawValue) throws(Thrown) -> RawValue
  ) throws(Thrown) -> RawValue {
    var source = FieldSource(count: count, position: position, name: name)
    let text = template.array
    return try string(fill(text, 0..<text.count, &source, depth: 2))
  }

  private func fill(
    _ template: [UInt8], _ range: Range<Int>, _ source: inout FieldSource, depth: Int
  ) throws(Thrown) -> [UInt8] {
    guard depth > 0 else { throw error(.value, "Max string recursion exceeded") }
    var scanner = FieldScanner(range)
    var text: [UInt8] = []
    while let piece = try attempt({ try scanner.next(template.span) }) {
      switch piece {
      case .literal(let range): text += template[range]
      case .field(let field):
        let scope = HandleScope(self)
        var value = try fieldValue(template, field.name, &source)
        let place = scope.keep(value)
        if let conversion = field.conversion {
          value = try convert(value, conversion)
          scope[place] = value
        }
        let spec =
          field.isNested
          ? try fill(template, field.spec, &source, depth: depth - 1)
          : Array(template[field.spec])
        if spec.isEmpty, value.tag != RawValue.Tag.instance {
          try write(value, to: &text, isRepr: false)
        } else {
          let formatted = try format(value, StringCell(string(spec)))
          StringCell(formatted).withBytes { text.append($0, 0..<$0.count) }
        }
      }
    }
    return text
  }

  /// `!r`, `!s`, `!a`.
  private func convert(_ value: RawValue, _ conversion: UInt32) throws(Thrown) -> RawValue {
    var bytes: [UInt8] = []
    switch conversion {
    case 0x72: try write(value, to: &bytes, isRepr: true)
    case 0x73: return try strValue(value)
    case 0x61:
      try write(value, to: &bytes, isRepr: true)
      bytes = Quoting.ascii(bytes.span)
    default:
      if conversion > 32, conversion < 127 {
        throw error(
          .value, "Unknown conversion specifier \(Character(Scalars.unicode(conversion)))")
      }
      throw error(
        .value, "Unknown conversion specifier \\x\(String(conversion, radix: 16))")
    }
    return try string(bytes)
  }

  private func fieldValue(
    _ template: [UInt8], _ name: Range<Int>, _ source: inout FieldSource
  ) throws(Thrown) -> RawValue {
    let path = try attempt { try FieldPath(template.span, name) }
    var value: RawValue
    switch path.first {
    case .next:
      if source.isAutomatic == false {
        throw error(
          .value,
          "cannot switch from manual field specification to automatic field numbering")
      }
      source.isAutomatic = true
      value = try argument(source.next, source)
      source.next += 1
    case .position(let index):
      if source.isAutomatic == true {
        throw error(
          .value,
          "cannot switch from automatic field numbering to manual field specification")
      }
      source.isAutomatic = false
      value = try argument(index, source)
    case .name(let range): value = try source.name(string(Array(template[range])))
    }
    let scope = HandleScope(self)
    let place = scope.keep(value)
    for step in path.steps {
      switch step {
      case .attribute(let range):
        let text = String(decoding: template[range], as: UTF8.self)
        value = try attribute(value, heap.intern(text))
      case .position(let index): value = try item(value, RawValue(index))
      case .key(let range): value = try item(value, string(Array(template[range])))
      }
      scope[place] = value
    }
    return value
  }

  private func argument(_ index: Int, _ source: FieldSource) throws(Thrown) -> RawValue {
    guard let count = source.count else {
      throw error(.value, "Format string contains positional fields")
    }
    guard index < count else {
      throw error(
        .index, "Replacement index \(index) out of range for positional args tuple",
        code: "L107")
    }
    return source.position(index)
  }
}
