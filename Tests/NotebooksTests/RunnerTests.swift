import Catalog
import Notebooks
import Session
import Testing

@Suite struct RunnerTests {
  private func run(_ sources: [(source: String, tags: [String])]) -> (Notebook, Runner.Report) {
    var notebook = Notebook(cells: [Notebook.Cell(.markdown, id: "title", source: "# Title")])
    for (index, cell) in sources.enumerated() {
      let tags = JSON.object([("tags", .array(cell.tags.map { .string($0) }))])
      notebook.cells.append(
        Notebook.Cell(
          .code, id: "cell-\(index)", source: cell.source,
          metadata: cell.tags.isEmpty ? .object([]) : tags))
    }
    let report = Runner(Session(Session.Options(charts: .final))).run(&notebook)
    return (notebook, report)
  }

  private func run(_ sources: String...) -> (Notebook, Runner.Report) {
    run(sources.map { ($0, []) })
  }

  @Test func outputsHaveTheFormOfTheFile() {
    let (notebook, report) = run("print('a'); print('b')\n1", "", "2;")
    #expect(report.executed == 2)
    #expect(report.stopped == nil)
    #expect(notebook.cells[1].executionCount == 1)
    #expect(notebook.cells[2].executionCount == nil)
    #expect(notebook.cells[3].executionCount == 2)
    let expected: [JSON] = [
      ["output_type": "stream", "name": "stdout", "text": "a\nb\n"],
      [
        "output_type": "execute_result", "execution_count": 1, "metadata": [:],
        "data": ["text/plain": "1"],
      ],
    ]
    #expect(notebook.cells[1].outputs == expected)
    #expect(notebook.cells[3].outputs.isEmpty)
    #expect(notebook.metadata["language_info"]?["name"]?.string == "python")
    #expect(notebook.metadata["kernelspec"]?["name"]?.string == "gradus")
  }

  @Test func updatesReplaceWhatEarlierCellsShowed() {
    let (notebook, _) = run("display(1, id='d')\nprint('x')\ndisplay(2, id='d')", "update(3, 'd')")
    let texts = notebook.cells[1].outputs.map {
      $0["data"]?["text/plain"]?.string ?? $0["text"]?.string
    }
    #expect(texts == ["3", "x\n", "3"])
    #expect(notebook.cells[2].outputs.isEmpty)
  }

  @Test func clearedOutputsAreGone() {
    let (notebook, _) = run(
      "print(1)\nclear_output()\nprint(2)", "print(1)\nclear_output(wait=True)",
      "print(1)\nclear_output(wait=True)\nprint(2)")
    #expect(notebook.cells[1].outputs.map { $0["text"]?.string } == ["2\n"])
    #expect(notebook.cells[2].outputs.map { $0["text"]?.string } == ["1\n"])
    #expect(notebook.cells[3].outputs.map { $0["text"]?.string } == ["2\n"])
  }

  @Test func carriageReturnsAndBackspacesHaveDoneTheirWork() {
    let (notebook, _) = run("print('10 %\\r20 %\\rdone\\nab\\bc\\r')")
    #expect(notebook.cells[1].outputs.first?["text"]?.string == "done\nac\r\n")
  }

  @Test func anErrorStopsTheRunUnlessTheCellMayFail() throws {
    let (notebook, report) = run([
      ("1 / 0", ["raises-exception"]), ("1", []), ("nope", []), ("2", []),
    ])
    #expect(report.tolerated == 1)
    #expect(report.executed == 3)
    #expect(report.stopped?.cell == 3)
    #expect(report.stopped?.failure.exception == "NameError")
    let output = try #require(notebook.cells[3].outputs.first)
    #expect(output["output_type"]?.string == "error")
    #expect(output["ename"]?.string == "NameError")
    #expect(output["traceback"]?.array?.isEmpty == false)
    #expect(notebook.cells[4].outputs.isEmpty)
  }
}
