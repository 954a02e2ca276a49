import Catalog

/// What to write when an operator does not take its operands: L104.
extension Advice {
  mutating func completeOperands() {
    failure.code = "L104"
    failure.help = nil
    guard site.values.count == 2 else {
      if quoted() == "str" {
        let text = onlyArgument ?? "x"
        say(nil, "convert it first: float(\(text))", mark: onlyArgumentSpan)
      } else {
        say(nil, "it works on numbers only")
      }
      return
    }
    let (a, b) = (site.values[0], site.values[1])
    let operands = site.operands
    let (left, right) = (operands?.left, operands?.right)
    noteOperands(a, left, b, right)
    let names = (
      left.flatMap { site.text($0, limit: 24) }, right.flatMap { site.text($0, limit: 24) }
    )
    let isAddition = operands?.operator == "+" || message.hasPrefix("can only concatenate")
    if a.isNone || b.isNone {
      let none = a.isNone ? left : right
      return say(
        nil,
        whyNone(none)
          ?? "None is no value to work with; find out where \(none.flatMap { site.text($0) } ?? "it") "
          + "should get one")
    }
    for (value, name) in [(a, names.0), (b, names.1)] {
      switch value.tag {
      case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method:
        return say(nil, "\(name ?? "it") is a function; call it: \(name ?? "f")()")
      default: break
      }
    }
    switch (kind(a), kind(b)) {
    case ("str", "number"), ("number", "str"):
      let text = kind(a) == "str" ? a : b
      let textName = kind(a) == "str" ? names.0 : names.1
      let isRepeating = operands?.operator == "*" && !looksNumeric(text)
      let numberName = kind(a) == "str" ? names.1 : names.0
      if isRepeating {
        say(nil, "a text is repeated a whole number of times: use int() or //")
      } else if site.operands == nil {
        say(nil, "the values must all be numbers or all text; convert with int() or str()")
      } else if isAddition, !looksNumeric(text) {
        say(
          nil, "text and numbers do not add up: wrap the number in str(): str(\(numberName ?? "…"))"
        )
      } else if isAddition {
        say(
          nil,
          "to calculate, convert the text: \(converted(text, textName)); "
            + "to join texts, wrap the number in str()")
      } else if looksNumeric(text) || !(textName.map { $0.hasPrefix("\"") } ?? false) {
        say(nil, "convert the text to a number first: \(converted(text, textName))")
      } else {
        say(nil, "a text and a number do not go together in \(operands?.operator ?? "this")")
      }
    case ("str", "str"):
      say(
        nil,
        operands?.operator == "-"
          ? "to take a part out of a text write \(names.0 ?? "text").replace(\(names.1 ?? "part"), \"\")"
          : "one of them must be a number: \(converted(b, names.1))")
    case ("list", "list") where operands?.operator == "-":
      say(nil, "write [x for x in \(names.0 ?? "a") if x not in \(names.1 ?? "b")]")
    case ("dict", "dict"):
      say(nil, "join them with |: \(names.0 ?? "a") | \(names.1 ?? "b")")
    case ("tuple", "number") where isAddition:
      say(
        nil,
        "a comma made a tuple: decimals are written with a point, 3.5; "
          + "to add an element write + (\(names.1 ?? "x"),)")
    case ("list", _) where isAddition:
      let list = names.0 ?? "xs"
      say(
        nil, "to add an element write \(list).append(\(names.1 ?? "x")), or + [\(names.1 ?? "x")]")
    case ("list", "number"), ("number", "list"):
      if operands?.operator == "*" {
        say(nil, "a list is repeated a whole number of times: use int() or //")
      } else {
        say(
          nil,
          kind(a) == "list"
            ? "calculate with each element: [x \(operands?.operator ?? "/") \(names.1 ?? "y") "
              + "for x in \(names.0 ?? "xs")], or with a tensor: tensor(\(names.0 ?? "xs"))"
            : "calculate with each element, or with a tensor: tensor(\(names.1 ?? "xs"))")
      }
    case ("str", _) where operands?.operator == "*", (_, "str") where operands?.operator == "*":
      say(nil, "a text is repeated a whole number of times: use int() or //")
    case ("instance", _), (_, "instance"):
      let type = machine.typeName(a.tag == RawValue.Tag.instance ? a : b)
      let op = site.operands?.operator ?? (message.hasPrefix("'<'") ? "<" : ">")
      if let method = Advice.operatorMethods[op] {
        say(
          nil,
          "give class \(type) a method \(method)"
            + (op == "<" && site.operands == nil
              ? ", or sort by an attribute: key=lambda x: x.name" : ""))
      }
    default:
      if site.operands == nil {
        say(nil, "the values must be of kinds that compare, such as all numbers or all text")
      } else {
        say(nil, "convert one of them, so that both are of the same kind")
      }
    }
  }

  private static let operatorMethods: [String: String] = [
    "+": "__add__(self, other)", "-": "__sub__(self, other)", "*": "__mul__(self, other)",
    "/": "__truediv__(self, other)", "//": "__floordiv__(self, other)",
    "%": "__mod__(self, other)", "**": "__pow__(self, other)", "@": "__matmul__(self, other)",
    "<": "__lt__(self, other)", ">": "__gt__(self, other)", "<=": "__le__(self, other)",
    ">=": "__ge__(self, other)",
  ]

  private func kind(_ value: RawValue) -> String {
    if value.number != nil { return "number" }
    return value.tag == RawValue.Tag.instance ? "instance" : machine.typeName(value)
  }

  private func looksNumeric(_ value: RawValue) -> Bool {
    guard value.isString else { return false }
    let text = StringCell(value).string
    return text.utf8.count < 40 && (Double(text) != nil)
  }

  private func converted(_ value: RawValue, _ name: String?) -> String {
    let text = value.isString ? StringCell(value).string : ""
    return (text.contains(".") ? "float" : "int") + "(\(name ?? "…"))"
  }

  private mutating func noteOperands(
    _ a: RawValue, _ left: Expression?, _ b: RawValue, _ right: Expression?
  ) {
    func part(_ value: RawValue, _ expression: Expression?, _ side: String) -> String {
      let text = expression.flatMap { site.text($0, limit: 24) }
      let type = machine.typeName(value)
      if value.isNone { return "\(text ?? side) is None" }
      if let expression, let text, expression.isPlainValue || text == short(value) {
        return "\(text) is \(article(type))"
      }
      return "\(text ?? side) is \(short(value)), \(article(type))"
    }
    if a.isNone, b.isNone { return }
    note(part(a, left, "the left side") + "; " + part(b, right, "the right side"))
  }

  func article(_ name: String) -> String {
    let first = name.lowercased().first.map { "aeio".contains($0) } ?? false
    return (first ? "an " : "a ") + name
  }
}
