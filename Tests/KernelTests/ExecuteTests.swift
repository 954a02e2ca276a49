import Catalog
import Kernel
import Testing

@Suite struct ExecuteTests {
  @Test func `a cell is framed by busy and idle, its output in order`() {
    let client = Client()
    let id = client.execute("print a\nshow pic\nwarn b\nupdate pic2\nclear\nvalue 7")
    let answers = client.answers(to: id)
    #expect(
      answers.map(\.summary) == [
        "busy", "execute_input", "stdout: a\n", "display_data", "stderr: b\n",
        "update_display_data", "clear_output", "execute_result", "execute_reply", "idle",
      ])
    let reply = answers.first { $0.type == "execute_reply" }
    #expect(reply?.content["status"] == "ok")
    #expect(reply?.content["execution_count"] == 1)
    #expect(reply?.content["payload"] == [])
    #expect(reply?.content["user_expressions"] == [:])
    #expect(reply?.channel == .shell)
    #expect(reply?.identities == [Array("me".utf8)])
    let display = answers.first { $0.type == "display_data" }
    #expect(display?.content["transient"] == ["display_id": "one"])
    #expect(display?.content["data"]?["image/svg+xml"] == "<svg/>")
    let result = answers.first { $0.type == "execute_result" }
    #expect(result?.content["execution_count"] == 1)
    #expect(result?.content["data"] == ["text/plain": "7"])
    client.leave()
  }

  @Test func `an error is one message, and its facts stand in the reply`() {
    let client = Client()
    let answers = client.answers(to: client.execute("print before\nfail wrong"))
    #expect(
      answers.map(\.summary) == [
        "busy", "execute_input", "stdout: before\n", "error", "execute_reply", "idle",
      ])
    for message in answers where message.type == "error" || message.type == "execute_reply" {
      #expect(message.content["ename"] == "ValueError")
      #expect(message.content["evalue"] == "wrong")
      #expect(message.content["traceback"]?.array?.isEmpty == false)
      // The status is the reply's.
      #expect((message.content["status"] == "error") == (message.type == "execute_reply"))
    }
    client.leave()
  }

  @Test func `a silent cell shows and counts nothing`() {
    let client = Client()
    let answers = client.answers(to: client.execute("print a\nvalue 7", ["silent": true]))
    #expect(answers.map(\.summary) == ["busy", "execute_reply", "idle"])
    #expect(answers[1].content["execution_count"] == 0)
    let next = client.answers(to: client.execute("value 1"))
    #expect(next.first { $0.type == "execute_reply" }?.content["execution_count"] == 1)
    client.leave()
  }

  @Test func `a silent cell that fails says so in its reply`() {
    let client = Client()
    let answers = client.answers(to: client.execute("fail x", ["silent": true]))
    #expect(answers.map(\.summary) == ["busy", "execute_reply", "idle"])
    #expect(answers[1].content["status"] == "error")
    client.leave()
  }

  @Test func `a cell that is not stored is shown but not counted`() {
    let client = Client()
    _ = client.answers(to: client.execute("value 1"))
    let answers = client.answers(to: client.execute("value 2", ["store_history": false]))
    #expect(answers.map(\.summary).contains("execute_result"))
    #expect(answers.first { $0.type == "execute_reply" }?.content["execution_count"] == 1)
    let history = client.answers(
      to: client.send("history_request", ["hist_access_type": "tail", "n": 10]))
    #expect(history[1].content["history"]?.array?.count == 1)
    client.leave()
  }

  @Test func `user expressions are evaluated after success only`() {
    let client = Client()
    let expressions: JSON = ["user_expressions": ["a": "40 + 2", "b": "bad"]]
    let reply = client.answers(to: client.execute("print x", expressions))
      .first { $0.type == "execute_reply" }
    let values = reply?.content["user_expressions"]
    #expect(values?["a"]?["status"] == "ok")
    #expect(values?["a"]?["data"] == ["text/plain": "40 + 2"])
    #expect(values?["b"]?["status"] == "error")
    #expect(values?["b"]?["ename"] == "NameError")
    let failed = client.answers(to: client.execute("fail x", expressions))
      .first { $0.type == "execute_reply" }
    #expect(failed?.content["user_expressions"] == [:])
    client.leave()
  }

  @Test func `cells behind a failed one are aborted, other requests are served`() {
    let client = Client()
    let requests = [
      client.frames("execute_request", Client.cell("fail x")),
      client.frames("execute_request", Client.cell("print no")),
      client.frames("comm_info_request", [:]),
      client.frames("execute_request", Client.cell("print never")),
    ]
    client.wire.deliver(requests.map(\.frames), on: .shell)
    var replies: [String: JSON] = [:]
    var inputs = 0
    while replies.count < 4, let message = client.next() {
      if message.type == "execute_input" { inputs += 1 }
      if message.type.hasSuffix("_reply") {
        replies[message.parentID ?? ""] = message.content["status"]
      }
    }
    #expect(requests.map { replies[$0.id] } == ["error", "aborted", "ok", "aborted"])
    #expect(inputs == 1)
    let after = client.answers(to: client.execute("print yes"))
    #expect(after.map(\.summary).contains("stdout: yes\n"))
    client.leave()
  }

  @Test func `with stop_on_error false the queue goes on`() {
    let client = Client()
    let first = client.frames("execute_request", Client.cell("fail x", ["stop_on_error": false]))
    let second = client.frames("execute_request", Client.cell("print yes"))
    client.wire.deliver([first.frames, second.frames], on: .shell)
    #expect(client.answers(to: second.id).map(\.summary).contains("stdout: yes\n"))
    client.leave()
  }

  @Test func `a hundred thousand lines make few messages, and none is lost`() {
    let client = Client()
    let answers = client.answers(to: client.execute("lines 100000"))
    let streams = answers.filter { $0.type == "stream" }
    let text = streams.compactMap { $0.content["text"]?.string }.joined()
    #expect(text == (0..<100_000).map { "\($0)\n" }.joined())
    #expect(streams.count < 100)
    client.leave()
  }

  @Test func `too much text keeps its head and its tail`() {
    let client = Client(printLimit: 80_000)
    let line = "print " + String(repeating: "é", count: 500)
    let code = "print head\n" + Array(repeating: line, count: 120).joined(separator: "\n")
    let answers = client.answers(to: client.execute(code + "\nprint tail"))
    let streams = answers.filter { $0.type == "stream" }
    let text = streams.compactMap { $0.content["text"]?.string }.joined()
    #expect(text.hasPrefix("head\n"))
    #expect(text.hasSuffix("é\ntail\n"))
    #expect(text.contains("bytes left out"))
    #expect(text.utf8.count > 79_000)
    #expect(text.utf8.count < 80_200)
    client.leave()
  }
}
