import Catalog
import Kernel
import Testing

@Suite struct RequestTests {
  @Test func `a new listener is welcomed, and the first one learns that the kernel starts`() {
    let client = Client(listens: false)
    client.listen()
    let welcome = client.next()
    #expect(welcome?.type == "iopub_welcome")
    #expect(welcome?.content == ["subscription": ""])
    #expect(welcome?.parentID == nil)
    #expect(client.next()?.summary == "starting")
    client.listen(topic: "status")
    let second = client.next()
    #expect(second?.type == "iopub_welcome")
    #expect(second?.identities == [Array("status".utf8)])
    client.leave()
  }

  @Test func `requests before anybody listens wait for the first listener`() {
    let client = Client(listens: false)
    let id = client.execute("print a")
    client.listen()
    #expect(client.next()?.type == "iopub_welcome")
    #expect(client.answers(to: id).map(\.summary).contains("stdout: a\n"))
    client.leave()
  }

  @Test func `without any listener requests are answered after a moment`() {
    let client = Client(listens: false)
    let id = client.send("kernel_info_request")
    #expect(client.answers(to: id).map(\.summary) == ["busy", "kernel_info_reply", "idle"])
    client.leave()
  }

  @Test(arguments: [Channel.shell, .control])
  func `kernel_info tells what front ends need`(channel: Channel) {
    let client = Client()
    let answers = client.answers(to: client.send("kernel_info_request", on: channel))
    #expect(answers.map(\.summary) == ["busy", "kernel_info_reply", "idle"])
    let info = answers[1].content
    #expect(info["status"] == "ok")
    #expect(info["protocol_version"] == "5.5")
    #expect(info["language_info"]?["name"] == "python")
    #expect(info["language_info"]?["file_extension"] == ".grad")
    client.leave()
  }

  @Test func `answers carry the header as it came, an id of their own and one session`() throws {
    let client = Client()
    let id = client.execute("print a")
    let (frames, _) = client.frames("x", [:])
    #expect(frames.count == 7)
    var ids: Set<String> = []
    var sessions: Set<String> = []
    var isDone = false
    while !isDone {
      for (_, frames) in client.wire.sent.takeAll() {
        let mark = try #require(frames.firstIndex(of: Array("<IDS|MSG>".utf8)))
        let header = try JSON(parsing: frames[mark + 2])
        let parent = try JSON(parsing: frames[mark + 3])
        ids.insert(header["msg_id"]?.string ?? "")
        sessions.insert(header["session"]?.string ?? "")
        for key in ["msg_id", "msg_type", "session", "username", "version", "date"] {
          #expect(header[key]?.string != nil)
        }
        guard parent["msg_id"]?.string == id else { continue }
        #expect(parent["unknown"] == .number(1.5))
        let content = try JSON(parsing: frames[mark + 5])
        if content["execution_state"] == "idle" { isDone = true }
      }
      if !isDone { client.wire.sent.bell.wait(milliseconds: 5000) }
    }
    #expect(sessions.count == 1)
    #expect(ids.count == 7)  // welcome, starting, busy, execute_input, stream, reply, idle
    client.leave()
  }

  @Test func `completion, inspection and completeness are answered while a cell computes`() {
    let client = Client()
    let cell = client.execute("loop")
    #expect(client.wait(for: "execute_input") != nil)
    let completion = client.answers(
      to: client.send("complete_request", ["code": "é𝐚x", "cursor_pos": 2]))
    #expect(completion.map(\.summary) == ["busy", "complete_reply", "idle"])
    #expect(completion[1].content["status"] == "ok")
    let types = completion[1].content["metadata"]?["_jupyter_types_experimental"]
    #expect(types?.array?.count == completion[1].content["matches"]?.array?.count)
    let found = client.answers(
      to: client.send("inspect_request", ["code": "nothing_of_that_name", "cursor_pos": 3]))
    #expect(found.map(\.summary) == ["busy", "inspect_reply", "idle"])
    #expect(found[1].content["found"] == false)
    #expect(found[1].content["data"] == [:])
    let complete = client.answers(to: client.send("is_complete_request", ["code": "x = 1"]))
    #expect(complete[1].content["status"] == "complete")
    client.kernel.interrupt()
    #expect(client.answers(to: cell).last?.isIdle == true)
    client.leave()
  }

  @Test func `history has the cells in order, with their results on request`() {
    let client = Client()
    for code in ["value 1", "print x", "value 3"] {
      _ = client.answers(to: client.execute(code))
    }
    let tail = client.answers(
      to: client.send("history_request", ["hist_access_type": "tail", "n": 2]))
    #expect(tail.map(\.summary) == ["busy", "history_reply", "idle"])
    let rows = tail[1].content["history"]?.array ?? []
    #expect(rows.compactMap { $0.array?[2].string } == ["print x", "value 3"])
    #expect(rows.compactMap { $0.array?[1].int } == [2, 3])
    let range = client.answers(
      to: client.send(
        "history_request",
        ["hist_access_type": "range", "session": 0, "start": 1, "stop": 2, "output": true]))
    #expect(range[1].content["history"]?.array?.first?.array?[2] == ["value 1", "1"])
    let search = client.answers(
      to: client.send("history_request", ["hist_access_type": "search", "pattern": "value*"]))
    #expect(search[1].content["history"]?.array?.count == 2)
    let wrong = client.answers(to: client.send("history_request", ["hist_access_type": "all"]))
    #expect(wrong[1].content["status"] == "error")
    client.leave()
  }

  @Test func `an unknown comm target is closed at once`() {
    let client = Client()
    let opened = client.answers(
      to: client.send("comm_open", ["comm_id": "c1", "target_name": "nobody", "data": [:]]))
    #expect(opened.map(\.summary) == ["busy", "comm_close", "idle"])
    #expect(opened[1].content == ["comm_id": "c1", "data": [:]])
    let message = client.answers(to: client.send("comm_msg", ["comm_id": "c1", "data": [:]]))
    #expect(message.map(\.summary) == ["busy", "idle"])
    let info = client.answers(to: client.send("comm_info_request"))
    #expect(info[1].content == ["status": "ok", "comms": [:]])
    client.leave()
  }

  @Test func `there is no debugger, and unknown requests end in idle`() {
    let client = Client()
    let refused = client.answers(
      to: client.send("debug_request", ["seq": 4, "command": "attach"], on: .control))
    #expect(refused.map(\.summary) == ["busy", "debug_reply", "idle"])
    #expect(refused[1].content["success"] == false)
    #expect(refused[1].content["request_seq"] == 4)
    let unknown = client.answers(to: client.send("sing_request"))
    #expect(unknown.map(\.summary) == ["busy", "idle"])
    client.leave()
  }

  @Test func `a cell asks and gets its answer from the one who sent it`() throws {
    let client = Client()
    let cell = client.execute("print first\nask name?", ["allow_stdin": true])
    let request = try #require(client.wait(for: "input_request"))
    #expect(request.channel == .stdin)
    #expect(request.identities == [Array("me".utf8)])
    #expect(request.parentID == cell)
    #expect(request.content == ["prompt": "name?", "password": false])
    client.send("input_reply", ["value": "wrong"], on: .stdin, from: "somebody else")
    client.send("input_reply", ["value": "late"], on: .stdin, parent: ["msg_id": "old"])
    client.send(
      "input_reply", ["value": "Ada"], on: .stdin, parent: ["msg_id": .string(request.id)])
    let answers = client.answers(to: cell)
    #expect(answers.map(\.summary).contains("stdout: you said Ada\n"))
    client.leave()
  }

  @Test func `a front end without a stdin channel is not asked for ever`() {
    let client = Client()
    let (frames, id) = client.frames(
      "execute_request", Client.cell("ask name?", ["allow_stdin": true]), from: "mute")
    client.wire.deliver([frames], on: .shell)
    let reply = client.answers(to: id).first { $0.type == "execute_reply" }
    #expect(reply?.content["ename"] == "RuntimeError")
    client.leave()
  }

  @Test func `a question can be interrupted, ended, or not asked at all`() {
    let client = Client()
    let first = client.execute("ask name?", ["allow_stdin": true])
    #expect(client.wait(for: "input_request") != nil)
    client.kernel.interrupt()
    let names = { (messages: [Message]) in
      messages.first { $0.type == "execute_reply" }?.content["ename"]?.string
    }
    #expect(names(client.answers(to: first)) == "KeyboardInterrupt")
    let second = client.execute("ask name?", ["allow_stdin": true])
    #expect(client.wait(for: "input_request") != nil)
    client.send("input_reply", ["value": "\u{4}"], on: .stdin)
    #expect(names(client.answers(to: second)) == "EOFError")
    #expect(names(client.answers(to: client.execute("ask name?"))) == "RuntimeError")
    client.send("input_reply", ["value": "nobody asked"], on: .stdin)
    #expect(client.answers(to: client.execute("print on")).count == 5)
    client.leave()
  }
}
