import Catalog
import Kernel
import Testing

@Suite struct InterruptTests {
  @Test func `a message stops the running cell and the queue behind it`() {
    let client = Client()
    let loop = client.frames("execute_request", Client.cell("loop"))
    let behind = client.frames("execute_request", Client.cell("print no"))
    client.wire.deliver([loop.frames, behind.frames], on: .shell)
    #expect(client.wait(for: "execute_input") != nil)
    client.send("interrupt_request", on: .control)
    var replies: [String: JSON] = [:]
    while replies.count < 3, let message = client.next() {
      if message.type.hasSuffix("_reply") {
        replies[message.type + (message.parentID ?? "")] = message.content["status"]
        if message.parentID == loop.id { #expect(message.content["ename"] == "KeyboardInterrupt") }
      }
    }
    #expect(replies["execute_reply" + loop.id] == "error")
    #expect(replies["execute_reply" + behind.id] == "aborted")
    #expect(client.answers(to: client.execute("print on")).count == 5)
    client.leave()
  }

  @Test func `an interrupt stops a cell that has arrived but not begun`() {
    let client = Client()
    let cell = client.frames("execute_request", Client.cell("loop"))
    let behind = client.frames("connect_request", [:])
    client.wire.deliver([cell.frames, behind.frames], on: .shell)
    while let message = client.next(), message.parentID != behind.id {}
    client.kernel.interrupt()
    let reply = client.wait(for: "execute_reply")
    #expect(reply?.content["ename"] == "KeyboardInterrupt")
    client.leave()
  }

  @Test func `an interrupt when all is quiet harms nothing`() {
    let client = Client()
    client.kernel.interrupt()
    _ = client.answers(to: client.send("interrupt_request", on: .control))
    let answers = client.answers(to: client.execute("print on"))
    #expect(answers.map(\.summary).contains("stdout: on\n"))
    client.leave()
  }

  @Test func `control is answered while a cell computes, and the kernel still shows busy`() {
    let client = Client()
    let cell = client.execute("loop")
    #expect(client.wait(for: "execute_input") != nil)
    let answers = client.answers(to: client.send("kernel_info_request", on: .control))
    #expect(answers.map(\.summary) == ["busy", "kernel_info_reply", "idle"])
    #expect(answers[1].channel == .control)
    let again = client.next()
    #expect(again?.summary == "busy")
    #expect(again?.parentID == cell)
    client.send("interrupt_request", on: .control)
    #expect(client.answers(to: cell).last?.isIdle == true)
    client.leave()
  }

  @Test func `printed text comes out while the cell goes on`() {
    let client = Client()
    let cell = client.execute("print a\nprint b\nloop")
    #expect(client.wait(for: "stream")?.content["name"] == "stdout")
    client.kernel.interrupt()
    #expect(client.answers(to: cell).last?.isIdle == true)
    client.leave()
  }

  @Test func `shutdown ends a computing kernel, after all replies`() {
    let client = Client()
    client.execute("loop")
    #expect(client.wait(for: "execute_input") != nil)
    let answers = client.answers(
      to: client.send("shutdown_request", ["restart": true], on: .control))
    #expect(
      answers.map(\.summary) == ["busy", "shutdown_reply", "shutdown_reply", "idle"])
    #expect(answers.map(\.channel) == [.iopub, .control, .iopub, .iopub])
    #expect(answers.allSatisfy { $0.type == "status" || $0.content["restart"] == true })
    client.leave()
  }
}
