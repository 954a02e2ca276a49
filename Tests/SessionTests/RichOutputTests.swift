import Catalog
import Session
import Testing

/// What a notebook shows of the library's values: text, and HTML beside it.
@Suite struct RichOutputTests {
  /// Runs a cell and gives how its value is shown.
  private func shown(_ code: String) throws -> Media {
    let result = Session().run(Cell(code), sink: Recording())
    if let failure = result.failure { Issue.record("\(failure)") }
    return try #require(result.shown)
  }

  private func html(_ code: String) throws -> String { try #require(try shown(code).html) }

  @Test(arguments: [
    "randn(5, 4)", "tensor([1, 2, 3])", "zeros((0, 3))", "randn(3, 2, 2, 2)", "moons(30)",
    "digits(20)", "houses(20)", "flowers(20)", "mlp(3, 2)", "table([[1, 2]])",
    "mlp(3, 2).fit(moons(20), epochs=2, verbose=0)",
    "compare({'a': mlp(3, 2), 'b': mlp(4, 2)}, moons(20), seeds=1, epochs=1)",
    "cross_validate(mlp(3, 2), moons(20), folds=2, epochs=1)",
    "search(lambda lr: mlp(3, 2), {'lr': [0.1, 0.01]}, moons(20), trials=2, epochs=1)",
    "race({'a': mlp(3, 2).fit(moons(20), epochs=1, verbose=0)})",
    "gradient_check(mlp(3, 2), moons(5))", "activations(mlp(3, 2), randn(8, 2))",
    "diagnose(mlp(3, 2), moons(20))", "prune(Sequential(Dense(2, input_shape=3)), share=0.5)",
  ])
  func everyKindIsShownAsTextAndHTML(code: String) throws {
    let media = try shown(code)
    #expect(!media.text.isEmpty)
    let html = try #require(media.html)
    #expect(html.utf8.count < 20_000)
    for forbidden in ["<script", "<style", "color", "background", "href", " on"]
    where html.contains(forbidden + "=") || forbidden.hasPrefix("<") && html.contains(forbidden) {
      Issue.record("\(forbidden) in the HTML of \(code)")
    }
    #expect(media.bundle["text/plain"] != nil && media.bundle["text/html"] != nil)
  }

  @Test(arguments: ["1.5", "[1, 2]", "[tensor([1, 2])]", "tensor(3.0)", "'<b>'", "{'a': zeros(2)}"])
  func numbersAndContainersStayText(code: String) throws {
    #expect(try shown(code).html == nil)
  }

  @Test func aTensorTellsItsShapeTypeAndRange() throws {
    let text = try html("tensor([[1.0, -2.0], [0.25, 4.0]])")
    #expect(text.contains("Tensor (2, 2)"))
    #expect(text.contains("float32, min -2.000, max 4.000, mean 0.8125"))
    #expect(text.contains(">0.25<") && text.contains(">-2.00<"))
    #expect(try html("tensor([3, 9])").contains("int64, min 3, max 9"))
  }

  @Test func numbersOfManySizesStayPlainWhereTheyCan() throws {
    #expect(try html("tensor([0.002, 12.0])").contains(">12.000<"))
    #expect(try html("tensor([0.00002, 12.0])").contains(">1.2e+01<"))
  }

  @Test func aLargeTensorIsCut() throws {
    let text = try html("arange(1000000).reshape(1000, 1000)")
    #expect(text.utf8.count < 12_000)
    #expect(text.contains(">5005<") && !text.contains(">5006<") && text.contains(">999999<"))
    #expect(text.contains("(of a sample)"))
  }

  @Test func ofManyMatricesTheFirstAndTheLastAreShown() throws {
    let text = try html("arange(80).reshape(5, 4, 2, 2)")
    for plane in ["[0, 0, :, :]", "[0, 1, :, :]", "[4, 3, :, :]"] { #expect(text.contains(plane)) }
    #expect(!text.contains("[0, 2, :, :]"))
    #expect(text.contains("<div>…</div>"))
    // Views are read where they are, not in the order of their memory.
    let turned = try html("arange(6).reshape(2, 3).T")
    #expect(turned.contains("<th scope=\"row\" style=\"text-align:left\">1</th>"))
    #expect(turned.contains(">1</td><td style=\"text-align:right\">4</td>"))
  }

  @Test func numbersThatAreNoneAreTold() throws {
    let text = try html("tensor([1.0, float('nan'), float('inf')])")
    #expect(text.contains("2 not finite") && text.contains(">nan<") && text.contains(">inf<"))
    #expect(try html("tensor([True, False])").contains(">True<"))
  }

  @Test func aModelIsATableOfItsLayers() throws {
    let text = try html(
      """
      net = Sequential(Dense(4, "relu"), BatchNorm(), Dense(2, "softmax"))
      net.fit(moons(20), epochs=1, verbose=0)
      net[0].trainable = False
      net
      """)
    for cell in [
      ">Dense(units=4, relu)<", ">(None, 4)<", ">12<", ">frozen<", ">8 of 16<", ">yes<",
      ">he_normal (auto)<",
    ] { #expect(text.contains(cell), "\(cell)") }
    #expect(text.contains("weights: 38, of which 18 learn"))
  }

  @Test func aHistoryMarksItsBestEpoch() throws {
    let text = try html("mlp(8, 2).fit(moons(60), epochs=40, verbose=0, validation_split=0.3)")
    #expect(text.contains("★"))
    #expect(text.contains("more rows"))
    #expect(text.contains(">val_accuracy<") && text.contains(">lr<"))
  }

  @Test func aComparisonMarksTheBest() throws {
    let text = try html("compare({'<i>': lambda: 1, 'b': lambda: 2}, seeds=2, figure='accuracy')")
    #expect(text.contains(">b ★<") && text.contains("&lt;i&gt;") && !text.contains("<i>"))
  }

  @Test func aDataSetShowsItsClassesAndFirstRows() throws {
    let text = try html("flowers(30)")
    #expect(text.contains("30 examples of 4 features, 3 classes"))
    #expect(text.contains(">primrose<") && text.contains(">10<"))
    #expect(text.contains(">petal_width<") && text.contains("the first 5 of 30"))
    #expect(try html("digits(20)").contains(">examples<"))
  }

  @Test func displayShowsBothFormsToo() throws {
    let recording = Recording()
    _ = Session().run(
      Cell("display(ones((2, 2)))"), sink: recording)
    guard case .display(let media, _)? = recording.outputs.first else {
      Issue.record("nothing was shown")
      return
    }
    #expect(media.html != nil && media.text.hasPrefix("array("))
  }
}
