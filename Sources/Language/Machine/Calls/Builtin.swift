import Catalog

/// The body of a builtin: works on the machine's own values and returns one.
///
/// It throws script exceptions with `throw machine.error(.type, "…")`. A value in a Swift local is
/// good until script code runs (`machine.call`, comparing or hashing objects of script classes);
/// over such a call keep it in a `HandleScope`. Arguments are kept by the caller.
typealias Intrinsic = @Sendable (Machine, Window) throws(Thrown) -> RawValue

/// The body of a builtin as an object: calling it through one counts no references.
final class IntrinsicBody {
  let run: Intrinsic

  init(_ run: @escaping Intrinsic) { self.run = run }
}

extension Unmanaged where Instance == IntrinsicBody {
  @inline(__always)
  func callAsFunction(_ machine: Machine, _ window: Window) throws(Thrown) -> RawValue {
    // The function's own way to throw would be taken for one of any error.
    let result = unsafe _withUnsafeGuaranteedRef { body -> Result<RawValue, Thrown> in
      do throws(Thrown) {
        return .success(try body.run(machine, window))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// The arguments of a builtin, by the index of the declared parameter.
///
/// What was not given is `undefined`.
struct Window {
  private let registers: Registers
  /// How many positional arguments were given, without the receiver.
  private let given: Int
  /// The index of the parameter declared as `*rest`; beyond all others without one.
  private let restIndex: Int

  @inline(__always)
  init(_ registers: Registers, given: Int, restIndex: Int) {
    self.registers = registers
    self.given = given
    self.restIndex = restIndex
  }

  /// The argument for a parameter, or `undefined`.
  @inline(__always)
  subscript(index: Int) -> RawValue {
    index < restIndex ? registers[index] : registers[given + index - restIndex - 1]
  }

  /// The argument for a parameter; nil when it was not given.
  @inline(__always)
  func given(_ index: Int) -> RawValue? {
    let value = self[index]
    return value.isUndefined ? nil : value
  }

  /// The object a method was called on.
  @inline(__always)
  var receiver: RawValue { registers[-1] }

  /// How many arguments the parameter `*rest` received.
  var restCount: Int { max(0, given - restIndex) }
  /// An argument of `*rest`.
  func rest(_ index: Int) -> RawValue { registers[restIndex + index] }
  var restValues: [RawValue] { (0..<restCount).map { rest($0) } }
}

/// A function or method of the language: one entry with its facts, and the code for it.
struct Builtin: Sendable {
  let entry: Entry
  /// nil: the entry's own body, code of the library.
  let body: Intrinsic?
  /// `list.append` in messages; the plain name for functions.
  let qualifiedName: String
  /// The language's type whose method it is.
  let owner: String?
  let isMethod: Bool
  let parameterCount: Int
  let requiredCount: Int
  let positionalCount: Int
  let restIndex: Int
  let hasRestNamed: Bool
  let takesNames: Bool
  /// The parameters, by bits, whose declared kind is a text or a dict: they are handed the
  /// built-in value behind an instance of a class that extends it.
  let plainParameters: UInt64

  /// A builtin function.
  init(
    _ name: String, _ sentence: String, _ parameters: ParameterFacts..., returns: String,
    example: String = "", details: String = "", body: @escaping Intrinsic
  ) {
    self.init(
      Entry(
        name, sentence, kind: .function, parameters: parameters, returns: returns,
        examples: example.isEmpty ? [] : [example], details: details, body: .intrinsic),
      body: body)
  }

  /// A method; it belongs to the type in whose list it stands.
  static func method(
    _ name: String, _ sentence: String, _ parameters: ParameterFacts..., returns: String = "None",
    example: String = "", details: String = "", body: @escaping Intrinsic
  ) -> Builtin {
    Builtin(
      Entry(
        name, sentence, kind: .method, parameters: parameters, returns: returns,
        examples: example.isEmpty ? [] : [example], details: details, body: .intrinsic),
      body: body)
  }

  init(
    _ entry: Entry, body: Intrinsic?, qualifiedName: String? = nil, owner: String? = nil
  ) {
    self.entry = entry
    self.owner = owner
    self.body = body
    self.qualifiedName = qualifiedName ?? entry.name
    isMethod = entry.kind == .method
    let parameters = entry.parameters
    parameterCount = parameters.count
    let byPosition = parameters.prefix {
      $0.passing == .positional || $0.passing == .positionalOnly
    }
    positionalCount = byPosition.count
    requiredCount = byPosition.prefix { $0.shownDefault == nil }.count
    restIndex = parameters.firstIndex { $0.passing == .rest } ?? Int.max / 2
    hasRestNamed = parameters.contains { $0.passing == .restNamed }
    plainParameters = parameters.prefix(min(restIndex, 64)).enumerated().reduce(0) { bits, item in
      let isPlain = Builtin.plainKinds.contains(item.element.kind)
      return bits | (isPlain ? 1 << UInt64(item.offset) : 0)
    }
    takesNames = parameters.contains {
      $0.passing == .positional || $0.passing == .keywordOnly || $0.passing == .restNamed
    }
  }

  private static let plainKinds: Set = ["str", "str or None", "dict", "dict or str"]

  /// The same method with the name of its type in messages.
  func named(in type: String) -> Builtin {
    Builtin(entry, body: body, qualifiedName: "\(type).\(entry.name)", owner: type)
  }
}

extension ParameterFacts {
  /// A parameter that must be given, by position only.
  static func required(_ name: String, _ kind: String = "any", _ sentence: String = "")
    -> ParameterFacts
  {
    ParameterFacts(name: name, kind: kind, sentence: sentence, passing: .positionalOnly)
  }

  /// A parameter with a default, by position only.
  static func optional(
    _ name: String, _ kind: String = "any", shown: String = "None", _ sentence: String = ""
  ) -> ParameterFacts {
    ParameterFacts(
      name: name, kind: kind, sentence: sentence, passing: .positionalOnly, shownDefault: shown)
  }

  /// A parameter by position or name; without `shown` it must be given.
  static func named(
    _ name: String, _ kind: String = "any", shown: String? = nil, _ sentence: String = ""
  ) -> ParameterFacts {
    ParameterFacts(
      name: name, kind: kind, sentence: sentence, passing: .positional, shownDefault: shown)
  }

  /// A parameter by name only, with a default.
  static func keyword(
    _ name: String, _ kind: String = "any", shown: String = "None", _ sentence: String = ""
  ) -> ParameterFacts {
    ParameterFacts(
      name: name, kind: kind, sentence: sentence, passing: .keywordOnly, shownDefault: shown)
  }

  /// `*name`.
  static func rest(_ name: String, _ sentence: String = "") -> ParameterFacts {
    ParameterFacts(name: name, sentence: sentence, passing: .rest)
  }

  /// `**name`: its argument is a dict.
  static func restNamed(_ name: String, _ sentence: String = "") -> ParameterFacts {
    ParameterFacts(name: name, sentence: sentence, passing: .restNamed)
  }
}

/// A type of the language: its name, what calling it does, its methods.
struct BuiltinType: Sendable {
  let name: String
  let sentence: String
  /// Makes an instance; nil: the type cannot be called.
  let maker: Builtin?
  let methods: [Builtin]
  /// Methods of the type itself; they receive the class they are called on.
  let classMethods: [Builtin]

  init(
    _ name: String, _ sentence: String, maker: Builtin? = nil, methods: [Builtin] = [],
    classMethods: [Builtin] = []
  ) {
    self.name = name
    self.sentence = sentence
    self.maker = maker
    self.methods = methods
    self.classMethods = classMethods
  }

  /// The name without that of its module.
  var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }

  /// The declaration that completion, help and the manual read.
  var entry: Entry {
    let methods = (methods + classMethods).map(\.entry)
    return Entry(
      shortName, sentence, kind: .function, parameters: maker?.entry.parameters ?? [],
      returns: name, examples: maker?.entry.examples ?? [], details: maker?.entry.details ?? "",
      type: ObjectType(name, sentence) { methods }, body: .intrinsic)
  }
}
