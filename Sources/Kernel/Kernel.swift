internal import Catalog
internal import Session

/// The mailboxes between the kernel's threads, and what they share besides.
struct Threads: Sendable {
  /// How many report their end: evaluator and service.
  static let count = 2

  let post = Mailbox<Post>()
  let work = Mailbox<Work>()
  let questions = Mailbox<Question>()
  let answers = Mailbox<InputAnswer>()
  let letters = Mailbox<Letter>()
  let comms = Comms()
  let backlog: Backlog
  let history: History
  let board: DirectoryBoard

  init(history: History, backlog: Backlog) {
    self.history = history
    self.backlog = backlog
    let work = work
    board = DirectoryBoard(pending: backlog.pending) { work.post(.attend) }
  }
}

/// A Jupyter kernel on a wire: an evaluator and a service thread, and the wire thread that calls
/// `run`.
public struct Kernel: Sendable {
  /// For the threads that run or read scripts, however deeply those nest.
  static let scriptStack = 64 << 20

  private let program: Program
  private let signer: Signer
  let threads: Threads

  public init(_ program: Program, signer: Signer) {
    self.program = program
    self.signer = signer
    threads = Threads(history: program.history, backlog: Backlog())
  }

  /// Serves the wire until a client or `quit` ends the kernel.
  ///
  /// - Returns: whether all threads have ended; a long computation may be left.
  @discardableResult
  public func run(on wire: any Wire, ports: Ports? = nil) -> Bool {
    let (program, threads) = (program, threads)
    let workers = [
      Thread(stackBytes: Kernel.scriptStack) { EvaluatorLoop(program, threads).run() },
      Thread(stackBytes: Kernel.scriptStack) { ServiceLoop(threads: threads).run() },
    ]
    let hasEnded = Router(
      wire, signer: signer, program: program, ports: ports, threads: threads
    ).run()
    for worker in workers { hasEnded ? worker.join() : worker.detach() }
    program.history.close()
    return hasEnded
  }

  /// Stops the running cell, as Ctrl-C would; nothing when none runs.
  public func interrupt() { threads.backlog.interrupt() }

  /// Ends the kernel as if a client had asked for it.
  public func quit() { threads.post.post(.quit) }
}

extension Kernel {
  /// What `gradus kernel -f FILE` does: serves until the end of the process.
  ///
  /// - Returns: the exit status; 1 when the connection file or a port is of no use, with a line on
  ///   stderr.
  public static func serve(connectionFile path: String, _ program: Program) -> Int32 {
    Signals.block()
    redirectOutputToErrors()
    do {
      // A thread that still computes would meet libraries that have been torn down.
      guard try serve(path, program) else { endProcess(0) }
      return 0
    } catch {
      report("\(error)")
      return 1
    }
  }

  /// When it returns, the sockets are closed and what was sent has gone out.
  private static func serve(_ path: String, _ program: Program) throws -> Bool {
    var connection = try Connection(path: path)
    let wire = try SocketWire(&connection)
    try connection.announce()
    let kernel = Kernel(program, signer: Signer(key: connection.key))
    Signals.watch(kernel)
    return kernel.run(on: wire, ports: connection.ports)
  }
}
