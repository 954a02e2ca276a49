import Catalog
import Data
import Neural
import ReferenceCases
import Tensors
import Testing

@Suite struct ReferenceTests {
  static let folder = "../shared/reference"

  /// How many cases of each area pass; more is progress, fewer a loss.
  static let passing = [
    "activations": 56, "initializers": 50, "layers": 101, "losses": 21, "optimizers": 77,
    "preprocessing": 9, "schedules": 36, "training": 80,
  ]

  @Test(
    "The golden cases of the operations that exist agree",
    .enabled(if: FileBytes.exists(folder + "/activations.json"), "no ../shared/reference"),
    arguments: [DType.f64, DType.f32], Reference.areas)
  func agree(_ dtype: DType, _ area: String) throws {
    let known = Set(Operations.known)
    let outcomes = try Reference.run(area, folder: Self.folder, dtype: dtype) { operation in
      known.contains("\(area)/\(operation)")
    }
    let passed = outcomes.count { $0.deviations.isEmpty }
    #expect(passed >= Self.passing[area] ?? 1, "\(area): \(passed)")
    for outcome in outcomes where !outcome.isUnsupported {
      #expect(outcome.deviations == [], "\(outcome.area)/\(outcome.id)")
    }
  }
}
