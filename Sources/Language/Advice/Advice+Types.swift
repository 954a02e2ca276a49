import Catalog

/// Values used as what they are not: L104, L105, L106.
extension Advice {
  mutating func completeType() {
    if message.contains("operand type(s)") || message.hasPrefix("can only concatenate")
      || message.contains("not supported between instances")
      || message.hasPrefix("can't multiply sequence") || message.hasPrefix("bad operand type")
    {
      return completeOperands()
    }
    if message.hasSuffix("object is not callable") { return completeCallee() }
    if message.hasSuffix("is not iterable") { return completeIterable() }
    if message.hasSuffix("object is not subscriptable") { return completeSubscript() }
    if message.contains("indices must be integers") { return completeIndexType() }
    if message.hasSuffix("does not support item assignment") { return completeItemAssignment() }
    if message.hasPrefix("cannot unpack non-iterable") { return completeUnpacking() }
    if message.contains("has no len()") { return completeLength() }
    if message.hasPrefix("unhashable type") { return completeHash() }
    if message.hasPrefix("exceptions must derive") {
      if case .string? = raisedExpression?.form,
        let text = raisedExpression.flatMap({ site.text($0) })
      {
        return say(
          "L106", "raise an exception with that text: raise ValueError(\(text))",
          mark: raisedExpression?.span)
      }
      return say(
        "L106", "raise an exception, such as raise ValueError(\"…\")", mark: raisedExpression?.span)
    }
    if message.hasSuffix("object cannot be interpreted as an integer") {
      return completeInteger()
    }
    if message.hasSuffix("context manager protocol") {
      return say("L106", "with takes open files and objects with __enter__ and __exit__")
    }
    if message.hasSuffix("is not an iterator") {
      return say(
        "L106", onlyArgument.map { "write next(iter(\($0)))" } ?? "write next(iter(x))",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("slice indices must be") {
      return say("L106", "the parts of a slice are whole numbers: use // or int()")
    }
    if message.hasPrefix("not enough arguments for format")
      || message.hasPrefix("not all arguments")
    {
      return say("L110", "as many values as % marks; several stand in a tuple: \"%s, %s\" % (a, b)")
    }
    if message.hasPrefix("%"), message.contains("is required, not str") {
      return say("L105", "%d and %f take numbers: convert with int() or float(), or write %s")
    }
    if message.hasPrefix("tensor() takes numbers") {
      return say(
        "L105", "give numbers; words are numbered first: {\"a\": 0, \"b\": 1}[word]",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("sequence item") {
      return say(
        "L105", onlyArgument.map { "make them text first: .join(str(x) for x in \($0))" },
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("__str__ returned non-string") || message.hasPrefix("__repr__ returned") {
      return say("L105", "return the text instead of printing it")
    }
    if message.hasPrefix("__init__() should return None") {
      return say("L105", "__init__ only sets attributes; leave out its return")
    }
    if message.hasPrefix("cannot convert dictionary update sequence") {
      return say(
        "L110", "dict() takes pairs: dict([(\"a\", 1), (\"b\", 2)])", mark: onlyArgumentSpan)
    }
    if message.hasPrefix("isinstance() arg 2") {
      return say("L105", "write the type without quotes: isinstance(x, int)", mark: argument(1))
    }
    if message.hasPrefix("iter() returned non-iterator") {
      return say("L106", "let __iter__ return iter(self.items), or write it with yield")
    }
    completeCall()
  }

  private var raisedExpression: Expression? {
    if case .raise(let value, _)? = site.statements.last?.form { value } else { nil }
  }

  private mutating func completeIterable() {
    failure.code = "L106"
    let node = site.node
    var culprit = node
    if case .comparison(_, let steps)? = node?.form, let last = steps.last {
      culprit = last.operand
    }
    if let call = site.call, call.arguments.count >= 1, !isWalked(node) {
      culprit = call.arguments[0].value
    }
    if let culprit { mark = culprit.span }
    guard let value = site.values.first else { return }
    let text = culprit.flatMap { site.text($0, limit: 30) } ?? "x"
    switch value.tag {
    case RawValue.Tag.int, RawValue.Tag.bool, RawValue.Tag.float:
      if message.hasPrefix("argument of type") {
        return say(nil, "in looks into texts and containers; for digits write in str(\(text))")
      }
      if case .call(let function, let arguments)? = culprit?.form, function.name == "len",
        let first = arguments.first, let sequence = site.text(first.value)
      {
        return say(
          nil, "a count is walked over by range(\(text)); for the elements write in \(sequence)")
      }
      if let (function, _) = site.call, !isWalked(node), let name = site.text(function) {
        return say(
          nil,
          "one value goes into a list first: \(name)([\(text)]); numbers up to it are range(\(text))"
        )
      }
      say(nil, "to count up to it write range(\(text))")
    case RawValue.Tag.none:
      say(nil, whyNone(culprit) ?? "\(text) is None; find out where it should get its elements")
    case RawValue.Tag.instance:
      let type = machine.typeName(value)
      say(nil, "walk over one of its lists, or give class \(type) a method __iter__(self)")
    case RawValue.Tag.function, RawValue.Tag.method, RawValue.Tag.builtin:
      say(nil, "call it: \(text)()")
    default: say(nil, "lists, texts, dicts, ranges and files are walked over")
    }
  }

  /// Whether the node itself is what a loop walks over.
  private func isWalked(_ node: Expression?) -> Bool {
    guard let node else { return false }
    if case .for(_, let iterable, _, _)? = site.statements.last?.form {
      return iterable.span == node.span
    }
    return false
  }

  private mutating func completeLength() {
    let text = onlyArgument ?? "x"
    mark = onlyArgumentSpan
    switch quoted() {
    case "NoneType":
      say(
        "L106",
        whyNone(site.call?.arguments.first?.value)
          ?? "\(text) is None; find out where it should get its value")
    case "int", "float", "bool":
      say("L106", "a number has no length; its digits are counted by len(str(\(text)))")
    case "map", "zip", "filter", "enumerate", "generator", "reversed":
      say("L106", "make a list of it first: len(list(\(text)))")
    case "function", "builtin_function_or_method", "method": say("L106", "call it: len(\(text)())")
    default: say("L106", "texts and containers have a length")
    }
  }

  private mutating func completeHash() {
    var culprit: Expression?
    switch site.node?.form {
    case .element(_, let index): culprit = index
    case .call(_, let arguments): culprit = arguments.first?.value
    case .dictionary(let items):
      for case .pair(let key, _) in items where isMutable(key) {
        culprit = culprit ?? key
      }
    case .set(let items): culprit = items.first(where: isMutable)
    default: break
    }
    mark = culprit?.span
    switch quoted() {
    case "list":
      say(
        "L106", "keys and elements of sets must not change: use a tuple, (1, 2) instead of [1, 2]")
    case "dict":
      say(
        "L106",
        "keys and elements of sets must not change: use a tuple of its items, or keep dicts in a list"
      )
    case "slice": say("L106", "a dict has no order to slice: write list(d.items())[0:1]")
    case "set": say("L106", "keys and elements of sets must not change: use frozenset(…)")
    default: say("L106", "keys and elements of sets must not change")
    }
  }

  private func isMutable(_ expression: Expression) -> Bool {
    switch expression.form {
    case .list, .dictionary, .set: true
    default: false
    }
  }

  private mutating func completeInteger() {
    let wanted = site.call?.arguments.first { argument in
      switch argument.value.form {
      case .float, .string: true
      case .binary(_, let steps): steps.contains { $0.operator == .divide }
      default: false
      }
    }
    mark = wanted?.value.span ?? onlyArgumentSpan
    if quoted() == "float" {
      say("L105", "a whole number is wanted: use int(), round() or // instead of /")
    } else if quoted() == "str" {
      let text = wanted.flatMap { site.text($0.value) } ?? onlyArgument ?? "…"
      say("L105", "a whole number is wanted: int(\(text))")
    } else {
      say("L105", "a whole number is wanted")
    }
  }
}
