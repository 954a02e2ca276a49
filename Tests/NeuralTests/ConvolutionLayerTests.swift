import Catalog
import FoundationEssentials
import Neural
import Tensors
import Testing

@Suite struct ConvolutionLayerTests {
  private func built(_ layers: [any Layer], _ input: [Int]) throws -> Sequential {
    var stream = RandomStream(seed: 3, name: "init")
    let net = try Sequential(layers)
    try net.build(input, from: &stream)
    return net
  }

  @Test("weights have Keras's names, shapes and order")
  func weights() throws {
    let settings = Convolution.Settings(WindowOptions(groups: 2))
    let net = try built(
      [
        Convolution(.conv2D, 6, [3, 2], .builtIn(.relu), settings),
        Convolution(
          .depthwise2D, 1, [2, 2], .builtIn(.linear), Convolution.Settings(multiplier: 3)),
        Convolution(.separable2D, 5, [1, 2], .builtIn(.linear)),
        Convolution(.transposed2D, 7, [3, 3], .builtIn(.linear)),
      ], [9, 9, 4])
    #expect(
      net.weights.map { "\($0.owner).\($0.name) \($0.tensor.shape)" } == [
        "conv2d.kernel (3, 2, 2, 6)", "conv2d.bias (6,)",
        "depthwise_conv2d.depthwise_kernel (2, 2, 6, 3)", "depthwise_conv2d.bias (18,)",
        "separable_conv2d.depthwise_kernel (1, 2, 18, 1)",
        "separable_conv2d.pointwise_kernel (1, 1, 18, 5)", "separable_conv2d.bias (5,)",
        "conv2d_transpose.kernel (3, 3, 7, 5)", "conv2d_transpose.bias (7,)",
      ])
    #expect(net.outputShape == [8, 8, 7])
  }

  @Test(
    "kernels start by what one output sees", arguments: [Convolution.Kind.conv2D, .depthwise2D])
  func fans(_ kind: Convolution.Kind) throws {
    let layer = Convolution(
      kind, 64, [5, 5], .builtIn(.relu), Convolution.Settings(multiplier: 8))
    let net = try built([layer], [8, 8, 32])
    #expect(layer.initialized == "he_normal")
    let values = try #require(layer.kernel).tensor.doubles
    let seen = kind == .conv2D ? 25 * 32.0 : 25
    let spread = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(spread * seen / 2 - 1) < 0.05)
    #expect(net.weights.count == 2)
  }

  @Test("a saved convolutional model comes back bit for bit")
  func saving() throws {
    let layers = { () -> [any Layer] in
      [
        Convolution.conv2D(3, 3, .relu), PoolingLayer.max2D(),
        Convolution(.separable2D, 2, [2, 2], .builtIn(.tanh)), Flatten(), Dense(2),
      ]
    }
    let net = try built(layers(), [9, 8, 2])
    let path = FileManager.default.temporaryDirectory.appending(
      path: "\(UUID())-images.safetensors"
    ).path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try net.save(to: path)
    let other = try Sequential(layers())
    try other.load(from: path)
    #expect(other.weights.map(\.tensor.floats) == net.weights.map(\.tensor.floats))
    #expect(try net.copy().weights.map(\.tensor.floats) == net.weights.map(\.tensor.floats))
  }

  @Test("images without channels are told how to get them, wherever they meet a layer")
  func missingChannels() throws {
    let x = try Tensor.zeros([4, 9, 9])
    let net = try Sequential([Convolution.conv2D(2, 3), Flatten(), Dense(2, .softmax)])
    let y = try Tensor([0, 1, 0, 1] as [Int])
    let first = try #require(
      Lab.failure { try net.fit(Examples(x, y, hasClasses: true), context: Lab.context()) })
    #expect(first.code == "L301")
    #expect(first.message.contains("expected images (None, height, width, channels)"))
    #expect(first.help == "give them a channel: x[..., None]")
    let whole = try built([Convolution.conv2D(2, 3)], [9, 9, 1])
    let second = try #require(
      Lab.failure { _ = try whole.predict(x, context: Lab.context()) })
    #expect(second.help == "give them a channel: x[..., None]")
    let small = try #require(
      Lab.failure { _ = try self.built([Convolution.conv2D(2, 10)], [9, 9, 1]) })
    #expect(small.message.contains("a kernel of 10 does not fit an input of 9"))
    #expect(small.help?.contains("padding=\"same\"") == true)
  }

  @Test("one convolution serves images of several sizes; no images give no output")
  func sizes() throws {
    let layer = Convolution.conv2D(2, 3, padding: .same)
    let maker = WeightMaker(stream: RandomStream(seed: 1, name: "init"))
    #expect(try layer.prepare([5, 5, 1], with: maker) == [5, 5, 2])
    #expect(try layer.prepare([8, 3, 1], with: maker) == [8, 3, 2])
    let pass = Pass(isTraining: false, stream: maker.stream)
    #expect(try layer.forward(Tensor.zeros([0, 7, 7, 1]), pass).shape == [0, 7, 7, 2])
    #expect(throws: (any Error).self) { try layer.prepare([5, 5, 2], with: maker) }
  }
}
