import Catalog
import Notebooks
import Testing

@Suite struct NotebookFileTests {
  private let text = """
    {
     "cells": [
      {
       "attachments": {
        "a.png": {
         "image/png": "AAAA"
        }
       },
       "cell_type": "markdown",
       "id": "first",
       "metadata": {},
       "source": [
        "# Title\\n",
        "text"
       ]
      },
      {
       "cell_type": "code",
       "execution_count": 2,
       "id": "second",
       "metadata": {
        "tags": [
         "raises-exception"
        ],
        "unknown": {
         "kept": true
        }
       },
       "outputs": [
        {
         "data": {
          "application/x+json": {
           "a": 1
          },
          "image/svg+xml": [
           "<svg>\\n",
           "</svg>"
          ],
          "text/plain": [
           "a plot"
          ]
         },
         "metadata": {},
         "output_type": "display_data"
        },
        {
         "name": "stdout",
         "output_type": "stream",
         "text": [
          "1\\n",
          "2\\n"
         ]
        }
       ],
       "source": [
        "1"
       ]
      }
     ],
     "metadata": {
      "custom": [
       1,
       2.5
      ]
     },
     "nbformat": 4,
     "nbformat_minor": 5
    }

    """

  @Test func aFileIsWrittenBackAsItWasRead() throws {
    let notebook = try NotebookFile.decode(Array(text.utf8))
    #expect(String(decoding: NotebookFile.encode(notebook), as: UTF8.self) == text)
  }

  @Test func textsAreOneStringInMemory() throws {
    let notebook = try NotebookFile.decode(Array(text.utf8))
    #expect(notebook.cells[0].source == "# Title\ntext")
    #expect(notebook.cells[1].outputs[1]["text"]?.string == "1\n2\n")
    #expect(notebook.cells[1].outputs[0]["data"]?["image/svg+xml"]?.string == "<svg>\n</svg>")
    #expect(notebook.cells[1].tags == ["raises-exception"])
  }

  @Test func cellsWithoutAnIdGetTheSameOneEachTime() throws {
    let old = """
      {"cells": [{"cell_type": "code", "metadata": {}, "source": "1", "outputs": []},
      {"cell_type": "code", "metadata": {}, "source": "1", "outputs": []}],
      "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
      """
    let first = try NotebookFile.decode(Array(old.utf8))
    let second = try NotebookFile.decode(Array(old.utf8))
    #expect(first.cells.map(\.id) == second.cells.map(\.id))
    #expect(first.cells[0].id != first.cells[1].id)
  }

  @Test(arguments: [
    ("[1]", "it has no list of cells"),
    (#"{"cells": [], "nbformat": 3}"#, "its format is not 4"),
    (
      #"{"cells": [{"cell_type": "poem", "source": ""}], "nbformat": 4}"#,
      "its cell 1 is of no known kind"
    ),
    (#"{"cells": [{"cell_type": "code"}], "nbformat": 4}"#, "its cell 1 has no source"),
  ])
  func whatIsNoNotebookIsRefused(text: String, message: String) {
    #expect {
      try NotebookFile.decode(Array(text.utf8))
    } throws: { error in
      Failure(error).message == message
    }
  }

  @Test func aMissingFileIsAnErrorThatNamesIt() {
    #expect {
      try NotebookFile.read("/nowhere/book.ipynb")
    } throws: { error in
      Failure(error).message.contains("/nowhere/book.ipynb")
    }
  }
}
