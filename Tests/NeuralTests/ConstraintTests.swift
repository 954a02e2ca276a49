import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct ConstraintTests {
  static func lengths(_ w: Tensor) throws -> [Double] {
    try w.square().sum(0).sqrt().doubles
  }

  @Test("Constraints hold after fitting, through the plan and the tape")
  func fitting() throws {
    for forcesTape in [false, true] {
      for optimizer in [Optimizer.sgd(.constant(0.5)), .adam(.constant(0.1))] {
        let net = try Sequential(
          Dense(
            12, .builtIn(.relu), constraint: .maxNorm(1.5),
            biasConstraint: Constraint(.nonNegative)),
          Dense(2, .builtIn(.softmax), constraint: Constraint(.unitNorm)))
        try net.fit(
          Examples(Lab.moons(100)),
          Training(epochs: 4, optimizer: optimizer, forcesTape: forcesTape),
          context: Lab.context())
        let weights = net.weights.map(\.tensor)
        #expect(try Self.lengths(weights[0]).allSatisfy { $0 <= 1.5 + 1e-5 })
        #expect(weights[1].doubles.allSatisfy { $0 >= 0 })
        #expect(try Self.lengths(weights[2]).allSatisfy { abs($0 - 1) < 1e-5 })
      }
    }
  }

  @Test("Weights of length zero stay, and kernels of convolutions count per unit")
  func corners() throws {
    let zeros = try Tensor.zeros([3, 2])
    for rule in [
      Constraint.Rule.unitNorm, .maxNorm(1), .minMaxNorm(low: 1, high: 2, rate: 1), .nonNegative,
    ] {
      #expect(try Constraint(rule)(zeros).doubles == zeros.doubles)
    }
    let kernel = try Tensor.ones([3, 3, 4, 2])
    let bound = try Constraint.maxNorm(3)(kernel)
    #expect(try abs(bound.square().sum(axes: [0, 1, 2]).sqrt().doubles[0] - 3) < 1e-5)
    let unit = try Constraint(.unitNorm)(Tensor([3.0, 4.0])).doubles
    #expect(abs(unit[0] - 0.6) < 1e-15 && abs(unit[1] - 0.8) < 1e-15)
    #expect(try Constraint.maxNorm(2)(Tensor.zeros([0, 4])).shape == [0, 4])
  }
}
