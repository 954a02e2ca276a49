import Catalog

/// Templates of the plain kind, `"%s: %.2f"` and `"{} of {:>5}"`, filled with texts and numbers.
///
/// Whatever has more in it is left to those who know everything: nothing has happened then.
extension Machine {
  /// Bytes of the longest template that is filled here.
  private static let longest = 256

  /// `template % arguments`; nil: it needs more.
  func quickPercent(_ template: StringCell, _ arguments: RawValue) throws(Thrown) -> RawValue? {
    guard template.byteCount <= Machine.longest else { return nil }
    let tuple = arguments.isTuple ? TupleCell(arguments) : nil
    let count = tuple?.count ?? 1
    let scope = HandleScope(self)
    var (taken, start, index, parts) = (0, 0, 0, 0)
    func keep(_ range: Range<Int>) {
      if range.isEmpty { return }
      scope.keep(part(of: template, range))
      parts += 1
    }
    while index < template.byteCount {
      index += 1
      guard template.byte(index - 1) == UInt8(ascii: "%") else { continue }
      keep(start..<index - 1)
      start = index
      if index < template.byteCount, template.byte(index) == UInt8(ascii: "%") {
        index += 1
        continue
      }
      guard let spec = QuickSpec(percent: template, &index), taken < count else { return nil }
      var value = tuple?[taken] ?? arguments
      if spec.letter == UInt8(ascii: "s"), value.isInt || value.isFloat {
        value = try strValue(value)
      }
      guard let text = quickFormat(value, spec) else { return nil }
      scope.keep(text)
      taken += 1
      parts += 1
      start = index
    }
    guard taken == count else { return nil }
    keep(start..<template.byteCount)
    return try join(scope.registers(from: 0), parts)
  }

  /// `template.format(…)`; nil: it needs more.
  func quickFill(_ template: StringCell, _ arguments: Window) throws(Thrown) -> RawValue? {
    guard template.byteCount <= Machine.longest else { return nil }
    let scope = HandleScope(self)
    var (next, start, index, parts) = (0, 0, 0, 0)
    func keep(_ range: Range<Int>) {
      if range.isEmpty { return }
      scope.keep(part(of: template, range))
      parts += 1
    }
    while index < template.byteCount {
      let byte = template.byte(index)
      index += 1
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else { continue }
      keep(start..<index - 1)
      start = index
      guard index < template.byteCount else { return nil }
      if template.byte(index) == byte {
        index += 1
        continue
      }
      if byte == UInt8(ascii: "}") { return nil }
      while index < template.byteCount, template.byte(index) != UInt8(ascii: "}") { index += 1 }
      guard index < template.byteCount, next < arguments.restCount else { return nil }
      guard let text = try quickField(template, start..<index, arguments.rest(next)) else {
        return nil
      }
      scope.keep(text)
      next += 1
      parts += 1
      index += 1
      start = index
    }
    keep(start..<template.byteCount)
    return try join(scope.registers(from: 0), parts)
  }

  /// A field that is empty or has a colon and a plain spec.
  private func quickField(
    _ template: StringCell, _ range: Range<Int>, _ value: RawValue
  ) throws(Thrown) -> RawValue? {
    if range.isEmpty || range.count == 1 && template.byte(range.lowerBound) == UInt8(ascii: ":") {
      return value.isString || value.isInt || value.isFloat ? try strValue(value) : nil
    }
    guard template.byte(range.lowerBound) == UInt8(ascii: ":"),
      let spec = QuickSpec(template, range.lowerBound + 1..<range.upperBound)
    else { return nil }
    return quickFormat(value, spec)
  }
}
