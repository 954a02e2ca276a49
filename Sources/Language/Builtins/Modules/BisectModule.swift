import Catalog

/// `import bisect`: places in sorted sequences.
enum BisectModule {
  static let module = BuiltinModule(
    "bisect", "Places in sorted sequences.",
    functions: [
      find("bisect_left", "The first place where an element can be put in.", isLeft: true),
      find("bisect_right", "The last place where an element can be put in.", isLeft: false),
      find("bisect", "The last place where an element can be put in.", isLeft: false),
      insert("insort_left", "Puts an element into a sorted list, before equal ones.", isLeft: true),
      insert(
        "insort_right", "Puts an element into a sorted list, after equal ones.", isLeft: false),
      insert("insort", "Puts an element into a sorted list, after equal ones.", isLeft: false),
    ])

  private static let parameters: [ParameterFacts] = [
    .named("a", "list"), .named("x"), .named("lo", "int", shown: "0"),
    .named("hi", "int or None", shown: "None"), .keyword("key", "function or None"),
  ]

  private static func find(_ name: String, _ sentence: String, isLeft: Bool) -> Builtin {
    Builtin(
      Entry(
        name, sentence, kind: .function, parameters: parameters, returns: "int",
        examples: ["bisect.\(name)([1, 3, 5], 3)"], body: .intrinsic)
    ) { machine, window throws(Thrown) in
      RawValue(try machine.bisect(window, window[1], isLeft: isLeft))
    }
  }

  private static func insert(_ name: String, _ sentence: String, isLeft: Bool) -> Builtin {
    Builtin(
      Entry(
        name, sentence, kind: .function, parameters: parameters, returns: "None", examples: [],
        body: .intrinsic)
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      var wanted = window[1]
      if let key = window.given(4), !key.isNone { wanted = try machine.call(key, [window[1]]) }
      scope.keep(wanted)
      let place = try machine.bisect(window, wanted, isLeft: isLeft)
      if window[0].isList {
        let list = ListCell(window[0])
        let index = min(place, list.count)
        machine.heap.insert(window[1], at: index, in: list)
      } else {
        let insert = try machine.attribute(window[0], machine.heap.intern("insert"))
        _ = try machine.call(insert, [RawValue(place), window[1]])
      }
      return .none
    }
  }
}

extension Machine {
  fileprivate func bisect(
    _ window: Window, _ wanted: RawValue, isLeft: Bool
  ) throws(Thrown) -> Int {
    var low = try integer(window[2], default: 0)
    guard low >= 0 else { throw error(.value, "lo must be non-negative") }
    var high: Int
    if let given = window.given(3), !given.isNone {
      high = try integer(given)
    } else {
      high = try length(window[0])
    }
    let key = window.given(4).flatMap { $0.isNone ? nil : $0 }
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    while low < high {
      let middle = low + (high - low) / 2
      scope[place] = try item(window[0], RawValue(middle))
      if let key { scope[place] = try call(key, [scope[place]]) }
      let goesLeft =
        isLeft ? try !isLess(scope[place], wanted) : try isLess(wanted, scope[place])
      if goesLeft { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
