import Catalog
import Kernel
import Testing

/// Clients that send faster than cells run.
@Suite struct FloodTests {
  private static let count = 500

  @Test func `of a flood only so much is read, and control is still answered`() {
    let client = Client(mostRequests: 100)
    let loop = client.execute("loop")
    #expect(client.wait(for: "execute_input") != nil)
    let flood = (0..<Self.count).map { _ in
      client.frames("execute_request", Client.cell("print no")).frames
    }
    client.wire.deliver(flood, on: .shell)
    for _ in 0..<10 {
      let answers = client.answers(to: client.send("kernel_info_request", on: .control))
      #expect(answers.map(\.summary) == ["busy", "kernel_info_reply", "idle"])
    }
    #expect(client.wire.unread(on: .shell) == Self.count - 99)
    // Everything behind the interrupted cell is aborted, also what had not been read by then.
    client.send("interrupt_request", on: .control)
    var statuses: [String: Int] = [:]
    while statuses.values.reduce(0, +) <= Self.count, let message = client.next() {
      guard message.type == "execute_reply" else { continue }
      #expect((message.parentID == loop) == (message.content["status"] == "error"))
      statuses[message.content["status"]?.string ?? "", default: 0] += 1
    }
    #expect(statuses == ["error": 1, "aborted": Self.count])
    let after = client.answers(to: client.execute("print yes"))
    #expect(after.map(\.summary).contains("stdout: yes\n"))
    client.leave()
  }

  @Test func `large requests wait with the client sooner than small ones`() {
    let client = Client(mostRequestBytes: 16_000)
    client.execute("loop")
    #expect(client.wait(for: "execute_input") != nil)
    let code = "print " + String(repeating: "x", count: 1000)
    let flood = (0..<40).map { _ in
      client.frames("execute_request", Client.cell(code)).frames
    }
    client.wire.deliver(flood, on: .shell)
    _ = client.answers(to: client.send("kernel_info_request", on: .control))
    _ = client.answers(to: client.send("kernel_info_request", on: .control))
    let read = flood.count - client.wire.unread(on: .shell)
    #expect((10...14).contains(read))
    client.leave()
  }

  @Test func `a flood runs to its end, in order`() {
    let client = Client(mostRequests: 20)
    let cells = (0..<300).map { client.frames("execute_request", Client.cell("value \($0)")) }
    client.wire.deliver(cells.map(\.frames), on: .shell)
    var results: [String] = []
    while results.count < cells.count, let message = client.next() {
      guard message.type == "execute_result" else { continue }
      results.append(message.content["data"]?["text/plain"]?.string ?? "?")
    }
    #expect(results == cells.indices.map { "\($0)" })
    client.leave()
  }

  @Test func `a flood of words to widgets is answered whole`() {
    let client = Client(mostRequests: 20)
    client.execute("open w")
    #expect(client.wait(for: "comm_open") != nil)
    let content: JSON = [
      "comm_id": "w", "data": ["method": "update", "state": ["value": 1], "buffer_paths": []],
    ]
    let words = (0..<300).map { _ in client.frames("comm_msg", content) }
    client.wire.deliver(words.map(\.frames), on: .shell)
    var idle = 0
    while idle < words.count, let message = client.next() {
      if message.isIdle, message.parentID != nil { idle += 1 }
    }
    #expect(idle >= words.count)
    #expect(client.answers(to: client.execute("print on")).map(\.summary).contains("stdout: on\n"))
    client.leave()
  }

  @Test func `garbage without end does not keep the kernel from its clients`() {
    let client = Client()
    client.wire.deliver(Array(repeating: [[1, 2, 3]], count: 5000), on: .shell)
    client.wire.deliver(Array(repeating: [[1, 2, 3]], count: 5000), on: .stdin)
    let answers = client.answers(to: client.send("kernel_info_request", on: .control))
    #expect(answers.count == 3)
    #expect(client.answers(to: client.execute("print on")).map(\.summary).contains("stdout: on\n"))
    client.leave()
  }
}
