/// The files that are open, so that none is left with text that has not been written.
///
/// It keeps none of them alive: a file that the script has dropped is closed when it is collected.
final class OpenFiles {
  private struct Place {
    weak var file: TextFile?
  }
  private var places: [ObjectIdentifier: Place] = [:]

  func add(_ file: TextFile) { places[ObjectIdentifier(file)] = Place(file: file) }
  func remove(_ file: TextFile) { places[ObjectIdentifier(file)] = nil }

  /// Whether any file waits to be closed.
  var isEmpty: Bool { places.isEmpty }

  /// Writes out what all of them hold back; what the system refuses stays for the next time.
  func flush() {
    for place in places.values { _ = place.file?.writeOut() }
  }
}
