import Catalog

/// Names, attributes and modules: L101, L102, L103, L201.
extension Advice {
  mutating func completeName() {
    guard let name = quoted() else { return }
    if failure.exception == "UnboundLocalError" || message.hasPrefix("cannot access") {
      return completeLocal(name)
    }
    failure.code = "L101"
    if let word = Advice.foreignWords[name] { return say(nil, word) }
    if let line = Machine.usualImport(name) { return say(nil, line) }
    if let member = ownMember(name) { return say(nil, member) }
    noteBinding(of: name)
    let isCalled = site.expressions.dropLast().last.map { outer in
      if case .call(let function, _) = outer.form { function.name == name } else { false }
    }
    let near = Nearest.question(name, among: candidates)
    if failure.notes.isEmpty, let hint = machine.onUndefined?(name) { note(hint) }
    if let near { return say(nil, near) }
    guard failure.notes.isEmpty else { return }
    if name == "end" { return say(nil, "blocks end with their indentation; remove this line") }
    say(
      nil,
      isCalled == true
        ? "define it first: def \(name)(…):"
        : "give it a value first: \(name) = …; if text was meant, put it in quotes: \"\(name)\"")
  }

  /// What may have been meant, nearest scope first.
  private var candidates: [String] {
    var all = site.code.localNames.map(\.name) + site.code.captureNames
    for slot in (0..<machine.globals.count).reversed() where machine.isOwn(slot) {
      all.append(machine.globals.names[slot])
    }
    return all + machine.globals.declaredNames.sorted()
  }

  /// `self.name` where a method says only `name`.
  private func ownMember(_ name: String) -> String? {
    guard let definition = site.classDefinition, let function = site.function,
      let first = function.parameters.first?.name.text,
      definition.body.contains(where: { statement in
        if case .function(let method) = statement.form {
          method.scope == function.scope
        } else {
          false
        }
      })
    else { return nil }
    var isMember = Bindings(site.source).of(definition.body).contains { $0.name == name }
    for statement in definition.body {
      statement.walk { inner in
        for expression in inner.expressions {
          expression.walk { part in
            if case .attribute(let base, let member) = part.form, member.text == name,
              base.name == first
            {
              isMember = true
            }
          }
        }
      }
    }
    return isMember ? "inside the class's methods write \(first).\(name)" : nil
  }

  /// Says where a name without a value would get one, or had one.
  private mutating func noteBinding(of name: String) {
    let top = site.tree.bindings.filter { $0.name == name }
    if let later = top.first(where: { $0.line > site.line }), site.function == nil {
      note("\(name) gets its value only later, in line \(later.line)")
      return say(nil, "move that line above this one")
    }
    for statement in site.tree.body {
      if case .delete(let targets) = statement.form, targets.contains(where: { $0.name == name }) {
        let line = site.source.line(at: statement.span.start)
        if line < site.line { return note("\(name) was deleted in line \(line)") }
      }
    }
    if let before = top.last(where: { $0.line <= site.line }) {
      if case .handler = before.form {
        note("\(name) is the name of an exception: it ends with its except block")
        return say(nil, "keep what you need of it under another name inside the block")
      }
      note("\(name) is assigned in \(place(before)), but that line has not run")
      return
    }
    if let missed = machine.globals.unreached[name] {
      note("\(name) is assigned in \(place(missed)), but the cell stopped before it")
      return say(nil, "mend that cell and run it again")
    }
    if let owner = functionWithLocal(name) {
      note("\(name) is a name inside \(owner)() and ends with each call")
      say(nil, "return its value: return \(name)")
    }
  }

  private func functionWithLocal(_ name: String) -> String? {
    for slot in 0..<machine.globals.count {
      let value = machine.global(at: slot)
      guard value.tag == RawValue.Tag.function else {
        continue
      }
      let code = FunctionCell(value).code.facts
      if code.localNames.contains(where: { $0.name == name }) { return code.name }
    }
    return nil
  }

  private mutating func completeLocal(_ name: String) {
    failure.code = "L102"
    failure.help = nil
    guard let function = site.function, case .block(let body) = function.body else { return }
    let title = function.name.map { "\($0.text)()" } ?? "the function"
    let lines = Bindings(site.source).of(body).filter { $0.name == name }
    if let member = ownMember(name) { return say(nil, member) }
    if let before = lines.last(where: { $0.line < site.line }) {
      note("\(name) gets a value in line \(before.line), which did not run in this call")
      return say(nil, "give it a value on every path, for example at the start of \(title)")
    }
    if let first = lines.first {
      note("line \(first.line) assigns \(name), which makes it a local name in all of \(title)")
    }
    let outer = site.statements.dropLast().contains { statement in
      guard case .function(let outer) = statement.form, outer.scope != function.scope,
        case .block(let body) = outer.body
      else { return false }
      return outer.parameters.contains { $0.name.text == name }
        || Bindings(site.source).of(body).contains { $0.name == name }
    }
    if outer {
      say(nil, "for the outer one write 'nonlocal \(name)' as the first line of \(title)")
    } else if machine.globals.slots[name].map(machine.isOwn) == true {
      say(
        nil,
        "for the outer one write 'global \(name)' as the first line of \(title); "
          + "better still, take it as a parameter and return the new value")
    } else {
      say(nil, "give \(name) a value before this line")
    }
  }

  /// Words of other languages for values.
  private static let foreignWords: [String: String] = [
    "true": "write True, with a capital", "false": "write False, with a capital",
    "TRUE": "write True", "FALSE": "write False", "null": "write None", "NULL": "write None",
    "nil": "write None", "none": "write None, with a capital", "NONE": "write None",
    "undefined": "write None", "this": "write self, and make it the method's first parameter",
    "NaN": "write float(\"nan\")", "Infinity": "write float(\"inf\")",
    "inf": "write float(\"inf\")",
    "nan": "write float(\"nan\")",
    "println": "write print(…)", "printf": "write print(…)", "puts": "write print(…)",
    "echo": "write print(…)", "cout": "write print(…)", "console": "write print(…)",
    "raw_input": "write input(…)", "xrange": "write range(…)", "unicode": "write str(…)",
    "eval": "eval is not part of Gradus; int(), float() and json.loads() read values from text",
    "exec": "exec is not part of Gradus; put the code into a function",
    "compile": "compile is not part of Gradus; put the code into a function",
    "globals": "globals() is not part of Gradus; keep such values in a dict",
    "locals": "locals() is not part of Gradus; keep such values in a dict",
    "complex": "complex numbers are not part of Gradus; keep both parts in a tuple",
    "bytes": "bytes are not part of Gradus; a list of integers holds them",
    "bytearray": "bytes are not part of Gradus; a list of integers holds them",
    "memoryview": "memoryview is not part of Gradus; slices of tensors are views",
    "breakpoint": "there is no debugger here; print what you want to see",
    "strlen": "write len(…)",
    "pd": "there is no pandas here; tables are read with load(\"file.csv\")",
  ]

  mutating func completeImport() {
    guard let name = quoted() else { return }
    failure.code = "L201"
    let isModule = failure.exception == "ModuleNotFoundError"
    if isModule, let hint = Advice.absentModules[name] {
      failure.help = nil
      return say(nil, hint)
    }
    if !isModule {
      for statement in site.statements {
        guard case .importFrom(let members) = statement.form,
          let member = members.members?.first(where: { $0.name.text == name })
        else { continue }
        mark = member.name.span
      }
      if failure.help == nil, let module = quoted(1) {
        say(nil, "type '\(module).' and press Tab to see what it has")
      }
    }
  }

  private static let absentModules: [String: String] = [
    "pandas": "tables are read with load(\"file.csv\"), no import needed",
    "torch": "layers and training are here without import: Sequential([Dense(10)]).fit(x, y)",
    "seaborn": "plots are made with plot(), scatter() and hist(), no import needed",
    "requests": "there is no network here; put the file beside the notebook and open it",
    "urllib": "there is no network here; put the file beside the notebook and open it",
    "re": "there are no regular expressions; str has find(), split(), replace() and startswith()",
    "tkinter": "there are no windows here; show() and plot() display values",
    "threading": "there are no threads here",
    "asyncio": "there is no async here; call the functions one after another",
    "pickle": "save a model with net.save(\"m.npz\"), tables and results as text",
    "tqdm": "fit() shows its progress by itself",
    "typing": "annotations are never evaluated, so they need no import",
    "copy": "a list is copied by xs.copy() or xs[:], a dict by d.copy()",
    "datetime": "the module time has time() and perf_counter()",
    "numba": "leave it out: tensor functions are fast as they are",
  ]
}

// MARK: Attributes

extension Advice {
  mutating func completeAttribute() {
    failure.code = failure.code ?? "L103"
    guard let value = site.values.first else { return }
    let name = quoted(message.hasPrefix("module") || message.hasPrefix("type object") ? 1 : 1) ?? ""
    var base: Expression?
    var isCalled = false
    for expression in site.expressions.reversed() {
      var inner = expression
      if case .call(let function, _) = expression.form { inner = function }
      if case .attribute(let receiver, let member) = inner.form, member.text == name {
        base = receiver
        mark = member.span
        isCalled = expression.span != inner.span
        break
      }
    }
    if base == nil,
      let target = site.statements.last?.expressions.first(where: { expression in
        if case .attribute(_, let member) = expression.form { member.text == name } else { false }
      }), case .attribute(let receiver, let member) = target.form
    {
      base = receiver
      mark = member.span
    }
    let receiver = base.flatMap { site.text($0, limit: 24) } ?? "x"
    if value.isNone {
      return say(
        nil, whyNone(base) ?? "\(receiver) is None here; find out where it should get a value")
    }
    say(nil, machine.hint(name, in: value))
    if failure.help == nil {
      say(nil, foreignMember(name, of: value, receiver, isCalled: isCalled))
    }
    if failure.help == nil {
      say(nil, Nearest.question(name, among: machine.attributeNames(value)))
    }
    guard failure.help == nil else { return }
    if value.tag == RawValue.Tag.instance {
      let own = machine.attributeNames(value).filter { !$0.hasPrefix("_") }
      if !own.isEmpty { note("it has: " + own.prefix(8).joined(separator: ", ")) }
      let type = machine.typeName(value)
      say(nil, initializerHint(of: value) ?? "set it first: self.\(name) = … in \(type).__init__()")
    } else {
      say(nil, "type '\(receiver).' and press Tab to see what it has")
    }
  }

  /// `super().__init__()` that was forgotten.
  private func initializerHint(of value: RawValue) -> String? {
    let type = InstanceCell(value).type
    guard let base = type.base, base.isScript,
      type.attributes.value(named: machine.names.initialize) != nil,
      base.attributes.value(named: machine.names.initialize) != nil
    else { return nil }
    return "does \(type.name.string).__init__() call super().__init__(…)?"
  }

  /// What members of other languages and types are called here.
  private func foreignMember(
    _ name: String, of value: RawValue, _ receiver: String, isCalled: Bool
  ) -> String? {
    let type = machine.typeName(value)
    switch (type, name) {
    case ("list", "push"), ("list", "add"), ("list", "push_back"), ("list", "append_all"):
      return "write \(receiver).append(…)"
    case ("set", "append"), ("set", "push"), ("set", "insert"): return "write \(receiver).add(…)"
    case ("tuple", "append"), ("tuple", "add"), ("tuple", "extend"), ("tuple", "remove"),
      ("tuple", "insert"), ("tuple", "sort"), ("tuple", "pop"):
      return "a tuple does not change; make a list of it: \(receiver) = list(\(receiver))"
    case ("dict", "append"), ("dict", "push"), ("dict", "insert"):
      return "write \(receiver)[key] = value"
    case ("dict", "add"):
      return "write \(receiver)[key] = value; an empty set is set(), {} is a dict"
    case ("dict", "has_key"), ("dict", "containsKey"), ("dict", "contains"), ("dict", "has"):
      return "write key in \(receiver)"
    case ("dict", "iteritems"), ("dict", "entries"): return "write \(receiver).items()"
    case ("dict", _) where DictCell(value).find(machine.heap.intern(name)) >= 0:
      return "keys are read in brackets: \(receiver)[\"\(name)\"]"
    case ("str", "append"), ("str", "add"), ("str", "push"), ("str", "concat"):
      return "strings do not change; write \(receiver) = \(receiver) + …"
    case ("str", "contains"), ("str", "includes"), ("list", "contains"), ("list", "includes"),
      ("str", "has"), ("set", "contains"), ("set", "has"), ("tuple", "contains"):
      return "write value in \(receiver)"
    case ("str", "substring"), ("str", "substr"), ("str", "slice"), ("list", "slice"),
      ("str", "charAt"):
      return "write \(receiver)[start:stop]"
    case ("str", "toUpperCase"), ("str", "toUpper"), ("str", "uppercased"):
      return "write \(receiver).upper()"
    case ("str", "toLowerCase"), ("str", "toLower"), ("str", "lowercased"):
      return "write \(receiver).lower()"
    case ("str", "trim"), ("str", "chomp"): return "write \(receiver).strip()"
    case ("str", "reverse"): return "write \(receiver)[::-1]"
    case ("str", "sort"): return "write sorted(\(receiver))"
    case ("list", "join"): return "the separator comes first: \", \".join(\(receiver))"
    case ("list", "split"), ("list", "upper"), ("list", "lower"), ("list", "strip"),
      ("list", "replace"):
      return "that is a method of str: call it for each element, "
        + "[s.\(name)() for s in \(receiver)]"
    case ("list", "map"): return "write [f(x) for x in \(receiver)]"
    case ("list", "filter"): return "write [x for x in \(receiver) if …]"
    case ("list", "forEach"), ("list", "each"): return "write for x in \(receiver):"
    case ("list", "find"), ("list", "indexOf"): return "write \(receiver).index(…)"
    case ("list", "delete"), ("list", "removeAt"), ("list", "remove_at"):
      return "write del \(receiver)[i]"
    case ("list", "shape"), ("list", "mean"), ("list", "reshape"), ("list", "T"),
      ("list", "dtype"):
      return "make a tensor of it first: tensor(\(receiver)).\(name)"
    case ("Tensor", "append"): return "tensors keep their size; write concat([\(receiver), other])"
    case ("Tensor", "to"), ("Tensor", "cuda"), ("Tensor", "cpu"):
      return "there is only the processor: leave it out"
    case ("Tensor", "numpy"), ("Tensor", "detach"): return "leave it out: it is an array already"
    case (_, "length"), (_, "size"):
      return hasLength(value) ? "write len(\(receiver))" : nil
    case (_, "toString"), (_, "to_s"): return "write str(\(receiver))"
    case ("int", "append"), ("float", "append"), ("int", "add"):
      return "\(receiver) is a number; a list is made with \(receiver) = []"
    case ("int", "isdigit"), ("int", "split"), ("int", "upper"):
      return "that is a method of str: str(\(receiver)).\(name)()"
    default: return Members.foreign(name)
    }
  }

  private func hasLength(_ value: RawValue) -> Bool {
    switch value.tag {
    case RawValue.Tag.string, RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict,
      RawValue.Tag.set, RawValue.Tag.frozenSet, RawValue.Tag.range:
      true
    default: false
    }
  }
}
