import Catalog
import Kernel
import Testing

@Suite struct CommTests {
  private func update(_ id: String, _ keys: String...) -> JSON {
    let state = JSON.object(keys.map { ($0, 1) })
    return ["comm_id": .string(id), "data": ["method": "update", "state": state]]
  }

  @Test func `a comm that a cell opens is told of, and its messages are answered`() {
    let client = Client()
    defer { client.leave() }
    let opening = client.answers(to: client.execute("open abc"))
    #expect(opening.contains { $0.type == "comm_open" && $0.content["comm_id"] == "abc" })
    let info = client.answers(to: client.send("comm_info_request"))
      .first { $0.type == "comm_info_reply" }
    #expect(info?.content["comms"] == ["abc": ["target_name": "jupyter.widget"]])
    let other = client.answers(
      to: client.send("comm_info_request", ["target_name": "other"])
    ).first { $0.type == "comm_info_reply" }
    #expect(other?.content["comms"] == [:])
    let answers = client.answers(to: client.send("comm_msg", update("abc", "value")))
    #expect(answers.map(\.summary) == ["busy", "stdout: idle [\"value\"]\n", "idle"])
    _ = client.answers(to: client.send("comm_close", ["comm_id": "abc", "data": [:]]))
    let after = client.answers(to: client.send("comm_msg", update("abc", "value")))
    #expect(after.map(\.summary) == ["busy", "idle"])
  }

  @Test func `an unknown target is closed at once`() {
    let client = Client()
    defer { client.leave() }
    let answers = client.answers(
      to: client.send("comm_open", ["comm_id": "x", "target_name": "nobody", "data": [:]]))
    #expect(answers.map(\.summary) == ["busy", "comm_close", "idle"])
  }

  @Test func `a running cell that pauses hears what widgets are told, and stays busy`() {
    let client = Client()
    defer { client.leave() }
    _ = client.answers(to: client.execute("open abc"))
    let cell = client.execute("pause")
    _ = client.wait(for: "execute_input")
    let answers = client.answers(to: client.send("comm_msg", update("abc", "value")))
    #expect(answers.map(\.summary) == ["busy", "stdout: paused [\"value\"]\n", "idle"])
    let again = client.next()
    #expect(again?.parentID == cell && again?.summary == "busy")
    client.send("interrupt_request", on: .control)
    #expect(client.answers(to: cell).contains { $0.type == "error" })
  }

  @Test func `of what arrives together the newest counts`() {
    let client = Client()
    defer { client.leave() }
    _ = client.answers(to: client.execute("open abc"))
    client.execute("loop")
    _ = client.wait(for: "execute_input")
    let first = client.send("comm_msg", update("abc", "value", "step"))
    let second = client.send("comm_msg", update("abc", "value"))
    // Control is read before shell, so both must have been read before the cell is to end.
    _ = client.answers(to: client.send("kernel_info_request"))
    client.send("interrupt_request", on: .control)
    #expect(client.answers(to: first).map(\.summary)[1] == "stdout: idle [\"step\"]\n")
    #expect(client.answers(to: second).map(\.summary)[1] == "stdout: idle [\"value\"]\n")
  }
}
