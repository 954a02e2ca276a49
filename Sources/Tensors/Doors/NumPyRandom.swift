public import Catalog
internal import Glibc

/// `np.random`: NumPy's legacy generator, MT19937, with the numbers it gives for the same seed.
enum NumPyRandom {
  static let module: ModuleFacts = ModuleFacts(
    "numpy.random", "Random arrays, the same as NumPy's legacy functions for the same seed.",
    hints: [
      "default_rng": "write np.random.RandomState(seed): its numbers are NumPy's too",
      "Generator": "write np.random.RandomState(seed): its numbers are NumPy's too",
      "get_state": "start again with np.random.seed(n)",
      "multivariate_normal": "write mean + np.random.randn(n, d) @ np.linalg.cholesky(cov).T",
    ]
  ) { entries.value }

  private static let entries: Lazy<[Entry]> = Lazy {
    LegacyGenerator.type.ownMembers.map { member in
      Entry(
        member.name, member.sentence, kind: .function, parameters: member.parameters,
        returns: member.returns, examples: member.examples, details: member.details,
        place: "numpy.random",
        body: .library { entry, arguments in
          var inner = arguments
          inner.receiver = .object(LegacyGenerator.common(arguments.context))
          return try member.call(inner)
        })
    } + [LegacyGenerator.maker]
  }
}

/// What other libraries draw from NumPy's legacy generator.
public enum LegacyRandom {
  /// A random order of `0..<count`: of a seed of its own, or the next of `np.random`.
  public static func permutation(_ count: Int, seed: Int?, _ context: Context) throws -> [Int] {
    guard let seed else { return LegacyGenerator.common(context).permutation(count) }
    let generator = LegacyGenerator(seed: 0)
    try generator.seed(seed)
    return generator.permutation(count)
  }
}

/// NumPy's `RandomState`: one MT19937 with the legacy ways of drawing from it.
final class LegacyGenerator: Object {
  private var twister: MersenneTwister
  /// The second number of a pair of normal ones.
  private var spare: Double?

  init(seed: UInt32) {
    twister = MersenneTwister(number: seed)
  }

  /// The session's own, behind the functions of `np.random`.
  static func common(_ context: Context) -> LegacyGenerator {
    if let known = context.kept["numpy.random"] as? LegacyGenerator { return known }
    let made = LegacyGenerator(seed: UInt32(truncatingIfNeeded: context.seed))
    context.kept["numpy.random"] = made
    return made
  }

  var text: String { "RandomState(MT19937)" }

  func seed(_ seed: Int) throws {
    guard let number = UInt32(exactly: seed) else {
      throw Failure(.value, "Seed must be between 0 and 2**32 - 1")
    }
    twister = MersenneTwister(number: number)
    spare = nil
  }

  func uniform() -> Double { twister.uniform() }

  /// Marsaglia's polar method, as NumPy's legacy_gauss.
  func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let (a, b) = (2 * twister.uniform() - 1, 2 * twister.uniform() - 1)
      let square = a * a + b * b
      guard square < 1, square != 0 else { continue }
      let factor = (-2 * Glibc.log(square) / square).squareRoot()
      spare = factor * a
      return factor * b
    }
  }

  /// A whole number in `0...most`, by masking and drawing again.
  func whole(upTo most: UInt) -> UInt {
    guard most > 0 else { return 0 }
    let mask = UInt.max >> UInt(most.leadingZeroBitCount)
    while true {
      let drawn =
        most <= 0xFFFF_FFFF
        ? UInt(twister.next()) & mask
        : (UInt(twister.next()) << 32 | UInt(twister.next())) & mask
      if drawn <= most { return drawn }
    }
  }

  /// A random order of `0..<count`.
  func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(whole(upTo: UInt(last))))
    }
    return order
  }

  /// Places drawn with chances that add up to one.
  func places(_ count: Int, chances: [Double], replacing: Bool) throws -> [Int] {
    func draw(_ chances: [Double], _ count: Int) -> [Int] {
      var sums: [Double] = []
      var sum = 0.0
      for chance in chances {
        sum += chance
        sums.append(sum)
      }
      sums = sums.map { $0 / sum }
      return (0..<count).map { _ in
        let drawn = uniform()
        return sums.firstIndex { drawn < $0 } ?? sums.count - 1
      }
    }
    guard !replacing else { return draw(chances, count) }
    guard chances.count(where: { $0 > 0 }) >= count else {
      throw Failure(.value, "Fewer non-zero entries in p than size")
    }
    var (left, found) = (chances, [Int]())
    while found.count < count {
      let drawn = draw(left, count - found.count)
      for place in drawn where !found.contains(place) { found.append(place) }
      for place in found { left[place] = 0 }
    }
    return found
  }
}

// MARK: Entries

extension LegacyGenerator {
  static let maker = Entry(
    "RandomState", "A generator of its own, seeded.",
    Parameter("seed", Int?.self, "None: like seed 0", default: { nil }), returns: "RandomState",
    example: "np.random.RandomState(0).rand(2)", makes: type
  ) { seed in
    let generator = LegacyGenerator(seed: 0)
    if let seed { try generator.seed(seed) }
    return .object(generator)
  }

  var type: ObjectType { Self.type }

  static let type = ObjectType("RandomState", "NumPy's legacy random generator.") { members }

  /// `size=`: None gives one number.
  private static let size = Parameter(
    "size", Shape?.self, "the sizes; None: one number", default: { nil })

  private func filled(_ size: Shape?, _ draw: () -> Double) throws -> Value {
    let shape = size ?? []
    try StoragePool.shared.reserve(shape.elements, of: 16)
    let tensor = try Tensor((0..<shape.elements).map { _ in draw() }, shape: shape, dtype: .f64)
    // NumPy gives a plain float where no size is named.
    return size == nil ? .float(tensor.element(0)) : .tensor(tensor)
  }

  /// One draw for each element of the parameters, stretched to one shape.
  private func filled(
    _ size: Shape?, _ a: Setting, _ b: Setting, _ draw: (Double, Double) -> Double
  ) throws -> Value {
    guard a.shape.count > 0 || b.shape.count > 0 else {
      return try filled(size) { draw(a.values[0], b.values[0]) }
    }
    guard let common = Shape.broadcast(a.shape, b.shape),
      let shape = size.map({ Shape.broadcast(common, $0) == $0 ? $0 : nil }) ?? common
    else { throw TensorError.broadcast(a.shape, size ?? b.shape, operation: "np.random") }
    try StoragePool.shared.reserve(shape.elements, of: 16)
    let drawn = zip(try a.stretched(to: shape), try b.stretched(to: shape)).map(draw)
    return .tensor(try Tensor(drawn, shape: shape, dtype: .f64))
  }

  /// A mean, a deviation, a bound: one number, or an array of them.
  private struct Setting: Argument {
    let values: [Double]
    let shape: Shape

    static var kind: String { "float or array" }
    var shown: String { values.first?.shown ?? "[]" }

    static func read(_ value: Value) throws -> Setting? {
      try Tensor.read(value, floating: .f64).map { Setting(values: $0.doubles, shape: $0.shape) }
    }

    /// Whether all are at least zero.
    var isLength: Bool { values.allSatisfy { $0 >= 0 } }

    func stretched(to shape: Shape) throws -> [Double] {
      try Tensor(values, shape: self.shape, dtype: .f64).broadcast(to: shape).doubles
    }
  }

  private func wholes(_ low: Int, _ high: Int, _ size: Shape?) throws -> Value {
    guard low < high else { throw Failure(.value, "low >= high") }
    let most = UInt(bitPattern: high &- 1 &- low)
    let shape = size ?? []
    try StoragePool.shared.reserve(shape.elements, of: 16)
    let drawn = (0..<shape.elements).map { _ in low &+ Int(bitPattern: whole(upTo: most)) }
    return size == nil ? .int(drawn[0]) : .tensor(try Tensor(drawn, shape: shape))
  }

  private static func sizes(_ rest: Rest<Int>) throws -> Shape? {
    rest.values.isEmpty ? nil : try Shape(rest.values)
  }

  private static func method<each P: Argument>(
    _ name: String, _ sentence: String, _ parameters: repeat Parameter<each P>,
    returns: String = "tensor", example: String,
    body: @escaping @Sendable (LegacyGenerator, repeat each P) throws -> Value
  ) -> Entry {
    .method(
      of: LegacyGenerator.self, name, sentence, repeat each parameters, returns: returns,
      example: example, body: body)
  }

  private static func setting(_ name: String, _ value: Double, _ sentence: String)
    -> Parameter<Setting>
  {
    Parameter(name, Setting.self, sentence, default: { Setting(values: [value], shape: []) })
  }

  private static var members: [Entry] {
    [
      method(
        "seed", "Starts the generator again.", Parameter("seed", Int.self, "the seed"),
        returns: "None", example: "np.random.seed(42)"
      ) { generator, seed in
        try generator.seed(seed)
        return .none
      },
      method(
        "rand", "Uniform numbers in [0, 1).",
        Parameter("sizes", Rest<Int>.self, "the sizes", passing: .rest),
        example: "np.random.rand(2, 3).shape"
      ) { generator, sizes in try generator.filled(self.sizes(sizes)) { generator.uniform() } },
      method(
        "randn", "Normal numbers with mean 0 and deviation 1.",
        Parameter("sizes", Rest<Int>.self, "the sizes", passing: .rest),
        example: "np.random.randn(2, 3).shape"
      ) { generator, sizes in try generator.filled(self.sizes(sizes)) { generator.normal() } },
      method(
        "random", "Uniform numbers in [0, 1).", size, example: "np.random.random(3).shape"
      ) { generator, size in try generator.filled(size) { generator.uniform() } },
      method(
        "random_sample", "Uniform numbers in [0, 1).", size,
        example: "np.random.random_sample(3).shape"
      ) { generator, size in try generator.filled(size) { generator.uniform() } },
      method(
        "standard_normal", "Normal numbers with mean 0 and deviation 1.", size,
        example: "np.random.standard_normal(3).shape"
      ) { generator, size in try generator.filled(size) { generator.normal() } },
      method(
        "uniform", "Uniform numbers in [low, high).", setting("low", 0, "the lower end"),
        setting("high", 1, "the upper end"), size, example: "np.random.uniform(-1, 1, 3).shape"
      ) { generator, low, high, size in
        try generator.filled(size, low, high) { $0 + ($1 - $0) * generator.uniform() }
      },
      method(
        "normal", "Normal numbers.", setting("loc", 0, "their mean"),
        setting("scale", 1, "their deviation"), size, example: "np.random.normal(5, 2, 3).shape"
      ) { generator, loc, scale, size in
        guard scale.isLength else { throw Failure(.value, "scale < 0") }
        return try generator.filled(size, loc, scale) { $0 + $1 * generator.normal() }
      },
      method(
        "exponential", "Exponentially distributed numbers.", setting("scale", 1, "their mean"),
        size,
        example: "np.random.exponential(2.0, 3).shape"
      ) { generator, scale, size in
        guard scale.isLength else { throw Failure(.value, "scale < 0") }
        return try generator.filled(size, scale, scale) { scale, _ in
          scale * -Glibc.log(1 - generator.uniform())
        }
      },
      method(
        "randint", "Whole numbers from low up to, but not including, high.",
        Parameter("low", Int.self, "the smallest; 0 when high is not given"),
        Parameter("high", Int?.self, "the end, not included", default: { nil }), size,
        example: "np.random.randint(0, 10, 5).shape"
      ) { generator, low, high, size in
        try generator.wholes(high == nil ? 0 : low, high ?? low, size)
      },
      method(
        "permutation", "The numbers below n in a random order, or an array's rows.",
        Parameter("x", Tensor.self, "a number or an array"),
        example: "np.random.permutation(5).shape"
      ) { generator, x in
        guard x.rank == 0 else {
          return .object(try x.rows(generator.permutation(x.shape[0])))
        }
        guard x.dtype.isInteger, x.integer(0) >= 0 else {
          throw Failure(.value, "permutation() takes a count that is not negative, or an array")
        }
        try StoragePool.shared.reserve(x.integer(0), of: 16)
        return .object(try Tensor(generator.permutation(x.integer(0))))
      },
      method(
        "shuffle", "Puts an array's rows in a random order, in place.",
        Parameter("x", Value.self, "the array"), returns: "None",
        example: "np.random.shuffle(np.arange(5))"
      ) { generator, x in
        guard case .object(let tensor as Tensor) = x, tensor.rank > 0 else {
          throw Failure(
            .type, "shuffle() takes an array, not \(x.typeName)",
            help: "make one of it first: np.array(x); or import random and use random.shuffle")
        }
        try tensor.overwrite(with: tensor.rows(generator.permutation(tensor.shape[0])))
        return .none
      },
      method(
        "choice", "Random elements of an array, or numbers below n.",
        Parameter("a", Value.self, "a number, or what to choose from"), size,
        Parameter("replace", Bool.self, "whether one may come twice", default: { true }),
        Parameter("p", [Double]?.self, "the chance of each", default: { nil }),
        returns: "any", example: "np.random.choice(5, 3, replace=False).shape"
      ) { generator, from, size, replacing, chances in
        try generator.choice(from, size, replacing, chances)
      },
    ]
  }

  private func choice(
    _ from: Value, _ size: Shape?, _ replacing: Bool, _ chances: [Double]?
  ) throws -> Value {
    var names: [Value]?
    var tensor: Tensor?
    if case .list(let list) = from, try list.doubles() == nil {
      names = try list.elements()
    } else {
      guard let read = try Tensor.read(from, floating: .f64), read.rank < 2 else {
        throw Failure(.value, "a must be 1-dimensional or an integer")
      }
      tensor = read
    }
    let count = names?.count ?? tensor.map { $0.rank == 0 ? $0.integer(0) : $0.count } ?? 0
    guard count > 0 else {
      throw Failure(.value, "'a' cannot be empty unless no samples are taken")
    }
    let wanted = size?.elements ?? 1
    try StoragePool.shared.reserve(wanted, of: 16)
    if let chances {
      guard chances.count == count else { throw Failure(.value, "'a' and 'p' must have same size") }
      guard chances.allSatisfy({ $0 >= 0 }) else {
        throw Failure(.value, "probabilities are not non-negative")
      }
      guard Swift.abs(chances.reduce(0, +) - 1) < 1.5e-8 else {
        throw Failure(.value, "probabilities do not sum to 1")
      }
    }
    if !replacing, wanted > count {
      throw Failure(.value, "Cannot take a larger sample than population when 'replace=False'")
    }
    let places: [Int]
    if let chances {
      places = try self.places(wanted, chances: chances, replacing: replacing)
    } else if replacing {
      places = (0..<wanted).map { _ in Int(whole(upTo: UInt(count - 1))) }
    } else {
      try StoragePool.shared.reserve(count, of: 16)
      places = Array(permutation(count).prefix(wanted))
    }
    if let names {
      let chosen = places.map { names[$0] }
      return size == nil ? chosen[0] : .array(chosen)
    }
    guard let tensor else { return .none }
    let chosen = tensor.rank == 0 ? try Tensor(places) : try tensor.rows(places)
    return .tensor(try chosen.reshape(size ?? []))
  }
}
