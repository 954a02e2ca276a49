extension Failure {
  /// The report, a line per element, oldest call first, in plain text or with ANSI colours.
  public func report(colour: Bool = false) -> [String] {
    var lines: [String] = []
    for cause in causes {
      lines += cause.failure.report(colour: colour)
      lines.append("")
      lines.append(
        cause.link == .raisedFrom
          ? "The above exception was the direct cause of the following exception:"
          : "During handling of the above exception, another exception occurred:")
      lines.append("")
    }
    for (index, frame) in frames.enumerated() {
      lines += frame.report(colour: colour)
      if frame.omitted > 0 { lines.append("  … \(frame.omitted) more calls") }
      guard frame.repeats > 1 else { continue }
      var names: [String] = []
      for other in frames[max(0, index + 1 - frame.group)...index]
      where !names.contains(other.function) {
        names.append(other.function)
      }
      let place = frame.group == 1 ? ", \(frame.source), line \(frame.line)" : ""
      lines.append("  … \(frame.repeats - 1) more of \(names.joined(separator: " and "))\(place)")
    }
    let title = exception + (code.map { " [\($0)]" } ?? "")
    let colon = message.isEmpty ? "" : ": "
    lines.append((colour ? "\u{1B}[1;31m\(title)\u{1B}[0m" : title) + colon + message)
    lines += notes.map { "  note: \($0)" }
    if let help { lines.append("  help: \(help)") }
    return lines
  }
}

extension Failure.Frame {
  func report(colour: Bool) -> [String] {
    func paint(_ text: String, _ code: String) -> String {
      colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
    let place = function == "<module>" ? "" : ", in \(function)"
    var lines = [paint("\(source), line \(line), column \(column)\(place)", "36")]
    let number = String(line)
    let gutter = String(repeating: " ", count: max(0, 3 - number.count)) + number
    if !text.isEmpty {
      lines.append("\(gutter) | \(text)")
      let before = text.unicodeScalars.prefix(max(0, column - 1))
      // Tabs stay tabs, wide characters take two columns, so that the caret stands below them.
      var pad = ""
      for scalar in before { pad += scalar == "\t" ? "\t" : scalar.isWide ? "  " : " " }
      let marked = text.unicodeScalars.dropFirst(max(0, column - 1))
        .prefix(max(1, endColumn - column))
      let width = marked.reduce(0) { $0 + ($1.isWide ? 2 : 1) }
      let carets = String(repeating: "^", count: max(1, width))
      lines.append(String(repeating: " ", count: gutter.count) + " | " + pad + paint(carets, "31"))
    }
    return lines
  }
}

extension Unicode.Scalar {
  /// Whether terminals draw it two columns wide.
  public var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
