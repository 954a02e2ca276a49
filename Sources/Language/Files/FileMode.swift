/// The mode of `open`: what is done with the file, from text such as `"r+"`.
struct FileMode {
  enum Action {
    case read
    case write
    case append
    /// A new file; an error when there is one.
    case create
  }

  /// Why a text is no mode.
  enum Problem: Error {
    case invalid
    case severalActions
    case noAction
    case binary
    case textAndBinary
  }

  let text: String
  let action: Action
  let isUpdating: Bool

  init(_ text: String) throws(Problem) {
    var actions: [Action] = []
    var (isUpdating, isText, isBinary) = (false, false, false)
    var seen: Set<Character> = []
    for letter in text {
      guard seen.insert(letter).inserted else { throw .invalid }
      switch letter {
      case "r": actions.append(.read)
      case "w": actions.append(.write)
      case "a": actions.append(.append)
      case "x": actions.append(.create)
      case "+": isUpdating = true
      case "t": isText = true
      case "b": isBinary = true
      default: throw .invalid
      }
    }
    if isText, isBinary { throw .textAndBinary }
    if actions.count > 1 { throw .severalActions }
    guard let action = actions.first else { throw .noAction }
    if isBinary { throw .binary }
    self.text = text
    self.action = action
    self.isUpdating = isUpdating
  }

  var canRead: Bool { action == .read || isUpdating }
  var canWrite: Bool { action != .read || isUpdating }
}

/// How lines end, the argument `newline` of `open`.
enum LineEnds {
  /// None: any line end is read as `\n`.
  case translated
  /// `""`: any line end ends a line, and stays.
  case any
  case newline
  case carriageReturn
  case both

  init?(_ text: String?) {
    switch text {
    case nil: self = .translated
    case "": self = .any
    case "\n": self = .newline
    case "\r": self = .carriageReturn
    case "\r\n": self = .both
    default: return nil
    }
  }
}
