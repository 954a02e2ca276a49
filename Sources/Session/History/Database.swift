internal import CSQLite
internal import Catalog

/// One connection to an SQLite file, for the thread that opened it.
///
/// A shim around the C library: its handles are opaque pointers, so this file says `unsafe`.
/// The pointer is valid from `init` to `deinit` and never leaves the object.
@safe final class Database {
  /// What SQLite said.
  struct Problem: Error, CustomStringConvertible {
    let description: String
    let code: Int32
  }

  enum Column {
    case integer(Int)
    case text(String)
    case null

    var integer: Int {
      if case .integer(let value) = self { value } else { 0 }
    }

    var text: String? {
      if case .text(let value) = self { value } else { nil }
    }
  }

  private let handle: OpaquePointer

  /// - Parameter path: a file, or `:memory:`.
  init(_ path: String) throws(Problem) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let handle = unsafe opened else {
      let text = unsafe opened.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "no memory"
      _ = unsafe sqlite3_close(opened)
      throw Problem(description: text, code: code)
    }
    unsafe self.handle = handle
    _ = unsafe sqlite3_busy_timeout(handle, 5_000)
  }

  deinit { _ = unsafe sqlite3_close(handle) }

  var lastRow: Int { Int(unsafe sqlite3_last_insert_rowid(handle)) }

  /// Runs one statement and gives its rows.
  @discardableResult
  func run(_ statement: String, _ values: [Column] = []) throws(Problem) -> [[Column]] {
    var prepared: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, statement, -1, &prepared, nil) == SQLITE_OK else {
      throw problem
    }
    defer { _ = unsafe sqlite3_finalize(prepared) }
    for (index, value) in values.enumerated() {
      // SQLite copies the text before the call returns (SQLITE_TRANSIENT is -1).
      let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      let position = Int32(index + 1)
      let code =
        switch value {
        case .integer(let number): unsafe sqlite3_bind_int64(prepared, position, Int64(number))
        case .text(let text): unsafe sqlite3_bind_text(prepared, position, text, -1, copied)
        case .null: unsafe sqlite3_bind_null(prepared, position)
        }
      guard code == SQLITE_OK else { throw problem }
    }
    var rows: [[Column]] = []
    while true {
      switch unsafe sqlite3_step(prepared) {
      case SQLITE_ROW: rows.append(unsafe row(of: prepared))
      case SQLITE_DONE: return rows
      default: throw problem
      }
    }
  }

  private func row(of prepared: OpaquePointer?) -> [Column] {
    (0..<(unsafe sqlite3_column_count(prepared))).map { index in
      switch unsafe sqlite3_column_type(prepared, index) {
      case SQLITE_INTEGER: return .integer(Int(unsafe sqlite3_column_int64(prepared, index)))
      case SQLITE_TEXT:
        guard let bytes = unsafe sqlite3_column_text(prepared, index) else { return .null }
        return .text(unsafe String(cString: bytes))
      default: return .null
      }
    }
  }

  private var problem: Problem {
    unsafe Problem(
      description: String(cString: sqlite3_errmsg(handle)), code: sqlite3_errcode(handle))
  }
}
