public import Catalog

/// What can be said of a name of the session without running any code.
public struct GlobalName: Sendable {
  public enum Form: Sendable {
    case function
    case type
    case module
    case instance
  }

  public let name: String
  public let form: Form
  public let typeName: String
  /// How it prints, at most `GlobalName.textLimit` characters.
  public let text: String
  /// For what can be called: `f(x, y=2)`.
  public let signature: String?
  public let parameters: [ParameterFacts]
  public let documentation: String?
  /// The source's name and the line, from 1, where it was defined.
  public let place: (source: String, line: Int)?
  public let shape: [Int]?
  public let length: Int?
  /// The first string keys of a dict.
  public let keys: [String]
  /// Attributes of this object beyond those its type declares.
  public let attributes: [String]
  /// The library's type of it.
  public let type: ObjectType?
  /// The dotted name of the module it is.
  public let module: String?
  /// The entry it stands for.
  public let entry: Entry?

  public static let textLimit = 200
  /// How many keys and attributes are told.
  public static let nameLimit = 200
}

extension Machine {
  /// The names that scripts have defined, the newest first; runs no script code.
  public func globalNames() -> [GlobalName] {
    var all: [GlobalName] = []
    for (slot, name) in globals.names.enumerated().reversed() where isOwn(slot) {
      if name.utf8.first == UInt8(ascii: "_"), name.hasPrefix("__") { continue }
      let value = unsafe stack[slot]
      all.append(describe(name, value, slot: slot))
    }
    return all
  }

  private func describe(_ name: String, _ value: RawValue, slot: Int) -> GlobalName {
    var form = GlobalName.Form.instance
    var signature: String?
    var facts: [ParameterFacts] = []
    var documentation: String?
    var place = globals.places[name].map { (source: $0.source.name, line: $0.line) }
    var shape: [Int]?
    var length: Int?
    var keys: [String] = []
    var attributes: [String] = []
    var type: ObjectType?
    var module: String?
    var entry: Entry?
    switch value.tag {
    case RawValue.Tag.function:
      form = .function
      let code = FunctionCell(value).code.facts
      facts = code.parameterFacts
      documentation = code.documentation.map(Machine.firstParagraph)
      place = (code.source.name, code.source.position(at: code.span.start).line)
    case RawValue.Tag.builtin:
      let builtin = builtins[BuiltinCell(value).index]
      form = builtin.entry.type == nil ? .function : .type
      entry = builtin.entry
      facts = builtin.entry.parameters
    case RawValue.Tag.method:
      form = .function
      facts = parameters(of: value)
    case RawValue.Tag.type:
      form = .type
      facts = parameters(of: value)
      attributes = names(of: TypeCell(value).attributes)
    case RawValue.Tag.instance:
      let instance = InstanceCell(value)
      var known: TypeCell? = instance.type
      attributes = names(of: instance.attributes)
      while let current = known, current.isScript {
        attributes += names(of: current.attributes)
        known = current.base
      }
      if let object = peerObject(value) {
        type = object.type
        attributes += object.contents
        length = try? object.length()
      }
      attributes = Array(attributes.prefix(GlobalName.nameLimit))
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      type = object.type
      if let opened = object as? Module {
        form = .module
        module = opened.name
      }
      attributes = Array(object.contents.prefix(GlobalName.nameLimit))
      length = try? object.length()
      shape = Machine.shape(of: object)
    case RawValue.Tag.dict:
      let dict = DictCell(value)
      length = dict.count
      keys = names(of: dict)
    case RawValue.Tag.list, RawValue.Tag.tuple: length = Row(value)?.count
    case RawValue.Tag.set, RawValue.Tag.frozenSet: length = SetCell(value).count
    case RawValue.Tag.string: length = StringCell(value).count
    default: break
    }
    if form != .instance, form != .module {
      let shown = facts.filter { $0.passing != .accompanying }.map { facts in
        switch facts.passing {
        case .rest: "*" + facts.name
        case .restNamed: "**" + facts.name
        default: facts.name + (facts.shownDefault.map { "=" + $0 } ?? "")
        }
      }
      signature = "\(name)(\(shown.joined(separator: ", ")))"
    }
    var text = ""
    writeBriefly(value, to: &text, depth: 0)
    return GlobalName(
      name: name, form: form, typeName: typeName(value), text: Machine.cut(text),
      signature: signature, parameters: facts, documentation: documentation, place: place,
      shape: shape, length: length, keys: keys, attributes: attributes, type: type, module: module,
      entry: entry)
  }

  /// The string keys of a dict, in order.
  private func names(of dict: DictCell) -> [String] {
    var all: [String] = []
    var index = 0
    while index < dict.used, all.count < GlobalName.nameLimit {
      if dict.isPresent(index), dict.key(index).isString {
        all.append(StringCell(dict.key(index)).string)
      }
      index += 1
    }
    return all
  }

  /// The text of a value, cut where it is long; asks no script object.
  func brief(_ value: RawValue) -> String {
    var text = ""
    writeBriefly(value, to: &text, depth: 0)
    return Machine.cut(text)
  }

  /// The text of a value, up to a length and depth, without asking any script object.
  private func writeBriefly(_ value: RawValue, to text: inout String, depth: Int) {
    guard text.utf8.count < GlobalName.textLimit * 4 else { return }
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
      for index in 0..<dict.used where dict.isPresent(index) {
        guard depth < 3, text.utf8.count < GlobalName.textLimit else {
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
      let string = StringCell(value).string.prefix(GlobalName.textLimit)
      var bytes: [UInt8] = []
      Quoting.append(Array(string.utf8).span, to: &bytes)
      text += String(decoding: bytes, as: UTF8.self)
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
      guard depth < 3, text.utf8.count < GlobalName.textLimit else {
        text += "…"
        return
      }
      if index > 0 { text += ", " }
      if let value = element(index) { writeBriefly(value, to: &text, depth: depth + 1) }
    }
  }

  private static func cut(_ text: String) -> String {
    text.count <= GlobalName.textLimit ? text : text.prefix(GlobalName.textLimit - 1) + "…"
  }

  private static func firstParagraph(_ text: String) -> String {
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.isEmpty, !lines.isEmpty { break }
      if !words.isEmpty { lines.append(words) }
    }
    return lines.joined(separator: "\n")
  }

  /// What the attribute `shape` says, for objects of the library that have one.
  private static func shape(of object: any Object) -> [Int]? {
    guard let member = object.type.member("shape"), case .attribute(let get, _) = member.body,
      case .list(let view)? = try? get(.object(object))
    else { return nil }
    return try? view.integers()
  }
}

extension Machine {
  /// Takes these names away from scripts; those the library declares are the library's again.
  public func forget(_ names: [String]) {
    for name in names {
      guard let slot = globals.slots[name] else { continue }
      globals.places[name] = nil
      globals.vanishing.insert(slot)
      unsafe stack[slot] = globals.fallbacks[slot]
    }
  }
}

extension Value {
  /// Whether it is an object that a script has made, such as an instance of one of its classes.
  public var isOfScript: Bool {
    if case .object(let object) = self { object is ScriptObject } else { false }
  }
}
