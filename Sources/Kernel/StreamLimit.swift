internal import Catalog

/// Keeps the text of one cell within bounds: the head goes out as it comes, of the rest only the
/// tail is kept and goes out when the cell ends.
struct StreamLimit {
  private let headBytes: Int
  private let tailBytes: Int
  private var sentBytes = 0
  private var tail: [(stream: Output.Stream, text: String)] = []
  private var tailCount = 0
  private var droppedBytes = 0

  /// - Parameter bytes: the most a cell may print, both streams together; an eighth of it is kept
  ///   for the end.
  init(bytes: Int) {
    tailBytes = bytes / 8
    headBytes = bytes - tailBytes
  }

  /// What of the text goes out now.
  mutating func admit(_ text: String, to stream: Output.Stream) -> String {
    let size = text.utf8.count
    let room = headBytes - sentBytes
    if size <= room {
      sentBytes += size
      return text
    }
    let cut = text.boundary(atByte: room)
    sentBytes = headBytes
    keep(String(text[cut...]), of: stream)
    return String(text[..<cut])
  }

  /// What is left to say at the end of the cell: how much was left out, and the tail.
  mutating func rest() -> [(stream: Output.Stream, text: String)] {
    guard !tail.isEmpty else { return [] }
    trim()
    let kept = tail
    tail = []
    guard droppedBytes > 0 else { return kept }
    let note =
      "\n… \(droppedBytes) bytes left out: a cell shows at most \(headBytes + tailBytes); "
      + "print less, or write to a file …\n"
    return [(.error, note)] + kept
  }

  private mutating func keep(_ text: String, of stream: Output.Stream) {
    guard !text.isEmpty else { return }
    if let last = tail.indices.last, tail[last].stream == stream {
      tail[last].text += text
    } else {
      tail.append((stream, text))
    }
    tailCount += text.utf8.count
    // The front is dropped in large pieces, not line by line.
    if tailCount > 2 * tailBytes { trim() }
  }

  private mutating func trim() {
    var first = 0
    while tailCount > tailBytes, first < tail.count {
      let excess = tailCount - tailBytes
      let size = tail[first].text.utf8.count
      if size > excess {
        let text = tail[first].text
        let kept = String(text[text.boundary(atByte: excess)...])
        droppedBytes += size - kept.utf8.count
        tailCount -= size - kept.utf8.count
        tail[first].text = kept
        break
      }
      droppedBytes += size
      tailCount -= size
      first += 1
    }
    tail.removeFirst(first)
  }
}

extension String {
  /// The place of the first whole code point at or after a byte offset.
  fileprivate func boundary(atByte offset: Int) -> Index {
    guard offset < utf8.count else { return endIndex }
    var index = utf8.index(startIndex, offsetBy: max(0, offset))
    while index < endIndex, utf8[index] & 0xC0 == 0x80 { index = utf8.index(after: index) }
    return index
  }
}
