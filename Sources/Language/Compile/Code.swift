import Catalog

/// A function, class body or cell after compilation: what the machine needs to run it, and what
/// errors, help and the directory need to talk about it.
///
/// Immutable after the compiler has made it, but for `constantCount`, which the heap sets.
final class Code {
  /// What a constant is; the machine makes the value once.
  enum Constant: Hashable {
    case none
    case bool(Bool)
    case int(Int)
    /// By its bits, so that 0.0 and -0.0 differ.
    case float(UInt64)
    /// An integer beyond 64 bits: its digits.
    case bigInteger(String, radix: Int)
    case text(ExactText)
    case ellipsis
    case tuple([Constant])
    case code(Int)

    static func string(_ text: String) -> Constant { .text(ExactText(text)) }
  }

  /// How arguments find their registers.
  struct Signature {
    /// All parameters by position, then keyword-only ones, then `*rest`, then `**named`.
    var names: [String] = []
    var positionalOnlyCount = 0
    var positionalCount = 0
    var keywordOnlyCount = 0
    var hasRest = false
    var hasNamed = false
    /// How many of the last positional parameters have defaults.
    var defaultCount = 0

    /// The defaults as written, by the index of the parameter.
    var shownDefaults: [Int: String] = [:]

    var restRegister: Int { positionalCount + keywordOnlyCount }
    var namedRegister: Int { restRegister + (hasRest ? 1 : 0) }
    var registerCount: Int { namedRegister + (hasNamed ? 1 : 0) }
  }

  /// A site that remembers: the constant with the attribute's name.
  typealias Site = Int

  var name: String
  var qualifiedName: String
  let source: Source
  var span: SourceSpan
  var documentation: String?
  /// The annotations of parameters and result as written; they are never evaluated.
  var annotations: [(name: String, text: String)] = []
  var signature = Signature()
  var instructions: [Instruction] = []
  var spans: [SourceSpan] = []
  var handlers: [CodeCell.Handler] = []
  var constants: [Constant] = []
  /// The nested codes that constants refer to.
  var children: [Code] = []
  /// For each site the index of the constant with its name.
  var sites: [Int] = []
  var registerCount = 0
  var entry = 0
  var isGenerator = false
  var isClassBody = false
  /// The names of captured variables, in the order of the boxes.
  var captureNames: [String] = []
  /// Names of registers that are variables, for error messages and the debugger.
  var localNames: [(name: String, register: Int)] = []
  var constantCount = 0

  var cacheCount: Int { sites.count }

  /// The number of arguments with which a call fills the registers as they are; -1 otherwise.
  var simpleArity: Int {
    signature.keywordOnlyCount == 0 && !signature.hasRest && !signature.hasNamed && !isGenerator
      ? signature.positionalCount : -1
  }

  init(name: String, source: Source, span: SourceSpan) {
    self.name = name
    self.qualifiedName = name
    self.source = source
    self.span = span
  }

  /// The text an instruction was made from.
  func span(at instruction: Int) -> SourceSpan {
    spans.indices.contains(instruction) ? spans[instruction] : span
  }

  /// The frame of a traceback that stands at an instruction.
  func frame(at instruction: Int) -> Failure.Frame {
    let span = span(at: instruction)
    let start = source.position(at: span.start)
    let end = source.position(at: span.end)
    let text = source.text(ofLine: start.line)
    return Failure.Frame(
      source: source.name, function: name, line: start.line, column: start.column + 1,
      endColumn: end.line == start.line ? end.column + 1 : text.unicodeScalars.count + 1,
      text: text)
  }
}
