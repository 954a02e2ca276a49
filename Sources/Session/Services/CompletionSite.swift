/// What is being typed at a cursor.
struct CompletionSite {
  enum Target {
    /// A name of its own.
    case name
    /// A name behind a dot; the path before it.
    case attribute(of: [String])
    /// A string between the brackets of `path[`.
    case key(of: [String])
    /// A string that is an argument, by position from 0 or by name.
    case option
    /// A dotted module name.
    case module
    /// A name behind `from module import`.
    case member(ofModule: String)
    case magic
    case nothing
  }

  /// The innermost open call around the cursor.
  struct Call {
    var function: [String]
    /// How many positional arguments stand before the cursor's.
    var position: Int
    /// The name of the argument the cursor is in.
    var argument: String?
    /// Names of the arguments already given.
    var given: [String]
  }

  var target: Target
  /// What is already typed of it.
  var prefix: String
  /// Where `prefix` stands, in code points.
  var range: Range<Int>
  var call: Call?
  /// What the cell itself binds, with what is known of it; the nearest first.
  var locals: [(name: String, known: Known?)] = []
}
