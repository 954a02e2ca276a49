public import Catalog

/// Gathers what is shown in one place, as notebooks store it.
///
/// Updates replace what they update; pieces of one stream that follow each other become one
/// output; carriage returns and backspaces have done their work.
public final class OutputList {
  private let executionCount: Int?
  private var closed: [JSON] = []
  private var clearsBeforeNext = false
  /// The stream output that still grows.
  private var open: (stream: Output.Stream, text: String)?
  private var places: [String: [Int]] = [:]

  /// - Parameter executionCount: of the cell whose result may be among them.
  public init(executionCount: Int? = nil) {
    self.executionCount = executionCount
  }

  /// The outputs in the form of notebook files.
  public var outputs: [JSON] {
    guard let open else { return closed }
    return closed + [OutputList.stream(open)]
  }

  public func add(_ output: Output) {
    switch output {
    case .stream(let stream, let text): append(stream, text)
    case .display(let media, let id):
      append(["output_type": "display_data"], media)
      if let id { places[id, default: []].append(closed.count - 1) }
    case .update(let media, let id): update(media, id: id)
    case .result(let media):
      append(
        [
          "output_type": "execute_result",
          "execution_count": executionCount.map { .int($0) } ?? .null,
        ], media)
    case .failure(let failure):
      append([
        "output_type": "error", "ename": .string(failure.exception),
        "evalue": .string(failure.message),
        "traceback": .array(failure.report(colour: true).map { .string($0) }),
      ])
    case .clear(let wait):
      if wait { clearsBeforeNext = true } else { clear() }
    case .comm: break
    }
  }

  /// Replaces what was displayed under an id; nothing when that was elsewhere.
  public func update(_ media: Media, id: String) {
    for index in places[id] ?? [] {
      closed[index].set("data", to: media.bundle)
      closed[index].set("metadata", to: media.metadata)
    }
  }

  private func append(_ output: JSON, _ media: Media) {
    var output = output
    output.set("data", to: media.bundle)
    output.set("metadata", to: media.metadata)
    append(output)
  }

  private func append(_ output: JSON) {
    if clearsBeforeNext { clear() }
    closeStream()
    closed.append(output)
  }

  private func append(_ stream: Output.Stream, _ text: String) {
    if clearsBeforeNext { clear() }
    if text.isEmpty { return }
    if open?.stream != stream {
      closeStream()
      open = (stream, "")
    }
    open?.text += text
  }

  private func closeStream() {
    if let open { closed.append(OutputList.stream(open)) }
    open = nil
  }

  private func clear() {
    clearsBeforeNext = false
    open = nil
    closed = []
    places = [:]
  }

  private static func stream(_ open: (stream: Output.Stream, text: String)) -> JSON {
    [
      "output_type": "stream", "name": .string(open.stream.rawValue),
      "text": .string(settled(open.text)),
    ]
  }

  /// What a terminal would show of a text: backspaces and carriage returns have been followed.
  static func settled(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x08 || $0 == 0x0D }) else { return text }
    var kept = String.UnicodeScalarView()
    var line = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\u{8}": _ = line.popLast()
      case "\r" where next != nil && next != "\n": line = String.UnicodeScalarView()
      case "\n":
        kept += line
        kept.append(scalar)
        line = String.UnicodeScalarView()
      default: line.append(scalar)
      }
    }
    return String(kept + line)
  }
}
