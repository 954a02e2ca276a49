internal import Catalog
public import Neural

/// The golden cases of a folder, run through the library.
public enum Reference {
  public static let areas = [
    "activations", "initializers", "layers", "losses", "optimizers", "preprocessing", "schedules",
    "training",
  ]

  public struct Outcome: Sendable {
    public var area: String
    public var id: String
    public var operation: String
    /// Empty when the case passed.
    public var deviations: [String]
    /// The operation, or a setting of it, is not in the library.
    public var isUnsupported = false
  }

  /// Runs all cases of an area.
  ///
  /// - Throws: when the file cannot be read.
  public static func run(
    _ area: String, folder: String, dtype: DType, only: (String) -> Bool = { _ in true }
  ) throws -> [Outcome] {
    let bytes = try FileBytes.read("\(folder)/\(area).json")
    let file = try JSON(parsing: bytes)
    return (file["cases"]?.array ?? []).compactMap { json in
      guard let entry = Case(json, area: area, file: file, dtype: dtype), only(entry.operation)
      else { return nil }
      return run(entry)
    }
  }

  private static func run(_ entry: Case) -> Outcome {
    var outcome = Outcome(
      area: entry.area, id: entry.id, operation: entry.operation, deviations: [])
    guard let check = Operations.table["\(entry.area)/\(entry.operation)"] else {
      outcome.deviations = ["unknown operation \(entry.operation)"]
      outcome.isUnsupported = true
      return outcome
    }
    do {
      try check(entry)
      entry.finish()
      outcome.deviations = entry.deviations
    } catch let error as Unsupported {
      outcome.deviations = ["not in the library: \(error)"]
      outcome.isUnsupported = true
    } catch {
      outcome.deviations = ["\(Failure(error).report().joined(separator: " "))"]
    }
    return outcome
  }
}
