internal import Catalog

/// `import numpy as np`: NumPy's names, argument names and default types for what is here anyway.
///
/// Oracle: NumPy 2.4. Bare lists and floats are float64 here, where the library's own functions
/// make float32 of them.
enum NumPyDoor {
  static let version = "2.4"

  static let module: ModuleFacts = ModuleFacts(
    "numpy", "Arrays under NumPy's names: float64 by default.",
    modules: [NumPyRandom.module, algebra], hints: hints
  ) { entries.value }

  private static let algebra: ModuleFacts = ModuleFacts(
    "numpy.linalg", "Linear systems, decompositions and norms of matrices.",
    hints: [
      "eig": "eigh(a) has the eigenvalues of symmetric matrices",
      "eigvals": "eigvalsh(a) has the eigenvalues of symmetric matrices",
    ]
  ) { algebraEntries.value }

  private static let hints: [String: String] = [
    "set_printoptions": "round what you print: print(x.round(3))",
    "printoptions": "round what you print: print(x.round(3))",
    "vectorize": "arrays take whole expressions; else np.array([f(v) for v in x])",
    "apply_along_axis": "write np.array([f(row) for row in x])",
    "loadtxt": "write load(\"file.csv\")", "genfromtxt": "write load(\"file.csv\")",
    "load": "without np: load(\"file.csv\") reads tables, load(\"net.npz\") weights",
    "save": "write export(x, \"file.csv\")", "savetxt": "write export(x, \"file.csv\")",
    "float16": "np.float32 is the smallest type here", "complex128": "there are no complex numbers",
    "int8": "np.int32 and np.uint8 are here", "int16": "np.int32 is here",
    "uint16": "np.int32 is here", "uint32": "np.int64 is here", "uint64": "np.int64 is here",
    "float": "write float", "int": "write int", "bool8": "write np.bool_", "object": "use a list",
    "matrix": "use np.array(…) and @", "mat": "use np.array(…) and @",
    "fft": "there is no Fourier transform here", "ma": "there are no masked arrays: use np.where",
    "poly1d": "write the sum out: a * x**2 + b * x + c",
    "polyfit": "solve np.linalg.pinv(np.stack([x**k for k in (2, 1, 0)], axis=1)) @ y",
    "in1d": "write [v in b for v in a]", "isin": "write np.array([v in b for v in a])",
    "delete": "pick what stays: x[np.arange(len(x)) != i]",
    "fromiter": "write np.array(list(…))", "seterr": "leave it out: divisions by zero give inf",
    "errstate": "leave it out: divisions by zero give inf",
  ]

  // MARK: Reading

  /// Lists and bare floats as NumPy reads them, float64.
  ///
  /// Numbers beside arrays stay weak.
  @Sendable static func reading(_ facts: ParameterFacts, _ value: Value) throws -> Value {
    if facts.kind.hasPrefix("list of tensor") {
      guard case .list(let list) = value else { return value }
      return .array(try list.elements().map { try array($0) ?? $0 })
    }
    guard facts.kind.hasPrefix("tensor") else { return value }
    if facts.kind.hasPrefix("tensor or number") {
      switch value {
      case .list, .object: return try array(value) ?? value
      default: return value
      }
    }
    return try array(value) ?? value
  }

  /// The same, where a bare float decides the result's type too.
  @Sendable static func reading(strictly facts: ParameterFacts, _ value: Value) throws -> Value {
    if facts.kind == "any" || facts.kind.hasPrefix("tensor") { return try array(value) ?? value }
    return value
  }

  private static func array(_ value: Value) throws -> Value? {
    switch value {
    case .object(is Tensor), .none, .string, .dict, .function: nil
    default: try Tensor.read(value, floating: .f64).map { .object($0) }
    }
  }

  // MARK: Doors

  private static let table: [String: Entry] = Dictionary(
    (TensorCatalog.library.entries + TensorCatalog.namesakes).map {
      ($0.name, $0)
    }, uniquingKeysWith: { first, _ in first })

  private static let double: (name: String, value: @Sendable () -> Value) = (
    "dtype", { .object(NamedDType(.f64)) }
  )

  /// One door: its name there, the entry's name here, renamed parameters in order.
  private struct Plan {
    let name: String
    var ours: String
    var names: [(theirs: String, ours: String)] = []
    var isDouble = false
    var isStrict = false

    /// - Parameter names: `a=x axis`: theirs, and ours where it differs.
    init(
      _ name: String, _ ours: String? = nil, _ names: String = "", double isDouble: Bool = false,
      strict isStrict: Bool = false
    ) {
      self.name = name
      self.ours = ours ?? name
      self.names = names.split(separator: " ").map { part in
        let sides = part.split(separator: "=").map(String.init)
        return (sides[0], sides.last ?? sides[0])
      }
      self.isDouble = isDouble
      self.isStrict = isStrict
    }

    func entry(in module: String) -> Entry? {
      guard let entry = NumPyDoor.table[ours] else { return nil }
      let short = module == "numpy" ? "np" : "np" + module.dropFirst(5)
      return .door(
        "\(module).\(name)", to: entry, names: names,
        defaults: isDouble ? [NumPyDoor.double] : [],
        examples: entry.examples.isEmpty
          ? ["\(short).\(name)(np.array([0.25, 0.5]))"]
          : entry.examples.map { NumPyDoor.example($0, ours, "\(short).\(name)") },
        reading: isStrict ? NumPyDoor.reading(strictly:_:) : NumPyDoor.reading(_:_:))
    }
  }

  /// An example with NumPy's names.
  private static func example(_ text: String, _ ours: String, _ theirs: String) -> String {
    var result = ""
    var word = ""
    var isMember = false
    func end(_ next: Character?) {
      if word == "linalg", next == "." {
        word = "np.linalg"
      } else if next == "(", !isMember {
        if word == ours {
          word = theirs
        } else if word == "tensor" {
          word = "np.array"
        } else if plans.contains(where: { $0.name == word }) {
          word = "np." + word
        }
      }
      result += word
      word = ""
    }
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
        continue
      }
      end(character)
      result.append(character)
      isMember = character == "."
    }
    end(nil)
    return result
  }

  private static let plans: [Plan] =
    [
      Plan("array", "tensor", "object=data dtype", strict: true),
      Plan("asarray", "tensor", "a=data dtype", strict: true),
      Plan("zeros", double: true), Plan("ones", double: true), Plan("empty", "zeros", double: true),
      Plan("full", nil, "shape fill_value=value dtype", strict: true),
      Plan("zeros_like", nil, "a=x dtype"), Plan("ones_like", nil, "a=x dtype"),
      Plan("empty_like", "zeros_like", "prototype=x dtype"),
      Plan("full_like", nil, "a=x fill_value=value"),
      Plan("arange", strict: true), Plan("linspace", double: true),
      Plan("logspace", double: true), Plan("eye", nil, "N=n M=m k dtype", double: true),
      Plan("identity", "eye", "n", double: true), Plan("meshgrid"),
      Plan("reshape", nil, "a=x shape"), Plan("transpose", nil, "a=x axes"),
      Plan("expand_dims", nil, "a=x axis"), Plan("squeeze", nil, "a=x axis"),
      Plan("broadcast_to", nil, "array=x shape"), Plan("swapaxes", nil, "a=x axis1=a axis2=b"),
      Plan("moveaxis", nil, "a=x source destination"), Plan("flip", nil, "m=x axis"),
      Plan("roll", nil, "a=x shift axis"), Plan("concatenate", nil, "arrays=tensors axis"),
      Plan("concat", "concatenate", "arrays=tensors axis"),
      Plan("stack", nil, "arrays=tensors axis"),
      Plan("vstack", nil, "tup=tensors"), Plan("hstack", nil, "tup=tensors"),
      Plan("column_stack", nil, "tup=tensors"),
      Plan("split", nil, "ary=x indices_or_sections=sections axis"),
      Plan("array_split", nil, "ary=x indices_or_sections=sections axis"),
      Plan("tile", nil, "A=x reps"), Plan("repeat", nil, "a=x repeats axis"),
      Plan("pad", nil, "array=x pad_width"), Plan("where", nil, "condition x=a y=b"),
      Plan("nonzero", nil, "a=x"), Plan("argwhere", nil, "a=x"),
      Plan("count_nonzero", nil, "a=x axis"),
      Plan("take", nil, "a=x indices axis"),
      Plan("take_along_axis", nil, "arr=x indices axis"),
      Plan("clip", nil, "a=x a_min=low a_max=high"),
      Plan("unique", nil, "ar=x"), Plan("sort", nil, "a=x axis"), Plan("argsort", nil, "a=x axis"),
      Plan("searchsorted", nil, "a=x v side"), Plan("histogram", nil, "a=x bins range density"),
      Plan("bincount"), Plan("quantile", nil, "a=x q axis"), Plan("percentile", nil, "a=x q axis"),
      Plan("median", nil, "a=x axis keepdims"), Plan("average", nil, "a=x axis weights"),
      Plan("diff", nil, "a=x n axis"), Plan("cov", nil, "m=x rowvar ddof"),
      Plan("corrcoef"), Plan("dot"), Plan("matmul", nil, "x1=a x2=b"), Plan("outer"),
      Plan("inner", "dot"), Plan("vdot", "dot"), Plan("trace", nil, "a=x offset"),
      Plan("diag", nil, "v=x"), Plan("tril", nil, "m=x k"), Plan("triu", nil, "m=x k"),
      Plan("einsum"), Plan("isclose"), Plan("allclose"), Plan("array_equal", nil, "a1=a a2=b"),
      Plan("abs"), Plan("absolute", "abs"), Plan("fabs", "abs"), Plan("round", nil, "a=x decimals"),
      Plan("around", "round", "a=x decimals"), Plan("rint", "round"), Plan("mod", "remainder"),
      Plan("fmod", "remainder"), Plan("true_divide", "divide"), Plan("pow", "power"),
      Plan("logical_and", nil, "x1=a x2=b"), Plan("logical_or", nil, "x1=a x2=b"),
      Plan("logical_xor", nil, "x1=a x2=b"), Plan("asin", "arcsin"), Plan("acos", "arccos"),
      Plan("atan", "arctan"), Plan("atan2", "arctan2"), Plan("bitwise_not", "invert"),
    ]
    + ["sum", "mean", "prod", "max", "min", "any", "all"].map { Plan($0, nil, "a=x axis keepdims") }
    + [("amax", "max"), ("amin", "min")].map { Plan($0, $1, "a=x axis keepdims") }
    + ["var", "std"].map { Plan($0, nil, "a=x axis ddof keepdims") }
    + ["argmax", "argmin", "cumsum", "cumprod"].map { Plan($0, nil, "a=x axis") }
    + BinaryOperation.allCases.map { Plan($0.rawValue, nil, "x1=a x2=b") }
    + ComparisonOperation.allCases.map { Plan($0.rawValue, nil, "x1=a x2=b") }
    + UnaryOperation.allCases.filter {
      ![.abs, .round, .sigmoid, .softplus, .relu, .erf].contains($0)
    }.map { Plan($0.rawValue) }

  private static let entries: Lazy<[Entry]> = Lazy {
    plans.compactMap { $0.entry(in: "numpy") } + constants + types
  }

  private static let algebraEntries: Lazy<[Entry]> = Lazy {
    Tensor.linalgEntries.map { entry in
      Entry.door(
        "numpy.linalg.\(entry.name)", to: entry,
        examples: entry.examples.map { example($0, "", "") }, reading: reading(_:_:))
    } + [
      // The language's exception of that name.
      Entry(
        "LinAlgError", "A matrix cannot be inverted or taken apart.", kind: .constant,
        parameters: [], returns: "type", examples: ["np.linalg.LinAlgError"],
        place: "numpy.linalg", body: .intrinsic)
    ]
  }

  // MARK: Constants and types

  private static let constants: [Entry] = [
    number("pi", "The circumference of a circle of diameter 1.", .pi),
    number("e", "The base of the natural logarithm.", 2.718281828459045),
    number("inf", "Larger than every other number.", .infinity),
    number("nan", "Not a number.", .nan),
    .constant(
      "newaxis", "A new axis of size one, in an index.", returns: "None",
      example: "np.arange(3)[:, np.newaxis]"
    ) { _ in .none },
    .constant(
      "__version__", "The version whose results these are.", returns: "str",
      example: "np.__version__"
    ) { _ in .string(version) },
  ]

  private static func number(_ name: String, _ sentence: String, _ value: Double) -> Entry {
    .constant(name, sentence, returns: "float", example: "np.\(name)") { _ in .float(value) }
  }

  private static let types: [Entry] =
    [
      ("float64", DType.f64), ("double", .f64), ("float32", .f32), ("single", .f32),
      ("int64", .i64), ("intp", .i64), ("int_", .i64), ("int32", .i32), ("uint8", .u8),
      ("bool_", .bool), ("bool", .bool),
    ].map { name, dtype in
      .constant(
        name, "The element type \(dtype.name); called, it converts.", returns: "dtype",
        example: "np.\(name)(3)"
      ) { _ in .object(NamedDType(dtype)) }
    }
    + [
      Entry(
        "dtype", "An element type by its name.", Parameter("dtype", DType.self, "its name"),
        returns: "dtype", example: "np.dtype(\"float32\")"
      ) { dtype in .object(NamedDType(dtype)) },
      .door(
        "numpy.ndarray", to: TensorCatalog.type, examples: ["isinstance(x, np.ndarray)"],
        reading: reading(strictly:_:)),
      kind("number", "All numbers of arrays.") { $0 != .bool },
      kind("integer", "All whole numbers of arrays.") { $0.isInteger },
      kind("floating", "All floats of arrays.") { $0.isFloating },
      kind("generic", "Everything an array is made of.") { _ in true },
    ]

  private static func kind(
    _ name: String, _ sentence: String, _ holds: @escaping @Sendable (DType) -> Bool
  ) -> Entry {
    .constant(
      name, sentence + " For isinstance().", returns: "type",
      example: "isinstance(np.array([1, 2])[0], np.\(name))"
    ) { _ in .object(NumberKind(name, holds)) }
  }
}

/// `np.integer` and its like: what `isinstance` asks for.
private final class NumberKind: Classifier {
  static let type = ObjectType("type", "A kind of numbers.")

  private let name: String
  private let holds: @Sendable (DType) -> Bool

  init(_ name: String, _ holds: @escaping @Sendable (DType) -> Bool) {
    self.name = name
    self.holds = holds
  }

  var type: ObjectType { Self.type }
  var text: String { "<class 'numpy.\(name)'>" }

  func classifies(_ value: Value) -> Bool {
    guard case .object(let tensor as Tensor) = value else { return false }
    return tensor.rank == 0 && holds(tensor.dtype)
  }
}
