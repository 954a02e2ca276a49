/// What the static plan does for a layer.
public enum PlanStep {
  case flatten
  /// The same numbers under another shape.
  case reshape
  /// x W + b, then the activation; nil: softmax, which only the last layer may have.
  case dense(Dense, FusedActivation?)
  case activation(FusedActivation?)
  case noise(any NoiseLayer)
  case batchNorm(BatchNorm)
  case layerNorm(LayerNorm)
  case prelu(PReLU)
  case convolution(Convolution, FusedActivation)
  case pooling(PoolingLayer)
}
