import Catalog
import Data
import Neural
import ReferenceCases
import Tensors
import Testing

@Suite struct ReferenceTests {
  static let folder = "../shared/reference"

  @Test(
    "The golden cases of the operations that exist agree",
    .enabled(if: FileBytes.exists(folder + "/activations.json"), "no ../shared/reference"),
    arguments: [DType.f64, DType.f32], Reference.areas)
  func agree(_ dtype: DType, _ area: String) throws {
    let known = Set(Operations.known)
    let outcomes = try Reference.run(area, folder: Self.folder, dtype: dtype) { operation in
      known.contains("\(area)/\(operation)")
    }
    #expect(!outcomes.isEmpty)
    for outcome in outcomes where !outcome.isUnsupported {
      #expect(outcome.deviations == [], "\(outcome.area)/\(outcome.id)")
    }
  }
}
