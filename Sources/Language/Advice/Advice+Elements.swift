import Catalog

/// What to write when square brackets stand behind what has no such elements: L106.
extension Advice {
  mutating func completeSubscript() {
    failure.code = "L106"
    guard let value = site.values.first else { return }
    var base: Expression?
    var index: Expression?
    if case .element(let container, let inner)? = site.node?.form {
      (base, index) = (container, inner)
      mark = container.span
    }
    let text = base.flatMap { site.text($0, limit: 30) } ?? "x"
    let inside = index.flatMap { site.text($0, limit: 30) } ?? "…"
    switch value.tag {
    case RawValue.Tag.none:
      say(nil, whyNone(base) ?? "\(text) is None; find out where it should get its value")
    case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method:
      say(nil, "functions are called with parentheses: \(text)(\(inside))")
    case RawValue.Tag.set, RawValue.Tag.frozenSet:
      say(nil, "a set has no order; make a list: sorted(\(text))[\(inside)]")
    case RawValue.Tag.iterator, RawValue.Tag.generator, RawValue.Tag.dictView:
      say(nil, "make a list of it first: list(\(text))[\(inside)]")
    case RawValue.Tag.int, RawValue.Tag.float, RawValue.Tag.bool:
      if let name = base?.name, let binding = binding(of: name) {
        note("\(name) is \(short(value)): it was assigned in \(place(binding))")
      }
      say(nil, "a number has no elements; its digits are those of str(\(text))")
    case RawValue.Tag.instance:
      say(
        nil,
        "name an attribute after a dot, or give class \(machine.typeName(value)) a method "
          + "__getitem__(self, key)")
    case RawValue.Tag.native where NativeCell(value).object is Module:
      say(nil, "\(text) is a module; write a dot and the name of what is in it")
    default: say(nil, "lists, tuples, texts and dicts are indexed")
    }
  }

  mutating func completeIndexType() {
    failure.code = "L106"
    let target = site.node ?? site.statements.last?.expressions.first
    guard case .element(let container, let index)? = target?.form else { return }
    mark = index.span
    let text = site.text(container, limit: 30) ?? "xs"
    switch index.form {
    case .tuple(let parts):
      let inner = parts.map { "[" + site.source.text(of: $0.span) + "]" }.joined()
      say(nil, "lists in lists take one index each: \(text)\(inner)")
    case .binary(_, let steps) where steps.contains(where: { $0.operator == .divide }):
      say(nil, "/ gives a float; // gives a whole number")
    default:
      if message.hasSuffix("not str") || message.hasSuffix("'str'") {
        if case .string(let key) = index.form, Int(key) == nil {
          say(
            nil,
            "\(text) is a list, not a dict: take an element first, "
              + "\(text)[0][\(site.source.text(of: index.span))]")
        } else {
          say(nil, "convert the text to a number: \(text)[int(\(site.text(index) ?? "i"))]")
        }
      } else {
        say(nil, "an index is a whole number: use int() or //")
      }
    }
  }

  mutating func completeItemAssignment() {
    failure.code = "L106"
    guard
      case .element(let container, let index)? =
        (site.statements.last?.expressions.first ?? site.node)?.form
    else { return }
    mark = container.span
    let text = site.text(container, limit: 30) ?? "x"
    switch quoted() {
    case "str":
      let place = site.text(index) ?? "i"
      say(
        nil,
        place == "0"
          ? "texts do not change; make a new one: \(text) = \"…\" + \(text)[1:]"
          : "texts do not change; make a new one: \(text) = \(text)[:\(place)] + \"…\" + \(text)[\(place) + 1:]"
      )
    case "tuple", "range": say(nil, "make a list of it, which can change: \(text) = list(\(text))")
    case "NoneType": say(nil, whyNone(container) ?? "\(text) is None; give it a list or dict first")
    case "set": say(nil, "a set has no places; write \(text).add(…), or use a dict")
    default: say(nil, "lists and dicts take assignments to elements")
    }
  }
}
