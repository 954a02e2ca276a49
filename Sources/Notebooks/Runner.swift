public import Catalog
public import Session

/// Executes a notebook with a session, as nbclient does with a kernel.
///
/// It belongs to the session's thread.
public final class Runner {
  /// What a run tells while it goes on.
  public enum Event {
    /// A cell begins: its number among those to run, how many there are, and the cell.
    case began(number: Int, of: Int, Notebook.Cell)
    case ended(number: Int, of: Int, CellResult)
  }

  /// How a run ended.
  public struct Report: Sendable {
    /// How many cells ran.
    public var executed = 0
    /// The error that stopped the run, with the number of its cell.
    public var stopped: (cell: Int, failure: Failure)?
    /// Whether the user's interrupt was what stopped it.
    public var isInterrupted = false
    /// Errors in cells that may fail.
    public var tolerated = 0
  }

  private let session: Session
  private let tell: (Event) -> Void

  public init(_ session: Session, tell: @escaping (Event) -> Void = { _ in }) {
    self.session = session
    self.tell = tell
  }

  /// Runs all code cells in order, up to the first error in a cell without the tag
  /// `raises-exception`.
  ///
  /// Outputs and execution counts of the cells that ran are replaced; those behind an error stay.
  public func run(_ notebook: inout Notebook) -> Report {
    var report = Report()
    let total = notebook.cells.count { $0.isRunnable }
    let sink = NotebookSink()
    var isIntact = true
    for (index, cell) in notebook.cells.enumerated() where cell.isRunnable && isIntact {
      report.executed += 1
      let number = report.executed
      tell(.began(number: number, of: total, cell))
      sink.begin(cell: index, executionCount: number)
      let result = session.run(
        Cell(cell.source, executionCount: number, id: cell.id), sink: sink)
      notebook.cells[index].executionCount = number
      tell(.ended(number: number, of: total, result))
      switch result.ending {
      case .ok, .exit: break
      case .failure where cell.tags.contains("raises-exception"):
        report.tolerated += 1
      case .failure(let failure):
        report.stopped = (number, failure)
        isIntact = false
      case .interrupted(let failure):
        report.stopped = (number, failure)
        report.isInterrupted = true
        isIntact = false
      }
    }
    for (index, outputs) in sink.outputs { notebook.cells[index].outputs = outputs }
    if let widgets = sink.widgetStates { notebook.metadata.set("widgets", to: widgets) }
    notebook.metadata.set("language_info", to: About.language)
    if notebook.metadata["kernelspec"] == nil {
      notebook.metadata.set(
        "kernelspec",
        to: [
          "display_name": "Gradus", "language": .string(About.languageName), "name": "gradus",
        ])
    }
    return report
  }
}
