import Catalog
import Kernel
import Session

/// A front end at the other end of an in-memory wire.
final class Client {
  let wire = MemoryWire()
  let kernel: Kernel
  let signer: Signer
  private let thread: Thread
  private var unread: [Message] = []
  private var made = 0

  /// - Parameters:
  ///   - listens: whether iopub is subscribed to before anything is sent.
  ///   - isReal: with a session, and not a test's stand-in for it.
  init(
    key: String = "secret", listens: Bool = true, printLimit: Int = 8 << 20,
    mostRequests: Int = 4096, mostRequestBytes: Int = 64 << 20, isReal: Bool = false
  ) {
    signer = Signer(key: key)
    let history = History(path: nil)
    var program =
      isReal
      ? Program.session(version: "0.1", history: history)
      : Program(version: "0.1", history: history) { pending, _ in Performer(pending: pending) }
    program.printLimit = printLimit
    program.mostRequests = mostRequests
    program.mostRequestBytes = mostRequestBytes
    let kernel = Kernel(program, signer: signer)
    let wire = wire
    self.kernel = kernel
    thread = Thread { kernel.run(on: wire) }
    if listens { listen() }
  }

  func listen(topic: String = "") { wire.deliver([[[1] + Array(topic.utf8)]], on: .iopub) }

  /// The frames of a signed message, and its id.
  func frames(
    _ type: String, _ content: JSON, parent: JSON = [:], metadata: JSON = [:],
    from identity: String = "me"
  ) -> (frames: [Frame], id: String) {
    made += 1
    let id = "message-\(made)"
    let header: JSON = [
      "msg_id": .string(id), "msg_type": .string(type), "session": "test", "username": "me",
      "version": "5.4", "date": "2026-01-01T00:00:00Z", "unknown": .number(1.5),
    ]
    let json = [header, parent, metadata, content].map { $0.encoded() }
    let signature = signer.signature(of: json[...])
    return ([Array(identity.utf8), Array("<IDS|MSG>".utf8), signature] + json, id)
  }

  /// Sends a request and gives its id.
  @discardableResult
  func send(
    _ type: String, _ content: JSON = [:], on channel: Channel = .shell, parent: JSON = [:],
    from identity: String = "me"
  ) -> String {
    let (frames, id) = frames(type, content, parent: parent, from: identity)
    wire.deliver([frames], on: channel)
    return id
  }

  @discardableResult
  func execute(_ code: String, _ more: JSON = [:]) -> String {
    send("execute_request", Client.cell(code, more))
  }

  static func cell(_ code: String, _ more: JSON = [:]) -> JSON {
    var content = more
    content.set("code", to: .string(code))
    return content
  }

  /// The next message of the kernel; nil when none comes for five seconds.
  func next() -> Message? {
    while unread.isEmpty {
      let taken = wire.sent.takeAll()
      for (channel, frames) in taken {
        if let message = try? Message(frames, on: channel, signer: signer) {
          unread.append(message)
        }
      }
      if unread.isEmpty, taken.isEmpty, !wire.sent.bell.wait(milliseconds: 5000) { return nil }
    }
    return unread.removeFirst()
  }

  /// Everything said in answer to a request, up to its `idle`; other messages are passed over.
  func answers(to id: String) -> [Message] {
    var answers: [Message] = []
    while let message = next() {
      guard message.parentID == id else { continue }
      answers.append(message)
      if message.isIdle { return answers }
    }
    return answers
  }

  /// Passes over messages until one is of that type.
  func wait(for type: String) -> Message? {
    while let message = next() {
      if message.type == type { return message }
    }
    return nil
  }

  /// Ends the kernel.
  func leave() {
    kernel.quit()
    thread.join()
  }
}

extension Message {
  var isIdle: Bool { type == "status" && content["execution_state"]?.string == "idle" }

  /// The type, and what tells two of one type apart.
  var summary: String {
    switch type {
    case "status": content["execution_state"]?.string ?? "?"
    case "stream": "\(content["name"]?.string ?? "?"): \(content["text"]?.string ?? "?")"
    default: type
    }
  }
}

/// Stands in for a session: a line of a cell is one thing to do.
final class Performer: Evaluator {
  private let pending: Pending

  init(pending: Pending) { self.pending = pending }

  func run(_ cell: Cell, sink: any Sink) -> CellResult {
    var shown: Media?
    do {
      for line in cell.text.split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "print": sink.emit(.stream(.standard, rest + "\n"))
        case "warn": sink.emit(.stream(.error, rest + "\n"))
        case "lines":
          for number in 0..<(Int(rest) ?? 0) { sink.emit(.stream(.standard, "\(number)\n")) }
        case "show": sink.emit(.display(Media(rest, svg: "<svg/>"), id: "one"))
        case "update": sink.emit(.update(Media(rest), id: "one"))
        case "clear": sink.emit(.clear(wait: true))
        case "value":
          shown = Media(rest)
          if !cell.isSilent { sink.emit(.result(Media(rest))) }
        case "fail": throw Failure(.value, rest, help: "do better")
        case "ask":
          sink.emit(.stream(.standard, "you said \(try sink.ask(rest, isSecret: false))\n"))
        case "updates":
          for number in 0..<(Int(rest) ?? 0) {
            sink.emit(.update(Media("\(number)"), id: "one"))
            sink.emit(.update(Media("\(-number)"), id: "two"))
          }
        case "set":
          // A widget's id, a name and a value.
          let parts = rest.split(separator: " ").map(String.init)
          sink.emit(
            .comm(
              CommMessage(
                parts[0], .message,
                data: [
                  "method": "update", "state": .object([(parts[1], .string(parts[2]))]),
                  "buffer_paths": [],
                ])))
        case "tell":
          sink.emit(.comm(CommMessage(rest, .message, data: ["method": "custom", "content": [:]])))
        case "open":
          sink.emit(.comm(CommMessage(rest, .open(target: "jupyter.widget"))))
        case "pause":
          // Until the widgets have heard something.
          isPaused = true
          defer { isPaused = false }
          while !pending.reasons.contains(.interrupt) { try onPause?() }
          throw Interrupted()
        case "loop":
          while !pending.reasons.contains(.interrupt) {}
          throw Interrupted()
        default: break
        }
      }
      return CellResult(.ok, shown: shown)
    } catch {
      let failure = Failure(error)
      sink.emit(.failure(failure))
      return CellResult(error is Interrupted ? .interrupted(failure) : .failure(failure))
    }
  }

  func evaluate(
    _ expressions: [(name: String, text: String)]
  ) -> [(name: String, value: Result<Media, Failure>)] {
    expressions.map { name, text in
      (name, text == "bad" ? .failure(Failure(.name, "bad")) : .success(Media(text)))
    }
  }

  func attend() {}

  /// Says what it was told, and whether a cell waits meanwhile.
  func receive(_ message: CommMessage, later: Set<String>, sink: any Sink) throws {
    let sum = message.data["state"]?.members?.filter { !later.contains($0.key) } ?? []
    sink.emit(.stream(.standard, "\(isPaused ? "paused" : "idle") \(sum.map(\.key))\n"))
  }

  var onPause: (() throws -> Void)?
  private var isPaused = false
}
