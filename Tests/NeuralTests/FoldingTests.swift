import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct FoldingTests {
  @Test("A folded model predicts the same, with fewer layers, and says what was folded")
  func folding() throws {
    let data = try Lab.moons(80)
    let context = Lab.context()
    let net = try Sequential(
      BatchNorm(), Dense(8), BatchNorm(momentum: 0.5), ActivationLayer(.builtIn(.relu)),
      Dense(6, .tanh), BatchNorm(), Dense(4, .builtIn(.linear), usesBias: false),
      BatchNorm(scales: false), Dense(2, .softmax))
    try net.fit(Examples(data), Training(epochs: 3), context: context)
    let before = try net.predict(data.x, context: context).doubles
    let folding = try net.foldingBatchNorm()
    #expect(folding.folded.map(\.into) == ["dense", "dense_2"])
    #expect(folding.folded.map(\.norm) == ["batch_norm_1", "batch_norm_3"])
    #expect(folding.kept.map(\.norm) == ["batch_norm", "batch_norm_2"])
    #expect(folding.model.layers.count == net.layers.count - 2)
    let after = try folding.model.predict(data.x, context: context).doubles
    #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(try net.predict(data.x, context: context).doubles == before)
  }

  @Test("A model without weights cannot be folded")
  func unbuilt() throws {
    let net = try Sequential(Dense(3), BatchNorm())
    #expect(Lab.failure { _ = try net.foldingBatchNorm() }?.code == "L309")
  }

  @Test("Monte Carlo predictions drop, but keep the moving values")
  func sampling() throws {
    let data = try Lab.moons(60)
    let context = Lab.context()
    let norm = BatchNorm()
    let net = try Sequential(Dense(16, .relu), norm, Dropout(0.5), Dense(2, .softmax))
    try net.fit(Examples(data), Training(epochs: 5), context: context)
    let moving = norm.movingMean?.tensor.doubles
    let some = try data.x.at([.range(0, 7)])
    let prediction = try net.predict(some, samples: 40, context: context)
    #expect(prediction.samples.shape == [40, 7, 2])
    #expect(norm.movingMean?.tensor.doubles == moving)
    #expect(try prediction.spread().doubles.contains { $0 > 0.01 })
    #expect(try prediction.entropy().doubles.allSatisfy { $0 >= 0 && $0 <= 0.6932 })
    #expect(try prediction.information().doubles.allSatisfy { $0 > -1e-5 })
    // Without dropout all samples agree.
    let quiet = try Sequential(Dense(3, .softmax))
    let same = try quiet.predict(some, samples: 3, context: context)
    #expect(try same.spread().doubles.allSatisfy { $0 < 1e-6 })
    #expect(try same.information().doubles.allSatisfy { abs($0) < 1e-5 })
  }
}
