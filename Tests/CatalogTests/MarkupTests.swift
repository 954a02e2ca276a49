import Catalog
import Testing

@Suite struct MarkupTests {
  private func html(_ table: Table) -> String {
    var markup = Markup()
    markup.table(table)
    return markup.html
  }

  private func numbers(_ count: Int, best: Int? = nil) -> Table {
    Table(
      columns: [Table.Column("n", isNumeric: true)], rows: (0..<count).map { [.whole($0)] },
      best: best)
  }

  @Test func whateverIsPutInIsEscaped() {
    let evil = "<script>alert(\"1\")</script>&'"
    let safe = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"
    var markup = Markup()
    markup.heading(evil, evil)
    markup.line(evil)
    markup.table(
      Table(title: evil, columns: [Table.Column(evil)], rows: [[.text(evil)]], notes: [evil]))
    markup.details(evil, Markup())
    #expect(!markup.html.contains("<script"))
    #expect(markup.html.split(separator: safe, omittingEmptySubsequences: false).count == 9)
  }

  @Test func controlCharactersDoNotReachThePage() {
    #expect(Markup.escaped("a\u{0}\u{1B}[31m\u{9B}b\tc\nd") == "a[31mb\tc\nd")
  }

  @Test func linesOfACellStandBelowEachOther() {
    let table = Table(columns: [Table.Column("a"), Table.Column("b")], rows: [[.text("<1\n2")]])
    #expect(html(table).contains("&lt;1<br>2"))
  }

  @Test func aShortTableIsWhole() {
    let text = html(numbers(25))
    #expect(!text.contains("…"))
    #expect(text.contains(">24<"))
  }

  @Test func ofALongTableTheMiddleIsLeftOut() {
    let text = html(numbers(100_000))
    #expect(text.contains("… 99980 more rows"))
    #expect(text.contains(">9<") && text.contains(">99990<") && text.contains(">99999<"))
    #expect(!text.contains(">10<") && !text.contains(">99989<"))
    #expect(text.utf8.count < 3000)
  }

  @Test func theBestRowIsMarkedAndNeverLeftOut() {
    let text = html(numbers(100, best: 50))
    #expect(text.contains("★ 50"))
    #expect(text.contains("… 40 more rows") && text.contains("… 39 more rows"))
    #expect(html(numbers(5, best: 2)).contains("★ 2"))
    let named = Table(columns: [Table.Column("name")], rows: [[.text("wide")]], best: 0)
    #expect(html(named).contains("wide ★"))
  }

  @Test func ofAWideTableTheMiddleColumnsAreLeftOut() {
    let table = Table(
      columns: (0..<500).map { Table.Column("c\($0)", isNumeric: true) },
      rows: [(0..<500).map { .whole($0) }])
    let text = html(table)
    #expect(text.contains(">c11<") && text.contains(">c496<"))
    #expect(!text.contains(">c12<") && !text.contains(">c495<"))
    #expect(text.contains("<th>…</th>") && text.contains("<td>…</td>"))
  }

  @Test func numbersOfAColumnHaveTheirPointsBelowEachOther() {
    let table = Table(
      columns: [Table.Column("x", isNumeric: true)],
      rows: [[.number(0.5)], [.number(12.25)], [.whole(3)], [.missing], [.number(.nan)]])
    let text = html(table)
    for cell in [">0.50<", ">12.25<", ">3.00<", ">–<", ">nan<"] { #expect(text.contains(cell)) }
  }

  @Test func aLongTextIsCut() {
    let long = String(repeating: "x", count: 5000)
    let text = html(Table(columns: [Table.Column("a")], rows: [[.text(long)]], notes: [long]))
    #expect(text.utf8.count < 3500)
    #expect(text.contains("x…"))
  }

  @Test func nothingSetsAColour() {
    let text = html(numbers(30, best: 3))
    #expect(!text.contains("color") && !text.contains("background"))
    #expect(text.contains("<table class=\"dataframe\">"))
  }

  @Test func rowsShorterThanTheHeaderAreFilledUp() {
    let table = Table(columns: [Table.Column("a"), Table.Column("b")], rows: [[.text("1")], []])
    #expect(html(table).split(separator: "–", omittingEmptySubsequences: false).count == 4)
  }

  @Test(arguments: [
    (0.5, "0.5000"), (-12.345, "-12.35"), (1e-7, "1.000e-7"), (0, "0"), (-2.5e9, "-2.500e9"),
    (9.99999e-10, "1.000e-9"), (-9.9996e12, "-1.000e13"),
  ])
  func aNumberHasFourDigits(value: Double, text: String) {
    #expect(ShortNumber.text(value) == text)
  }
}
