import Catalog

/// Loops over what changes, and memory: L112, L114.
extension Advice {
  mutating func completeLoop() {
    guard message.contains("changed size during iteration") || message.contains("mutated during")
    else { return }
    failure.code = "L112"
    guard
      let loop = site.statements.last(where: { statement in
        if case .for = statement.form { true } else { false }
      }), case .for(_, let iterable, let body, _) = loop.form
    else { return say(nil, "change a copy: list(…)") }
    mark = iterable.span
    var walked = iterable
    if case .call(let function, _) = iterable.form, case .attribute(let base, _) = function.form {
      walked = base
    }
    let text = site.text(walked, limit: 30) ?? "it"
    let line = site.source.line(at: loop.span.start)
    if let change = firstChange(of: text, in: body) {
      note("the loop over \(text) is in line \(line); line \(change) changes \(text)")
    } else {
      note("the loop over \(text) is in line \(line)")
    }
    say(nil, "walk over a copy: in list(\(site.text(iterable, limit: 40) ?? text))")
  }

  private func firstChange(of text: String, in body: [Statement]) -> Int? {
    var line: Int?
    func found(_ expression: Expression) {
      let here = site.source.line(at: expression.span.start)
      line = min(line ?? here, here)
    }
    func isWalked(_ expression: Expression) -> Bool { site.text(expression) == text }
    for statement in body {
      statement.walk { inner in
        switch inner.form {
        case .assign(let targets, _), .delete(let targets):
          for target in targets {
            if case .element(let base, _) = target.form, isWalked(base) { found(target) }
          }
        case .augment(let target, _, _):
          if case .element(let base, _) = target.form, isWalked(base) { found(target) }
        default: break
        }
        for expression in inner.expressions {
          expression.walk { part in
            if case .call(let function, _) = part.form,
              case .attribute(let base, let method) = function.form, isWalked(base),
              Advice.changing.contains(method.text)
            {
              found(part)
            }
          }
        }
      }
    }
    return line
  }

  private static let changing: Set<String> = [
    "pop", "popitem", "clear", "update", "setdefault", "add", "remove", "discard", "append",
    "insert", "extend",
  ]

  mutating func completeMemory() {
    failure.code = "L114"
    let largest = machine.largestGlobals(5)
    if !largest.isEmpty {
      note(
        "the largest variables: "
          + largest.map { "\($0.name) \(Machine.sized($0.bytes))" }.joined(separator: ", "))
    }
    say(nil, "delete what is no longer needed with del, or work on smaller pieces")
  }
}

extension Machine {
  /// The user's names with the most memory behind them, largest first; those of a MiB and more.
  func largestGlobals(_ count: Int) -> [(name: String, bytes: Int)] {
    var all: [(name: String, bytes: Int)] = []
    for slot in 0..<globals.count {
      guard isOwn(slot) else { continue }
      let bytes = weight(of: global(at: slot), depth: 0)
      if bytes >= 1 << 20 { all.append((globals.names[slot], bytes)) }
    }
    return Array(all.sorted { $0.bytes > $1.bytes }.prefix(count))
  }

  /// About how many bytes a value holds; long containers are judged by their first elements.
  private func weight(of value: RawValue, depth: Int) -> Int {
    func elements(_ count: Int, _ element: (Int) -> RawValue?) -> Int {
      guard depth < 3, count > 0 else { return 0 }
      let looked = min(count, 64)
      var sum = 0
      for index in 0..<looked {
        sum += element(index).map { weight(of: $0, depth: depth + 1) } ?? 0
      }
      let (product, overflow) = sum.multipliedReportingOverflow(by: count)
      return overflow ? Int.max / 2 : product / looked
    }
    switch value.tag {
    case RawValue.Tag.string: return 64 + StringCell(value).byteCount
    case RawValue.Tag.list, RawValue.Tag.tuple:
      let row = Row(value)
      return 64 + 16 * (row?.count ?? 0) + elements(row?.count ?? 0) { row?[$0] }
    case RawValue.Tag.dict:
      let dict = DictCell(value)
      return 64 + 56 * dict.used + elements(dict.used) { dict.isPresent($0) ? dict.value($0) : nil }
    case RawValue.Tag.set, RawValue.Tag.frozenSet: return 64 + 48 * SetCell(value).count
    case RawValue.Tag.native: return NativeCell(value).object.externalBytes
    default: return 0
    }
  }

  /// `12.5 MiB`.
  static func sized(_ bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
  }
}
