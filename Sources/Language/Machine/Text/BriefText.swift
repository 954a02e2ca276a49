import Catalog

/// Values in a few words, for messages and lists of names.
extension Machine {
  /// The text of a value, at most `NameFacts.textLimit` characters, without asking any script
  /// object.
  func brief(_ value: RawValue) -> String {
    var text = ""
    writeBriefly(value, to: &text, depth: 0)
    let limit = NameFacts.textLimit
    // Counting characters is slow, and bytes are never fewer.
    guard text.utf8.count > limit, text.count > limit else { return text }
    return text.prefix(limit - 1) + "…"
  }

  private func writeBriefly(_ value: RawValue, to text: inout String, depth: Int) {
    guard text.utf8.count < NameFacts.textLimit * 4 else { return }
    switch value.tag {
    case RawValue.Tag.list, RawValue.Tag.tuple:
      let isList = value.tag == RawValue.Tag.list
      let row = Row(value)
      text += isList ? "[" : "("
      writeBriefly(row?.count ?? 0, to: &text, depth: depth) { row?[$0] }
      if !isList, row?.count == 1 { text += "," }
      text += isList ? "]" : ")"
    case RawValue.Tag.dict:
      let dict = DictCell(value)
      var isFirst = true
      text += "{"
      var index = 0
      // A dict that much was deleted from has a long empty beginning.
      while index < min(dict.used, 20_000) {
        defer { index += 1 }
        guard dict.isPresent(index) else { continue }
        guard depth < 3, text.utf8.count < NameFacts.textLimit else {
          text += "…"
          break
        }
        if !isFirst { text += ", " }
        isFirst = false
        writeBriefly(dict.key(index), to: &text, depth: depth + 1)
        text += ": "
        writeBriefly(dict.value(index), to: &text, depth: depth + 1)
      }
      text += "}"
    case RawValue.Tag.string:
      // Of a long text only the beginning is copied.
      let cell = StringCell(value)
      let bytes = cell.withBytes { span in
        (0..<min(span.count, NameFacts.textLimit * 4)).map { span[$0] }
      }
      let string = String(decoding: bytes, as: UTF8.self).prefix(NameFacts.textLimit)
      var quoted: [UInt8] = []
      Quoting.append(Array(string.utf8).span, to: &quoted)
      text += String(decoding: quoted, as: UTF8.self)
    case RawValue.Tag.native: text += NativeCell(value).object.brief
    case RawValue.Tag.none, RawValue.Tag.bool, RawValue.Tag.int, RawValue.Tag.float,
      RawValue.Tag.range, RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.type:
      text += (try? repr(value)) ?? ""
    case RawValue.Tag.set, RawValue.Tag.frozenSet:
      text += "\(typeName(value)) of \(SetCell(value).count)"
    default: text += "<\(typeName(value)) object>"
    }
  }

  private func writeBriefly(
    _ count: Int, to text: inout String, depth: Int, element: (Int) -> RawValue?
  ) {
    for index in 0..<count {
      guard depth < 3, text.utf8.count < NameFacts.textLimit else {
        text += "…"
        return
      }
      if index > 0 { text += ", " }
      if let value = element(index) { writeBriefly(value, to: &text, depth: depth + 1) }
    }
  }
}
