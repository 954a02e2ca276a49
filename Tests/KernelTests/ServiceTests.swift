import Catalog
import Kernel
import Testing

/// Completion and inspection by a kernel with a real session.
@Suite struct ServiceTests {
  private func complete(_ code: String, _ client: Client) -> [String] {
    let answers = client.answers(
      to: client.send(
        "complete_request",
        ["code": .string(code), "cursor_pos": .int(code.unicodeScalars.count)]))
    let reply = answers.first { $0.type == "complete_reply" }?.content
    let types = reply?["metadata"]?["_jupyter_types_experimental"]?.array ?? []
    let matches = reply?["matches"]?.array?.compactMap(\.string) ?? []
    #expect(types.compactMap { $0["text"]?.string } == matches)
    return matches
  }

  private func inspect(_ code: String, _ client: Client) -> String {
    let answers = client.answers(
      to: client.send(
        "inspect_request",
        ["code": .string(code), "cursor_pos": .int(code.unicodeScalars.count), "detail_level": 0]))
    let data = answers.first { $0.type == "inspect_reply" }?.content["data"]
    #expect((data?["text/html"] == nil) == (data?["text/plain"] == nil))
    return data?["text/plain"]?.string ?? ""
  }

  @Test func `what a cell has just defined is known at once`() {
    let client = Client(isReal: true)
    client.execute("class Probe:\n  def __init__(self): self.depth = [1]\nprobe = Probe()")
    #expect(complete("probe.de", client) == ["depth"])
    #expect(complete("probe.depth[0].bit_l", client) == ["bit_length"])
    #expect(inspect("probe.depth", client).contains("[1]"))
    client.execute("probe = 'text'")
    #expect(complete("probe.zf", client) == ["zfill"])
    client.leave()
  }

  @Test func `names are told while a cell loops, and while a model trains`() {
    let client = Client(isReal: true)
    let loop = client.execute("table = {'first': 1}\nfor i in range(10 ** 12): pass")
    #expect(client.wait(for: "execute_input") != nil)
    #expect(answer { complete("table['", client) == ["first"] })
    #expect(answer { inspect("i", client).hasPrefix("i: int") })
    client.kernel.interrupt()
    #expect(client.answers(to: loop).last?.isIdle == true)
    let training = client.execute(
      """
      net = Sequential(Dense(8, activation="relu"), Dense(1))
      x = randn(200, 4)
      net.fit(x, x[:, :1], epochs=1000000)
      """)
    #expect(client.wait(for: "execute_input") != nil)
    #expect(answer { complete("net.summ", client) == ["summary"] })
    #expect(answer { complete("net[0].uni", client) == ["units"] })
    #expect(answer { inspect("x", client).contains("shape (200, 4)") })
    client.kernel.interrupt()
    #expect(client.answers(to: training).last?.isIdle == true)
    client.leave()
  }

  /// Whether it holds, at the latest after a second or two: a cell takes its time to come that far.
  private func answer(_ body: () -> Bool) -> Bool {
    for _ in 0..<50 where body() { return true }
    return false
  }
}
