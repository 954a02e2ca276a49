internal import Catalog
public import Tensors

/// A layer whose last step is an activation that can be left out, for losses that keep it inside.
public protocol Activated: Layer {
  /// The output before the activation.
  func logits(_ x: Tensor, _ pass: Pass) throws -> Tensor
}

/// A layer that is linear in a kernel: activation(x * kernel + bias), with a product or a
/// convolution.
public protocol KernelLayer: Activated {
  var kernel: Weight? { get }
  var bias: Weight? { get }
  var activation: ActivationChoice { get }
  var usesBias: Bool { get }
  /// The axis of the kernel along which the units of the output lie, on the last axis of the
  /// output; nil: they do not lie along one.
  var unitAxis: Int? { get }
  /// What made the kernel, once built, and what was asked for; nil: not known.
  var start: (name: String, choice: InitializerChoice)? { get }
  /// What comes before the activation, with other weights in place of its own.
  func linear(_ x: Tensor, kernel: Tensor, bias: Tensor?) throws -> Tensor
  /// A new layer with the same settings, but with a bias and without activation if so wanted.
  func fresh(usesBias: Bool, activation: ActivationChoice) -> any KernelLayer
}

extension KernelLayer {
  public func logits(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    guard let kernel else { throw NotBuilt(layer: name).failure }
    return try linear(x, kernel: kernel.tensor, bias: added(bias, pass))
  }

  /// The bias as it is added; a constant where it has no effect on the loss.
  func added(_ bias: Weight?, _ pass: Pass) -> Tensor? {
    guard pass.losesBias, activation.isLinear, let bias else { return bias?.tensor }
    pass.idle.append(bias)
    return bias.tensor.detached()
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try activation(logits(x, pass))
  }

  public var ending: Activation? { activation.builtIn }
  public var hasKernel: Bool { true }
  public var start: (name: String, choice: InitializerChoice)? { nil }
}
