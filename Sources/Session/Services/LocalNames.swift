internal import Catalog

/// The names that a cell's text binds, read line by line so that it need not parse.
enum LocalNames {
  /// In the order of the text, each once.
  static func all(in text: String) -> [(name: String, known: Known?)] {
    var names: [(name: String, known: Known?)] = []
    var seen: Set<String> = []
    func add(_ name: Substring, _ known: Known? = nil) {
      let name = String(name)
      guard isName(name), seen.insert(name).inserted else { return }
      names.append((name, known))
    }
    for line in text.split(whereSeparator: \.isNewline) {
      let statement = line.drop { $0 == " " || $0 == "\t" }
      let word = statement.prefix { !" \t(:".contains($0) }
      let rest = statement.dropFirst(word.count).drop { $0 == " " }
      switch word {
      case "def", "class":
        let name = rest.prefix { $0 != "(" && $0 != ":" && $0 != " " }
        add(name)
        guard word == "def", let open = rest.firstIndex(of: "(") else { continue }
        let parameters = rest[rest.index(after: open)...].prefix { $0 != ")" }
        for parameter in parameters.split(separator: ",") {
          add(parameter.drop { " *".contains($0) }.prefix { !" :=".contains($0) })
        }
      case "for":
        let targets = rest.prefix(upTo: rest.range(ofWord: "in") ?? rest.startIndex)
        for target in targets.split(whereSeparator: { ", ()".contains($0) }) { add(target) }
      case "import", "from", "with", "except":
        if let place = rest.range(ofWord: "as") {
          add(rest[place...].dropFirst(2).drop { $0 == " " }.prefix { !" :,".contains($0) })
        }
      default:
        guard let equals = assignment(in: statement) else { continue }
        let targets = statement[..<equals].split(separator: ",")
        let value = statement[statement.index(after: equals)...].drop { $0 == " " }
        for target in targets {
          let name = target.drop { $0 == " " }.prefix { !" :".contains($0) }
          add(name, targets.count == 1 ? known(value) : nil)
        }
      }
    }
    return names
  }

  /// What a value is when it is a call of something known, or a string.
  private static func known(_ value: Substring) -> Known? {
    if value.hasPrefix("\"") || value.hasPrefix("'") {
      return StandardCatalog.type("str").map { .instance($0) }
    }
    guard let open = value.firstIndex(of: "(") else { return nil }
    let path = value[..<open].split(separator: ".", omittingEmptySubsequences: false)
    guard path.allSatisfy({ isName(String($0)) }) else { return nil }
    return Known(path.map(String.init), in: Directory())?.called
  }

  /// The first `=` that assigns.
  private static func assignment(in statement: Substring) -> Substring.Index? {
    var previous: Character = " "
    var index = statement.startIndex
    while index < statement.endIndex {
      let character = statement[index]
      if character == "=" {
        let next = statement.index(after: index)
        let isDouble = next < statement.endIndex && statement[next] == "="
        return isDouble || "!<>=:+-*/%&|^@".contains(previous) ? nil : index
      }
      if "([{#\"'".contains(character) { return nil }
      previous = character
      index = statement.index(after: index)
    }
    return nil
  }

  private static func isName(_ text: String) -> Bool {
    CellText.isPath(text) && !text.contains(".") && !Keywords.all.contains(text)
  }
}

extension Substring {
  /// Where a word stands that is surrounded by blanks.
  fileprivate func range(ofWord word: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(word),
        index == startIndex || self[self.index(before: index)] == " "
      {
        let after = self[index...].dropFirst(word.count).first
        if after == nil || after == " " { return index }
      }
      index = self.index(after: index)
    }
    return nil
  }
}
