internal import Catalog
internal import Session

/// The wire thread: reads what arrives, says where it is answered, and sends what all others post.
///
/// The only one that touches the wire, so what a client sees of a request is in the order in which
/// it was posted. Nothing here takes long: what does is answered on another thread.
final class Router {
  /// How long the first request waits for somebody to listen on iopub, in milliseconds.
  static let firstListener = 500
  /// How long the other threads get to end, in milliseconds.
  static let farewell = 1000

  /// How many messages of one channel are read before the others get their turn.
  private static let turn = 100

  private let wire: any Wire
  private let signer: Signer
  private let composer: Composer
  private let program: Program
  private let ports: Ports?
  private let threads: Threads
  private var seen = SeenSignatures()
  private var streams = StreamBuffer()
  private var refreshes = RefreshBuffer()
  private var pages = PageBuffer()
  private var complaints: Set<String> = []
  private var running: Exchange?
  private var question: OpenQuestion?
  /// Requests that came before anybody listened on iopub, and until when they wait.
  private var early: [Message]? = []
  private var earlyUntil: Int?
  private var hasStarted = false
  /// Requests of the shell channel that are not answered yet.
  private var unanswered = (count: 0, bytes: 0)
  /// Failed cells whose followers may still wait in the shell channel.
  private var drains = 0
  /// Set once the process is to end.
  private var stopsBy: Int?
  private var threadsLeft = Threads.count

  init(
    _ wire: any Wire, signer: Signer, program: Program, ports: Ports?, threads: Threads
  ) {
    self.wire = wire
    self.signer = signer
    self.program = program
    self.ports = ports
    self.threads = threads
    composer = Composer(signer: signer)
  }

  /// Serves until a client or a signal ends the kernel.
  ///
  /// - Returns: whether the other threads have ended too; one may still be in a long computation.
  func run() -> Bool {
    while true {
      // Text that waits for its turn goes out soon, and what is printed meanwhile with it.
      threads.post.takerLooksSoon(
        streams.deadline != nil || refreshes.deadline != nil || pages.deadline != nil)
      let channels: [Channel] = [.control, .stdin, .iopub] + (hasRoom ? [.shell] : [])
      wire.wait(for: threads.post.bell, on: channels, milliseconds: patience())
      receive(.iopub) { subscribe($0) }
      handlePosts()
      putQuestion()
      receive(.control) { arrived($0, on: .control) }
      receiveShell()
      receive(.stdin) { arrived($0, on: .stdin) }
      if let earlyUntil, Clock.milliseconds >= earlyUntil { openShell() }
      if let due = pages.deadline, Clock.milliseconds >= due { turnPage() }
      settle(all: false)
      flush(all: false)
      guard let stopsBy else { continue }
      if threadsLeft == 0 || Clock.milliseconds >= stopsBy {
        handlePosts()
        settle(all: true)
        flush(all: true)
        return threadsLeft == 0
      }
    }
  }

  private func patience() -> Int? {
    // A client about to connect its stdin channel is tried again soon.
    let retry = question?.triesUntil.map { _ in Clock.milliseconds + 20 }
    let deadlines = [
      streams.deadline, refreshes.deadline, pages.deadline, earlyUntil, stopsBy, retry,
    ]
    let deadline = deadlines.compactMap(\.self).min()
    return deadline.map { max(0, $0 - Clock.milliseconds) }
  }

  // MARK: What the other threads post

  private func handlePosts() {
    for post in threads.post.takeAll() {
      guard pages.isHolding else {
        handle(post)
        continue
      }
      switch post {
      case .text, .output, .refresh, .settle: pages.hold(post)
      case .clear, .send: handle(post)
      default:
        turnPage()
        handle(post)
      }
    }
  }

  /// Sends the page that waits.
  private func turnPage() {
    for post in pages.take(now: Clock.milliseconds) { handle(post) }
  }

  private func handle(_ post: Post) {
    switch post {
    case .output(let frames):
      flush(all: true)
      wire.send(frames, on: .iopub)
    case .clear(let frames):
      guard pages.begin(frames, now: Clock.milliseconds) else { return }
      flush(all: true)
      wire.send(frames, on: .iopub)
    case .send(let frames, let channel):
      wire.send(frames, on: channel)
    case .show(let frames, let channel):
      // Only a reply must find the screen in its last state.
      if channel != .iopub { settle(all: true) }
      flush(all: true)
      wire.send(frames, on: channel)
    case .text(let text, let stream):
      streams.add(text, to: stream, now: Clock.milliseconds)
      flush(all: false)
    case .refresh(let refresh):
      refreshes.add(refresh, now: Clock.milliseconds)
      settle(all: false)
    case .settle:
      settle(all: true)
    case .begin(let exchange):
      running = exchange
      streams.begin()
      refreshes.begin()
      pages.begin()
      wire.send(exchange.status("busy"), on: .iopub)
    case .end(let exchange):
      settle(all: true)
      if exchange.isCell {
        flush(all: true)
        running = nil
      }
      if exchange.request.channel == .shell {
        unanswered.count -= 1
        unanswered.bytes -= exchange.request.byteCount
      }
      wire.send(exchange.status("idle"), on: .iopub)
      // Front ends show the last state they saw: a running cell still keeps the kernel busy.
      if let running { wire.send(running.status("busy"), on: .iopub) }
    case .drain:
      drains += 1
      receiveShell()
    case .ask(let exchange, let prompt, let isSecret):
      ask(exchange, prompt: prompt, isSecret: isSecret)
    case .unask:
      question = nil
    case .quit:
      stop()
    case .finished:
      threadsLeft -= 1
    }
  }

  /// Sends refreshes: those that are due, or all; text that came before them goes first.
  private func settle(all: Bool) {
    let due = refreshes.take(now: Clock.milliseconds, all: all)
    if due.isEmpty { return }
    flush(all: true)
    for refresh in due { wire.send(refresh.frames, on: .iopub) }
  }

  private func flush(all: Bool) {
    guard let running else { return }
    for text in streams.take(now: Clock.milliseconds, all: all) {
      let content: JSON = ["name": .string(text.stream.rawValue), "text": .string(text.text)]
      wire.send(running.published("stream", content), on: .iopub)
    }
  }

  private func ask(_ exchange: Exchange, prompt: String, isSecret: Bool) {
    settle(all: true)
    flush(all: true)
    let content: JSON = ["prompt": .string(prompt), "password": .bool(isSecret)]
    let (frames, id) = composer.frames(
      "input_request", to: exchange.request.identities, parent: exchange.request.header,
      content: content)
    question = OpenQuestion(
      id: id, identities: exchange.request.identities, frames: frames,
      triesUntil: Clock.milliseconds + OpenQuestion.patience)
    putQuestion()
  }

  /// Sends the open question, unless that is done; gives up on a client that is not there.
  private func putQuestion() {
    guard let open = question, let triesUntil = open.triesUntil else { return }
    if wire.send(open.frames, on: .stdin) {
      question?.triesUntil = nil
    } else if Clock.milliseconds >= triesUntil {
      question = nil
      threads.answers.post(.unreachable)
    }
  }

  // MARK: What clients send

  /// Somebody begins or ceases to listen on iopub.
  private func subscribe(_ frames: [Frame]) {
    guard let frame = frames.first, frame.first == 1,
      let topic = String(validating: frame.dropFirst(), as: UTF8.self)
    else { return }
    let (welcome, _) = composer.frames(
      "iopub_welcome", to: [Frame(topic.utf8)], parent: nil,
      content: ["subscription": .string(topic)])
    wire.send(welcome, on: .iopub)
    openShell()
  }

  /// From now on requests are answered as they come.
  private func openShell() {
    earlyUntil = nil
    if !hasStarted {
      hasStarted = true
      let (starting, _) = composer.frames(
        "status", to: [Frame("status".utf8)], parent: nil,
        content: ["execution_state": "starting"])
      wire.send(starting, on: .iopub)
    }
    let waiting = early ?? []
    early = nil
    for message in waiting { route(message) }
  }

  /// Reads what has arrived on a channel, but not so much that the other channels wait for long.
  private func receive(_ channel: Channel, _ take: ([Frame]) -> Void) {
    for _ in 0..<Router.turn {
      guard let frames = wire.receive(channel) else { return }
      take(frames)
    }
  }

  private var hasRoom: Bool {
    unanswered.count < program.mostRequests && unanswered.bytes < program.mostRequestBytes
  }

  /// Reads requests that have arrived, as long as there is room for them; behind a failed cell all.
  private func receiveShell() {
    var left = Router.turn
    while hasRoom, drains > 0 || left > 0 {
      left -= 1
      guard let frames = wire.receive(.shell) else {
        // Everything that was behind a failed cell has come by.
        for _ in 0..<drains { threads.work.post(.drained) }
        drains = 0
        return
      }
      arrived(frames, on: .shell)
    }
  }

  private func arrived(_ frames: [Frame], on channel: Channel) {
    let message: Message
    do throws(Message.Fault) {
      message = try Message(frames, on: channel, signer: signer)
    } catch {
      return complain("a message on \(channel) was dropped: \(error.description)")
    }
    guard signer.isOff || seen.insert(message.signature) else {
      return complain("a message on \(channel) was dropped: its signature was seen before")
    }
    if channel == .shell {
      unanswered.count += 1
      unanswered.bytes += message.byteCount
    }
    if channel == .shell, early != nil {
      // Without a listener the first cell's output would be lost (VS Code connects late).
      early?.append(message)
      earlyUntil = earlyUntil ?? Clock.milliseconds + Router.firstListener
      return
    }
    route(message)
  }

  private func route(_ message: Message) {
    let exchange = Exchange(request: message, composer: composer, post: threads.post)
    guard stopsBy == nil else { return }
    switch (message.channel, message.type) {
    case (.stdin, "input_reply"):
      answered(message)
    case (.stdin, _):
      complain("a message on stdin was dropped: \(message.type) does not belong there")
    case (_, "kernel_info_request"):
      KernelInfo.answer(exchange, version: program.version)
    case (_, "shutdown_request"):
      Shutdown.answer(exchange)
      stop()
    case (_, "interrupt_request"):
      threads.backlog.interrupt()
      exchange.serve { $0.reply(Answer.ok) }
    case (.shell, "execute_request"):
      queue(exchange, ExecuteRequest.self) { request in
        threads.backlog.add()
        threads.work.post(.execute(exchange, request))
      }
    case (.shell, "complete_request"):
      queue(exchange, CompleteRequest.self) { threads.questions.post(.complete(exchange, $0)) }
    case (.shell, "inspect_request"):
      queue(exchange, InspectRequest.self) { threads.questions.post(.inspect(exchange, $0)) }
    case (.shell, "is_complete_request"):
      queue(exchange, IsCompleteRequest.self) { threads.questions.post(.isComplete(exchange, $0)) }
    case (.shell, "history_request"):
      queue(exchange, HistoryRequest.self) { HistoryReply.answer(exchange, $0, threads.history) }
    case (_, "comm_info_request"): Comm.inform(exchange, threads.comms)
    case (_, "comm_open"), (_, "comm_msg"), (_, "comm_close"):
      guard let letter = Comm.letter(exchange, threads.comms) else { return }
      threads.letters.post(letter)
      threads.work.post(.deliver)
    case (_, "connect_request"): Connect.answer(exchange, ports)
    case (_, "debug_request"): Debug.refuse(exchange)
    default:
      exchange.serve { _ in }
      complain("\(message.type) on \(message.channel) is not known")
    }
  }

  /// Hands a request on when its content can be read; otherwise the error is its reply.
  private func queue<Content: RequestContent>(
    _ exchange: Exchange, _ type: Content.Type, _ hand: (Content) -> Void
  ) {
    do throws(MalformedContent) {
      hand(try Content(exchange.request.content))
    } catch {
      exchange.serve { $0.reply(error.reply) }
    }
  }

  private func answered(_ message: Message) {
    guard let question, question.fits(message), let answer = InputAnswer(message.content) else {
      return complain("an input_reply was dropped: nothing was asked that it could answer")
    }
    self.question = nil
    threads.answers.post(answer)
  }

  private func stop() {
    guard stopsBy == nil else { return }
    stopsBy = Clock.milliseconds + Router.farewell
    threads.backlog.stop()
    threads.work.post(.stop)
    threads.questions.post(.stop)
  }

  /// One line on stderr per kind of fault; a client that repeats itself does not fill the log.
  private func complain(_ text: String) {
    guard complaints.count < 100, complaints.insert(text).inserted else { return }
    report("\(text) (said once)")
  }
}

/// The last few thousand signatures; one that comes again is a replayed message.
struct SeenSignatures {
  private static let generation = 8192
  private var young: Set<Frame> = []
  private var old: Set<Frame> = []

  /// Whether the signature is new.
  mutating func insert(_ signature: Frame) -> Bool {
    guard !old.contains(signature), young.insert(signature).inserted else { return false }
    if young.count >= SeenSignatures.generation {
      old = young
      young = []
    }
    return true
  }
}
