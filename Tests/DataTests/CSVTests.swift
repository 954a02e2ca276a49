import Catalog
import Data
import Tensors
import Testing

@Suite struct CSVTests {
  static func parse(_ text: String, header: CSV.Header = .detected) throws -> Frame {
    try CSV.parse(Array(text.utf8), name: "test.csv", header: header)
  }

  static func numbers(_ frame: Frame, _ name: String) throws -> [Double] {
    guard case .numbers(let values, _) = try frame.column(name).content else { return [] }
    return values
  }

  static func categories(_ frame: Frame, _ name: String) throws -> [String?] {
    guard case .categories(let codes, let names) = try frame.column(name).content else { return [] }
    return codes.map { $0 < 0 ? nil : names[$0] }
  }

  @Test("Names and numbers")
  func plain() throws {
    let frame = try Self.parse("a,b\n1,2.5\n-3,1e3\n")
    #expect(try Self.numbers(frame, "a") == [1, -3])
    #expect(try Self.numbers(frame, "b") == [2.5, 1000])
    #expect(frame.columns.map(\.kind) == ["whole", "number"])
  }

  @Test("Byte order mark, CRLF, no newline at the end, blank lines")
  func lineEndings() throws {
    let frame = try Self.parse("\u{FEFF}a,b\r\n1,2\r\n\r\n3,4")
    #expect(frame.columns.map(\.name) == ["a", "b"])
    #expect(try Self.numbers(frame, "b") == [2, 4])
  }

  @Test("Quotes hold delimiters, line breaks and doubled quotes")
  func quotes() throws {
    let frame = try Self.parse("name,n\n\"Smith, J.\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\n")
    #expect(try Self.categories(frame, "name") == ["Smith, J.", "say \"hi\"", "two\nlines"])
  }

  @Test("Missing cells: empty and NA; a quoted NA is text")
  func missing() throws {
    let frame = try Self.parse("n,t\n1,x\n,NA\nNA,\"NA\"\n")
    #expect(try frame.column("n").missing == [false, true, true])
    #expect(try Self.categories(frame, "t") == ["x", nil, "NA"])
    #expect(frame.droppingMissing().count == 1)
  }

  @Test("Categories are sorted, whatever the order of the rows")
  func sorted() throws {
    guard case .categories(let codes, let names) = try Self.parse("c\nb\na\nb\n").columns[0].content
    else {
      Issue.record("no categories")
      return
    }
    #expect(names == ["a", "b"])
    #expect(codes == [1, 0, 1])
  }

  @Test("A first line of numbers is no header")
  func headerless() throws {
    let frame = try Self.parse("1,2\n3,4\n")
    #expect(frame.columns.map(\.name) == ["column1", "column2"])
    #expect(frame.count == 2)
    #expect(try Self.parse("1,2\n3,4\n", header: .present).columns[0].name == "1")
  }

  @Test("A name that stands twice gets a number")
  func twice() throws {
    #expect(try Self.parse("a,a,\n1,2,3\n").columns.map(\.name) == ["a", "a_2", "column3"])
  }

  static let broken: [(text: String, found: String)] = [
    ("", "no records"),
    ("a,b\n1\n", "1 cells on line 2"),
    ("a,b\n1,2\n1,2,3\n", "3 cells on line 3"),
    ("a\n\"open\n", "a quote opened on line 2 that is never closed"),
    ("a\n\"x\"y\n", "text after a closing quote on line 2"),
  ]

  @Test("A malformed file is an error that names the line", arguments: broken.indices)
  func malformed(_ index: Int) {
    let (text, found) = Self.broken[index]
    let problem = #expect(throws: FileProblem.self) { try Self.parse(text) }
    let message = problem.map { Failure($0).message } ?? ""
    #expect(message.contains(found), "\(message)")
    #expect(message.contains("test.csv"))
  }

  @Test("Bytes that are not UTF-8 are an error")
  func encoding() {
    #expect(throws: FileProblem.self) {
      try CSV.parse([0x61, 0x0A, 0xFF, 0xFE, 0x0A], name: "latin.csv")
    }
  }

  @Test("No damage to a file does more than throw")
  func fuzz() {
    var stream = RandomStream(seed: 9, name: "fuzz")
    let whole = Array("a,\"b\"\"c\",d\r\n1,NA,\"x\ny\"\n2.5e3,,z\n".utf8)
    let alphabet = Array("\",\r\n1a.e-\u{FEFF}\u{FF}".utf8) + [0, 0xFF, 0xC3]
    for length in 0...whole.count { _ = try? CSV.parse(Array(whole.prefix(length)), name: "cut") }
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0...stream.integer(below: 5) {
        bytes[stream.integer(below: bytes.count)] = alphabet[stream.integer(below: alphabet.count)]
      }
      _ = try? CSV.parse(bytes, name: "mutated").dataset(target: "a")
    }
  }
}
