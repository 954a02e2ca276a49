internal import Catalog
internal import Neural

/// What the library calls each operation of the golden cases: the only such list.
public enum Operations {
  typealias Check = @Sendable (Case) throws -> Void

  /// By `area/op`.
  static let table: [String: Check] = {
    var table: [String: Check] = [:]
    for (area, list) in [
      ("activations", activations), ("activations", activating), ("losses", losses),
      ("layers", layers),
      ("layers", normalizations), ("layers", noises), ("layers", constraints), ("layers", sampled),
      ("layers", windows),
      ("initializers", initializers), ("schedules", schedules), ("optimizers", optimizers),
      ("preprocessing", preprocessing), ("training", training),
    ] {
      for (name, check) in list { table["\(area)/\(name)"] = check }
    }
    return table
  }()

  /// The operations that exist, as `area/op`.
  public static var known: [String] { table.keys.sorted() }
}
