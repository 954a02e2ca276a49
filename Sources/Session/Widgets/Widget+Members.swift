internal import Catalog

extension Widget {
  private static let types: [String: ObjectType] = Dictionary(
    uniqueKeysWithValues: WidgetKind.all.map { kind in
      (kind.name, ObjectType(kind.name, kind.sentence) { members(of: kind) })
    })

  static func type(of kind: WidgetKind) -> ObjectType {
    types[kind.name] ?? ObjectType(kind.name, kind.sentence)
  }

  /// What makes widgets of a kind.
  static func entry(_ kind: WidgetKind) -> Entry {
    Entry(
      kind.name, kind.sentence, kind: .function, parameters: kind.traits.map(\.facts),
      returns: kind.name, examples: [kind.example], type: type(of: kind),
      body: .library { _, arguments in
        var given: [String: Value] = [:]
        guard arguments.positional.count <= kind.traits.count else {
          throw Failure(
            .type, "\(kind.name)() takes at most \(kind.traits.count) arguments", code: "L105")
        }
        for (trait, value) in zip(kind.traits, arguments.positional) { given[trait.name] = value }
        for (name, value) in arguments.named {
          guard kind.trait(name) != nil else { throw unknown(name, kind) }
          given[name] = value
        }
        return .object(try Widget(kind, given, context: arguments.context))
      })
  }

  private static func members(of kind: WidgetKind) -> [Entry] {
    var members = kind.traits.map { trait in
      Entry.attribute(
        of: Widget.self, trait.name, "It is \(trait.sentence).", returns: trait.facts.kind,
        example: kind.example + "." + trait.name
      ) {
        $0.value(of: trait.name)
      } set: { widget, value in
        try widget.set(trait.name, to: value)
      }
    }
    members += common(kind.example)
    if kind.isSelection {
      members.append(
        .attribute(
          of: Widget.self, "label", "The label of what is chosen.", returns: "str or None",
          example: kind.example + ".label"
        ) { $0.label })
    }
    if kind.hasPages { members += pageMembers(kind.example) }
    if case .range? = kind.trait("value")?.kind { members += rangeMembers(kind.example) }
    if kind.name == "Button" { members += buttonMembers }
    if kind.name == WidgetKind.output.name { members += outputMembers }
    if kind.name == WidgetKind.interactive.name { members += interactiveMembers }
    return members
  }

  private static func common(_ example: String) -> [Entry] {
    [
      .attribute(
        of: Widget.self, "model_id", "Its name in the front end.", returns: "str",
        example: example + ".model_id"
      ) { .string($0.id) },
      .method(
        of: Widget.self, "observe", "Calls a function after every change of a value.",
        Parameter("handler", Function.self, "called with the change: name, old, new, owner"),
        Parameter("names", Value.self, "a name, a list of names, or None for all") { .none },
        example: "IntSlider().observe(lambda change: print(change.new), names=\"value\")"
      ) { widget, handler, names in
        widget.observe(try traitNames(names), .script(handler))
        return .none
      },
      .method(
        of: Widget.self, "unobserve", "Ends what observe began.",
        Parameter("handler", Function.self, "the same function"),
        Parameter("names", Value.self, "as for observe") { .none },
        example: "IntSlider().unobserve(print)"
      ) { widget, handler, _ in
        widget.unobserve(handler)
        return .none
      },
      .method(
        of: Widget.self, "unobserve_all", "Ends all that observe began.",
        example: "IntSlider().unobserve_all()"
      ) { widget in
        widget.unobserveAll()
        return .none
      },
      .method(
        of: Widget.self, "close", "Takes it from the page.", example: "IntSlider().close()"
      ) { widget in
        widget.close()
        return .none
      },
      .method(
        of: Widget.self, "add_class", "Gives it a class of the page's style sheet.",
        Parameter("className", String.self, "the class"), example: "IntSlider().add_class(\"big\")"
      ) { widget, name in
        widget.changeClass(name, isAdded: true)
        return .object(widget)
      },
      .method(
        of: Widget.self, "remove_class", "Takes a class away.",
        Parameter("className", String.self, "the class"),
        example: "IntSlider().remove_class(\"big\")"
      ) { widget, name in
        widget.changeClass(name, isAdded: false)
        return .object(widget)
      },
    ]
  }

  private static func traitNames(_ value: Value) throws -> [String]? {
    switch value {
    case .none: return nil
    case .string(let name): return [name]
    default:
      if let names = try [String].read(value) { return names }
      throw Failure(.type, "names is a str or a list of str, not \(value.typeName)", code: "L105")
    }
  }

  private static func pageMembers(_ example: String) -> [Entry] {
    let index = Parameter("index", Int.self, "the number of the page, from 0")
    return [
      .method(
        of: Widget.self, "set_title", "Changes the word of one page.", index,
        Parameter("title", String.self, "the word"), example: example + ".set_title(0, \"first\")"
      ) { widget, index, title in
        var titles = try widget.titles(with: index)
        titles[index] = title
        try widget.set("titles", to: .tuple(titles.map { .string($0) }))
        return .none
      },
      .method(
        of: Widget.self, "get_title", "The word of one page.", index, returns: "str",
        example: example + ".get_title(0)"
      ) { widget, index in .string(try widget.titles(with: index)[index]) },
    ]
  }

  /// The words of its pages, among them one with that number.
  private func titles(with index: Int) throws -> [String] {
    let titles = try [String].read(value(of: "titles")) ?? []
    guard titles.indices.contains(index) else {
      throw Failure(.index, "page \(index) does not exist: there are \(titles.count)")
    }
    return titles
  }

  private static func rangeMembers(_ example: String) -> [Entry] {
    [("lower", "The lower end.", 0), ("upper", "The upper end.", 1)].map { name, sentence, place in
      .attribute(
        of: Widget.self, name, sentence, returns: "int or float", example: example + "." + name
      ) {
        guard case .list(let ends) = $0.value(of: "value") else { return .none }
        return try ends.element(place)
      } set: { widget, value in
        guard case .list(let view) = widget.value(of: "value") else { return }
        var ends = try view.elements()
        ends[place] = value
        try widget.set("value", to: .tuple(ends))
      }
    }
  }

  private static let buttonMembers: [Entry] = [
    .method(
      of: Widget.self, "on_click", "Calls a function with the button at every click.",
      Parameter("callback", Function.self, "called with the button"),
      Parameter("remove", Bool.self, "whether it is no longer to be called") { false },
      example: "Button().on_click(lambda button: print(\"hello\"))"
    ) { widget, callback, remove in
      widget.onClick(callback, isRemoved: remove)
      return .none
    },
    .method(
      of: Widget.self, "click", "Does what a click does.", example: "Button().click()"
    ) { widget in
      try widget.click()
      return .none
    },
  ]

  private static let outputMembers: [Entry] = [
    .method(
      of: Widget.self, "__enter__", "From now on it takes what is printed and drawn.",
      returns: "Output", example: "with Output(): print(\"here\")"
    ) { widget in
      OutputCapture.begin(widget)
      return .object(widget)
    },
    .method(
      of: Widget.self, "__exit__", "It takes no more.",
      Parameter("exception", Rest<Value>.self, "what ended the block", passing: .rest),
      example: "with Output(): print(\"here\")"
    ) { widget, _ in
      OutputCapture.end(widget)
      return .none
    },
    .method(
      of: Widget.self, "clear_output", "Removes what it shows.",
      Parameter("wait", Bool.self, "not before the next output comes") { false },
      example: "Output().clear_output()"
    ) { widget, wait in
      if let capture = OutputCapture.active(widget) {
        capture.emit(.clear(wait: wait))
      } else if wait {
        widget.clearsBeforeNext = true
      } else {
        widget.show([])
      }
      return .none
    },
  ]

  private static let interactiveMembers: [Entry] = [
    .attribute(
      of: Widget.self, "result", "What the function returned last.", returns: "any",
      example: "interactive(lambda x: x, x=3).result"
    ) { $0.interaction?.result ?? .none },
    .attribute(
      of: Widget.self, "kwargs", "The arguments that the controls stand for now.",
      returns: "dict", example: "interactive(lambda x: x, x=3).kwargs"
    ) { widget in
      .dictionary((widget.interaction?.arguments ?? []).map { (.string($0.name), $0.value) })
    },
    .method(
      of: Widget.self, "update", "Calls the function with the controls as they are.",
      example: "interactive(lambda x: x, x=3).update()"
    ) { widget in
      try widget.interaction?.run()
      return .none
    },
  ]
}
