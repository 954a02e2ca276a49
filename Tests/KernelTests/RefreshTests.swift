import Catalog
import Kernel
import Testing

/// What changes faster than anybody can see.
@Suite struct RefreshTests {
  /// What is said of a display id or a widget, in the order in which it was sent.
  private func told(_ answers: [Message]) -> [String] {
    answers.compactMap { message in
      switch message.type {
      case "display_data", "update_display_data":
        let id = message.content["transient"]?["display_id"]?.string ?? ""
        return "\(id) \(message.content["data"]?["text/plain"]?.string ?? "?")"
      case "comm_msg":
        guard let state = message.content["data"]?["state"]?.members else { return "custom" }
        return state.map { "\($0.key)=\($0.value.string ?? "?")" }.joined(separator: " ")
      case "clear_output", "comm_open", "execute_reply": return message.type
      default: return nil
      }
    }
  }

  @Test func `a loop of updates makes few messages, and the last one is among them`() {
    let client = Client()
    let answers = client.answers(to: client.execute("show 0\nupdates 20000\nvalue end"))
    let updates = answers.filter { $0.type == "update_display_data" }
    #expect(updates.count < 200)
    let told = told(answers)
    #expect(told.filter { $0.hasPrefix("one") }.last == "one 19999")
    #expect(told.filter { $0.hasPrefix("two") }.last == "two -19999")
    // Who reads the reply finds the last state shown.
    #expect(told.last == "execute_reply")
    #expect(Set(answers.map(\.id)).count == answers.count)
    client.leave()
  }

  @Test func `an update goes out while the cell goes on, the first at once`() {
    let client = Client()
    let cell = client.execute("show 0\nupdate 1\nupdate 2\nupdate 3\nloop")
    var last: String?
    while last != "3", let message = client.next() {
      guard message.type == "update_display_data" else { continue }
      last = message.content["data"]?["text/plain"]?.string
    }
    #expect(last == "3")
    client.send("interrupt_request", on: .control)
    #expect(client.answers(to: cell).last?.isIdle == true)
    client.leave()
  }

  @Test func `what is shown or cleared after an update stays after it`() {
    let client = Client()
    let code = "show 0\nupdate 1\nupdate 2\nshow 3\nupdate 4\nupdate 5\nclear\nshow 6\nupdate 7"
    let told = told(client.answers(to: client.execute(code)))
    let order = ["one 2", "one 3", "one 5", "clear_output", "one 6", "one 7", "execute_reply"]
    #expect(told.filter { order.contains($0) } == order)
    client.leave()
  }

  @Test func `text that came before an update goes before it`() {
    let client = Client()
    let answers = client.answers(to: client.execute("show 0\nprint a\nprint b\nupdate 1"))
    let kinds = answers.map(\.summary)
    let text = answers.reduce("") { $0 + ($1.content["text"]?.string ?? "") }
    #expect(text == "a\nb\n")
    #expect(
      kinds.lastIndex { $0.hasPrefix("stdout") } ?? 99 < kinds.lastIndex(of: "update_display_data")
        ?? 0)
    client.leave()
  }

  @Test func `of a widget's state every part arrives, and other words keep their place`() {
    let client = Client()
    let changes = (0..<500).map { "set w a \($0)\nset w b \(-$0)" }.joined(separator: "\n")
    let told = told(
      client.answers(
        to: client.execute("open w\n" + changes + "\ntell w\nset w a x\nopen v\nset v a y")))
    #expect(told.count < 100)
    let custom = told.firstIndex(of: "custom") ?? 0
    #expect(told[..<custom].last { $0.contains("a=") }?.contains("a=499") == true)
    #expect(told[..<custom].last { $0.contains("b=") }?.contains("b=-499") == true)
    #expect(Array(told[custom...]) == ["custom", "a=x", "comm_open", "a=y", "execute_reply"])
    client.leave()
  }
}
