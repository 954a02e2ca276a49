import Catalog

/// Values that do not fit: L107, L108, L109, L110.
extension Advice {
  // MARK: Elements

  /// The element that was asked for: `xs[i]`, read, assigned or deleted.
  private var element: (container: Expression, index: Expression)? {
    let statement = site.statements.last?.expressions.first { $0.span == site.span }
    if case .element(let container, let index)? = (statement ?? site.node)?.form {
      return (container, index)
    }
    if case .element(let container, let index)? = site.statements.last?.expressions.first?.form {
      return (container, index)
    }
    return nil
  }

  mutating func completeIndex() {
    failure.code = "L107"
    if message.hasPrefix("pop from empty") {
      let text = receiver ?? "xs"
      return say(nil, "ask first: if \(text): …")
    }
    if message.hasPrefix("Cannot choose from an empty") {
      return say(nil, "ask first whether the sequence has elements", mark: onlyArgumentSpan)
    }
    if message.hasPrefix("Replacement index") {
      return say(nil, "format() needs a value for each pair of braces")
    }
    guard let (container, index) = element else { return }
    mark = index.span
    let text = site.text(container, limit: 30) ?? "xs"
    if message.hasPrefix("only integers, slices") {
      return say(nil, "an index is a whole number: use int() or //")
    }
    if message.hasPrefix("boolean index did not match") {
      return say(nil, "a mask has one truth value for each element, as in \(text)[\(text) > 0]")
    }
    if let place = message.firstRange(of: "with size "),
      message.contains("is out of bounds for axis")
    {
      let size = Int(message[place.upperBound...]) ?? 0
      return say(
        nil, size > 0 ? "indices of this axis run from 0 to \(size - 1)" : "this axis is empty")
    }
    guard let length = noteNumber("the length is "), let wanted = noteNumber("the index is ") else {
      return
    }
    if length == 0 {
      failure.help =
        message.contains("assignment")
        ? "an empty list has no places yet: write \(text).append(…)"
        : "\(text) is empty: ask first, if \(text): …"
      return
    }
    if message.contains("assignment"), wanted == length {
      failure.help = "to add an element write \(text).append(…)"
      return
    }
    if case .binary(let first, let steps) = index.form, steps.count == 1,
      steps[0].operator == .add, case .integer(1) = steps[0].operand.form, wanted == length,
      let name = first.name
    {
      failure.help =
        "the last element has no next one: let \(name) run over range(len(\(text)) - 1)"
      return
    }
    if failure.help == nil {
      failure.help =
        wanted < 0
        ? "the first element has index \(-length), counted from the end"
        : "indices run from 0 to \(length - 1)"
    }
  }

  /// `xs` in `xs.pop()`.
  private var receiver: String? {
    guard let call = site.call, case .attribute(let base, _) = call.function.form else {
      return nil
    }
    return site.text(base, limit: 30)
  }

  private func noteNumber(_ words: String) -> Int? {
    for note in failure.notes {
      guard let place = note.firstRange(of: words) else { continue }
      return Int(note[place.upperBound...].prefix { $0 == "-" || $0.isNumber })
    }
    return nil
  }

  mutating func completeKey() {
    guard site.values.count == 2, site.values[0].isDict else {
      if receiver != nil, let text = receiver {
        say(
          "L108", "ask first with in, or use \(text).discard(…), which takes what is not there",
          mark: onlyArgumentSpan)
      }
      return
    }
    failure.code = "L108"
    let dict = DictCell(site.values[0])
    let key = site.values[1]
    let text = element.flatMap { site.text($0.container, limit: 30) } ?? receiver ?? "d"
    mark = element?.index.span ?? onlyArgumentSpan
    var names: [String] = []
    var shown: [String] = []
    var index = 0
    while index < dict.used, names.count < 5_000 {
      if dict.isPresent(index) {
        if dict.key(index).isString { names.append(StringCell(dict.key(index)).string) }
        if shown.count < 6 { shown.append(short(dict.key(index))) }
      }
      index += 1
    }
    if key.isString {
      let word = StringCell(key).string
      // Of single letters each is near to each.
      if word.count > 2 { say(nil, Nearest.question(word, among: names)) }
      if let number = Int(word), dict.find(number) >= 0 {
        say(nil, "the key is the number \(number), not a text: \(text)[\(number)]")
      }
    } else if key.isInt {
      if dict.find(machine.heap.newString(String(key.int))) >= 0 {
        say(nil, "the key is the text '\(key.int)', not a number: \(text)[\"\(key.int)\"]")
      }
    }
    if dict.count == 0 {
      note("\(text) is empty")
    } else if dict.count <= 6 {
      note("the keys are: " + shown.joined(separator: ", "))
    } else {
      note("there are \(dict.count) keys, such as " + shown.prefix(4).joined(separator: ", "))
    }
    let written = element.flatMap { site.text($0.index, limit: 30) } ?? short(key)
    if case .augment(_, let op, _)? = site.statements.last?.form {
      say(
        nil,
        "a count starts somewhere: \(text)[\(written)] = \(text).get(\(written), 0) \(op.rawValue) …"
      )
    }
    if case .delete? = site.statements.last?.form {
      say(nil, "ask first: if \(written) in \(text): …")
    }
    if receiver != nil, element == nil {
      say(nil, "\(text).pop(\(onlyArgument ?? written), None) does not mind")
    }
    say(nil, "\(text).get(\(written)) gives None instead of an error")
  }

  // MARK: Arithmetic

  mutating func completeArithmetic() {
    failure.code = "L109"
    let names = (
      site.operands?.left.flatMap { site.text($0, limit: 30) },
      (site.operands?.right).flatMap { site.text($0, limit: 30) }
    )
    guard failure.exception == "ZeroDivisionError" else {
      for (value, name) in zip(site.values, [names.0, names.1]) {
        if let name, Int(name) == nil, value.isInt { note("\(name) is \(value.int)") }
      }
      return
    }
    guard let divisor = site.operands?.right else {
      return say(nil, "ask first whether the divisor is 0")
    }
    mark = divisor.span
    if case .call(let function, let arguments) = divisor.form, function.name == "len",
      let first = arguments.first, let text = site.text(first.value)
    {
      note("\(text) is empty")
      return say(nil, "ask first: if \(text): …")
    }
    let text = names.1 ?? "the divisor"
    if !divisor.isPlainValue { note("\(text) is 0") }
    say(
      nil,
      divisor.isPlainValue
        ? "the divisor is 0: divide by something else, or ask first with if"
        : "ask first: if \(text) != 0: …")
  }

  /// What arrays say in NumPy's words; false: nothing of that.
  private mutating func completeArray() -> Bool {
    if message.hasPrefix("The truth value of an array") {
      var condition: Expression?
      switch site.statements.last?.form {
      case .if(let branches, _):
        condition = branches.first { $0.condition.span == site.span }?.condition
      case .while(let expression, _, _): condition = expression
      default: break
      }
      let text = condition.flatMap { site.text($0, limit: 30) } ?? "a > b"
      say("L106", "say whether one or all must hold: (\(text)).any() or (\(text)).all()")
    } else if message.hasPrefix("setting an array element with a sequence") {
      say("L303", "all rows need the same length", mark: onlyArgumentSpan)
    } else if message.hasPrefix("can only specify one unknown dimension") {
      say("L303", "only one size may be -1; write the others out")
    } else if message.contains("is out of bounds for array of dimension") {
      let rank = Int(message.split(separator: " " as Character).last ?? "") ?? 1
      say("L107", "the axes are 0 to \(rank - 1), or -\(rank) to -1 from the end")
    } else if message.hasPrefix("all the input array dimensions")
      || message.hasPrefix("all input arrays must have")
    {
      say("L302", "apart from the axis along which they are joined, the shapes must be equal")
    } else if message.hasPrefix("can only convert an array of size 1") {
      say("L106", "only one element becomes a number: take one, x[0], or all with tolist()")
    } else {
      return false
    }
    return true
  }

  /// Gradients: where a number left the tape (L306).
  mutating func completeGradient() {
    guard message.contains("float(), int() or .item()") else { return }
    var found: String?
    for statement in site.tree.body {
      statement.walk { inner in
        for expression in inner.expressions {
          expression.walk { part in
            guard case .call(let function, _) = part.form else { return }
            var isLeaving = ["float", "int"].contains(function.name ?? "")
            if case .attribute(_, let member) = function.form { isLeaving = member.text == "item" }
            guard isLeaving, found == nil, let text = site.text(part) else { return }
            found = "line \(site.source.line(at: part.span.start)): \(text)"
          }
        }
      }
    }
    note(found)
  }

  // MARK: Conversions and unpacking

  mutating func completeValue() {
    if message.contains("values to unpack") { return completeUnpacking() }
    let argument = onlyArgument
    if message.hasPrefix("invalid literal for int()") {
      failure.code = "L110"
      mark = onlyArgumentSpan
      guard failure.help == nil else {
        failure.help =
          "int() takes whole numbers: int(float(\(argument ?? "…"))) cuts the fraction off"
        return
      }
      let text = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
      if text == "''" {
        let isName = site.call?.arguments.first?.value.name != nil
        return say(
          nil, "the text is empty; ask first: if \(isName ? argument ?? "text" : "text"): …")
      }
      return say(nil, "int() reads digits only, such as \"42\"; catch ValueError for other input")
    }
    if message.hasPrefix("could not convert string to float") {
      mark = onlyArgumentSpan
      let text = quoted() ?? ""
      if text.contains(","), Double(text.replacing(",", with: ".")) != nil {
        return say("L110", "a decimal point is wanted: \(argument ?? "text").replace(\",\", \".\")")
      }
      return say("L110", "float() reads numbers such as \"3.5\"; catch ValueError for other input")
    }
    if message.contains("arg is an empty sequence") {
      let name = site.call?.function.name ?? "max"
      return say(
        "L110", "give a value for that case: \(name)(\(argument ?? "xs"), default=0)",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("math domain error") {
      return say(
        "L110", "the function has no value there: roots need numbers from 0, logarithms above 0",
        mark: onlyArgumentSpan)
    }
    if message.hasPrefix("Unknown format code") {
      let type = quoted(1) ?? ""
      let advice =
        type == "str"
        ? "number formats need a number: convert with int() or float(), or leave the code out"
        : "d is for whole numbers; write .2f for decimals, or convert with int()"
      return say("L110", advice)
    }
    if message.hasPrefix("Invalid format specifier") {
      return say(
        "L110", "write :8.2f for width and decimals, :>8 or :<8 for the side, :, for thousands")
    }
    if message.hasSuffix("not in list") || message.hasPrefix("tuple.index")
      || message.hasPrefix("substring not found")
    {
      let text = receiver ?? "xs"
      return say("L110", "ask first: if \(argument ?? "x") in \(text): …", mark: onlyArgumentSpan)
    }
    if completeArray() { return }
    if message.hasPrefix("negative shift count") {
      return say(
        "L110", "shift the other way: << and >> are opposites", mark: site.operands?.right.span)
    }
    if message.hasPrefix("range() arg 3") {
      return say("L110", "steps are 1, 2, … or -1, -2, …", mark: self.argument(2))
    }
    if message.hasPrefix("slice step cannot") {
      return say("L110", "steps are 1, 2, … or -1, -2, …")
    }
    if failure.exception == "StopIteration" {
      return say("L110", "the iterator is at its end; next(it, None) gives None then")
    }
    completeCall()
  }

  mutating func completeUnpacking() {
    failure.code = "L110"
    guard let value = site.values.first else { return }
    var source: Expression?
    var targets: Expression?
    var isLoop = false
    switch site.statements.last?.form {
    case .assign(let left, let right):
      targets = left.last { $0.span == site.span } ?? left.last
      source = right
    case .for(let target, let iterable, _, _):
      targets = target
      source = iterable
      isLoop = true
    default: break
    }
    mark = targets?.span
    let names = targets.flatMap { site.text($0, limit: 30) } ?? "a, b"
    let text = source.flatMap { site.text($0, limit: 30) } ?? "…"
    if isLoop, let name = source?.name, let whole = global(name) {
      if whole.isDict {
        return say(nil, "walking over a dict gives its keys; for both write in \(text).items()")
      }
    }
    if isLoop, value.number != nil || value.isString, targets.map(pairCount) == 2 {
      note("an element is \(short(value)), one value")
      return say(
        nil,
        "for position and element write in enumerate(\(text)); for pairs from two lists zip(a, b)")
    }
    if message.hasPrefix("cannot unpack") {
      if value.isNone {
        return say(
          nil, whyNone(source) ?? "\(text) is None; find out where it should get its values")
      }
      if value.number != nil {
        let count = targets.map(pairCount) ?? 2
        let list = Array(repeating: text, count: count).joined(separator: ", ")
        return say(
          nil,
          count <= 4
            ? "one value for each name: \(names) = \(list)" : "give one value for each name")
      }
      return say(nil, "give one value for each name")
    }
    if let row = Row(value) { note("the value is \(short(value)), with \(row.count)") }
    failure.notes.removeAll { $0.hasPrefix("there are ") }
    if message.hasPrefix("too many") {
      let first = targets.map(firstNames) ?? "a, b"
      return say(nil, "give a name to each value, or collect the rest: \(first), *rest = …")
    }
    say(nil, "write as many names as there are values")
  }

  /// The value of a name, if it is one at the top or nothing hides it.
  private func global(_ name: String) -> RawValue? {
    guard site.function == nil else { return nil }
    return machine.global(named: name)
  }

  private func pairCount(_ target: Expression) -> Int {
    switch target.form {
    case .tuple(let items), .list(let items): items.count
    default: 1
    }
  }

  private func firstNames(_ target: Expression) -> String {
    switch target.form {
    case .tuple(let items), .list(let items):
      items.dropLast(items.count > 2 ? 1 : 0).compactMap { site.text($0) }.joined(separator: ", ")
    default: "a, b"
    }
  }
}
