import Catalog
import Kernel
import Testing

/// Cells that clear what they have shown before they show more.
@Suite struct PageTests {
  /// What a front end shows.
  private struct Screen: Equatable {
    var parts: [String] = []
    private var isCleared = false

    mutating func add(_ part: String, isText: Bool) {
      if isCleared { parts = [] }
      isCleared = false
      if isText, let last = parts.last, last.hasPrefix("text ") {
        parts[parts.count - 1] = last + part
      } else {
        parts.append((isText ? "text " : "one ") + part)
      }
    }

    mutating func update(_ part: String) {
      parts = parts.map { $0.hasPrefix("one ") ? "one " + part : $0 }
    }

    mutating func clear() { isCleared = true }

    static func == (left: Screen, right: Screen) -> Bool { left.parts == right.parts }
  }

  /// The screen after the messages of a cell, or after its lines as they were meant.
  private func screen(_ messages: [Message]) -> Screen {
    var screen = Screen()
    for message in messages {
      let text = message.content["data"]?["text/plain"]?.string ?? ""
      switch message.type {
      case "stream": screen.add(message.content["text"]?.string ?? "", isText: true)
      case "display_data": screen.add(text, isText: false)
      case "update_display_data": screen.update(text)
      case "clear_output": screen.clear()
      default: break
      }
    }
    return screen
  }

  private func screen(_ lines: [String]) -> Screen {
    var screen = Screen()
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      switch words[0] {
      case "print": screen.add(words[1] + "\n", isText: true)
      case "show": screen.add(words[1], isText: false)
      case "update": screen.update(words[1])
      case "clear": screen.clear()
      default: break
      }
    }
    return screen
  }

  @Test func `an animation makes few messages and ends with its last page`() {
    let client = Client()
    let lines = (0..<2000).flatMap { ["clear", "print \($0)", "show \($0)"] }
    let answers = client.answers(to: client.execute(lines.joined(separator: "\n")))
    #expect(answers.count < 200)
    #expect(screen(answers).parts == ["text 1999\n", "one 1999"])
    client.leave()
  }

  @Test func `a clearing that nothing follows leaves the page`() {
    let client = Client()
    let lines = ["print a", "clear", "print b", "clear", "print c", "clear"]
    let answers = client.answers(to: client.execute(lines.joined(separator: "\n")))
    #expect(screen(answers).parts == ["text c\n"])
    #expect(answers.dropLast(2).last?.type == "clear_output")
    client.leave()
  }

  @Test func `a page that waits goes out while the cell goes on`() {
    let client = Client()
    let cell = client.execute("clear\nprint a\nclear\nprint b\nclear\nprint c\nloop")
    var text = ""
    while !text.hasSuffix("c\n"), let message = client.next() {
      text += message.content["text"]?.string ?? ""
    }
    #expect(text.hasSuffix("c\n"))
    client.send("interrupt_request", on: .control)
    #expect(client.answers(to: cell).last?.isIdle == true)
    client.leave()
  }

  @Test func `an error stands on the last page`() {
    let client = Client()
    let answers = client.answers(
      to: client.execute("clear\nprint a\nclear\nprint b\nfail x"))
    #expect(screen(answers).parts == ["text b\n"])
    let kinds = answers.map(\.type)
    #expect((kinds.lastIndex(of: "stream") ?? 99) < (kinds.lastIndex(of: "error") ?? 0))
    client.leave()
  }

  @Test func `whatever is left out, the screen ends as the cell meant it`() {
    let client = Client()
    var random = Mixer(state: 7)
    for _ in 0..<300 {
      let lines = (0..<Int.random(in: 1...25, using: &random)).map { number in
        switch Int.random(in: 0..<7, using: &random) {
        case 0...1: "print \(number)"
        case 2: "show \(number)"
        case 3: "update \(number)"
        case 4: "set w a \(number)"
        default: "clear"
        }
      }
      let answers = client.answers(to: client.execute(lines.joined(separator: "\n")))
      #expect(screen(answers) == screen(lines), "\(lines)")
      let told = answers.compactMap { $0.content["data"]?["state"]?["a"]?.string }
      let last = lines.last { $0.hasPrefix("set") }?.split(separator: " ").last.map(String.init)
      #expect(told.last == last, "\(lines)")
    }
    client.leave()
  }
}
