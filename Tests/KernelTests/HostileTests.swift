import Catalog
import Kernel
import Testing

@Suite struct HostileTests {
  /// Frames no client should send; each is dropped, and the next cell works.
  @Test(arguments: [
    "nothing", "no delimiter", "truncated", "wrong signature", "no signature", "replayed",
    "broken JSON", "not UTF-8", "no object", "no type", "huge header", "deep",
  ])
  func `the kernel goes on after`(kind: String) {
    let client = Client()
    let (good, _) = client.frames("execute_request", Client.cell("print never"))
    let head = Array(good[..<2])
    func signed(_ json: [Frame]) -> [Frame] {
      head + [client.signer.signature(of: json[...])] + json
    }
    let json = Array(good[3...])
    let hostile: [Frame]
    switch kind {
    case "nothing": hostile = [[]]
    case "no delimiter": hostile = json
    case "truncated": hostile = Array(good.dropLast(2))
    case "wrong signature": hostile = head + [good[2].reversed()] + json
    case "no signature": hostile = head + [[]] + json
    case "replayed":
      let (twice, id) = client.frames("execute_request", Client.cell("value 1"))
      client.wire.deliver([twice], on: .shell)
      _ = client.answers(to: id)
      hostile = twice
    case "broken JSON": hostile = signed([json[0], json[1], json[2], Array("{\"code\":".utf8)])
    case "not UTF-8": hostile = signed([json[0], json[1], json[2], [0x22, 0xFF, 0xFE, 0x22]])
    case "no object": hostile = signed([json[0], json[1], json[2], Array("[1]".utf8)])
    case "no type": hostile = signed([Array("{}".utf8), json[1], json[2], json[3]])
    case "huge header":
      let name = String(repeating: "x", count: 2 << 20)
      hostile = signed([JSON.string(name).encoded(), json[1], json[2], json[3]])
    default:
      let deep = Frame(repeating: UInt8(ascii: "["), count: 100_000)
      hostile = signed([json[0], json[1], json[2], deep])
    }
    client.wire.deliver([hostile], on: .shell)
    client.wire.deliver([hostile], on: .control)
    client.wire.deliver([hostile], on: .stdin)
    client.wire.deliver([hostile], on: .iopub)
    let next = client.execute("print on")
    var inputs = 0
    while let message = client.next() {
      if message.type == "execute_input" { inputs += 1 }
      if message.parentID == next, message.isIdle { break }
    }
    #expect(inputs == 1)
    client.leave()
  }

  /// Well-signed messages with bytes changed, cut or doubled at random places of their JSON.
  @Test func `the kernel goes on after thousands of damaged messages`() {
    let client = Client()
    let types = [
      "execute_request", "complete_request", "inspect_request", "is_complete_request",
      "history_request", "comm_open", "comm_msg", "interrupt_request", "input_reply",
      "debug_request", "connect_request",
    ]
    let content: JSON = [
      "code": "print é", "cursor_pos": 3, "silent": true, "user_expressions": ["a": "b"],
      "hist_access_type": "range", "session": 0, "start": 1, "stop": 2, "comm_id": "c",
      "value": "v", "seq": 1,
    ]
    var generator = Mixer(state: 42)
    for round in 0..<3000 {
      var (frames, _) = client.frames(types[round % types.count], content)
      let part = Int.random(in: 3...6, using: &generator)
      let at = Int.random(in: 0..<frames[part].count, using: &generator)
      switch round % 3 {
      case 0: frames[part][at] = UInt8.random(in: 0...255, using: &generator)
      case 1: frames[part].removeSubrange(at...)
      default: frames[part].insert(contentsOf: frames[part][at...], at: at)
      }
      frames[2] = client.signer.signature(of: frames[3...])
      client.wire.deliver([frames], on: [.shell, .control, .stdin][round / 3 % 3])
    }
    let next = client.execute("print on")
    #expect(client.answers(to: next).map(\.summary).contains("stdout: on\n"))
    client.leave()
  }

  @Test(
    arguments: [
      ["code": 7], [:], ["code": "x", "silent": "yes"],
      ["code": "x", "user_expressions": ["a": 1]],
    ] as [JSON])
  func `a cell with malformed content gets an error as its reply`(content: JSON) {
    let client = Client()
    let answers = client.answers(to: client.send("execute_request", content))
    #expect(answers.map(\.summary) == ["busy", "execute_reply", "idle"])
    #expect(answers[1].content["status"] == "error")
    #expect(answers[1].content["ename"] == "ProtocolError")
    client.leave()
  }

  @Test func `a malformed cell does not disturb the one that runs`() {
    let client = Client()
    let cell = client.execute("ask name?\nprint after", ["allow_stdin": true])
    #expect(client.wait(for: "input_request") != nil)
    #expect(client.answers(to: client.send("execute_request")).count == 3)
    client.send("input_reply", ["value": "Ada"], on: .stdin)
    let streams = client.answers(to: cell).filter { $0.type == "stream" }
    let text = streams.compactMap { $0.content["text"]?.string }.joined()
    #expect(text == "you said Ada\nafter\n")
    client.leave()
  }

  @Test func `an empty key signs and checks nothing`() {
    let client = Client(key: "")
    let (frames, id) = client.frames("execute_request", Client.cell("print a"))
    #expect(frames[2].isEmpty)
    client.wire.deliver([frames], on: .shell)
    #expect(client.answers(to: id).count == 5)
    client.leave()
  }

  @Test func `a signature is that of RFC 4231`() {
    let signature = Signer(key: "Jefe").signature(
      of: [Array("what do ya want ".utf8), Array("for nothing?".utf8)])
    #expect(
      String(decoding: signature, as: UTF8.self)
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func `a cursor beyond the code is at its end`() {
    let client = Client()
    for cursor in [-5, 1 << 62] {
      let answers = client.answers(
        to: client.send("complete_request", ["code": "xy", "cursor_pos": .int(cursor)]))
      #expect(answers[1].content["status"] == "ok")
    }
    client.leave()
  }
}

/// Numbers that are the same in every run (SplitMix64).
struct Mixer: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
