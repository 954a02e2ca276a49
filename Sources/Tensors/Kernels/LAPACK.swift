internal import Catalog
internal import Glibc
internal import Synchronization

/// Calls of LAPACK on stacks of matrices that lie column by column in f64.
///
/// Everything runs on one thread, so results are the same bytes whatever the number of workers.
/// Sizes have been checked: LAPACK ends the process when it is given an impossible one.
enum LAPACK {
  /// Larger matrices would overflow the 32-bit sizes of LAPACK's workspaces.
  static let largest = 30_000

  /// What a call gave: 0, or the number of the first matrix that failed and LAPACK's code for it.
  struct Outcome: Sendable {
    var matrix = 0
    var code: Int32 = 0
  }

  /// A call on a thread of its own.
  ///
  /// `@unchecked Sendable`: only the thread touches the tensors until `isDone`, and nobody does
  /// when the wait was given up.
  private final class Job: @unchecked Sendable {
    let body: () -> Outcome
    let outcome = Mutex(Outcome())
    let isDone = Atomic<Bool>(false)

    init(_ body: @escaping () -> Outcome) {
      self.body = body
    }

    func run() {
      let result = body()
      outcome.withLock { $0 = result }
      isDone.store(true, ordering: .releasing)
    }
  }

  /// Calls `body` for each matrix of a stack until one fails.
  ///
  /// LAPACK cannot be stopped, so work that takes longer than a moment gets a thread of its own:
  /// when the user interrupts, nobody waits for it any more, and it ends with its own memory.
  ///
  /// - Parameter cost: floating-point operations of one matrix, about.
  /// - Throws: `TensorError.interrupted`; an `ImportError` when LAPACK is not installed.
  private static func run(
    _ count: Int, cost: Double, _ body: @escaping (LAPACKLibrary, Int) -> Int32
  ) throws -> Outcome {
    let library = try LAPACKLibrary.load()
    let pending = Workers.pending
    let all: () -> Outcome = {
      for matrix in 0..<count {
        if let pending, matrix > 0, pending.reasons.contains(.interrupt) { break }
        let code = body(library, matrix)
        if code != 0 { return Outcome(matrix: matrix, code: code) }
      }
      return Outcome()
    }
    var outcome: Outcome
    if let pending, cost > 1e7, let job = start(all) {
      while !job.isDone.load(ordering: .acquiring) {
        if pending.reasons.contains(.interrupt) { throw TensorError.interrupted }
        usleep(200)
      }
      outcome = job.outcome.withLock { $0 }
    } else {
      outcome = all()
    }
    if let pending, pending.reasons.contains(.interrupt) { throw TensorError.interrupted }
    return outcome
  }

  /// nil when the system gives no thread.
  private static func start(_ body: @escaping () -> Outcome) -> Job? {
    let job = Job(body)
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 16 << 20)
    defer { _ = unsafe pthread_attr_destroy(&attributes) }
    let start = unsafe Unmanaged.passRetained(job)
    let code = unsafe pthread_create(
      &thread, &attributes,
      { raw in
        guard let raw = unsafe raw else { return nil }
        unsafe Unmanaged<Job>.fromOpaque(raw).takeRetainedValue().run()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      unsafe start.release()
      return nil
    }
    pthread_detach(thread)
    return job
  }

  private static func doubles(_ tensor: Tensor, _ at: Int) -> UnsafeMutablePointer<Double> {
    unsafe tensor.pointer(at).assumingMemoryBound(to: Double.self)
  }

  private static func size(_ n: Int) -> Int32 { Int32(clamping: n) }
  private static func step(_ n: Int) -> Int32 { Int32(clamping: max(n, 1)) }
  private static func cube(_ a: Int, _ b: Int, _ c: Int) -> Double {
    Double(a) * Double(b) * Double(c)
  }

  // The tensors of all calls have three axes: matrix, column, row; vectors have two.

  /// Eigenvalues of symmetric matrices in rising order into `w`, eigenvectors in place of `a`.
  static func eigen(_ a: Tensor, into w: Tensor, vectors: Bool, lower: Bool) throws -> Outcome {
    let n = a.shape[2]
    return try run(a.shape[0], cost: 9 * cube(n, n, n)) { library, i in
      unsafe library.dsyevd(
        LAPACKLibrary.byColumns, vectors ? 86 : 78, lower ? 76 : 85, size(n),
        doubles(a, i * n * n), step(n), doubles(w, i * n))
    }
  }

  /// Singular values in falling order into `s`; `a` is overwritten.
  ///
  /// - Parameter job: 83 for the first min(m, n) vectors, 65 for all, 78 for none.
  static func singular(_ a: Tensor, job: CChar, u: Tensor, s: Tensor, vt: Tensor) throws -> Outcome
  {
    let (n, m) = (a.shape[1], a.shape[2])
    let k = min(m, n)
    let (uSize, vtSize) = (u.shape[1] * u.shape[2], vt.shape[1] * vt.shape[2])
    return try run(a.shape[0], cost: 20 * cube(m, n, k)) { library, i in
      unsafe library.dgesdd(
        LAPACKLibrary.byColumns, job, size(m), size(n), doubles(a, i * m * n), step(m),
        doubles(s, i * k), doubles(u, i * uSize), step(u.shape[2]), doubles(vt, i * vtSize),
        step(vt.shape[2]))
    }
  }

  /// The triangle of QR in `a`, its reflections below and in `tau`.
  static func reflections(_ a: Tensor, tau: Tensor) throws -> Outcome {
    let (n, m) = (a.shape[1], a.shape[2])
    let k = min(m, n)
    return try run(a.shape[0], cost: 2 * cube(m, n, k)) { library, i in
      unsafe library.dgeqrf(
        LAPACKLibrary.byColumns, size(m), size(n), doubles(a, i * m * n), step(m),
        doubles(tau, i * k))
    }
  }

  /// The orthonormal columns that `reflections` stand for, in their place.
  ///
  /// - Parameter count: how many reflections there are; at most the number of columns.
  static func orthonormal(_ a: Tensor, tau: Tensor, count: Int) throws -> Outcome {
    let (n, m) = (a.shape[1], a.shape[2])
    return try run(a.shape[0], cost: 4 * cube(m, n, count)) { library, i in
      unsafe library.dorgqr(
        LAPACKLibrary.byColumns, size(m), size(n), size(count), doubles(a, i * m * n), step(m),
        doubles(tau, i * count))
    }
  }

  /// The lower Cholesky factor in the lower triangle of `a`.
  static func cholesky(_ a: Tensor) throws -> Outcome {
    let n = a.shape[2]
    return try run(a.shape[0], cost: cube(n, n, n) / 3) { library, i in
      unsafe library.dpotrf(
        LAPACKLibrary.byColumns, 76, size(n), doubles(a, i * n * n), step(n))
    }
  }

  /// L and U in place of `a`, row exchanges in `pivots` (i32, from 1).
  ///
  /// A singular matrix is no failure here: its U has a zero.
  static func factors(_ a: Tensor, pivots: Tensor) throws -> Outcome {
    let n = a.shape[2]
    return try run(a.shape[0], cost: cube(n, n, n)) { library, i in
      let places = unsafe pivots.pointer(i * n).assumingMemoryBound(to: Int32.self)
      let code = unsafe library.dgetrf(
        LAPACKLibrary.byColumns, size(n), size(n), doubles(a, i * n * n), step(n), places)
      return min(code, 0)
    }
  }

  /// Solutions in place of `b`; `a` is overwritten.
  static func solve(_ a: Tensor, _ b: Tensor) throws -> Outcome {
    let (n, columns) = (a.shape[2], b.shape[1])
    let pivots = try Tensor(uninitialized: [max(n, 1)], .i32)
    return try run(a.shape[0], cost: cube(n, n, n + 2 * columns)) { library, i in
      let places = unsafe pivots.pointer.assumingMemoryBound(to: Int32.self)
      return unsafe library.dgesv(
        LAPACKLibrary.byColumns, size(n), size(columns), doubles(a, i * n * n), step(n), places,
        doubles(b, i * n * columns), step(n))
    }
  }

  /// The least-squares solution of smallest norm in the first rows of `b`.
  ///
  /// - Returns: the outcome and the rank at `limit` times the largest singular value.
  static func leastSquares(
    _ a: Tensor, _ b: Tensor, singular: Tensor, limit: Double
  ) throws -> (Outcome, rank: Int) {
    let (n, m) = (a.shape[1], a.shape[2])
    let rank = try Tensor(uninitialized: [1], .i32)
    let outcome = try run(1, cost: 8 * cube(m, n, n)) { library, _ in
      let place = unsafe rank.pointer.assumingMemoryBound(to: Int32.self)
      return unsafe library.dgelsd(
        LAPACKLibrary.byColumns, size(m), size(n), size(b.shape[1]), doubles(a, 0), step(m),
        doubles(b, 0), step(b.shape[2]), doubles(singular, 0), limit, place)
    }
    return (outcome, rank.ints[0])
  }
}
