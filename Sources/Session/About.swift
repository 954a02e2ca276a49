public import Catalog

/// What this program says of itself.
public enum About {
  public static let version = "0.1.0"

  /// `language_info` of the Jupyter protocol and of notebook files.
  ///
  /// Python's highlighting, indentation and completion triggers fit the language.
  public static let language: JSON = [
    "name": "gradus",
    "version": .string(version),
    "mimetype": "text/x-python",
    "file_extension": ".grad",
    "pygments_lexer": "python",
    "codemirror_mode": "python",
    "nbconvert_exporter": "script",
  ]
}
