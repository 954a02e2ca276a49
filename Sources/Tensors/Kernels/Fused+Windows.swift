extension Fused {
  /// The sizes of a convolution or of pooling in a planned step, for one example.
  public struct Windows: Sendable {
    let window: Window

    /// - Parameters:
    ///   - axes: one for sequences, two for images; zeros stand in their padding.
    ///   - filters: channels of the output; for pooling those of the input.
    public init(_ axes: [WindowAxis], channels: Int, filters: Int, groups: Int = 1) {
      precondition((1...2).contains(axes.count), "windows run over one or two axes")
      window = Window(
        batch: 1, rows: axes.count == 1 ? .single : axes[0], columns: axes[axes.count - 1],
        channels: channels, filters: filters, groups: groups)
    }

    /// Numbers of one output.
    public var outputs: Int { window.output.reduce(1, *) }
    /// Numbers of one input.
    public var inputs: Int { window.input.reduce(1, *) }

    /// The same for a batch, after a look at the operands.
    func batch(_ x: Tensor, _ y: Tensor, _ others: Tensor...) -> Window {
      var window = window
      window.batch = outputs == 0 ? 0 : y.count / outputs
      precondition(
        x.isContiguous && y.isContiguous && y.count == window.batch * outputs
          && x.count == window.batch * inputs && x.dtype == y.dtype && x.dtype.isFloating,
        "operands of a planned convolution must agree")
      for other in others { precondition(other.isContiguous && other.dtype == x.dtype) }
      return window
    }
  }

  /// `y = x ∗ k + bias`, and with `rectifies` its positive part.
  ///
  /// - Throws: `TensorError.interrupted`; `TensorError.memory` for the packed kernel.
  public static func convolve(
    _ x: Tensor, _ k: Tensor, bias: Tensor?, rectifies: Bool = false, into y: Tensor,
    _ windows: Windows
  ) throws {
    try Convolving.forward(
      x, k, bias, rectifies: rectifies, into: y, windows.batch(x, y, k, bias ?? k))
  }

  /// The gradient of a convolution's input.
  public static func convolutionInput(
    _ g: Tensor, _ k: Tensor, into x: Tensor, _ windows: Windows
  ) throws {
    try Convolving.inputGradient(g, k, into: x, windows.batch(x, g, k))
  }

  /// The gradients of a convolution's kernel and bias.
  public static func convolutionKernel(
    _ x: Tensor, _ g: Tensor, into k: Tensor, bias: Tensor?, _ windows: Windows
  ) throws {
    try Convolving.kernelGradient(
      x, g, into: k, bias: bias, windows.batch(x, g, k, bias ?? k))
  }

  /// The largest of each window, and its tap into `places`, which is i32.
  public static func largest(
    _ x: Tensor, into y: Tensor, places: Tensor, _ windows: Windows
  ) throws {
    precondition(places.dtype == .i32 && places.isContiguous && places.count == y.count)
    try Pooling.largest(x, windows.batch(x, y), into: y, places)
  }

  /// Gradients where the largest stood, zeros elsewhere.
  public static func largestGradient(
    _ g: Tensor, places: Tensor, into x: Tensor, _ windows: Windows
  ) throws {
    precondition(places.dtype == .i32 && places.isContiguous && places.count == g.count)
    try Pooling.spread(g, places, windows.batch(x, g), into: x)
  }

  /// The mean of each window.
  public static func mean(
    _ x: Tensor, countsPadding: Bool, into y: Tensor, _ windows: Windows
  ) throws {
    try Pooling.mean(x, windows.batch(x, y), countsPadding: countsPadding, into: y)
  }

  /// Gradients spread over the windows of a mean.
  public static func meanGradient(
    _ g: Tensor, countsPadding: Bool, into x: Tensor, _ windows: Windows
  ) throws {
    try Pooling.share(g, windows.batch(x, g), countsPadding: countsPadding, into: x)
  }
}
