import Catalog
import Session
import Testing

@Suite struct TrainingChartTests {
  private func train(_ cadence: TrainingChart.Cadence, epochs: Int, steps: Int = 4) -> Recording {
    let recording = Recording()
    let context = Context(sink: recording)
    let chart = TrainingChart(cadence, context: context, prefix: "test") { facts in
      guard case .graph(let graph) = facts else { return Media("no graph") }
      return Media("chart of \(graph.title)")
    }
    var last = ""
    for epoch in 1...epochs {
      for step in 1...steps {
        last = "\(epoch).\(step)"
        chart.advanced(
          Progress(
            task: "fit", epoch: epoch, epochs: epochs, step: step, steps: steps,
            values: [("loss", 1 / Double(epoch))]),
          chart: { .graph(Graph(title: last, panels: [])) })
      }
    }
    chart.finished("done", chart: { .graph(Graph(title: last, panels: [])) })
    return recording
  }

  @Test(arguments: [TrainingChart.Cadence.live, .final])
  func theLastStateIsAlwaysShownInThePlaceOfTheFirst(cadence: TrainingChart.Cadence) throws {
    let outputs = train(cadence, epochs: 3).outputs
    guard case .display(_, id: let id?) = outputs.first else {
      Issue.record("the first output is no display with an id")
      return
    }
    guard case .update(let media, id: let updated) = outputs[outputs.count - 2],
      case .stream(.standard, let closing) = outputs[outputs.count - 1]
    else {
      Issue.record("it does not end with an update and a line")
      return
    }
    #expect(updated == id)
    #expect(media.text == "chart of 3.4")
    #expect(closing == "done\n")
  }

  @Test func aLiveChartIsNotRedrawnForEachStep() {
    #expect(train(.live, epochs: 100, steps: 100).outputs.count < 10)
  }

  @Test func whereNothingCanBeReplacedEachEpochIsALine() {
    #expect(
      train(.lines, epochs: 3).text() == """
        fit epoch 1 of 3: loss 1.000
        fit epoch 2 of 3: loss 0.5000
        fit epoch 3 of 3: loss 0.3333
        done

        """)
    #expect(train(.lines, epochs: 1000).text().split(separator: "\n").count == 21)
  }

  @Test func everyRunHasAChartOfItsOwn() {
    let recording = Recording()
    let chart = TrainingChart(.final, context: Context(sink: recording), prefix: "a") { _ in
      Media("chart")
    }
    for _ in 1...2 {
      chart.advanced(
        Progress(task: "fit", epoch: 1, epochs: 1, step: 1, steps: 1, values: []),
        chart: { .graph(Graph(panels: [])) })
      chart.finished("", chart: { .graph(Graph(panels: [])) })
    }
    let ids = recording.outputs.compactMap { output in
      if case .display(_, let id) = output { id } else { nil }
    }
    #expect(ids == ["a-1", "a-2"])
  }
}
