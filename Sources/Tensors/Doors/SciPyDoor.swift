internal import Catalog

/// `from scipy.special import expit`: SciPy's names for functions that are here.
///
/// Oracle: SciPy 1. Bare lists and floats are float64, as in NumPy.
enum SciPyDoor {
  static let module: ModuleFacts = ModuleFacts(
    "scipy", "Parts of SciPy.",
    modules: [
      ModuleFacts(
        "scipy.special", "Functions of neural networks and statistics.",
        hints: [
          "xlogy": "write np.where(x == 0, 0, x * np.log(y))",
          "logit": "write np.log(p / (1 - p))", "gamma": "math.gamma(x) takes one number",
          "comb": "math.comb(n, k) takes two numbers",
          "factorial": "math.factorial(n) takes one number",
        ]
      ) { entries.value }
    ],
    hints: [
      "stats": "np.mean, np.median, np.percentile and np.corrcoef are here",
      "optimize": "grad(f) gives the slope, and a loop walks down",
      "linalg": "np.linalg has inv, solve, eigh, svd and more", "signal": "write the sum out",
      "sparse": "there are no sparse arrays",
    ]
  ) { [] }

  private static let entries: Lazy<[Entry]> = Lazy {
    let table = Dictionary(
      (TensorCatalog.library.entries + TensorCatalog.namesakes).map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    func door(
      _ name: String, _ ours: String, names: [(theirs: String, ours: String)] = [],
      _ defaults: [(name: String, value: @Sendable () -> Value)] = []
    ) -> Entry? {
      table[ours].map {
        .door(
          "scipy.special.\(name)", to: $0, names: names, defaults: defaults,
          examples: ["scipy.special.\(name)(np.array([0.25, 0.5]))"],
          reading: NumPyDoor.reading(_:_:))
      }
    }
    let all: @Sendable () -> Value = { .none }
    return [
      door("expit", "sigmoid"), door("erf", "erf"),
      door("logsumexp", "logsumexp", names: [("a", "x")]),
      door("softmax", "softmax", [("axis", all)]),
      door("log_softmax", "log_softmax", [("axis", all)]),
      door("exp10", "exp10"), door("expm1", "expm1"), door("log1p", "log1p"),
    ].compactMap { $0 }
  }
}
