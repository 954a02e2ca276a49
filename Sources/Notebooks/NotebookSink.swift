internal import Catalog

/// Gathers what cells show, as a front end would store it in the notebook's file.
///
/// Updates replace what they update, in earlier cells too; pieces of one stream that follow each
/// other become one output; carriage returns and backspaces have done their work.
final class NotebookSink: Sink {
  /// The outputs of each cell run so far, by the cell's index.
  private(set) var outputs: [Int: [JSON]] = [:]
  private var cell = 0
  private var executionCount = 0
  private var clearsBeforeNext = false
  /// The stream output that still grows.
  private var open: (stream: Output.Stream, text: String)?
  private var places: [String: [(cell: Int, index: Int)]] = [:]

  /// What follows belongs to this cell.
  func begin(cell: Int, executionCount: Int) {
    self.cell = cell
    self.executionCount = executionCount
    clearsBeforeNext = false
    outputs[cell] = []
  }

  func emit(_ output: Output) {
    switch output {
    case .stream(let stream, let text):
      append(stream, text)
    case .display(let media, let id):
      append(["output_type": "display_data"], media)
      if let id { places[id, default: []].append((cell, (outputs[cell]?.count ?? 1) - 1)) }
    case .update(let media, let id):
      for place in places[id] ?? [] {
        outputs[place.cell]?[place.index].set("data", to: media.bundle)
        outputs[place.cell]?[place.index].set("metadata", to: media.metadata)
      }
    case .result(let media):
      append(["output_type": "execute_result", "execution_count": .int(executionCount)], media)
    case .failure(let failure):
      append([
        "output_type": "error", "ename": .string(failure.exception),
        "evalue": .string(failure.message),
        "traceback": .array(failure.report(colour: true).map { .string($0) }),
      ])
    case .clear(let wait):
      if wait { clearsBeforeNext = true } else { clear() }
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
    outputs[cell, default: []].append(output)
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

  /// The cell has ended.
  func end() { closeStream() }

  private func closeStream() {
    guard let (stream, text) = open else { return }
    open = nil
    outputs[cell, default: []].append([
      "output_type": "stream", "name": .string(stream.rawValue),
      "text": .string(NotebookSink.settled(text)),
    ])
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

  private func clear() {
    clearsBeforeNext = false
    open = nil
    outputs[cell] = []
    for (id, known) in places {
      let left = known.filter { $0.cell != cell }
      places[id] = left.isEmpty ? nil : left
    }
  }
}
