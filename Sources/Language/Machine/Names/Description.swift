import Catalog

extension Machine {
  /// What is known of a value, without running any script code.
  ///
  /// - Parameters:
  ///   - slot: of the global it is.
  ///   - isBound: a method, seen through its object: the first parameter is not the caller's.
  ///   - isWhole: with what may change while the value stays the same: its text, its elements.
  func describe(
    _ value: RawValue, as name: String, slot: Int? = nil, isBound: Bool = false, isWhole: Bool
  ) -> NameFacts {
    var facts = NameFacts(name, form(of: value), typeName: typeName(value))
    if let place = slot.flatMap({ globals.places[globals.names[$0]] }) {
      facts.place = (place.source.name, place.line)
    }
    switch value.tag {
    case RawValue.Tag.function:
      let code = FunctionCell(value).code.facts
      facts.place = (code.source.name, code.source.line(at: code.span.start))
    case RawValue.Tag.builtin: facts.entry = builtins[BuiltinCell(value).index].entry
    case RawValue.Tag.method:
      let function = MethodCell(value).function
      if function.tag == RawValue.Tag.builtin {
        facts.entry = builtins[BuiltinCell(function).index].entry
        facts.owner = typeName(MethodCell(value).receiver)
      }
    case RawValue.Tag.type:
      if facts.place == nil, let method = TypeCell(value).find(names.initialize),
        method.tag == RawValue.Tag.function
      {
        let code = FunctionCell(method).code.facts
        facts.place = (code.source.name, code.source.line(at: code.span.start))
      }
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      facts.type = object.type
      facts.module = (object as? Module)?.name
    default: break
    }
    if facts.form == .function || facts.form == .type {
      let parameters = parameters(of: value)
      facts.parameters = isBound ? Array(parameters.dropFirst()) : parameters
      facts.signature = name + facts.parameters.signature
    }
    if isWhole { complete(&facts, of: value) }
    return facts
  }

  private func form(of value: RawValue) -> NameFacts.Form {
    switch value.tag {
    case RawValue.Tag.function, RawValue.Tag.method: .function
    case RawValue.Tag.builtin:
      builtins[BuiltinCell(value).index].entry.type == nil ? .function : .type
    case RawValue.Tag.type: .type
    case RawValue.Tag.native: NativeCell(value).object is Module ? .module : .instance
    default: .instance
    }
  }

  private func complete(_ facts: inout NameFacts, of value: RawValue) {
    facts.text = brief(value)
    switch value.tag {
    case RawValue.Tag.function: describe(FunctionCell(value).code.facts, &facts)
    case RawValue.Tag.method:
      let function = MethodCell(value).function
      if function.tag == RawValue.Tag.function {
        describe(FunctionCell(function).code.facts, &facts)
      }
    case RawValue.Tag.type:
      let type = TypeCell(value)
      facts.members = members(of: type)
      facts.documentation = documentation(of: type)
      facts.bases = bases(of: type)
      if let method = type.find(names.initialize), method.tag == RawValue.Tag.function {
        let code = FunctionCell(method).code.facts
        facts.initializer = Definition(code.source, code.span)
      }
    case RawValue.Tag.instance:
      let instance = InstanceCell(value)
      facts.members = members(in: instance.attributes) + members(of: instance.type, isBound: true)
      facts.documentation = documentation(of: instance.type)
      facts.bases = bases(of: instance.type)
    case RawValue.Tag.exception:
      let exception = ExceptionCell(value)
      facts.members = [NameFacts.Member("args")]
      if exception.attributes.isDict {
        facts.members += members(in: DictCell(exception.attributes))
      }
      facts.members += members(of: exception.type, isBound: true)
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      facts.members = object.contents.prefix(NameFacts.memberLimit).map { NameFacts.Member($0) }
      facts.length = try? object.length()
      facts.shape = Machine.shape(of: object)
      facts.keys = []
    case RawValue.Tag.dict:
      facts.length = DictCell(value).count
      facts.keys = keys(of: DictCell(value))
    case RawValue.Tag.list, RawValue.Tag.tuple: facts.length = Row(value)?.count
    case RawValue.Tag.set, RawValue.Tag.frozenSet: facts.length = SetCell(value).count
    case RawValue.Tag.string: facts.length = StringCell(value).count
    default: break
    }
  }

  private func describe(_ code: Code, _ facts: inout NameFacts) {
    facts.documentation = code.documentation.map(Machine.firstParagraph)
    facts.definition = Definition(code.source, code.span)
    facts.place = (code.source.name, code.source.line(at: code.span.start))
  }

  // MARK: Members and keys

  /// The attributes of a script's class and of those it derives from, nearest first.
  private func members(of type: TypeCell, isBound: Bool = false) -> [NameFacts.Member] {
    var all: [NameFacts.Member] = []
    var seen: Set<String> = []
    var current: TypeCell? = type
    while let next = current, next.isScript, all.count < NameFacts.memberLimit {
      for member in members(in: next.attributes, isBound: isBound)
      where seen.insert(member.name).inserted {
        all.append(member)
      }
      current = next.base
    }
    return all
  }

  /// What stands under the string keys of a table of attributes, in order.
  private func members(in table: DictCell, isBound: Bool = false) -> [NameFacts.Member] {
    var all: [NameFacts.Member] = []
    var index = 0
    while index < table.used, all.count < NameFacts.memberLimit {
      defer { index += 1 }
      guard table.isPresent(index), table.key(index).isString else { continue }
      let name = StringCell(table.key(index)).string
      var value = table.value(index)
      var isBound = isBound
      if value.kind == .descriptor {
        let descriptor = DescriptorCell(Cell(value))
        switch descriptor.form {
        case .property, .cachedProperty, .tupleField, .superProxy, .union, .alias:
          all.append(NameFacts.Member(name, .property))
          continue
        case .staticMethod: isBound = false
        case .classMethod: isBound = true
        }
        value = descriptor.getter
      }
      let form = form(of: value)
      guard form == .function || form == .type else {
        all.append(NameFacts.Member(name, form))
        continue
      }
      let parameters = parameters(of: value)
      let isMethod = isBound && value.tag == RawValue.Tag.function
      all.append(
        NameFacts.Member(
          name, form,
          signature: name + (isMethod ? Array(parameters.dropFirst()) : parameters).signature))
    }
    return all
  }

  private func documentation(of type: TypeCell) -> String? {
    guard let text = type.attributes.value(named: names.doc), text.isString else { return nil }
    return Machine.firstParagraph(StringCell(text).string)
  }

  private func bases(of type: TypeCell) -> [String] {
    var all: [String] = []
    var current = type.base
    while let next = current, !next.name.equals("object"), all.count < 20 {
      all.append(next.name.string)
      current = next.base
    }
    return all
  }

  private func keys(of dict: DictCell) -> [NameFacts.Key] {
    var all: [NameFacts.Key] = []
    var index = 0
    // A dict that much was deleted from has a long empty beginning.
    while index < min(dict.used, 20_000), all.count < NameFacts.memberLimit {
      defer { index += 1 }
      guard dict.isPresent(index) else { continue }
      let key = dict.key(index)
      switch key.tag {
      case RawValue.Tag.string:
        let text = StringCell(key).string
        if text.utf8.count <= NameFacts.textLimit { all.append(.text(text)) }
      case RawValue.Tag.int, RawValue.Tag.float, RawValue.Tag.bool, RawValue.Tag.none,
        RawValue.Tag.tuple:
        let text = brief(key)
        if !text.contains("…"), !text.contains("<") { all.append(.other(text)) }
      default: break
      }
    }
    return all
  }

  /// What the attribute `shape` says, for objects of the library that have one.
  private static func shape(of object: any Object) -> [Int]? {
    guard let member = object.type.member("shape"), case .attribute(let get, _) = member.body,
      case .list(let view)? = try? get(.object(object))
    else { return nil }
    return try? view.integers()
  }

  static func firstParagraph(_ text: String) -> String {
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.isEmpty, !lines.isEmpty { break }
      if !words.isEmpty { lines.append(words) }
    }
    return lines.joined(separator: "\n")
  }
}

/// A function or object of the script, of which the library holds a handle.
public protocol DescribedValue {
  /// What is known of it without running script code; nil: it is gone.
  var described: NameFacts? { get }
}

extension ScriptFunction: DescribedValue {
  public var described: NameFacts? {
    live.map { machine.describe($0, as: name, isWhole: true) }
  }
}

extension ScriptObject: DescribedValue {
  public var described: NameFacts? {
    live.map { machine.describe($0, as: "", isWhole: true) }
  }
}
