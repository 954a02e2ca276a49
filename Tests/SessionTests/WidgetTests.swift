import Catalog
import Session
import Testing

@Suite struct WidgetTests {
  /// What a script shows and says to widgets, and the session it ran in.
  private func run(_ code: String) -> (session: Session, sink: Recording) {
    let session = Session()
    let sink = Recording()
    _ = session.run(Cell(code), sink: sink)
    return (session, sink)
  }

  private func messages(_ sink: Recording) -> [CommMessage] {
    sink.outputs.compactMap { if case .comm(let message) = $0 { message } else { nil } }
  }

  private func opened(_ sink: Recording, _ model: String) -> CommMessage? {
    messages(sink).first { $0.data["state"]?["_model_name"] == .string(model) }
  }

  private func update(_ id: String, _ state: JSON) -> CommMessage {
    CommMessage(id, .message, data: ["method": "update", "state": state, "buffer_paths": []])
  }

  @Test func `a widget is opened after what it refers to`() throws {
    let (_, sink) = run("from ipywidgets import IntSlider\nIntSlider(3, max=10)")
    let opened = messages(sink).compactMap { $0.data["state"]?["_model_name"]?.string }
    #expect(opened == ["LayoutModel", "SliderStyleModel", "IntSliderModel"])
    let slider = try #require(self.opened(sink, "IntSliderModel"))
    let layout = try #require(self.opened(sink, "LayoutModel"))
    #expect(slider.data["state"]?["layout"] == .string("IPY_MODEL_\(layout.id)"))
    #expect(slider.data["state"]?["max"] == 10)
    #expect(slider.metadata["version"] == "2.1.0")
    guard case .result(let media)? = sink.outputs.last else {
      Issue.record("no result")
      return
    }
    #expect(media.text == "IntSlider(value=3, max=10)")
    #expect(
      media.bundle["application/vnd.jupyter.widget-view+json"]?["model_id"] == .string(slider.id))
  }

  @Test func `the front end's change is echoed, corrected and told to observers`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import IntSlider
      s = IntSlider(3, max=10)
      s.observe(lambda c: print(c.name, c["old"], "->", c.new, c.owner is s), names="value")
      """)
    let id = try #require(opened(sink, "IntSliderModel")?.id)
    let heard = Recording()
    try session.receive(update(id, ["value": 400]), sink: heard)
    #expect(messages(heard).map { $0.data["method"]?.string } == ["echo_update", "update"])
    #expect(messages(heard).map { $0.data["state"]?["value"] } == [400, 10])
    #expect(heard.text() == "value 3 -> 10 True\n")
    _ = session.run(Cell("print(s.value, float(s), f'{s.value:03d}')"), sink: sink)
    #expect(sink.text() == "10 10.0 010\n")
  }

  @Test func `an observer's error is shown and ends nothing`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import Checkbox
      box = Checkbox()
      box.observe(lambda change: 1 / 0)
      """)
    let id = try #require(opened(sink, "CheckboxModel")?.id)
    let heard = Recording()
    try session.receive(update(id, ["value": true]), sink: heard)
    guard case .failure(let failure)? = heard.outputs.last else {
      Issue.record("no error")
      return
    }
    #expect(failure.exception == "ZeroDivisionError")
    _ = session.run(Cell("print(box.value)"), sink: sink)
    #expect(sink.text() == "True\n")
  }

  @Test func `a menu gives the value that stands for a label`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import Dropdown
      d = Dropdown(options=[("one", 1), ("two", [2])], value=[2])
      d.observe(lambda c: print(c.old, c.new), "value")
      print(d.value, d.label, d.index, d.options)
      """)
    let id = try #require(opened(sink, "DropdownModel")?.id)
    #expect(opened(sink, "DropdownModel")?.data["state"]?["_options_labels"] == ["one", "two"])
    let heard = Recording()
    try session.receive(update(id, ["index": 0]), sink: heard)
    #expect(heard.text() == "[2] 1\n")
    _ = session.run(
      Cell("d.value = [2]\nd.options = ['a']\nprint(d.value)\nd.value = 7"), sink: sink)
    #expect(sink.text() == "[2] two 1 [('one', 1), ('two', [2])]\n1 [2]\n[2] a\na\n")
    guard case .failure(let failure)? = sink.outputs.last else {
      Issue.record("no error")
      return
    }
    #expect(failure.message == "7 is none of the options")
  }

  @Test func `interact runs at every change, and shows its error in its place`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import interact
      def f(x, name="n", on=True):
          print(name, 10 // x, on)
          return x
      interact(f, x=(0, 4))
      """)
    let slider = try #require(opened(sink, "IntSliderModel"))
    #expect(slider.data["state"]?["value"] == 2)
    #expect(opened(sink, "TextModel")?.data["state"]?["value"] == "n")
    #expect(opened(sink, "CheckboxModel")?.data["state"]?["value"] == true)
    let output = try #require(opened(sink, "OutputModel")?.id)
    func shown(_ sink: Recording) -> [JSON] {
      messages(sink).last { $0.id == output && $0.data["state"]?["outputs"] != nil }?
        .data["state"]?["outputs"]?.array ?? []
    }
    #expect(shown(sink).first?["text"] == "n 5 True\n")
    #expect(shown(sink).last?["data"]?["text/plain"] == "2")
    let heard = Recording()
    try session.receive(update(slider.id, ["value": 0]), sink: heard)
    #expect(shown(heard).map { $0["output_type"]?.string } == ["error"])
    #expect(shown(heard).first?["ename"] == "ZeroDivisionError")
  }

  @Test func `what is printed within an output stays there`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import Output
      out = Output()
      with out:
          print("inside")
      print("outside")
      """)
    #expect(sink.text() == "outside\n")
    let id = try #require(opened(sink, "OutputModel")?.id)
    let state = messages(sink).last { $0.id == id }?.data["state"]
    #expect(state?["outputs"]?.array?.first?["text"] == "inside\n")
    let heard = Recording()
    try session.receive(
      CommMessage(id, .message, data: ["method": "request_state"]), sink: heard)
    #expect(messages(heard).first?.data["state"]?["outputs"]?.array?.count == 1)
  }

  @Test func `a button calls what it was given`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import Button
      b = Button(description="Go")
      b.on_click(lambda button: print("clicked", button.description))
      """)
    let id = try #require(opened(sink, "ButtonModel")?.id)
    let heard = Recording()
    let click = CommMessage(
      id, .message, data: ["method": "custom", "content": ["event": "click"]])
    try session.receive(click, sink: heard)
    #expect(heard.text() == "clicked Go\n")
  }

  @Test func `observers live as long as their widget, whatever the collector does`() throws {
    var options = Session.Options()
    options.isStressed = true
    let session = Session(options)
    let sink = Recording()
    _ = session.run(
      Cell(
        """
        from ipywidgets import IntSlider
        def make():
            seen = []
            s = IntSlider()
            s.observe(lambda c: (seen.append(c.new), print(seen)), "value")
        make()
        junk = [[i] for i in range(1000)]
        """), sink: sink)
    let id = try #require(opened(sink, "IntSliderModel")?.id)
    for value in 1...3 { try session.receive(update(id, ["value": .int(value)]), sink: sink) }
    #expect(sink.text() == "[1]\n[1, 2]\n[1, 2, 3]\n")
  }

  @Test(arguments: [
    ("IntSlider(vlaue=3)", "TypeError", "did you mean 'value'?"),
    ("IntSlider(min=5, max=1)", "ValueError", "give both bounds when the widget is made"),
    ("IntSlider(value='x')", "TypeError", nil),
    ("Button(button_style='sucess')", "ValueError", "did you mean 'success'?"),
    ("VBox([1])", "TypeError", nil),
    ("Dropdown(options=3)", "TypeError", nil),
    (
      "interact(lambda x: x)", "ValueError",
      "say what it may be: x=(0.0, 1.0), a list, or fixed(value)"
    ),
    ("interact(lambda alpha: alpha, alhpa=3)", "ValueError", "did you mean 'alpha'?"),
    (
      "interact(lambda x: x, x=print)", "ValueError",
      "a number, (low, high), True or False, a text, a list, a dict or a widget"
    ),
  ])
  func `mistakes say what to do`(code: String, exception: String, help: String?) {
    let (_, sink) = run("from ipywidgets import *\n" + code)
    guard case .failure(let failure)? = sink.outputs.last else {
      Issue.record("no error from \(code)")
      return
    }
    #expect(failure.exception == exception)
    if let help { #expect(failure.help == help) }
  }

  @Test func `pages have one title for each child, and a page that is there`() {
    let (_, sink) = run(
      """
      from ipywidgets import Accordion, Label, Stack, Tab
      t = Tab([Label('a')])
      print(t.titles, t.selected_index)
      t.children = [Label('a'), Label('b'), Label('c')]
      t.set_title(1, 'x')
      t.selected_index = 2
      print(t.titles, t.get_title(1), t.selected_index)
      t.children = t.children[:2]
      print(t.titles, t.selected_index)
      t.children = []
      print(t.titles, t.selected_index)
      a = Accordion([Label('a')], titles=['x', 'y'])
      print(a.titles, a.selected_index, Stack([Label('a')]).selected_index)
      a.selected_index = 0
      a.children = []
      print(a.titles, a.selected_index)
      """)
    #expect(
      sink.text() == """
        ('',) 0
        ('', 'x', '') x 2
        ('', 'x') 1
        () None
        ('x',) None None
        () None

        """)
  }

  @Test func `a range keeps its ends in order and between the bounds`() throws {
    let (session, sink) = run(
      """
      from ipywidgets import FloatRangeSlider, IntRangeSlider
      r = IntRangeSlider(max=11)
      print(r.value, FloatRangeSlider(max=1).value)
      r.observe(lambda c: print(c.new), names="value")
      r.upper = 50
      r.lower = 4
      """)
    #expect(sink.text() == "(2, 8) (0.25, 0.75)\n(2, 11)\n(4, 11)\n")
    let slider = try #require(opened(sink, "IntRangeSliderModel"))
    #expect(slider.data["state"]?["value"] == [2, 8])
    sink.clear()
    try session.receive(update(slider.id, ["value": [5, 6]]), later: [], sink: sink)
    #expect(sink.text() == "(5, 6)\n")
    sink.clear()
    try session.receive(update(slider.id, ["value": [5, "a"]]), later: [], sink: sink)
    try session.receive(update(slider.id, ["value": [5]]), later: [], sink: sink)
    _ = session.run(Cell("print(r.value)"), sink: sink)
    #expect(sink.text() == "(5, 6)\n")
  }

  @Test func `a menu may be set to nothing, and proposals are no choice`() {
    let (_, sink) = run(
      """
      from ipywidgets import Combobox, Dropdown, Password
      d = Dropdown(options=['a', 'b'])
      d.value = None
      print(d.value, d.index)
      c = Combobox('x', options=['a'])
      c.options = ['a', 'b']
      print(c.value, c.options, Password(value='s').value)
      """)
    #expect(sink.text() == "None None\nx ('a', 'b') s\n")
  }

  @Test func `interact names a control that has no description`() throws {
    let (_, sink) = run(
      """
      from ipywidgets import IntSlider, interactive
      s = IntSlider(3)
      interactive(lambda a, b: a, a=s, b=IntSlider(4, description='mine')).children[1].description
      """)
    guard case .result(let media)? = sink.outputs.last else {
      Issue.record("no result")
      return
    }
    #expect(media.text == "'mine'")
    let updates = messages(sink).compactMap { $0.data["state"]?["description"]?.string }
    #expect(updates.contains("a"))
  }

  @Test func `a slider as learning rate acts while a model trains`() {
    let (_, sink) = run(
      """
      from ipywidgets import FloatSlider
      rate = FloatSlider(0.5, min=0, max=1)

      class Turn(Callback):
          def on_epoch_end(self, epoch, logs=None):
              rate.value = rate.value / 2

      net = Sequential(Dense(1))
      run = net.fit(
          ones((8, 2)), ones((8, 1)), optimizer=SGD(rate), epochs=3, callbacks=[Turn()], verbose=0)
      print(run.lr.tolist())
      """)
    #expect(sink.text() == "[0.5, 0.25, 0.125]\n")
  }
}
