internal import Catalog

extension WidgetKind {
  /// All kinds, as users of ipywidgets know them.
  static let all: [WidgetKind] =
    sliders + fields + selections + buttons + boxes + [interactive, output, layout] + styles

  private typealias Trait = WidgetTrait

  private static let shared: [WidgetTrait] = [
    Trait("disabled", .bool, false, "whether the user cannot change it")
  ]

  private static let described: [WidgetTrait] = [
    Trait("description", .string, "", "the text beside it"),
    Trait("description_allow_html", .bool, false, "whether the description may hold marks"),
  ]

  private static let looks: [WidgetTrait] = [
    Trait("layout", .widget, nil, "its size and place: Layout(width=\"300px\"), or a dict"),
    Trait("tooltip", .text, nil, "the text that appears over it"),
  ]

  private static let styled: [WidgetTrait] =
    looks + [Trait("style", .widget, nil, "its colours and widths, as a dict")]

  private static let orientation = Trait(
    "orientation", .word(["horizontal", "vertical"]), "horizontal", "which way it lies")

  private static func slider(
    _ name: String, _ sentence: String, _ numbers: [WidgetTrait], format: JSON, example: String
  ) -> WidgetKind {
    WidgetKind(
      name, sentence, style: "SliderStyle",
      numbers + described + [
        Trait("continuous_update", .bool, true, "whether it reports while it is dragged"),
        orientation, Trait("readout", .bool, true, "whether the number stands beside it"),
        Trait("readout_format", .string, format, "how the number is written, such as \".2f\""),
        Trait("behavior", .string, "drag-tap", "how it is dragged"),
      ] + shared + styled, example: example)
  }

  private static let sliders: [WidgetKind] = [
    slider(
      "IntSlider", "A slider over whole numbers.",
      [
        Trait("value", .int, 0, "the number chosen"), Trait("min", .int, 0, "the smallest"),
        Trait("max", .int, 100, "the largest"), Trait("step", .int, 1, "from one to the next"),
      ], format: "d", example: "IntSlider(value=3, min=0, max=10)"),
    slider(
      "FloatSlider", "A slider over numbers.",
      [
        Trait("value", .float, .number(0), "the number chosen"),
        Trait("min", .float, .number(0), "the smallest"),
        Trait("max", .float, .number(100), "the largest"),
        Trait("step", .float, .number(0.1), "from one to the next"),
      ], format: ".2f", example: "FloatSlider(value=0.5, min=0, max=1, step=0.05)"),
    slider(
      "FloatLogSlider", "A slider over powers, for learning rates and the like.",
      [
        Trait("value", .float, .number(1), "the number chosen"),
        Trait("base", .float, .number(10), "of the powers"),
        Trait("min", .float, .number(0), "the smallest exponent"),
        Trait("max", .float, .number(4), "the largest exponent"),
        Trait("step", .float, .number(0.1), "from one exponent to the next"),
      ], format: ".3g", example: "FloatLogSlider(value=0.01, min=-5, max=0)"),
    slider(
      "IntRangeSlider", "A slider over ranges of whole numbers.",
      [
        Trait("value", .range(isWhole: true), [], "the two ends chosen"),
        Trait("min", .int, 0, "the smallest"), Trait("max", .int, 100, "the largest"),
        Trait("step", .int, 1, "from one to the next"),
      ], format: "d", example: "IntRangeSlider(value=(3, 5), min=0, max=10)"),
    slider(
      "FloatRangeSlider", "A slider over ranges of numbers.",
      [
        Trait("value", .range(isWhole: false), [], "the two ends chosen"),
        Trait("min", .float, .number(0), "the smallest"),
        Trait("max", .float, .number(100), "the largest"),
        Trait("step", .float, .number(0.1), "from one to the next"),
      ], format: ".2f", example: "FloatRangeSlider(value=(0.2, 0.8), min=0, max=1)"),
  ]

  private static func progress(_ name: String, _ sentence: String, isWhole: Bool) -> WidgetKind {
    let kind: Trait.Kind = isWhole ? .int : .float
    func number(_ value: Int) -> JSON { isWhole ? .int(value) : .number(Double(value)) }
    return WidgetKind(
      name, sentence, view: "ProgressView", style: "ProgressStyle",
      [
        Trait("value", kind, number(0), "how far it is"),
        Trait("min", kind, number(0), "where it begins"),
        Trait("max", kind, number(100), "where it ends"),
      ] + described + [
        Trait(
          "bar_style", .word(["", "success", "info", "warning", "danger"]), "", "its colour"),
        orientation,
      ] + styled, example: "\(name)(value=30, max=100)")
  }

  private static func field(
    _ name: String, _ sentence: String, style: String, _ more: [WidgetTrait] = [],
    isEdited: Bool = true
  ) -> WidgetKind {
    let edited =
      isEdited
      ? [Trait("continuous_update", .bool, true, "whether it reports while typed")] + shared : []
    return WidgetKind(
      name, sentence, style: style,
      [
        Trait("value", .string, "", "the text"),
        Trait("placeholder", .string, "\u{200B}", "shown while it is empty"),
      ] + described + more + edited + styled, example: "\(name)(\"text\")")
  }

  private static func number(
    _ name: String, _ sentence: String, view: String? = nil, _ numbers: [WidgetTrait]
  ) -> WidgetKind {
    WidgetKind(
      name, sentence, view: view, style: "DescriptionStyle",
      numbers + described + [
        Trait("continuous_update", .bool, false, "whether it reports while typed")
      ] + shared + styled, example: "\(name)(3)")
  }

  private static let fields: [WidgetKind] = [
    field("Text", "A line of text.", style: "TextStyle"),
    field(
      "Textarea", "Lines of text.", style: "TextStyle",
      [Trait("rows", .index, nil, "how many lines are seen")]),
    field("Password", "A line of text that nobody else can read.", style: "TextStyle"),
    WidgetKind(
      "Combobox", "A line of text with proposals.", style: "TextStyle",
      [
        Trait("value", .string, "", "the text"),
        Trait("placeholder", .string, "\u{200B}", "shown while it is empty"),
        Trait("options", .strings, [], "what is proposed"),
        Trait("ensure_option", .bool, false, "whether it must be one of the proposals"),
        Trait("continuous_update", .bool, true, "whether it reports while typed"),
      ] + described + shared + styled, example: "Combobox(options=[\"relu\", \"elu\"])"),
    WidgetKind(
      "ColorPicker", "A colour to choose.", style: "DescriptionStyle",
      [
        Trait("value", .string, "black", "the colour, by name or as #rrggbb"),
        Trait("concise", .bool, false, "whether only the colour is seen"),
      ] + described + shared + styled, example: "ColorPicker(value=\"red\")"),
    WidgetKind(
      "Valid", "A sign that something holds, or does not.", style: "DescriptionStyle",
      [
        Trait("value", .bool, false, "whether it holds"),
        Trait("readout", .string, "Invalid", "the text where it does not hold"),
      ] + described + shared + styled, example: "Valid(value=True, description=\"trained\")"),
    field("Label", "A text that the user cannot change.", style: "LabelStyle", isEdited: false),
    field("HTML", "A piece of a page.", style: "HTMLStyle", isEdited: false),
    field(
      "HTMLMath", "A piece of a page with formulas in dollar signs.", style: "HTMLMathStyle",
      isEdited: false),
    number(
      "IntText", "A field for a whole number.",
      [Trait("value", .int, 0, "the number"), Trait("step", .int, 1, "of the arrows")]),
    number(
      "BoundedIntText", "A field for a whole number within bounds.", view: "IntTextView",
      [
        Trait("value", .int, 0, "the number"), Trait("min", .int, 0, "the smallest"),
        Trait("max", .int, 100, "the largest"), Trait("step", .int, 1, "of the arrows"),
      ]),
    number(
      "FloatText", "A field for a number.",
      [
        Trait("value", .float, .number(0), "the number"),
        Trait("step", .float, nil, "of the arrows"),
      ]),
    number(
      "BoundedFloatText", "A field for a number within bounds.", view: "FloatTextView",
      [
        Trait("value", .float, .number(0), "the number"),
        Trait("min", .float, .number(0), "the smallest"),
        Trait("max", .float, .number(100), "the largest"),
        Trait("step", .float, nil, "of the arrows"),
      ]),
    progress("IntProgress", "A bar that fills, over whole numbers.", isWhole: true),
    progress("FloatProgress", "A bar that fills.", isWhole: false),
  ]

  private static func selection(
    _ name: String, _ sentence: String, style: String, _ more: [WidgetTrait] = []
  ) -> WidgetKind {
    WidgetKind(
      name, sentence, style: style,
      [
        Trait("options", .options, [], "what to choose from", key: "_options_labels"),
        Trait("value", .choice, nil, "what is chosen", isSent: false),
        Trait("index", .index, nil, "the number of what is chosen"),
      ] + described + more + shared + styled,
      example: "\(name)(options=[\"relu\", \"elu\"])")
  }

  private static let colour = Trait(
    "button_style", .word(["", "primary", "success", "info", "warning", "danger"]), "",
    "its colour")

  private static let selections: [WidgetKind] = [
    selection("Dropdown", "A choice from a list that opens.", style: "DescriptionStyle"),
    selection(
      "RadioButtons", "A choice from a list of buttons, one of them on.",
      style: "DescriptionStyle",
      [
        Trait("orientation", .word(["vertical", "horizontal"]), "vertical", "which way it lies")
      ]),
    selection(
      "Select", "A choice from a list.", style: "DescriptionStyle",
      [Trait("rows", .int, 5, "how many lines are seen")]),
    selection(
      "SelectionSlider", "A slider over given values.", style: "SliderStyle",
      [
        orientation, Trait("behavior", .string, "drag-tap", "how it is dragged"),
        Trait("readout", .bool, true, "whether the value stands beside it"),
        Trait("continuous_update", .bool, true, "whether it reports while it is dragged"),
      ]),
    selection(
      "ToggleButtons", "A choice from a row of buttons.", style: "ToggleButtonsStyle",
      [
        Trait("icons", .strings, [], "the pictures of the buttons"),
        Trait("tooltips", .strings, [], "the texts that appear over them"), colour,
      ]),
  ]

  private static let buttons: [WidgetKind] = [
    WidgetKind(
      "Button", "A button; on_click says what it does.", style: "ButtonStyle",
      [
        Trait("description", .string, "", "the text on it"),
        Trait("icon", .string, "", "the name of its picture"), colour,
      ] + shared + styled, example: "Button(description=\"Train\")"),
    WidgetKind(
      "Checkbox", "A box to tick.", style: "CheckboxStyle",
      [Trait("value", .bool, false, "whether it is ticked")] + described
        + [Trait("indent", .bool, true, "whether it stands below other descriptions")] + shared
        + styled, example: "Checkbox(True, description=\"normalise\")"),
    WidgetKind(
      "ToggleButton", "A button that stays down.", style: "ToggleButtonStyle",
      [Trait("value", .bool, false, "whether it is down")] + described
        + [Trait("icon", .string, "", "the name of its picture"), colour] + shared + styled,
      example: "ToggleButton(description=\"noise\")"),
    WidgetKind(
      "Play", "Buttons that let a number run.", style: "DescriptionStyle",
      [
        Trait("value", .int, 0, "where it is"), Trait("min", .int, 0, "where it begins"),
        Trait("max", .int, 100, "where it ends"), Trait("step", .int, 1, "from one to the next"),
        Trait("interval", .int, 100, "milliseconds between two steps"),
        Trait("playing", .bool, false, "whether it runs"),
        Trait("repeat", .bool, false, "whether it begins again at the end"),
        Trait("show_repeat", .bool, true, "whether there is a button for that"),
      ] + described + shared + styled, example: "Play(max=20)"),
  ]

  private static let boxColour = Trait(
    "box_style", .word(["", "success", "info", "warning", "danger"]), "", "its colour")

  private static func box(_ name: String, _ sentence: String) -> WidgetKind {
    WidgetKind(
      name, sentence,
      [
        Trait("children", .children, [], "the widgets in it"), boxColour,
      ] + looks, example: "\(name)([IntSlider(), Button()])")
  }

  private static let boxes: [WidgetKind] = [
    box("VBox", "Widgets below one another."), box("HBox", "Widgets beside one another."),
    box("Box", "Widgets in one box."),
    box("GridBox", "Widgets in rows and columns, as their layout says."),
    pages("Tab", "Widgets behind one another, one of them seen."),
    pages("Accordion", "Widgets below one another, one of them open."),
    pages("Stack", "Widgets behind one another, without words to choose by."),
  ]

  private static func pages(_ name: String, _ sentence: String) -> WidgetKind {
    WidgetKind(
      name, sentence,
      [
        Trait("children", .children, [], "the widgets in it"),
        Trait("titles", .strings, [], "a word for each"),
        Trait("selected_index", .index, nil, "the number of the one that is seen"),
        boxColour,
      ] + looks, example: "\(name)([IntSlider(), Button()], titles=[\"one\", \"two\"])")
  }

  /// What `interact` makes: the controls of a function, and below them what it shows.
  static let interactive = WidgetKind(
    "interactive", "A function with controls for its arguments.", model: "VBoxModel",
    view: "VBoxView", box("VBox", "").traits)

  /// Shows what a script prints and draws within `with`.
  static let output = WidgetKind(
    "Output", "A place for what is printed and drawn.", package: .output, looks,
    example: "Output()")

  /// The four sides of a border, which `border` sets at once.
  static let borders = ["border_top", "border_right", "border_bottom", "border_left"]

  static let layout = WidgetKind(
    "Layout", "Sizes and places, as CSS knows them.", package: .base, isVisible: false,
    ([
      "width", "height", "min_width", "max_width", "min_height", "max_height", "margin",
      "padding", "display", "flex", "flex_flow", "align_items", "align_content", "align_self",
      "justify_content", "justify_items", "order", "overflow", "visibility", "top", "left",
      "bottom", "right", "grid_area", "grid_auto_columns", "grid_auto_flow", "grid_auto_rows",
      "grid_column", "grid_gap", "grid_row", "grid_template_areas", "grid_template_columns",
      "grid_template_rows", "object_fit", "object_position",
    ] + borders).map { WidgetTrait($0, .text, nil, "as in CSS") } + [
      WidgetTrait("border", .text, nil, "all four sides of the border", isSent: false)
    ], example: "Layout(width=\"300px\")")

  private static func style(
    _ name: String, _ traits: [String], filled: [String] = ["description_width"]
  ) -> WidgetKind {
    WidgetKind(
      name, "How a widget looks.", view: "StyleView", isVisible: false,
      traits.map {
        WidgetTrait($0, .text, filled.contains($0) ? "" : nil, "as in CSS")
      }, example: "\(name)()")
  }

  private static let textLooks = ["background", "font_size", "text_color"]
  private static let letters = [
    "font_family", "font_style", "font_variant", "font_weight", "text_decoration",
  ]

  private static let styles: [WidgetKind] = [
    style("DescriptionStyle", ["description_width"]),
    style("SliderStyle", ["description_width", "handle_color"]),
    style("ProgressStyle", ["description_width", "bar_color"]),
    style("CheckboxStyle", ["description_width", "background"]),
    style("TextStyle", ["description_width"] + textLooks),
    style("LabelStyle", ["description_width"] + textLooks + letters),
    style("HTMLStyle", ["description_width"] + textLooks),
    style("HTMLMathStyle", ["description_width"] + textLooks),
    style("ButtonStyle", ["button_color", "font_size", "text_color"] + letters),
    style("ToggleButtonStyle", ["description_width", "font_size", "text_color"] + letters),
    style(
      "ToggleButtonsStyle", ["description_width", "button_width", "font_weight"],
      filled: ["description_width", "button_width", "font_weight"]),
  ]

  static func named(_ name: String) -> WidgetKind? { table[name] }
  private static let table = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
