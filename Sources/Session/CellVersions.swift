internal import Catalog

/// Which cells of a notebook were run again, so that an error can say that it stands in old text.
struct CellVersions {
  private struct Version {
    let id: String
    let text: String
  }

  /// By what errors call the execution: `Cell [3]`.
  private var versions: [String: Version] = [:]
  /// The name of the newest execution of a cell, by the identity the front end gave it.
  private var newest: [String: String] = [:]

  mutating func note(_ cell: Cell, name: String) {
    guard let id = cell.id else { return }
    versions[name] = Version(id: id, text: cell.text)
    newest[id] = name
  }

  /// The failure with a mark on each place in a cell that was run again since.
  func marking(_ failure: Failure) -> Failure {
    var failure = failure
    for index in failure.frames.indices {
      let name = failure.frames[index].source
      guard let old = versions[name], let latest = newest[old.id], latest != name else { continue }
      let isSame = versions[latest]?.text == old.text
      failure.frames[index].source += isSame ? " (now \(latest))" : " (older version of \(latest))"
    }
    failure.causes = failure.causes.map { Failure.Cause($0.link, marking($0.failure)) }
    return failure
  }
}
