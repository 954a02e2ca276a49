public import Catalog

/// What this program says of itself.
public enum About {
  public static let version = "0.1.0"

  /// The language's name for Jupyter: scripts are a part of Python, and tools act on the name.
  ///
  /// Under another name papermill refuses parameters, nbgrader refuses to clear solutions, and
  /// jupytext leaves magics in the Python files it writes; nbconvert's colours follow the lexer
  /// alone. The tools look in either place, so the kernelspec and `language_info` say the same.
  public static let languageName = "python"

  /// `language_info` of the Jupyter protocol and of notebook files.
  ///
  /// Python's highlighting, indentation and completion triggers fit the language.
  public static let language: JSON = [
    "name": .string(languageName),
    "version": .string(version),
    "mimetype": "text/x-python",
    "file_extension": ".grad",
    "pygments_lexer": "python",
    "codemirror_mode": "python",
    "nbconvert_exporter": "script",
  ]
}
