internal import Catalog

/// A control in the notebook; the kernel and its views in the front end share its state.
final class Widget: LiveNumber {
  /// Who is told of a change.
  enum Observer {
    case script(Function)
    case interaction(Interaction)
  }

  let kind: WidgetKind
  /// Of the comm; 32 hexadecimal digits.
  let id: String
  unowned let context: Context
  var values: [String: Value] = [:]
  /// Of a selection: what it chooses from.
  private var options = WidgetOptions()
  private var observers: [(names: [String]?, observer: Observer)] = []
  private var clicked: [Function] = []
  private var classes: [String] = []
  /// Of an `Output`: what it shows, in the form of notebook files.
  private(set) var outputs: [JSON] = []
  /// Of an `Output`: what comes next takes the place of what it shows.
  var clearsBeforeNext = false
  /// Of what `interact` makes.
  var interaction: Interaction?
  private(set) var isClosed = false

  /// Makes a widget with the values that a script gives, and tells the front end of it.
  init(
    _ kind: WidgetKind, _ given: [String: Value] = [:], classes: [String] = [],
    context: Context
  ) throws {
    self.kind = kind
    self.context = context
    self.classes = classes
    id = Widget.newID()
    for trait in kind.traits { values[trait.name] = trait.standardValue }
    for (name, value) in given {
      switch name {
      case "layout": values[name] = try looks(WidgetKind.layout.name, value)
      case "style": values[name] = try kind.style.map { try looks($0, value) } ?? Value.none
      case "options" where kind.isSelection:
        options = try WidgetOptions(value)
        values[name] = value
      case "value" where kind.isSelection: break
      default: values[name] = try kind.trait(name)?.read(value)
      }
    }
    if let border = given["border"] {
      for side in WidgetKind.borders where given[side] == nil {
        values[side] = try kind.trait("border")?.read(border)
      }
    }
    if kind.isSelection { try choose(given) }
    if given["layout"] == nil, kind.trait("layout") != nil {
      values["layout"] = try looks(WidgetKind.layout.name, .none)
    }
    if given["style"] == nil, let style = kind.style { values["style"] = try looks(style, .none) }
    try checkBounds(of: "max")
    if case .range? = kind.trait("value")?.kind, given["value"] == nil {
      values["value"] = try kind.trait("value")?.read(middleHalf)
    }
    if let value = values["value"] { values["value"] = bounded(value) }
    try turnPages(isIndexGiven: given["selected_index"] != nil)
    WidgetBook.of(context).add(self)
    context.sink.emit(
      .comm(
        CommMessage(
          id, .open(target: WidgetProtocol.target),
          data: ["state": state, "buffer_paths": []],
          metadata: ["version": .string(WidgetProtocol.version)])))
  }

  private static func newID() -> String {
    (0..<4).map { _ in
      let word = String(UInt32.random(in: 0...UInt32.max), radix: 16)
      return String(repeating: "0", count: 8 - word.count) + word
    }.joined()
  }

  /// A layout or style: a widget already, or made from a dict.
  private func looks(_ kind: String, _ value: Value) throws -> Value {
    guard let kind = WidgetKind.named(kind) else { return .none }
    switch value {
    case .none: return .object(try Widget(kind, context: context))
    case .dict(let view):
      var given: [String: Value] = [:]
      for (key, value) in try view.items() {
        guard case .string(let name) = key else { continue }
        guard kind.trait(name) != nil else { throw Widget.unknown(name, kind) }
        given[name] = value
      }
      return .object(try Widget(kind, given, context: context))
    default:
      guard Widget.read(value) != nil else {
        throw Failure(
          .type, "layout and style are dicts or \(kind.name) objects, not \(value.typeName)",
          code: "L105")
      }
      return value
    }
  }

  static func unknown(_ name: String, _ kind: WidgetKind) -> Failure {
    Failure(
      .type, "\(kind.name)() got an unexpected keyword argument '\(name)'", code: "L105",
      help: Nearest.question(name, among: kind.traits.map(\.name)))
  }

  /// The widget that a value is.
  static func read(_ value: Value) -> Widget? {
    guard case .object(let object) = value else { return nil }
    return object as? Widget
  }

  // MARK: Values

  func value(of name: String) -> Value { values[name] ?? .none }

  func set(_ name: String, to new: Value) throws {
    guard let trait = kind.trait(name) else { throw Widget.unknown(name, kind) }
    switch trait.kind {
    case .choice:
      let isNone = new.isNone && !options.values.contains { $0.isNone }
      try change([("index", isNone ? .none : .int(try options.position(of: new)))])
    case .options:
      options = try WidgetOptions(new)
      values[name] = new
      send([name])
      try change([("index", options.isEmpty ? .none : .int(0))])
    case .widget:
      let made = try looks(
        name == "layout" ? WidgetKind.layout.name : kind.style ?? "", new)
      try change([(name, made)])
    case .text where name == "border":
      let border = try trait.read(new)
      try change([(name, border)] + WidgetKind.borders.map { ($0, border) })
    default: try change([(name, try trait.read(new))])
    }
  }

  /// Takes what the front end says of its state: repeats it to all views, corrects what cannot be,
  /// and tells the observers.
  ///
  /// - Parameter later: what newer messages of the front end will say; it is not acted upon.
  func receive(_ state: JSON, except later: Set<String> = []) throws {
    emit("echo_update", state)
    var changes: [(name: String, value: Value)] = []
    var known: [String: JSON] = [:]
    for (key, json) in state.members ?? [] where !later.contains(key) {
      guard let trait = kind.traits.first(where: { $0.key == key }), let value = trait.decode(json)
      else { continue }
      changes.append((trait.name, value))
      known[trait.name] = json
    }
    try change(changes, known: known)
  }

  /// Sets values that have been checked; the front end is told of those it does not know.
  private func change(
    _ changes: [(name: String, value: Value)], known: [String: JSON] = [:]
  ) throws {
    let before = values
    for (name, value) in changes {
      values[name] = value
      do { try checkBounds(of: name) } catch {
        values = before
        throw error
      }
    }
    if let value = values["value"] { values["value"] = bounded(value) }
    if kind.isSelection { values["value"] = options.value(at: values["index"]) }
    do { try turnPages(isIndexGiven: changes.contains { $0.name == "selected_index" }) } catch {
      values = before
      throw error
    }
    let changed = kind.traits.filter { trait in
      guard case .choice = trait.kind else {
        return trait.encode(value(of: trait.name)) != trait.encode(before[trait.name] ?? .none)
      }
      return values["index"].flatMap(Int.read) != before["index"].flatMap(Int.read)
        || !value(of: trait.name).equals(before[trait.name] ?? .none)
    }
    let told = kind.traits.filter { trait in
      if let json = known[trait.name] { return trait.encode(value(of: trait.name)) != json }
      return changed.contains { $0.name == trait.name }
    }
    send(told.map(\.name))
    for trait in changed {
      try tell(Change(trait.name, before[trait.name] ?? .none, value(of: trait.name), self))
    }
  }

  // MARK: Choosing

  /// The choice that a new selection begins with: what is given, else the first.
  private func choose(_ given: [String: Value]) throws {
    if let wanted = given["value"], !wanted.isNone {
      values["index"] = .int(try options.position(of: wanted))
    } else if given["index"] == nil, given["value"] == nil, !options.isEmpty {
      values["index"] = .int(0)
    }
    values["value"] = options.value(at: values["index"])
  }

  /// The label of the chosen option.
  var label: Value { options.label(at: values["index"]) }

  // MARK: The front end

  /// Everything the front end knows of it.
  var state: JSON {
    var members: [(key: String, value: JSON)] = [
      ("_model_module", .string(kind.package.name)),
      ("_model_module_version", .string(kind.package.version)),
      ("_model_name", .string(kind.model)),
      ("_view_count", .null),
      ("_view_module", .string(kind.isVisible ? kind.package.name : WidgetKind.Package.base.name)),
      ("_view_module_version", .string(WidgetKind.Package.base.version)),
      ("_view_name", .string(kind.view)),
    ]
    if kind.package == .output {
      members[5].value = .string(kind.package.version)
      members += [("msg_id", ""), ("outputs", .array(outputs))]
    }
    if kind.isVisible {
      members.append(("_dom_classes", .array(classes.map { .string($0) })))
      members.append(("tabbable", .null))
    }
    for trait in kind.traits {
      guard let key = trait.key else { continue }
      members.append((key, encoded(trait)))
    }
    return .object(members)
  }

  private func encoded(_ trait: WidgetTrait) -> JSON {
    if case .options = trait.kind { return .array(options.labels.map { .string($0) }) }
    return trait.encode(value(of: trait.name))
  }

  private func send(_ names: [String]) {
    let members = names.compactMap { name -> (key: String, value: JSON)? in
      guard let trait = kind.trait(name), let key = trait.key else { return nil }
      return (key, encoded(trait))
    }
    if !members.isEmpty { emit("update", .object(members)) }
  }

  func emit(_ method: String, _ state: JSON) {
    guard !isClosed else { return }
    context.sink.emit(
      .comm(
        CommMessage(
          id, .message,
          data: ["method": .string(method), "state": state, "buffer_paths": []])))
  }

  func close() {
    guard !isClosed else { return }
    context.sink.emit(.comm(CommMessage(id, .close)))
    forget()
  }

  /// It is gone in the front end.
  func forget() {
    isClosed = true
    WidgetBook.of(context).remove(self)
  }

  func changeClass(_ name: String, isAdded: Bool) {
    classes.removeAll { $0 == name }
    if isAdded { classes.append(name) }
    emit("update", ["_dom_classes": .array(classes.map { .string($0) })])
  }

  /// Of an `Output`: replaces what it shows.
  func show(_ outputs: [JSON]) {
    self.outputs = outputs
    emit("update", ["outputs": .array(outputs)])
  }

  // MARK: Observers

  /// - Parameter names: the values it wants to hear of; nil: all.
  func observe(_ names: [String]?, _ observer: Observer) {
    observers.append((names, observer))
  }

  func unobserve(_ function: Function) {
    observers.removeAll { entry in
      guard case .script(let known) = entry.observer else { return false }
      return known.held.equals(function.held)
    }
  }

  func unobserveAll() { observers = [] }

  func onClick(_ function: Function, isRemoved: Bool) {
    clicked.removeAll { $0.held.equals(function.held) }
    if !isRemoved { clicked.append(function) }
  }

  func click() throws {
    for function in clicked { _ = try function(.object(self)) }
    if let interaction { try interaction.run() }
  }

  private func tell(_ change: Change) throws {
    for (names, observer) in observers where names?.contains(change.name) ?? true {
      switch observer {
      case .script(let function): _ = try function(.object(change))
      case .interaction(let interaction): try interaction.changed()
      }
    }
  }

  // MARK: As a script sees it

  var type: ObjectType { Widget.type(of: kind) }

  /// `IntSlider(value=3, max=10)`: the value, and what differs from the default.
  var text: String {
    var parts: [String] = []
    for trait in kind.traits {
      if case .widget = trait.kind { continue }
      let value = value(of: trait.name)
      if case .options = trait.kind {
        parts.append("options=(\(options.labels.map { "'\($0)'" }.joined(separator: ", ")))")
      } else if trait.name == "value" || trait.encode(value) != trait.standard,
        trait.name != "index" || !kind.isSelection
      {
        parts.append("\(trait.name)=\(Widget.shown(value))")
      }
    }
    return "\(kind.name)(\(parts.joined(separator: ", ")))"
  }

  private static func shown(_ value: Value) -> String {
    guard case .list(let view) = value, let elements = try? view.elements() else {
      return value.brief(limit: 60)
    }
    return "(" + elements.map(shown).joined(separator: ", ") + (elements.count == 1 ? ",)" : ")")
  }

  func display(_ context: Context) -> Media {
    guard kind.isVisible, !isClosed else { return Media(text) }
    return Media(
      text,
      others: [
        (
          "application/vnd.jupyter.widget-view+json",
          ["version_major": 2, "version_minor": 0, "model_id": .string(id)]
        )
      ])
  }

  /// Where a number is wanted, a slider stands for its value.
  func scalar() -> Value? {
    switch value(of: "value") {
    case .int(let int): .int(int)
    case .float(let double): .float(double)
    default: nil
    }
  }

  func visit(_ keep: (Value) -> Void) {
    for value in values.values { keep(value) }
    for value in options.values { keep(value) }
    for function in clicked { keep(function.held) }
    for case (_, .script(let function)) in observers { keep(function.held) }
    for case (_, .interaction(let interaction)) in observers { interaction.visit(keep) }
    interaction?.visit(keep)
  }
}
