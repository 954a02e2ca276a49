internal import Catalog

/// What one kind of widget is: its model and view in the front end, and what scripts can set.
///
/// Names, modules and versions: ipywidgets 8, widget messaging protocol 2.1.
struct WidgetKind: Sendable {
  /// A package of the front end that has models and views.
  enum Package: Sendable {
    case base, controls, output

    var name: String {
      switch self {
      case .base: "@jupyter-widgets/base"
      case .controls: "@jupyter-widgets/controls"
      case .output: "@jupyter-widgets/output"
      }
    }

    var version: String { self == .output ? "1.0.0" : "2.0.0" }
  }

  let name: String
  let sentence: String
  let package: Package
  /// `IntSliderModel`.
  let model: String
  /// `IntSliderView`; progress bars share one.
  let view: String
  /// The model of its looks, such as `SliderStyle`; nil: it has none.
  let style: String?
  /// Whether it is seen itself; layouts and styles only describe others.
  let isVisible: Bool
  /// Those that a call can give by position come first.
  let traits: [WidgetTrait]
  let example: String

  init(
    _ name: String, _ sentence: String, package: Package = .controls, model: String? = nil,
    view: String? = nil,
    style: String? = nil, isVisible: Bool = true, _ traits: [WidgetTrait], example: String = ""
  ) {
    self.name = name
    self.sentence = sentence
    self.package = package
    self.model = model ?? name + "Model"
    self.view = view ?? name + "View"
    self.style = style
    self.isVisible = isVisible
    self.traits = traits
    self.example = example
  }

  func trait(_ name: String) -> WidgetTrait? { traits.first { $0.name == name } }

  /// Whether it lets choose among options: then `value` follows from `index`.
  var isSelection: Bool {
    if case .options? = trait("options")?.kind { true } else { false }
  }

  /// Whether its children lie behind one another, under titles.
  var hasPages: Bool { trait("titles") != nil }
}

/// Something of a widget that a script and the front end both can see.
struct WidgetTrait: Sendable {
  enum Kind: Sendable {
    case int, float, bool, string
    /// The lower and the upper end of a range.
    case range(isWhole: Bool)
    /// A number or a string, as lengths are.
    case text
    /// One of a few words.
    case word([String])
    /// What one may choose from.
    case options
    /// The chosen option.
    case choice
    /// The number of the chosen option, from 0; None: none is chosen.
    case index
    case children, widget, strings
  }

  let name: String
  /// Its name in the front end; nil: it is not sent.
  let key: String?
  let kind: Kind
  let standard: JSON
  let sentence: String

  init(
    _ name: String, _ kind: Kind, _ standard: JSON, _ sentence: String, key: String? = nil,
    isSent: Bool = true
  ) {
    self.name = name
    self.key = isSent ? key ?? name : nil
    self.kind = kind
    self.standard = standard
    self.sentence = sentence
  }

  /// A value that a script gives, in the form in which it is kept.
  func read(_ value: Value) throws -> Value {
    switch kind {
    case .int:
      if let int = Int.read(value) { return .int(int) }
      if let double = Double.read(value), let int = Int(exactly: double) { return .int(int) }
      throw wrong(value, "an int")
    case .float:
      guard let double = Double.read(value), double.isFinite else {
        throw wrong(value, "a finite number")
      }
      return .float(double)
    case .range(let isWhole):
      let end = WidgetTrait(name, isWhole ? .int : .float, nil, sentence)
      guard case .list(let view) = value, view.count == 2 else {
        throw wrong(value, "a pair of numbers")
      }
      let ends = try view.elements().map { try end.read($0) }
      guard let low = Double.read(ends[0]), let high = Double.read(ends[1]), low <= high else {
        throw Failure(.value, "setting lower > upper: \(value.brief())")
      }
      return .tuple(ends)
    case .bool:
      guard let bool = Bool.read(value) else { throw wrong(value, "True or False") }
      return .bool(bool)
    case .string:
      guard case .string = value else { throw wrong(value, "a str") }
      return value
    case .text:
      switch value {
      case .none, .string, .bool: return value
      case .int(let int): return .string(String(int))
      case .float(let double) where double.isFinite: return .string("\(double)")
      default: throw wrong(value, "a str or a number")
      }
    case .word(let words):
      guard case .string(let word) = value else { throw wrong(value, "a str") }
      guard words.contains(word) else { throw Failure.unknownOption(word, among: words) }
      return value
    case .children:
      guard case .list(let view) = value else { throw wrong(value, "a list of widgets") }
      let children = try view.elements()
      for case let child in children where Widget.read(child) == nil {
        throw wrong(child, "a widget, as all children are")
      }
      return .tuple(children)
    case .widget:
      guard value.isNone || Widget.read(value) != nil else { throw wrong(value, "a widget") }
      return value
    case .strings:
      guard let strings = try [String].read(value) else { throw wrong(value, "a list of str") }
      return .tuple(strings.map { .string($0) })
    case .index:
      guard value.isNone || Int.read(value) != nil else { throw wrong(value, "an int or None") }
      return value
    case .options, .choice: return value
    }
  }

  /// A value as the front end wants it.
  func encode(_ value: Value) -> JSON {
    switch value {
    case .none: .null
    case .bool(let bool): .bool(bool)
    case .int(let int): .int(int)
    case .float(let double): .number(double)
    case .string(let string): .string(string)
    case .list(let view): .array(((try? view.elements()) ?? []).map(encode))
    case .object(let object): .string("IPY_MODEL_\((object as? Widget)?.id ?? "")")
    case .dict, .function: .null
    }
  }

  /// What the front end sends; nil when it is of another type.
  func decode(_ json: JSON) -> Value? {
    switch kind {
    case .int: json.int.map { .int($0) }
    case .float: json.double.map { .float($0) }
    case .range(let isWhole):
      json.array.flatMap { ends in
        let values = ends.compactMap { end in
          isWhole ? end.int.map { Value.int($0) } : end.double.map { Value.float($0) }
        }
        return values.count == 2 && ends.count == 2 ? .tuple(values) : nil
      }
    case .bool: json.bool.map { .bool($0) }
    case .string, .word: json.string.map { .string($0) }
    case .text: json == .null ? Value.none : json.string.map { .string($0) }
    case .index: json == .null ? Value.none : json.int.map { .int($0) }
    case .options, .choice, .children, .widget, .strings: nil
    }
  }

  /// The default, as a script sees it.
  var standardValue: Value {
    switch standard {
    case .null: .none
    case .bool(let bool): .bool(bool)
    case .int(let int): .int(int)
    case .number(let double): .float(double)
    case .string(let string): .string(string)
    case .array, .object: .tuple([])
    }
  }

  private func wrong(_ value: Value, _ wanted: String) -> Failure {
    Failure(.type, "\(name) must be \(wanted), not \(value.typeName)", code: "L105")
  }

  var facts: ParameterFacts {
    let words: [String] = if case .word(let words) = kind { words } else { [] }
    let type =
      switch kind {
      case .int: "int"
      case .float: "float"
      case .range: "pair of numbers"
      case .bool: "bool"
      case .string, .word: "str"
      case .text: "str or None"
      case .index: "int or None"
      case .options: "list, or dict from label to value"
      case .choice: "any"
      case .children: "list of widgets"
      case .widget: "widget"
      case .strings: "list of str"
      }
    return ParameterFacts(
      name: name, kind: type, sentence: sentence, shownDefault: standardValue.shownInSignature,
      choices: words)
  }
}

extension Value {
  var isNone: Bool { if case .none = self { true } else { false } }

  /// As a script would write it.
  fileprivate var shownInSignature: String {
    switch self {
    case .string(let string): "\"\(string)\""
    case .list: "()"
    default: brief()
    }
  }
}
