import Catalog
import Tensors
import Testing

@Suite("Linear algebra")
struct LinearAlgebraTests {
  static let sizes = [1, 2, 5, 40]

  /// Random matrices, and symmetric ones with eigenvalues of at least 1.
  private static func random(_ shape: Shape, _ dtype: DType = .f64) throws -> Tensor {
    var stream = RandomStream(seed: 3, name: "linear")
    return try stream.normal(shape, dtype: dtype)
  }

  private static func definite(_ n: Int, _ dtype: DType = .f64) throws -> Tensor {
    let x = try random(Shape([n, n + 3]), dtype)
    return try x.matmul(x.transposed) + Tensor.eye(n, dtype: dtype)
  }

  private static func near(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-10) -> Bool {
    guard a.shape == b.shape else { return false }
    let largest = b.doubles.reduce(1) { max($0, abs($1)) }
    return zip(a.doubles, b.doubles).allSatisfy { abs($0 - $1) <= tolerance * largest }
  }

  @Test("decompositions multiply back to what they were made of", arguments: sizes)
  func decompositions(_ n: Int) throws {
    let a = try Self.definite(n)
    let (w, v) = try a.eigh()
    #expect(try Self.near(v.matmul(w.diagonal()).matmul(v.transposed), a))
    #expect(try Self.near(v.transposed.matmul(v), Tensor.eye(n, dtype: .f64)))
    #expect(w.doubles == w.doubles.sorted())
    #expect(try Self.near(a.eigvalsh(lower: false), w))
    let l = try a.cholesky()
    #expect(try Self.near(l.matmul(l.transposed), a))
    for shape in [try Shape([n, n + 2]), try Shape([n + 2, n])] {
      let b = try Self.random(shape)
      let (u, s, vt) = try b.svd(full: false)
      #expect(try Self.near((u * s).matmul(vt), b))
      #expect(try b.svd(full: true).u.shape == Shape([shape[0], shape[0]]))
      #expect(try Self.near(b.singularValues(), s))
      for mode in [Tensor.QRMode.reduced, .complete] {
        let (q, r) = try b.qr(mode)
        #expect(try Self.near(q.matmul(r), b))
        #expect(try Self.near(q.transposed.matmul(q), Tensor.eye(q.shape[1], dtype: .f64)))
      }
    }
  }

  @Test("solutions and inverses, in both precisions", arguments: [DType.f32, .f64])
  func solving(_ dtype: DType) throws {
    let tolerance = dtype == .f32 ? 1e-5 : 1e-10
    let a = try Self.definite(6, dtype)
    let b = try Self.random([6, 2], dtype)
    #expect(try Self.near(a.matmul(a.solve(b)), b, tolerance))
    #expect(try a.solve(b.slice(column: 0)).shape == [6])
    let inverse = try a.inverse()
    #expect(inverse.dtype == dtype)
    #expect(try Self.near(a.matmul(inverse), Tensor.eye(6, dtype: dtype), tolerance))
    #expect(try Self.near(a.pseudoInverse(), inverse, tolerance))
    let (sign, logarithm) = try a.signAndLogDeterminant()
    let product = try a.eigvalsh().doubles.reduce(1, *)
    #expect(try sign.item() == 1)
    #expect(try abs(Elementary.exp(logarithm.item()) / product - 1) < 1e-4)
    #expect(try abs(a.determinant().item() / product - 1) < 1e-4)
    #expect(try a.matrixRank().item() == 6)
  }

  @Test("stacks of matrices, matrices without rows, whole numbers")
  func shapes() throws {
    let stack = try Tensor([2, 1, 1, 3, 1, 0.5, 0.5, 5] as [Double], shape: [2, 2, 2])
    #expect(try Self.near(stack.determinant(), Tensor([5, 4.75] as [Double])))
    #expect(try stack.inverse().shape == [2, 2, 2])
    #expect(try stack.eigh().values.shape == [2, 2])
    #expect(try stack.solve(Tensor([1, 2] as [Double])).shape == [2, 2])
    let none = try Tensor.zeros([0, 0], dtype: .f64)
    #expect(try none.determinant().item() == 1)
    #expect(try none.inverse().shape == [0, 0])
    #expect(try none.cholesky().shape == [0, 0])
    #expect(try Tensor.zeros([0, 3]).svd().vt.shape == [3, 3])
    #expect(try Tensor.zeros([3, 0]).qr(.complete).q.shape == [3, 3])
    #expect(try Tensor([2, 0, 0, 4] as [Int], shape: [2, 2]).inverse().dtype == .f64)
  }

  @Test("least squares: a line through points, and the shortest of many solutions")
  func leastSquares() throws {
    let a = try Tensor([1, 0, 1, 1, 1, 2, 1, 3] as [Double], shape: [4, 2])
    let fit = try a.leastSquares(Tensor([1, 3, 5, 7.4] as [Double]))
    #expect(try Self.near(fit.solution, Tensor([0.94, 2.1067] as [Double]), 0.02))
    #expect(fit.rank == 2 && fit.residuals.count == 1)
    let wide = try a.transposed.leastSquares(Tensor([1, 2] as [Double]))
    #expect(try Self.near(a.transposed.matmul(wide.solution), Tensor([1, 2] as [Double])))
    #expect(wide.residuals.count == 0)
    let flat = try Tensor([1, 2, 2, 4] as [Double], shape: [2, 2])
    #expect(try flat.leastSquares(Tensor([1, 2] as [Double])).rank == 1)
    #expect(try flat.matrixRank().item() == 1)
    #expect(try Self.near(flat.matmul(flat.pseudoInverse()).matmul(flat), flat))
  }

  @Test("matrices without an answer are errors that say why")
  func refused() throws {
    let flat = try Tensor([1, 2, 2, 4] as [Double], shape: [2, 2])
    func message(_ body: () throws -> Void) -> Failure? {
      do { try body() } catch { return Failure(error) }
      return nil
    }
    let singular = message { _ = try flat.inverse() }
    #expect(singular?.exception == "LinAlgError" && singular?.message == "Singular matrix")
    #expect(singular?.help != nil)
    #expect(
      message { _ = try flat.solve(Tensor([1, 2] as [Double])) }?.message == "Singular matrix")
    #expect(
      message { _ = try (flat * -1).cholesky() }?.message == "Matrix is not positive definite")
    #expect(
      message { _ = try Tensor.zeros([2, 3]).determinant() }?.message
        == "Last 2 dimensions of the array must be square")
    #expect(
      message { _ = try (flat / 0).svd() }?.message == "SVD did not converge")
    #expect(message { _ = try flat.solve(Tensor.zeros([3])) }?.exception == "ShapeError")
    #expect(
      message {
        _ = try gradient(at: flat) { try $0.svd().s.sum() }
      }?.code == "L306")
    #expect(
      message { _ = try Tensor.zeros([1, 40_000]).svd() }?.message.contains("at most") == true)
  }

  @Test("an interrupt does not wait for LAPACK")
  func interrupted() throws {
    let a = try Self.random([700, 700])
    let pending = Pending()
    Workers.observe(pending)
    defer { Workers.observe(nil) }
    pending.set(.interrupt)
    #expect(throws: TensorError.interrupted) { try a.svd() }
    pending.clear(.interrupt)
    #expect(try a.matmul(a.transposed).eigvalsh().count == 700)
  }

  @Test("norms of matrices")
  func norms() throws {
    let script = Script()
    let module = try #require(TensorCatalog.library.modules.first { $0.name == "linalg" })
    let entry = try #require(module.entries().first { $0.name == "norm" })
    let x = try Tensor([1, -2, 3, 4] as [Double], shape: [2, 2])
    let wanted: [(Value, Double)] = [
      (.none, 30.0.squareRoot()), (.string("fro"), 30.0.squareRoot()), (.int(1), 6),
      (.int(-1), 4), (.float(.infinity), 7), (.float(-.infinity), 3),
    ]
    for (order, norm) in wanted {
      let value = try entry.call(
        Arguments(
          positional: [.object(x)], named: [("ord", order)], context: script.context))
      guard let found = Double.read(value) else {
        Issue.record("no number for \(order)")
        continue
      }
      #expect(abs(found - norm) < 1e-12)
    }
  }
}

extension Tensor {
  fileprivate func slice(column: Int) throws -> Tensor { try self[.all, .at(column)] }
}
