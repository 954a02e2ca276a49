public import Catalog

/// Shows a script's output on the process's own streams: text on stdout, errors on stderr.
///
/// What goes to stdout is gathered and written in large pieces, a line at a time on a terminal.
/// Pictures appear in their text form; a display that is updated is shown once, in its last state.
public final class TerminalSink: Sink {
  private var waiting: [UInt8] = []
  private let isTerminal: Bool
  private let usesColour: Bool
  /// Displays that can still be updated: shown when something else follows, or at the end.
  private var open: [(id: String, media: Media)] = []

  public init() {
    isTerminal = Descriptor.isTerminal(Descriptor.output)
    usesColour = Descriptor.isTerminal(Descriptor.errors) && environment("NO_COLOR") == nil
    waiting.reserveCapacity(1 << 16)
  }

  public func emit(_ output: Output) {
    switch output {
    case .stream(.standard, let text):
      settle()
      put(text)
    case .stream(.error, let text):
      settle()
      flush()
      Descriptor.write(text.utf8, to: Descriptor.errors)
    case .display(let media, id: let id?):
      open.append((id, media))
    case .display(let media, id: nil), .result(let media):
      settle()
      put(media.text + "\n")
    case .update(let media, let id):
      if let index = open.firstIndex(where: { $0.id == id }) {
        open[index].media = media
      } else {
        put(media.text + "\n")
      }
    case .failure(let failure):
      settle()
      flush()
      let report = failure.report(colour: usesColour).joined(separator: "\n")
      Descriptor.write((report + "\n").utf8, to: Descriptor.errors)
    case .clear, .comm: break
    }
  }

  public func ask(_ prompt: String, isSecret: Bool) throws -> String {
    settle()
    put(prompt)
    flush()
    let line = isSecret ? Descriptor.withoutEcho { readLine() } : readLine()
    // The end of the line that was typed did not show either.
    if isSecret, Descriptor.isTerminal(Descriptor.input) { put("\n") }
    guard let line else { throw Failure(named: "EOFError", "EOF when reading a line") }
    return line
  }

  public func nextLine() throws -> String? {
    settle()
    flush()
    return readLine(strippingNewline: false)
  }

  /// Writes everything that waits.
  public func flush() {
    guard !waiting.isEmpty else { return }
    Descriptor.write(waiting, to: Descriptor.output)
    waiting.removeAll(keepingCapacity: true)
  }

  /// Shows the last state of what could be updated, and writes everything.
  public func finish() {
    settle()
    flush()
  }

  private func settle() {
    guard !open.isEmpty else { return }
    let displays = open
    open = []
    for display in displays { put(display.media.text + "\n") }
  }

  private func put(_ text: String) {
    waiting += text.utf8
    if waiting.count >= 1 << 16 || isTerminal && text.utf8.contains(0x0A) { flush() }
  }
}
