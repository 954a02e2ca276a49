import Catalog

/// The exceptions as facts for completion, help and the manual.
enum ExceptionTypes {
  static let entries: [Entry] = {
    var types: [String: ObjectType] = ["BaseException": root]
    var entries = [entry(root)]
    for (name, base) in Machine.exceptionClasses {
      let type = ObjectType(name, sentences[name] ?? "", base: types[base] ?? root)
      types[name] = type
      // Others are members of modules.
      if sentences[name] != nil { entries.append(entry(type)) }
    }
    return entries
  }()

  private static let root = ObjectType("BaseException", "What every exception is.") {
    [
      Entry(
        "args", "What it was made with.", kind: .attribute, parameters: [], returns: "tuple",
        examples: [], body: .intrinsic),
      .intrinsic(
        "add_note", "Adds a line that is shown with it.",
        [ParameterFacts(name: "note", kind: "str", passing: .positionalOnly)], kind: .method),
      .intrinsic(
        "with_traceback", "Gives the exception itself.",
        [ParameterFacts(name: "tb", passing: .positionalOnly)], kind: .method,
        returns: "BaseException"),
    ]
  }

  private static func entry(_ type: ObjectType) -> Entry {
    .intrinsic(
      type.name, type.sentence, [ParameterFacts(name: "args", passing: .rest)],
      returns: type.name, type: type)
  }

  private static let sentences = [
    "SystemExit": "Ends the script; exit() raises it.",
    "KeyboardInterrupt": "The user stopped the cell.",
    "GeneratorExit": "A generator is closed.",
    "Exception": "What programs raise and catch; all but the three that end a program.",
    "ArithmeticError": "A calculation has no result.",
    "ZeroDivisionError": "Something was divided by zero.",
    "OverflowError": "A number is too large: integers have 64 bits.",
    "FloatingPointError": "A calculation with floats failed.",
    "LookupError": "An index or a key is not there.",
    "IndexError": "An index is beyond the end of a sequence.",
    "KeyError": "A key is not in a dict.",
    "AssertionError": "An assert did not hold.",
    "AttributeError": "An object has no attribute of that name.",
    "BufferError": "Memory is in use elsewhere.",
    "EOFError": "There is no more input.",
    "NameError": "A name has no value.",
    "UnboundLocalError": "A local variable was read before it had a value.",
    "ImportError": "A module has no such member.",
    "ModuleNotFoundError": "There is no module of that name.",
    "StopIteration": "An iterator has no more elements.",
    "StopAsyncIteration": "Known by name only: there is no async here.",
    "RuntimeError": "Something went wrong that fits nothing else.",
    "RecursionError": "Too many calls inside one another.",
    "NotImplementedError": "A method that a derived class must define.",
    "MemoryError": "There is not enough memory.",
    "OSError": "The system refused something, most often with a file.",
    "FileNotFoundError": "There is no such file.",
    "FileExistsError": "The file is there already.",
    "IsADirectoryError": "A folder was found where a file was wanted.",
    "NotADirectoryError": "A file was found where a folder was wanted.",
    "PermissionError": "The system does not allow it.",
    "TimeoutError": "It took too long.",
    "BlockingIOError": "Something would have to wait.",
    "ChildProcessError": "Another process failed.",
    "InterruptedError": "A signal came while the system worked.",
    "ProcessLookupError": "There is no such process.",
    "ConnectionError": "A connection failed.",
    "BrokenPipeError": "The other end of a pipe is closed.",
    "ConnectionAbortedError": "A connection was given up.",
    "ConnectionRefusedError": "Nobody answers there.",
    "ConnectionResetError": "The other end closed a connection.",
    "UnicodeDecodeError": "Bytes are not text.",
    "UnicodeEncodeError": "Text cannot be written that way.",
    "PendingDeprecationWarning": "Something that will no longer be used one day.",
    "SyntaxWarning": "Text that looks like a mistake.",
    "FutureWarning": "Something that will mean something else.",
    "ImportWarning": "A doubtful import.",
    "UnicodeWarning": "Doubtful text.",
    "ResourceWarning": "Something was not closed.",
    "BytesWarning": "Known by name only: there are no bytes here.",
    "EncodingWarning": "A doubtful encoding.",
    "SyntaxError": "The text is not of the language.",
    "IndentationError": "A line stands too far left or right.",
    "TabError": "Tabs and spaces are mixed.",
    "TypeError": "A value is of the wrong type for what is done with it.",
    "ValueError": "A value is of the right type, but does not fit.",
    "UnicodeError": "Text could not be read or written.",
    "Warning": "What warnings are.",
    "UserWarning": "A warning of a program.",
    "DeprecationWarning": "Something that should no longer be used.",
    "RuntimeWarning": "A doubtful calculation.",
    "ShapeError": "Shapes of tensors do not fit together. Only in Gradus.",
    "DTypeError": "Element types of tensors do not fit together. Only in Gradus.",
    "GradientError": "A gradient does not exist. Only in Gradus.",
    "DeviceError": "A device is not there. Only in Gradus.",
    "LinAlgError": "A matrix cannot be inverted or taken apart. NumPy's, known everywhere here.",
  ]
}
