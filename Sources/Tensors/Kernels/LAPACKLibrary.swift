internal import Catalog
internal import Glibc
internal import Synchronization

/// The functions of LAPACKE that this module calls, taken from the system's library.
///
/// The library is loaded when the first decomposition asks for it, so a start does not pay for it
/// and a program that needs none runs without it.
///
/// `@unchecked Sendable`: the members are addresses of code that stays loaded and never change.
/// `@safe`: their callers pass pointers into tensors that they hold, of sizes they have checked.
@safe
struct LAPACKLibrary: @unchecked Sendable {
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias Integers = UnsafeMutablePointer<Int32>

  /// Columns one after another, as LAPACK itself has them.
  static let byColumns: Int32 = 102

  let dsyevd: @convention(c) (Int32, CChar, CChar, Int32, Doubles, Int32, Doubles) -> Int32
  let dgesdd:
    @convention(c) (
      Int32, CChar, Int32, Int32, Doubles, Int32, Doubles, Doubles, Int32, Doubles, Int32
    ) -> Int32
  let dgeqrf: @convention(c) (Int32, Int32, Int32, Doubles, Int32, Doubles) -> Int32
  let dorgqr: @convention(c) (Int32, Int32, Int32, Int32, Doubles, Int32, Doubles) -> Int32
  let dpotrf: @convention(c) (Int32, CChar, Int32, Doubles, Int32) -> Int32
  let dgetrf: @convention(c) (Int32, Int32, Int32, Doubles, Int32, Integers) -> Int32
  let dgesv: @convention(c) (Int32, Int32, Int32, Doubles, Int32, Integers, Doubles, Int32) -> Int32
  let dgelsd:
    @convention(c) (
      Int32, Int32, Int32, Int32, Doubles, Int32, Doubles, Int32, Doubles, Double, Integers
    ) -> Int32

  private static let loaded = Mutex<LAPACKLibrary?>(nil)

  /// The library, loaded on the first call; a failed load is tried again by the next.
  ///
  /// - Throws: an `ImportError` that says how to install it.
  static func load() throws -> LAPACKLibrary {
    try loaded.withLock { library in
      if let library { return library }
      let found = try LAPACKLibrary(names: ["liblapacke.so.3", "liblapacke.so"])
      library = found
      return found
    }
  }

  /// Opens the first library of these names that is there.
  ///
  /// - Throws: an `ImportError` that says how to install it.
  init(names: [String]) throws {
    var handle: UnsafeMutableRawPointer?
    var reason = "no such library"
    for name in names where unsafe handle == nil {
      unsafe handle = dlopen(name, RTLD_NOW | RTLD_LOCAL)
      if unsafe handle == nil, let text = unsafe dlerror() {
        reason = unsafe String(cString: text)
        break
      }
    }
    guard let handle = unsafe handle else { throw LAPACKLibrary.missing(reason) }
    func symbol<F>(_ name: String, _ type: F.Type = F.self) throws -> F {
      guard let address = unsafe dlsym(handle, name) else {
        throw LAPACKLibrary.missing("it has no function \(name)")
      }
      return unsafe unsafeBitCast(address, to: F.self)
    }
    unsafe dsyevd = try symbol("LAPACKE_dsyevd")
    unsafe dgesdd = try symbol("LAPACKE_dgesdd")
    unsafe dgeqrf = try symbol("LAPACKE_dgeqrf")
    unsafe dorgqr = try symbol("LAPACKE_dorgqr")
    unsafe dpotrf = try symbol("LAPACKE_dpotrf")
    unsafe dgetrf = try symbol("LAPACKE_dgetrf")
    unsafe dgesv = try symbol("LAPACKE_dgesv")
    unsafe dgelsd = try symbol("LAPACKE_dgelsd")
    // NaN passes through as in NumPy; where a decomposition has no answer for it, it is refused
    // before the call.
    let setCheck: @convention(c) (Int32) -> Void = try symbol("LAPACKE_set_nancheck")
    setCheck(0)
    // A system may have chosen OpenBLAS below LAPACK: one thread, so that bytes do not depend on
    // the number of cores.
    if let address = unsafe dlsym(handle, "openblas_set_num_threads") {
      let setThreads = unsafe unsafeBitCast(
        address, to: (@convention(c) (Int32) -> Void).self)
      setThreads(1)
    }
  }

  static func missing(_ reason: String) -> Failure {
    Failure(
      .import, "linalg needs LAPACK, which could not be loaded: \(reason)",
      help: "install it: sudo apt-get install liblapacke")
  }
}
