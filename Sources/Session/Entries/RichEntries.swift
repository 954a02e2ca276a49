internal import Catalog

/// Text in a richer form than plain: what `Markdown("**bold**")` gives.
final class RichText: Object {
  enum Form: String, Sendable {
    case html = "HTML"
    case markdown = "Markdown"
    case svg = "SVG"
  }

  private static let types: [Form: ObjectType] = [
    .html: ObjectType("HTML", "A piece of a page, shown as such."),
    .markdown: ObjectType("Markdown", "Text with marks, shown formatted."),
    .svg: ObjectType("SVG", "A drawing, shown as a picture."),
  ]

  private let form: Form
  private let content: String

  init(_ form: Form, _ content: String) {
    self.form = form
    self.content = content
  }

  var type: ObjectType { Self.types[form] ?? ObjectType(form.rawValue, "") }
  var text: String { "<\(form.rawValue) object>" }

  func display(_ context: Context) -> Media {
    switch form {
    case .html: Media(text, html: content)
    case .markdown: Media(content, markdown: content)
    case .svg: Media(text, svg: content)
    }
  }

  static func entry(_ form: Form, _ sentence: String) -> Entry {
    Entry(
      form.rawValue, sentence, Parameter("data", String.self, "the text"),
      returns: form.rawValue, makes: types[form]
    ) { data in
      .object(RichText(form, data))
    }
  }
}

/// The door `IPython.display`, for cells that bring it along.
enum NotebookDoor {
  static let module = ModuleFacts(
    "IPython", "What cells written for IPython use of it.",
    modules: [
      ModuleFacts("IPython.display", "Showing values in a notebook.") {
        [
          SessionEntries.display, SessionEntries.clearOutput,
          RichText.entry(.html, "A piece of a page, to be shown with display()."),
          RichText.entry(.markdown, "Formatted text, to be shown with display()."),
          RichText.entry(.svg, "A drawing, to be shown with display()."),
        ]
      }
    ]
  ) { [] }
}
