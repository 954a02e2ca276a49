import Catalog
import Neural
import Tensors
import Testing

@Suite struct NoiseTests {
  static var layers: [any Layer] {
    [
      Dropout(0.3), Dropout(0.3, scaling: .classic), AlphaDropout(0.2), GaussianDropout(0.3),
      GaussianNoise(0.5), SpatialDropout(0.3, dimensions: 1),
    ]
  }

  @Test("At inference what passes is the input, or its expected share")
  func inference() throws {
    let x = try Tensor.arange(0, 24).astype(.f32).reshape([2, 3, 4])
    for layer in Self.layers {
      let pass = Pass(isTraining: false, stream: RandomStream(seed: 1, name: "dropout"))
      let y = try layer.forward(x, pass)
      let share = (layer as? Dropout)?.scaling == .classic ? 0.7 : 1
      #expect(try y.doubles == (x * share).doubles, "\(layer.text)")
      #expect(pass.stream.position == 0)
    }
  }

  @Test("The same stream gives the same noise in both dtypes, and every batch another")
  func draws() throws {
    for layer in Self.layers {
      let x = try Tensor.ones([4, 5, 6])
      let pass = Pass(isTraining: true, stream: RandomStream(seed: 1, name: "dropout"))
      let first = try layer.forward(x, pass).doubles
      let second = try layer.forward(x, pass).doubles
      #expect(first != second, "\(layer.text)")
      let wide = Pass(isTraining: true, stream: RandomStream(seed: 1, name: "dropout"))
      let same = try layer.forward(x.astype(.f64), wide).doubles
      #expect(zip(first, same).allSatisfy { abs($0 - $1) < 1e-5 }, "\(layer.text)")
    }
  }

  @Test("A shared mask drops whole channels")
  func shared() throws {
    let pass = Pass(isTraining: true, stream: RandomStream(seed: 1, name: "dropout"))
    let y = try SpatialDropout(0.5, dimensions: 2).forward(Tensor.ones([3, 4, 5, 8]), pass)
    let low = try y.min(axes: [1, 2]).doubles
    #expect(try low == y.max(axes: [1, 2]).doubles)
    #expect(Set(low) == [0, 2])
    #expect(throws: LayerProblem.self) {
      try SpatialDropout(0.5, dimensions: 2).outputShape([3, 4])
    }
  }
}
