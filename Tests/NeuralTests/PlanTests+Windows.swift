import Neural
import Tensors

extension PlanTests {
  /// Made features as images or sequences.
  static let windows: [Case] = [
    Case(
      name: "convolutions",
      layers: {
        [
          Dense(36, .tanh), Rearranging(.reshape([6, 6, 1])),
          Convolution.conv2D(4, 3, .relu, padding: .same), Convolution.conv2D(5, 2, .leakyReLU()),
          PoolingLayer.max2D(), Flatten(), Dense(3, .softmax),
        ]
      }, optimizer: .adam()),
    Case(
      name: "convolutions by plain descent",
      layers: {
        [
          Dense(36, .tanh), Rearranging(.reshape([6, 6, 1])), Convolution.conv2D(4, 3),
          ActivationLayer(.builtIn(.relu)),
          PoolingLayer(.max2D, [3, 2], WindowOptions(padding: .same)),
          Convolution.conv2D(3, 2, .swish), PoolingLayer(.globalAverage2D), Dense(3, .softmax),
        ]
      }, optimizer: .sgd(.constant(0.1))),
    Case(
      name: "depthwise, grouped, sequences",
      layers: {
        [
          Dense(36, .tanh), Rearranging(.reshape([3, 6, 2])),
          Convolution(
            .depthwise2D, 1, [3, 3], .builtIn(.tanh),
            Convolution.Settings(WindowOptions(padding: .same), multiplier: 2)),
          SpatialDropout(0.2, dimensions: 2),
          PoolingLayer(.average2D, [2, 2], WindowOptions(strides: [1], padding: .same)),
          Convolution(
            .conv2D, 4, [2, 2], .builtIn(.elu()), Convolution.Settings(WindowOptions(groups: 2))),
          Rearranging(.reshape([10, 4])),
          Convolution(
            .conv1D, 4, [3], .builtIn(.relu),
            Convolution.Settings(WindowOptions(dilation: [2], padding: .causal), usesBias: false)),
          PoolingLayer(.globalMax1D), Dense(3, .softmax),
        ]
      }, optimizer: .sgd(.constant(0.05), momentum: 0.9)),
  ]
}
