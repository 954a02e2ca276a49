/// Reads a cell's text up to the cursor and says what is being typed there.
///
/// It works on text that does not parse yet, so it knows no grammar: only names, dots, brackets,
/// strings, comments and the words that begin an import.
struct SiteScanner {
  /// A path's last component when it is a call of what stands before; a string literal's path.
  static let call = "()"
  static let string = "''"

  private struct Bracket {
    let kind: Unicode.Scalar
    /// The path right before it; nil: none, or nothing known.
    let owner: [String]?
    var position = 0
    var argument: String?
    var given: [String] = []
  }

  private let text: [Unicode.Scalar]
  private var index: Int
  private let end: Int
  private var brackets: [Bracket] = []
  /// The dotted path that ends at `index`; nil: something else stands there.
  private var path: [String]?
  /// Where the path's last name begins, when the path ends with a name.
  private var nameStart: Int?
  private var endsWithDot = false
  /// The words of the statement so far, as long as it is made of names, dots and commas.
  private var words: [String]? = []
  private var found: CompletionSite?

  private init(_ text: [Unicode.Scalar], from start: Int, to end: Int) {
    self.text = text
    self.index = start
    self.end = end
  }

  static func site(in text: String, at cursor: Int) -> CompletionSite {
    let scalars = Array(text.unicodeScalars)
    let end = min(max(cursor, 0), scalars.count)
    var site = site(in: scalars, to: end)
    site.locals = LocalNames.all(in: text)
    return site
  }

  private static func site(in text: [Unicode.Scalar], to end: Int) -> CompletionSite {
    var start = end
    while start > 0, text[start - 1] != "\n" { start -= 1 }
    // A line for the session: its word, or the code behind it.
    if start < end, text[start] == "%" {
      let word = text[start..<end].prefix { $0 != " " }
      guard word.count < end - start else {
        let typed = String(String.UnicodeScalarView(word))
        return CompletionSite(target: .magic, prefix: typed, range: start..<end)
      }
      var scanner = SiteScanner(text, from: start + word.count, to: end)
      return scanner.scan()
    }
    var scanner = SiteScanner(text, from: 0, to: end)
    if start < end, text[start] == "?" {
      scanner = SiteScanner(text, from: start + 1, to: end)
    }
    return scanner.scan()
  }

  private mutating func scan() -> CompletionSite {
    while index < end {
      step()
      if let found { return found }
    }
    return site()
  }

  private mutating func step() {
    let scalar = text[index]
    switch scalar {
    case "#":
      while index < end, text[index] != "\n" { index += 1 }
      if index == end { found = nothing }
    case "\"", "'": passString(isFormat: false)
    case "\n":
      index += 1
      leave()
      if brackets.isEmpty { words = [] }
    case " ", "\t":
      index += 1
      leave()
    case "\\": index = min(index + 2, end)
    case ".":
      index += 1
      endsWithDot = path != nil
      nameStart = nil
    case "(", "[", "{":
      brackets.append(Bracket(kind: scalar, owner: endsWithDot ? nil : path))
      index += 1
      leave()
      words = nil
    case ")", "]", "}":
      index += 1
      let closed = brackets.popLast()
      leave()
      if closed?.kind == "(", let owner = closed?.owner { path = owner + [Self.call] }
    case ",":
      index += 1
      leave()
      words?.append(",")
      guard let last = brackets.indices.last else { return }
      if let argument = brackets[last].argument {
        brackets[last].given.append(argument)
        brackets[last].argument = nil
      } else {
        brackets[last].position += 1
      }
    case "=": passEquals()
    case "0"..."9": passNumber()
    case _ where Self.startsName(scalar): passName()
    default:
      index += 1
      leave()
      words = scalar == ";" ? [] : nil
    }
  }

  /// What follows does not continue the path.
  private mutating func leave() {
    path = nil
    nameStart = nil
    endsWithDot = false
  }

  private mutating func passEquals() {
    let isComparison =
      index + 1 < end && text[index + 1] == "="
      || index > 0 && "=!<>:".contains(text[index - 1])
    // `name=` right behind the bracket or a comma names an argument.
    if !isComparison, let last = brackets.indices.last, brackets[last].kind == "(" {
      var before = index
      while before > 0, text[before - 1] == " " { before -= 1 }
      let stop = before
      while before > 0, Self.continuesName(text[before - 1]) { before -= 1 }
      let name = String(String.UnicodeScalarView(text[before..<stop]))
      while before > 0, " \n\t".contains(text[before - 1]) { before -= 1 }
      if !name.isEmpty, before > 0, text[before - 1] == "(" || text[before - 1] == "," {
        brackets[last].argument = name
      }
    }
    index += 1
    leave()
    words = nil
  }

  private mutating func passNumber() {
    while index < end, Self.continuesName(text[index]) || text[index] == "." { index += 1 }
    leave()
    words = nil
    if index == end { found = nothing }
  }

  private mutating func passName() {
    let start = index
    while index < end, Self.continuesName(text[index]) { index += 1 }
    let name = String(String.UnicodeScalarView(text[start..<index]))
    if index < end, text[index] == "\"" || text[index] == "'", name.count <= 2,
      name.lowercased().allSatisfy({ "rbfu".contains($0) })
    {
      return passString(isFormat: name.lowercased().contains("f"))
    }
    if endsWithDot {
      path?.append(name)
    } else {
      path = [name]
      words?.append(name)
    }
    endsWithDot = false
    nameStart = start
    if index < end, Keywords.all.contains(name) { leave() }
  }

  /// Passes a string; when the cursor stands in it, that decides what is typed.
  private mutating func passString(isFormat: Bool) {
    let quote = text[index]
    let isTriple = index + 2 < end && text[index + 1] == quote && text[index + 2] == quote
    index += isTriple ? 3 : 1
    let start = index
    while index < end {
      if text[index] == "\\" {
        index = min(index + 2, end)
      } else if text[index] == quote,
        !isTriple || index + 2 < end && text[index + 1] == quote && text[index + 2] == quote
      {
        index += isTriple ? 3 : 1
        leave()
        path = [Self.string]
        words = nil
        return
      } else if text[index] == "\n", !isTriple {
        return leave()
      } else {
        index += 1
      }
    }
    if isFormat, let hole = Self.openHole(text[start..<end]) {
      var inner = SiteScanner(text, from: hole, to: end)
      found = inner.scan()
      return
    }
    found = stringSite(from: start)
  }

  /// Where the code of an f-string's open hole begins.
  private static func openHole(_ content: ArraySlice<Unicode.Scalar>) -> Int? {
    var hole: Int?
    var index = content.startIndex
    while index < content.endIndex {
      if content[index] == "{" {
        if index + 1 < content.endIndex, content[index + 1] == "{", hole == nil {
          index += 1
        } else {
          hole = index + 1
        }
      } else if content[index] == "}" {
        hole = nil
      }
      index += 1
    }
    return hole
  }

  private func stringSite(from start: Int) -> CompletionSite {
    let prefix = String(String.UnicodeScalarView(text[start..<end]))
    var site = CompletionSite(target: .nothing, prefix: prefix, range: start..<end)
    switch brackets.last?.kind {
    case "["?:
      if let owner = brackets.last?.owner { site.target = .key(of: owner) }
    case "("?:
      site.call = openCall
      if site.call != nil { site.target = .option }
    default: break
    }
    return site
  }

  private var nothing: CompletionSite {
    CompletionSite(target: .nothing, prefix: "", range: end..<end)
  }

  private var openCall: CompletionSite.Call? {
    guard let bracket = brackets.last, bracket.kind == "(", let function = bracket.owner else {
      return nil
    }
    return CompletionSite.Call(
      function: function, position: bracket.position, argument: bracket.argument,
      given: bracket.given)
  }

  /// The site at the end of the text, outside strings and comments.
  private func site() -> CompletionSite {
    let start = nameStart ?? end
    var site = CompletionSite(
      target: .name, prefix: String(String.UnicodeScalarView(text[start..<end])),
      range: start..<end)
    site.call = openCall
    let before = path.map { nameStart == nil ? $0 : $0.dropLast() } ?? []
    if let words, let first = words.first, first == "import" || first == "from" {
      return importSite(words, from: first == "from", before, site)
    }
    if let words, words.count >= 1 {
      let previous = nameStart == nil ? words.last : words.dropLast().last
      if previous == "def" || previous == "class" || previous == "as" { return nothing }
    }
    if endsWithDot || !before.isEmpty { site.target = .attribute(of: Array(before)) }
    return site
  }

  private func importSite(
    _ words: [String], from isFrom: Bool, _ before: [String], _ site: CompletionSite
  ) -> CompletionSite {
    var site = site
    site.call = nil
    let typed = nameStart == nil ? words : words.dropLast()
    if isFrom, words.count >= 2, let place = typed.lastIndex(of: "import"), place > 0 {
      // The module's name is read from the line, since only its first part is a word.
      site.target = .member(ofModule: moduleName)
      return typed.last == "as" ? nothing : site
    }
    if typed.last == "as" { return nothing }
    let dotted = (before + [site.prefix]).joined(separator: ".")
    site.range = (end - dotted.unicodeScalars.count)..<end
    site.prefix = dotted
    site.target = .module
    return site
  }

  /// The dotted name between `from` and `import` in the cursor's line.
  private var moduleName: String {
    var start = end
    while start > 0, text[start - 1] != "\n", text[start - 1] != ";" { start -= 1 }
    let line = String(String.UnicodeScalarView(text[start..<end]))
    let words = line.split { $0 == " " || $0 == "\t" }
    return words.count >= 2 ? String(words[1]) : ""
  }

  static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDStart
  }

  static func continuesName(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isXIDContinue }
}

extension String {
  fileprivate func contains(_ scalar: Unicode.Scalar) -> Bool {
    unicodeScalars.contains(scalar)
  }
}
