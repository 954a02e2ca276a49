import Catalog
import Tensors
import Testing

/// A convolution over many images stops between pieces of bounded work.
@Suite("Interrupts of convolutions", .serialized)
struct InterruptTests {
  /// The three passes over a batch that is cut into several pieces.
  struct Passes {
    let windows: Fused.Windows
    let x: Tensor
    let k: Tensor
    let g: Tensor

    init(_ dtype: DType) throws {
      var stream = RandomStream(seed: 4, name: "images")
      windows = Fused.Windows(
        try WindowOptions(padding: .same).axes([24, 24], kernel: [3, 3]), channels: 8, filters: 8)
      x = try stream.normal([320, 24 * 24 * 8], dtype: dtype)
      g = try stream.normal([320, 24 * 24 * 8], dtype: dtype)
      k = try stream.normal([3, 3, 8, 8], dtype: dtype)
    }

    static let names = ["forwards", "to the input", "to the kernel"]

    /// What a pass writes into.
    func target(_ name: String) throws -> Tensor {
      try Tensor.full(name == "to the kernel" ? k.shape : x.shape, 7, dtype: x.dtype)
    }

    func run(_ name: String, into target: Tensor) throws {
      switch name {
      case "forwards": try Fused.convolve(x, k, bias: nil, into: target, windows)
      case "to the input": try Fused.convolutionInput(g, k, into: target, windows)
      default: try Fused.convolutionKernel(x, g, into: target, bias: nil, windows)
      }
    }
  }

  @Test("An interrupt that waits already lets no piece begin", arguments: [DType.f32, .f64])
  func before(_ dtype: DType) throws {
    let passes = try Passes(dtype)
    let pending = Pending()
    Workers.observe(pending)
    defer { Workers.observe(nil) }
    for name in Passes.names {
      let target = try passes.target(name)
      pending.set(.interrupt)
      #expect(throws: TensorError.interrupted, "\(name)") {
        try passes.run(name, into: target)
      }
      pending.clear(.interrupt)
      // Untouched, or emptied for sums to come.
      let isUntouched = target.doubles.allSatisfy { $0 == 7 || $0 == 0 }
      #expect(isUntouched, "\(name)")
    }
  }

  @Test("An interrupt at any moment is obeyed, and all stays usable", arguments: [DType.f32, .f64])
  func between(_ dtype: DType) throws {
    let passes = try Passes(dtype)
    for name in Passes.names {
      let whole = try passes.target(name)
      try passes.run(name, into: whole)
      let pending = Pending()
      Workers.observe(pending)
      defer { Workers.observe(nil) }
      let target = try passes.target(name)
      Task.detached { pending.set(.interrupt) }
      #expect(throws: TensorError.interrupted, "\(name)") {
        while true { try passes.run(name, into: target) }
      }
      pending.clear(.interrupt)
      try passes.run(name, into: target)
      let isSame = target.doubles == whole.doubles
      #expect(isSame, "\(name)")
    }
  }

  @Test("A call of a convolution and of its gradient stops", arguments: [DType.f32, .f64])
  func calls(_ dtype: DType) throws {
    let passes = try Passes(dtype)
    let x = try passes.x.reshape([320, 24, 24, 8])
    let pending = Pending()
    Workers.observe(pending)
    defer { Workers.observe(nil) }
    for isLate in [false, true] {
      #expect(throws: TensorError.interrupted) {
        try Tape.recording { tape in
          let leaf = try tape.leaf(passes.k)
          if !isLate { pending.set(.interrupt) }
          let y = try x.convolved(leaf)
          pending.set(.interrupt)
          _ = try tape.gradients(of: y, for: [leaf], cotangent: y.detached())
        }
      }
      pending.clear(.interrupt)
    }
  }
}
