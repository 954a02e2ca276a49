/// A range of UTF-8 bytes of a `Source`, from `start` up to but without `end`.
public struct SourceSpan: Hashable, Sendable {
  @usableFromInline let low: UInt32
  @usableFromInline let high: UInt32

  /// The span from `start` to `end`; an `end` before `start` gives an empty span at `start`.
  ///
  /// Offsets are below 2³² because a source is at most `Limit.cellBytes` long.
  @inlinable
  public init(_ start: Int, _ end: Int) {
    low = UInt32(truncatingIfNeeded: start)
    high = UInt32(truncatingIfNeeded: max(start, end))
  }

  @inlinable public var start: Int { Int(low) }
  @inlinable public var end: Int { Int(high) }
  @inlinable public var range: Range<Int> { Int(low)..<Int(high) }
  @inlinable public var isEmpty: Bool { low == high }

  /// From the start of this span to the end of `other`.
  @inlinable
  public func through(_ other: SourceSpan) -> SourceSpan {
    SourceSpan(start, max(end, other.end))
  }
}

/// The text of one cell, file or argument, with the table of its lines.
///
/// Kept alive by everything compiled from it, so that errors in old code still show their text.
public final class Source: Sendable {
  /// A line from 1 and a column from 0, in code points.
  public struct Position: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  public let text: String
  /// What errors call it: `Cell [3]`, or a file's name.
  public let name: String
  /// The number of the execution; nil for a file.
  public let executionCount: Int?
  /// The module of the language whose text this is; nil for what users write.
  public let module: String?
  public let bytes: ContiguousArray<UInt8>
  /// The offset of the first byte of each line; a line ends with `\n`, `\r\n` or `\r`.
  private let lineStarts: ContiguousArray<UInt32>

  public init(
    _ text: String, name: String, executionCount: Int? = nil, module: String? = nil
  ) {
    self.text = text
    self.name = name
    self.executionCount = executionCount
    self.module = module
    let bytes = ContiguousArray(text.utf8)
    var starts: ContiguousArray<UInt32> = [0]
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
      if byte == 0x0A || byte == 0x0D { starts.append(UInt32(truncatingIfNeeded: index)) }
    }
    self.bytes = bytes
    lineStarts = starts
  }

  /// A cell of a session: `Cell [3]`.
  public convenience init(cell text: String, executionCount: Int) {
    self.init(text, name: "Cell [\(executionCount)]", executionCount: executionCount)
  }

  public var lineCount: Int { lineStarts.count }

  /// The number, from 1, of the line that holds the byte at `offset`.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Line and column of the byte at `offset`; offsets outside the text are moved to its ends.
  public func position(at offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let line = line(at: offset)
    return Position(line: line, column: codePoints(from: Int(lineStarts[line - 1]), to: offset))
  }

  /// The byte offset of a position; positions outside the text are moved to the nearest in it.
  public func offset(of position: Position) -> Int {
    guard position.line >= 1 else { return 0 }
    guard position.line <= lineCount else { return bytes.count }
    let span = span(ofLine: position.line)
    return min(advance(span.start, by: position.column), span.end)
  }

  /// The byte offset of the `index`-th code point, as Jupyter counts cursors.
  public func offset(ofCodePoint index: Int) -> Int { advance(0, by: index) }

  /// How many code points stand before the byte at `offset`.
  public func codePoint(at offset: Int) -> Int { codePoints(from: 0, to: offset) }

  /// The bytes of a line from 1, without its end; empty for lines that do not exist.
  public func span(ofLine line: Int) -> SourceSpan {
    guard line >= 1, line <= lineCount else { return SourceSpan(bytes.count, bytes.count) }
    let start = Int(lineStarts[line - 1])
    var end = line < lineCount ? Int(lineStarts[line]) : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return SourceSpan(start, end)
  }

  /// The text of a line from 1, without its end.
  public func text(ofLine line: Int) -> String { text(of: span(ofLine: line)) }

  /// The text a span covers; the part of it that lies in the source.
  public func text(of span: SourceSpan) -> String {
    let start = min(span.start, bytes.count)
    return String(decoding: bytes[start..<min(max(start, span.end), bytes.count)], as: UTF8.self)
  }

  private func codePoints(from start: Int, to end: Int) -> Int {
    var count = 0
    var index = start
    while index < min(end, bytes.count) {
      if bytes[index] & 0xC0 != 0x80 { count += 1 }
      index += 1
    }
    return count
  }

  private func advance(_ start: Int, by count: Int) -> Int {
    var left = count
    var index = start
    while left > 0, index < bytes.count {
      index += 1
      while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
      left -= 1
    }
    return index
  }
}
