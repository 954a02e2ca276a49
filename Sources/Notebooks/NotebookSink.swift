internal import Catalog
internal import Session

/// Gathers what cells show, as a front end would store it in the notebook's file.
///
/// Updates replace what they update, in earlier cells too.
final class NotebookSink: Sink {
  private var lists: [Int: OutputList] = [:]
  private var current = OutputList()
  private var widgets = WidgetStates()

  /// The outputs of each cell run so far, by the cell's index.
  var outputs: [Int: [JSON]] { lists.mapValues(\.outputs) }

  /// The states of all widgets, in the form of a notebook's metadata; nil when there are none.
  var widgetStates: JSON? { widgets.json }

  /// What follows belongs to this cell.
  func begin(cell: Int, executionCount: Int) {
    current = OutputList(executionCount: executionCount)
    lists[cell] = current
  }

  func emit(_ output: Output) {
    switch output {
    case .update(let media, let id):
      for list in lists.values { list.update(media, id: id) }
    case .comm(let message): widgets.follow(message)
    default: current.add(output)
    }
  }
}
