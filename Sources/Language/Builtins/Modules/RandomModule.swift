import Catalog

/// `import random`: one generator, seeded as CPython seeds its own.
enum RandomModule {
  static let module = BuiltinModule(
    "random", "Random numbers, the same as Python's for the same seed.",
    functions: source + choices + distributions + generators, script: PackageResources.random_grad)

  /// What the script's `Random` is made of: its methods work on the module's generator, for which
  /// they put their own meanwhile.
  private static let generators: [Builtin] = [
    Builtin("_new_generator", "A generator.", returns: "generator") { machine, _ in
      machine.newNative(OwnGenerator())
    },
    Builtin(
      "_exchange_generator", "Exchanges the module's generator and another.",
      .required("generator"), returns: "None"
    ) { machine, window in
      if window[0].tag == RawValue.Tag.native,
        let own = NativeCell(window[0]).object as? OwnGenerator
      {
        swap(&own.generator, &machine.random)
      }
      return .none
    },
  ]

  private static let source: [Builtin] = [
    Builtin(
      "seed", "Starts the generator again from a number or a text.", .named("a", shown: "None"),
      .named("version", "int", shown: "2"), returns: "None", example: "random.seed(42)"
    ) { machine, window throws(Thrown) in
      try machine.seedRandom(window[0])
      return .none
    },
    Builtin(
      "random", "A float from 0 up to, but not including, 1.", returns: "float"
    ) { machine, _ in RawValue(machine.random.uniform()) },
    Builtin(
      "getrandbits", "An integer with so many random bits.", .required("k", "int"),
      returns: "int"
    ) { machine, window throws(Thrown) in
      let count = try machine.integer(window[0])
      guard count >= 0 else {
        throw machine.error(.value, "number of bits must be non-negative")
      }
      guard count <= 63 else { throw machine.overflowError() }
      return RawValue(Int(machine.random.bits(count)))
    },
    Builtin(
      "randint", "A whole number from a to b, both included.", .named("a", "int"),
      .named("b", "int"), returns: "int", example: "random.randint(1, 6)"
    ) { machine, window throws(Thrown) in
      let low = try machine.integer(window[0])
      let (end, overflow) = try machine.integer(window[1]).addingReportingOverflow(1)
      guard !overflow else { throw machine.overflowError() }
      return RawValue(try machine.randomInteger(low, end, 1))
    },
    Builtin(
      "randrange", "A random element of a range.", .named("start", "int"),
      .named("stop", "int", shown: "None"), .named("step", "int", shown: "1"), returns: "int"
    ) { machine, window throws(Thrown) in
      let start = try machine.integer(window[0])
      guard let stop = window.given(1), !stop.isNone else {
        guard start > 0 else { throw machine.error(.value, "empty range for randrange()") }
        return RawValue(Int(machine.random.below(UInt(start))))
      }
      return RawValue(
        try machine.randomInteger(
          start, machine.integer(stop), machine.integer(window[2], default: 1)))
    },
  ]

  private static let choices: [Builtin] = [
    Builtin(
      "choice", "A random element of a sequence.", .named("seq", "sequence"), returns: "any",
      example: "random.choice([\"a\", \"b\"])"
    ) { machine, window throws(Thrown) in
      let count = try machine.length(window[0])
      guard count > 0 else {
        throw machine.error(.index, "Cannot choose from an empty sequence")
      }
      let index = Int(machine.random.below(UInt(count)))
      return try machine.item(window[0], RawValue(index))
    },
    Builtin(
      "shuffle", "Puts the elements of a list in random order.", .named("x", "list"),
      returns: "None"
    ) { machine, window throws(Thrown) in
      let value = window[0]
      let count = try machine.length(value)
      var place = count - 1
      while place >= 1 {
        let other = Int(machine.random.below(UInt(place + 1)))
        if value.isList {
          let list = ListCell(value)
          let element = list[place]
          list[place] = list[other]
          list[other] = element
        } else {
          let scope = HandleScope(machine)
          let element = try machine.item(value, RawValue(place))
          scope.keep(element)
          let second = try machine.item(value, RawValue(other))
          scope.keep(second)
          try machine.setItem(value, RawValue(place), second)
          try machine.setItem(value, RawValue(other), element)
        }
        place -= 1
        if place & 0xFFFF == 0 { try machine.poll() }
      }
      return .none
    },
    Builtin(
      "sample", "Random elements, none twice.", .named("population", "sequence"),
      .named("k", "int"), returns: "list", example: "random.sample(range(100), 5)"
    ) { machine, window throws(Thrown) in
      try machine.sample(window[0], machine.integer(window[1]))
    },
    Builtin(
      "choices", "Random elements, repeats allowed, with weights if given.",
      .named("population", "sequence"), .named("weights", "list or None", shown: "None"),
      .keyword("cum_weights", "list or None"), .keyword("k", "int", shown: "1"),
      returns: "list"
    ) { machine, window throws(Thrown) in try machine.choices(window) },
  ]

  private static let distributions: [Builtin] = [
    draw("uniform", "A float between a and b.", [("a", nil), ("b", nil)]) {
      $0[0] + ($0[1] - $0[0]) * $1.uniform()
    },
    draw(
      "gauss", "Normally distributed, fast.", [("mu", 0), ("sigma", 1)],
      example: "random.gauss(0, 1)"
    ) { $1.gauss($0[0], $0[1]) },
    draw("normalvariate", "Normally distributed.", [("mu", 0), ("sigma", 1)]) {
      $1.normal($0[0], $0[1])
    },
    draw(
      "lognormvariate", "Its logarithm is normally distributed.", [("mu", nil), ("sigma", nil)]
    ) { MathFunctions.exp($1.normal($0[0], $0[1])) },
    draw("expovariate", "Exponentially distributed.", [("lambd", nil)]) {
      $1.exponential($0[0])
    },
    draw("gammavariate", "Gamma distributed.", [("alpha", nil), ("beta", nil)]) {
      $1.gamma($0[0], $0[1])
    },
    draw("betavariate", "Beta distributed.", [("alpha", nil), ("beta", nil)]) {
      $1.beta($0[0], $0[1])
    },
    draw("paretovariate", "Pareto distributed.", [("alpha", nil)]) { $1.pareto($0[0]) },
    draw("weibullvariate", "Weibull distributed.", [("alpha", nil), ("beta", nil)]) {
      $1.weibull($0[0], $0[1])
    },
    Builtin(
      "triangular", "Triangularly distributed.", .named("low", "number", shown: "0.0"),
      .named("high", "number", shown: "1.0"), .named("mode", "number or None", shown: "None"),
      returns: "float"
    ) { machine, window throws(Thrown) in
      let low = window[0].isUndefined ? 0 : try machine.real(window[0])
      let high = window[1].isUndefined ? 1 : try machine.real(window[1])
      let mode =
        window[2].isUndefined || window[2].isNone ? nil : try machine.real(window[2])
      return RawValue(machine.random.triangular(low, high, mode))
    },
  ]

  private static func draw(
    _ name: String, _ sentence: String, _ parameters: [(name: String, fallback: Double?)],
    example: String = "",
    _ body: @escaping @Sendable ([Double], inout MersenneTwister) -> Double
  ) -> Builtin {
    let facts = parameters.map { parameter in
      ParameterFacts.named(
        parameter.name, "number", shown: parameter.fallback.map { FloatText.repr($0) })
    }
    let entry = Entry(
      name, sentence, kind: .function, parameters: facts, returns: "float",
      examples: example.isEmpty ? [] : [example], body: .intrinsic)
    return Builtin(entry) { machine, window throws(Thrown) in
      var arguments: [Double] = []
      for (index, parameter) in parameters.enumerated() {
        if let fallback = parameter.fallback, window[index].isUndefined {
          arguments.append(fallback)
        } else {
          arguments.append(try machine.real(window[index]))
        }
      }
      if name == "gammavariate" || name == "betavariate" {
        guard arguments.allSatisfy({ $0 > 0 }) else {
          throw machine.error(.value, "gammavariate: alpha and beta must be > 0.0")
        }
        guard arguments.allSatisfy(\.isFinite) else {
          throw machine.error(.value, "\(name): the arguments must be finite")
        }
      }
      let result = body(arguments, &machine.random)
      if parameters.count == 1, arguments[0] == 0 {
        throw machine.error(.zeroDivision, "float division by zero", code: "L109")
      }
      return RawValue(result)
    }
  }
}

/// The generator of an object of `random.Random`.
private final class OwnGenerator: Object {
  static let kind = ObjectType("generator", "Where random numbers come from.")
  var generator = MersenneTwister(words: [5489])

  var type: ObjectType { Self.kind }
}

extension Machine {
  fileprivate func seedRandom(_ value: RawValue) throws(Thrown) {
    if value.isUndefined || value.isNone {
      random = MersenneTwister(words: (0..<8).map { _ in UInt32.random(in: 0...UInt32.max) })
    } else if let int = value.integer {
      random = MersenneTwister(magnitude: int.magnitude)
    } else if value.isString {
      random = MersenneTwister(text: StringCell(value).array)
    } else if value.isFloat {
      random = MersenneTwister(magnitude: UInt(bitPattern: try hash(value)))
    } else {
      throw mismatch(
        "The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
    }
  }

  fileprivate func randomInteger(
    _ start: Int, _ stop: Int, _ step: Int
  ) throws(Thrown) -> Int {
    guard step != 0 else { throw error(.value, "zero step for randrange()") }
    let count = Self.count(start, stop, step)
    guard count > 0 else {
      let (width, _) = stop.subtractingReportingOverflow(start)
      if step == 1 {
        throw error(.value, "empty range for randrange() (\(start), \(stop), \(width))")
      }
      throw error(.value, "empty range for randrange()")
    }
    return start &+ step &* Int(bitPattern: random.below(count))
  }

  /// How many numbers a range holds; unlike a range's length it may need 64 bits.
  private static func count(_ start: Int, _ stop: Int, _ step: Int) -> UInt {
    guard step > 0 ? stop > start : stop < start else { return 0 }
    let distance = UInt(bitPattern: step > 0 ? stop &- start : start &- stop)
    return (distance - 1) / step.magnitude + 1
  }

  fileprivate func sample(_ population: RawValue, _ count: Int) throws(Thrown) -> RawValue {
    guard population.isSequence || population.isString || population.tag == RawValue.Tag.range
    else {
      throw mismatch(
        "Population must be a sequence.  For dicts or sets, use sorted(d).")
    }
    let size = try length(population)
    guard count >= 0, count <= size else {
      throw error(.value, "Sample larger than population or is negative")
    }
    try checkRoom(for: count, of: 64)
    let list = heap.newList(count: 0, capacity: count)
    let scope = HandleScope(self)
    scope.keep(list.value)
    for index in try random.sample(count, of: size, pause: { () throws(Thrown) in try poll() }) {
      heap.append(try item(population, RawValue(index)), to: list)
      if list.count & 0xFFFF == 0 { try poll() }
    }
    return list.value
  }

  fileprivate func choices(_ window: Window) throws(Thrown) -> RawValue {
    let count = try integer(window[3], default: 1)
    let size = try length(window[0])
    let weights = window.given(1).flatMap { $0.isNone ? nil : $0 }
    let sums = window.given(2).flatMap { $0.isNone ? nil : $0 }
    if weights != nil, sums != nil {
      throw mismatch("Cannot specify both weights and cumulative weights")
    }
    var cumulated: [Double]?
    if let sums {
      cumulated = try reals(sums)
    } else if let weights {
      var total = 0.0
      cumulated = try reals(weights).map { weight in
        total += weight
        return total
      }
    }
    if let cumulated, cumulated.count != size {
      throw error(.value, "The number of weights does not match the population")
    }
    let total = cumulated?.last ?? 0
    if cumulated != nil {
      guard total > 0 else {
        throw error(.value, "Total of weights must be greater than zero")
      }
      guard total.isFinite else { throw error(.value, "Total of weights must be finite") }
    }
    guard size > 0 || count <= 0 else { throw error(.index, "list index out of range") }
    try checkRoom(for: max(0, count), of: 16)
    let list = heap.newList(count: 0, capacity: max(0, count))
    let scope = HandleScope(self)
    scope.keep(list.value)
    var drawn = 0
    while drawn < count {
      var index: Int
      if let cumulated {
        let point = random.uniform() * total
        var (low, high) = (0, size - 1)
        while low < high {
          let middle = (low + high) / 2
          if point < cumulated[middle] { high = middle } else { low = middle + 1 }
        }
        index = low
      } else {
        index = Int(exactly: (random.uniform() * Double(size)).rounded(.down)) ?? 0
      }
      index = min(index, size - 1)
      heap.append(try item(window[0], RawValue(index)), to: list)
      drawn += 1
      if drawn & 0xFFFF == 0 { try poll() }
    }
    return list.value
  }
}
