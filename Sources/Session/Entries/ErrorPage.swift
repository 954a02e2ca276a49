internal import Catalog

/// What `help("L301")` says of an error's code.
struct ErrorPage {
  let code: String
  /// What was wrong, in a few words.
  let title: String
  /// Why it happens, and what to do.
  let text: String

  private init(_ code: String, _ title: String, _ text: String) {
    self.code = code
    self.title = title
    self.text = text
  }

  var media: Media {
    Media("\(code): \(title)\n\n\(text)", markdown: "**\(code): \(title)**\n\n\(text)")
  }

  static func page(_ code: String) -> ErrorPage? {
    let wanted = code.uppercased()
    return all.first { $0.code == wanted }
  }

  static let all: [ErrorPage] = [
    ErrorPage(
      "L001", "a character the language does not know",
      "Texts copied from pages often bring curly quotes, no-break spaces or full-width signs. "
        + "Replace them by the plain ones; the message names both."),
    ErrorPage(
      "L002", "a string or bracket that is never closed",
      "The caret stands where it was opened. A string in single quotes ends on its line; three "
        + "quotes open one of several lines."),
    ErrorPage(
      "L003", "a colon is missing",
      "Lines with if, elif, else, for, while, def, class, try, except, finally and with end with "
        + "a colon."),
    ErrorPage(
      "L004", "= where == was meant",
      "One = gives a name a value; == asks whether two values are equal."),
    ErrorPage(
      "L005", "indentation",
      "The lines of a block stand equally far to the right of the line that opens it. Tabs and "
        + "spaces do not mix."),
    ErrorPage(
      "L006", "a mistyped word of the language", "The message offers the nearest word."),
    ErrorPage(
      "L007", "a part of Python that Gradus does not have",
      "Gradus is a subset of Python: what it accepts means the same. Not part of it are async, "
        + "match, bytes, complex numbers and classes with several bases."),
    ErrorPage(
      "L008", "another language's spelling",
      "and, or, not, None, True, False and i += 1 are Python's words for &&, ||, !, null, true, "
        + "false and i++."),
    ErrorPage(
      "L009", "a call without parentheses", "Functions are called with them: print(x), range(3)."),
    ErrorPage(
      "L010", "a limit of the language",
      "Brackets nest 200 deep, blocks 100 deep, functions take 255 parameters. The message says "
        + "which limit it was."),
    ErrorPage(
      "L101", "a name that is not defined",
      "Nothing has given the name a value in this session. Was the cell that defines it run since "
        + "the last restart? Is it spelt the same?"),
    ErrorPage(
      "L102", "a local variable without a value",
      "An assignment anywhere in a function makes the name local in all of it. To change the "
        + "outer variable, say global or nonlocal first."),
    ErrorPage(
      "L103", "an attribute or method that is not there",
      "The object has other members; type a dot and press Tab to see them."),
    ErrorPage(
      "L104", "an operator that does not fit its operands",
      "Text and numbers do not add up: convert with str(), int() or float()."),
    ErrorPage(
      "L105", "arguments that do not fit a function",
      "The message says what is missing, extra or mistyped, and how the function is called."),
    ErrorPage(
      "L106", "a value used as what it is not",
      "Only functions are called, only sequences are walked over, only containers are indexed. A "
        + "name like list or max may have been given another value; %reset NAME brings it back."),
    ErrorPage(
      "L107", "an index beyond the end",
      "Indices run from 0 to the length minus 1, or from minus the length to -1."),
    ErrorPage(
      "L108", "a key that is not in the dict",
      "Keys are compared with their type: 1 and \"1\" differ. d.get(key) gives None instead."),
    ErrorPage(
      "L109", "arithmetic without a result",
      "Nothing is divided by zero. Whole numbers have 64 bits; floats go further."),
    ErrorPage(
      "L110", "a value that does not fit",
      "As many names as values when unpacking; int() reads whole numbers only, so int(\"3.5\") "
        + "needs int(float(\"3.5\"))."),
    ErrorPage(
      "L111", "too many calls inside each other",
      "A function that calls itself needs a case that ends it, and must come closer to it with "
        + "each call."),
    ErrorPage(
      "L112", "a container that changed while it was walked over",
      "Walk over a copy: for key in list(d)."),
    ErrorPage(
      "L113", "an interrupt",
      "You stopped the cell. What it had done until then holds; training stops between two "
        + "batches, so the model can be used and trained on."),
    ErrorPage(
      "L114", "no memory left",
      "Delete what is no longer needed, or work on smaller pieces."),
    ErrorPage(
      "L201", "a module or member that is not there",
      "Gradus has parts of Python's own modules, and doors under the names numpy, keras and "
        + "matplotlib to what it has itself. Most names need no import at all."),
    ErrorPage(
      "L301", "shapes that do not fit in a layer",
      "A layer is built for the shape of its first input. The message says which layer it is and "
        + "where both shapes came from."),
    ErrorPage(
      "L302", "shapes that do not fit in an operator",
      "Shapes are compared from the right; axes must be equal, or one of them 1."),
    ErrorPage(
      "L303", "a reshape that does not work out",
      "The number of elements stays the same. One length may be -1: it is worked out."),
    ErrorPage(
      "L304", "a loss that does not fit the labels",
      "Class numbers go with the sparse losses, rows with a single 1 with the categorical ones; "
        + "one output with sigmoid goes with the binary loss."),
    ErrorPage(
      "L305", "element types that do not fit",
      "A model has one type of numbers, f32 by default. Convert with .astype()."),
    ErrorPage(
      "L306", "a gradient that does not exist",
      "Gradients are taken of one number, with respect to floats, through functions of tensors; "
        + "float(t) and item() leave that path."),
    ErrorPage(
      "L307", "a number became infinite or not a number",
      "Most often the learning rate is too high. Try a tenth of it, or clipnorm=1."),
    ErrorPage(
      "L308", "an unknown option", "The message names the known ones, and the nearest."),
    ErrorPage(
      "L309", "a model that is not ready",
      "A model is built by its first input, and knows a loss after compile() or fit()."),
    ErrorPage("L401", "a device that is not there", "Gradus computes on the processor only."),
  ]
}
