import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct RateSearchTests {
  @Test("A rate range test suggests a rate that learns, and leaves everything as it was")
  func suggests() throws {
    let context = Lab.context()
    let data = Examples(try Lab.moons(300))
    let net = try Sequential(Dense(24, .relu), Dense(2, .softmax))
    let found = try net.findRate(data, context: context)
    #expect(!net.isBuilt)
    #expect(context.drawn.isEmpty)
    let rate = try #require(found.suggestion)
    #expect((1e-4...1).contains(rate))
    #expect(found.rates.count == found.losses.count)
    #expect(!found.reason.isEmpty)
    let run = try net.fit(
      data, Training(epochs: 10, optimizer: .adam(.constant(rate)), reports: false),
      context: context)
    #expect((run["accuracy"]?.last ?? 0) > 0.85)
  }

  @Test("The test ends where the loss explodes")
  func ends() throws {
    let data = Examples(try Lab.moons(200))
    let net = try Sequential(Dense(16, .relu), Dense(2, .softmax))
    let found = try net.findRate(
      data, low: 1e-3, high: 1e6, optimizer: .sgd(.constant(1)), context: Lab.context())
    #expect((found.rates.last ?? 1e9) < 1e5)
    let least = found.smooth.min() ?? 0
    #expect(found.smooth.allSatisfy { $0 <= RateSearch.limit * least })
  }

  @Test("Where no rate helps, none is suggested")
  func none() throws {
    let x = try Tensor.zeros([60, 2])
    let net = try Sequential(Dense(4, .relu), Dense(2, .softmax))
    let labels = try Tensor((0..<60).map { $0 % 2 })
    let found = try net.findRate(
      Examples(x, labels), low: 1e-6, high: 1e-2, context: Lab.context())
    #expect(found.suggestion == nil)
    #expect(found.text.contains("diagnose"))
  }

  @Test("Rates in the wrong order are refused")
  func order() throws {
    let net = try Sequential(Dense(4, .relu), Dense(2, .softmax))
    #expect(throws: Failure.self) {
      try net.findRate(
        Examples(try Lab.moons(50)), low: 1, high: 0.1, context: Lab.context())
    }
  }
}
