/// What to do about an error of syntax where the parser itself says nothing of it, and the token
/// that a person would point at.
struct SyntaxAdvice {
  private let diagnostic: Diagnostic
  private let source: Source
  private let line: Int
  /// The line as words between spaces.
  private let words: [String]
  private let text: String
  /// What stands before the marked place on its line.
  private let before: String
  /// What stands there and after it.
  private let after: String

  private(set) var code: String?
  private(set) var help: String?
  private(set) var mark: SourceSpan

  init(_ diagnostic: Diagnostic, in source: Source) {
    self.diagnostic = diagnostic
    self.source = source
    line = source.line(at: diagnostic.span.start)
    let whole = source.span(ofLine: line)
    text = source.text(of: whole)
    words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    before = source.text(of: SourceSpan(whole.start, min(diagnostic.span.start, whole.end)))
    after = source.text(of: SourceSpan(min(diagnostic.span.start, whole.end), whole.end))
    code = diagnostic.code
    help = diagnostic.help
    mark = diagnostic.span
    pointAtWord()
    pointAtDoubledSign()
    if diagnostic.message.contains("Maybe you meant '=='") { help = assignment ?? help }
    if diagnostic.message.hasPrefix("unterminated string") { help = quotes ?? help }
    if diagnostic.message.hasSuffix("forgot a comma?") { complete(comma) }
    if help == nil { complete(diagnostic.message == "invalid syntax" ? lineAdvice : known) }
  }

  private mutating func complete(_ advice: (code: String?, help: String)?) {
    guard let advice else { return }
    code = advice.code ?? code
    help = advice.help
  }

  private var first: String { words.first ?? "" }

  /// A mistyped or foreign word is where the mistake is, not what follows it.
  private mutating func pointAtWord() {
    let isWord = code == "L006" || code == "L008" && SyntaxAdvice.foreign.contains(first)
    guard isWord, let start = text.utf8.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) else {
      return
    }
    let offset =
      source.span(ofLine: line).start + text.utf8.distance(from: text.startIndex, to: start)
    let width = text[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }.utf8.count
    if width > 0 { mark = SourceSpan(offset, offset + width) }
  }

  /// `i++`: the two signs, and the line that does it here.
  private mutating func pointAtDoubledSign() {
    guard let sign = ["++", "--"].first(where: before.hasSuffix), code == "L008" else { return }
    mark = SourceSpan(diagnostic.span.start - 2, diagnostic.span.start)
    let name = before.dropLast(2).drop { $0 == " " || $0 == "\t" }
    if !name.isEmpty { help = "write \(name) \(sign.prefix(1))= 1" }
  }

  private static let foreign: Set<String> = [
    "let", "var", "const", "auto", "val", "int", "float", "double", "string", "function", "func",
    "fn", "fun", "sub", "elseif", "elsif", "switch", "do", "foreach", "unless", "until", "struct",
    "interface", "include", "using", "require", "use", "throw", "catch", "new",
  ]

  /// Advice by CPython's message.
  private var known: (code: String?, help: String)? {
    let message = diagnostic.message
    func advice(_ help: String) -> (String?, String) { (nil, help) }
    let name =
      message.split(separator: "'" as Character, omittingEmptySubsequences: false)
      .dropFirst().first.map(String.init) ?? ""
    switch message {
    case "'break' outside loop":
      return advice("break ends a loop: indent it into one, or leave it out")
    case "'continue' not properly in loop":
      return advice("continue goes on with a loop: indent it into one, or leave it out")
    case "'return' outside function":
      return advice("a cell shows the value of its last line; write only the expression")
    case "non-default argument follows default argument":
      return advice("parameters with a default come last")
    case "positional argument follows keyword argument":
      return advice("put it before the named ones, or give it a name too")
    case "expected 'except' or 'finally' block":
      return first == "catch"
        ? ("L008", "write except")
        : advice("end the try block with except ValueError: …, or leave out try")
    case "nonlocal declaration not allowed at module level":
      return advice("names at the top need no declaration: leave the line out")
    case "f-string: expecting '}'": return advice("write the closing } before the quote")
    case "cannot delete literal", "cannot delete function call", "cannot delete expression":
      return advice("del takes names, elements such as d[\"key\"], and attributes")
    case _ where message.hasPrefix("cannot assign to"):
      let word = source.text(of: diagnostic.span)
      return ["True", "False", "None"].contains(word)
        ? advice("\(word) is a word of the language; choose another name")
        : advice("a name stands on the left of =, its value on the right")
    case _ where message.hasPrefix("closing parenthesis"):
      let closing: [Character: Character] = ["(": ")", "[": "]", "{": "}"]
      let opening = message.split(separator: "opening parenthesis '").last?.first ?? "("
      return advice("close with what was opened: write '\(closing[opening] ?? ")")'")
    case _ where message.hasPrefix("duplicate argument"):
      return advice("give each parameter a name of its own")
    case _ where message.hasPrefix("leading zeros"):
      let digits = source.text(of: diagnostic.span).drop { $0 == "0" || $0 == "_" }
      let number = after.prefix { $0.isNumber || $0 == "_" }.drop { $0 == "0" || $0 == "_" }
      let plain = number.isEmpty ? digits : number
      return advice("write \(plain.isEmpty ? "0" : String(plain))")
    case _ where message.hasSuffix("is parameter and global"),
      _ where message.hasSuffix("is parameter and nonlocal"):
      return advice("leave this line out, or give the parameter another name than \(name)")
    case _ where message.hasPrefix("no binding for nonlocal"):
      return advice("no function around has that name; for one at the top write global \(name)")
    case _ where message.hasPrefix("name '") && message.contains("prior to"):
      return advice("move this line to the start of the function")
    case _ where message.hasPrefix("keyword argument repeated"):
      return advice("give it only once")
    case _ where message.hasPrefix("f-string"):
      return advice("look at the braces and quotes of the f-string")
    default: return nil
    }
  }

  /// Advice for "Perhaps you forgot a comma?" where something else is the matter.
  private var comma: (code: String?, help: String)? {
    if first == "for", words.count > 1, words[1].hasPrefix("("), text.contains(";") {
      return ("L008", "write for i in range(n):")
    }
    return nil
  }

  /// Advice for a `=` after what cannot be assigned to.
  private var assignment: String? {
    if ["if", "elif", "while", "assert", "return"].contains(first) { return nil }
    let marked = source.text(of: diagnostic.span)
    let parts = marked.split(separator: "-" as Character).map { $0.filter { $0 != " " } }
    if parts.count > 1,
      parts.allSatisfy({ part in part.allSatisfy { $0.isLetter || $0 == "_" } && !part.isEmpty })
    {
      return "names have no -: write " + parts.joined(separator: "_")
    }
    if before.contains("{"), !before.contains("}") {
      return "in a dict a colon stands between key and value: {\(marked): …}"
    }
    return "a name stands on the left of =, its value on the right; to compare write =="
  }

  /// Advice for a string that is not closed.
  private var quotes: String? {
    let mark = after.first
    guard mark == "'" || mark == "\"" else { return nil }
    if mark == "'", before.filter({ $0 == "'" }).count % 2 == 0, before.contains("'") {
      return "a ' inside the text ended the string; put the text in \"…\""
    }
    let other: Character = mark == "'" ? "\"" : "'"
    if after.dropFirst().contains(other), let mark {
      return "it was opened with \(mark), so close it with \(mark)"
    }
    return nil
  }

  /// Advice for "invalid syntax", from the words of the line.
  private var lineAdvice: (code: String?, help: String)? {
    let token = after.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let last = before.split(whereSeparator: { $0 == " " || $0 == "\t" }).last.map(String.init) ?? ""
    if before.contains("//") { return ("L008", "comments begin with #") }
    if after.hasPrefix("=>") { return ("L008", "write >=") }
    if after.hasPrefix("=<") { return ("L008", "write <=") }
    if after.hasPrefix("!") { return ("L008", "write != without a space, or not x") }
    if first == "do" || first == "do:" {
      return ("L008", "there is no do loop: write while True: and end it with if …: break")
    }
    if Keyword.all.contains(where: { $0.text == first }), words.count > 1, words[1] == "=" {
      return (nil, "'\(first)' is a word of the language; choose another name")
    }
    if last == "in", token == "not" { return (nil, "write not in") }
    if token == "return", before.contains("lambda") {
      return (nil, "a lambda is one expression: leave return out, or write def")
    }
    if first == "import", token == "from", words.count >= 4 {
      return (nil, "write from \(words[3]) import \(words[1])")
    }
    if first == "from", !words.contains("import") {
      let module = words.count > 1 ? words[1] : "module"
      return (nil, "write from \(module) import name, or import \(module)")
    }
    if after.hasPrefix(":="), words.count > 1 {
      return (nil, "write = here; := stands inside parentheses")
    }
    if first == "for" {
      if after.hasPrefix("=") {
        return ("L008", "write for \(words.count > 1 ? words[1] : "i") in range(…):")
      }
      if token == "of" { return ("L008", "write in instead of of") }
      if !words.contains("in") { return (nil, "write for x in values:") }
    }
    if token == "then" { return ("L008", "write : instead of then") }
    if last == "new" { return ("L008", "leave out new: \(token)(…)") }
    if after.hasPrefix(":") {
      return (
        nil, "only lines that open a block, such as if, for and def, end with ':'; leave it out"
      )
    }
    if !token.isEmpty, words.count > 2, words[1] == String(token), words[2] == "=" {
      return (nil, "names have no spaces: write \(first)_\(token)")
    }
    if !token.isEmpty, let end = last.last, end.isLetter || end.isNumber || ")]}\"'".contains(end) {
      return (nil, "write each statement on a line of its own, or the operator that is missing")
    }
    return (nil, "something is missing or too much just before this place")
  }
}
