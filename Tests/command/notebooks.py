"""Notebooks without Jupyter: `gradus run` gives what nbclient gives with the kernel.

    GRADUS=PATH python notebooks.py [-v] [TestName]

Needs the kernelspec `gradus` where Jupyter looks for it.
"""

import copy
import glob
import os
import re
import subprocess
import tempfile
import unittest

import nbclient
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

GRADUS = os.environ["GRADUS"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def book(*sources, tags=()):
    """A notebook of code cells; a pair is a source and its tags."""
    cells = []
    for index, source in enumerate(sources):
        tags = []
        if isinstance(source, tuple):
            source, tags = source
        cell = new_code_cell(source, id=f"cell-{index}")
        if tags:
            cell.metadata["tags"] = tags
        cells.append(cell)
    return new_notebook(cells=[new_markdown_cell("# Title", id="title")] + cells)


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def run(notebook, folder, *options, name="book.ipynb"):
    path = os.path.join(folder, name)
    if notebook is not None:
        nbformat.write(notebook, path)
    out = os.path.join(folder, "out.ipynb")
    done = subprocess.run(
        [GRADUS, "run", path, "-o", out, *options], cwd=folder, capture_output=True, text=True,
        timeout=300)
    executed = nbformat.read(out, as_version=4) if os.path.exists(out) else None
    if executed:
        nbformat.validate(executed)
    return done, executed


def with_nbclient(notebook, folder):
    notebook = copy.deepcopy(notebook)
    client = nbclient.NotebookClient(
        notebook, kernel_name="gradus", resources={"metadata": {"path": folder}}, timeout=300,
        record_timing=False)
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError:
        pass
    return notebook


def merged(outputs):
    """Pieces of one stream that follow each other are one; how a kernel cuts them is chance."""
    all = []
    for output in outputs:
        output = copy.deepcopy(output)
        if (all and output["output_type"] == "stream" == all[-1]["output_type"]
                and output["name"] == all[-1]["name"]):
            all[-1]["text"] += output["text"]
        else:
            all.append(output)
    for output in all:
        if output["output_type"] == "stream":
            output["text"] = re.sub(r".*\r(?=[^\n])", "", output["text"])
    return all


def volatile(output):
    return output.get("metadata", {}).get("gradus", {}).get("volatile", False)


class Runner(unittest.TestCase):
    maxDiff = 4000

    def same(self, notebook, folder):
        """Both ways of running give the same outputs; returns them."""
        done, ours = run(notebook, folder)
        theirs = with_nbclient(notebook, folder)
        for mine, other in zip(ours.cells, theirs.cells, strict=True):
            if mine.cell_type != "code":
                continue
            self.assertEqual(mine.execution_count, other.execution_count)
            left, right = merged(mine.outputs), merged(other.outputs)
            if any(map(volatile, left)):
                left = [one for one in left if not volatile(one)]
                right = [one for one in right if not volatile(one)]
            self.assertEqual(left, right, mine.source)
        self.assertEqual(ours.metadata.language_info, theirs.metadata.language_info)
        return done, ours

    def test_outputs_of_every_kind(self):
        notebook = book(
            "print('one'); print('two')",
            "6 * 7",
            "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
            "x = [1, 'a', None]\nx",
            "x;",
            "display('shown', 2)\nprint('between')\ndisplay(3)",
            "display('old', id='d')",
            "update('new', id='d')",
            "print('gone')\nclear_output()\nprint('kept')",
            "print('gone')\nclear_output(wait=True)\ndisplay('kept')",
            "for i in progress(range(3), 'steps'): print(i)",
            "",
            "?len",
            "claim('two is two', 2 == 2)",
        )
        with tempfile.TemporaryDirectory() as folder:
            done, ours = self.same(notebook, folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "")
        outputs = [cell.get("outputs") for cell in ours.cells]
        self.assertEqual(outputs[1][0]["text"], "one\ntwo\n")
        self.assertEqual(outputs[2][0]["data"]["text/plain"], "42")
        self.assertEqual(outputs[7][0]["data"]["text/plain"], "'new'")

    def test_a_training_run_shows_its_last_state(self):
        notebook = book(
            "seed(1)\nd = moons(100)\nnet = Sequential(Dense(4, 'tanh'), Dense(2, 'softmax'))\n"
            "run = net.fit(d, epochs=3)",
            "plot(run)",
            "net.fit(d, epochs=2);",
        )
        with tempfile.TemporaryDirectory() as folder:
            done, ours = self.same(notebook, folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        chart, line = ours.cells[1].outputs
        self.assertIn("image/svg+xml", chart["data"])
        self.assertIn("3 epochs", line["text"])
        self.assertIn("image/svg+xml", ours.cells[2].outputs[0]["data"])

    def test_an_error_stops_the_run(self):
        notebook = book("1", "1 / 0", "print('not reached')")
        with tempfile.TemporaryDirectory() as folder:
            done, ours = self.same(notebook, folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("ZeroDivisionError", done.stderr)
        self.assertEqual(ours.cells[2].outputs[0]["ename"], "ZeroDivisionError")
        self.assertEqual(ours.cells[3].outputs, [])

    def test_a_tagged_cell_may_fail(self):
        notebook = book(("1 / 0", ["raises-exception"]), "print('reached')")
        with tempfile.TemporaryDirectory() as folder:
            done, ours = self.same(notebook, folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(ours.cells[2].outputs[0]["text"], "reached\n")

    def test_without_an_output_file_the_notebook_itself_is_written(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "own.ipynb")
            notebook = book("2")
            notebook.metadata["custom"] = {"kept": [1, 2.5]}
            nbformat.write(notebook, path)
            subprocess.run([GRADUS, "run", path], check=True, capture_output=True)
            written = contents(path).decode()
            executed = nbformat.reads(written, as_version=4)
            self.assertEqual(executed.cells[1].outputs[0]["data"]["text/plain"], "2")
            self.assertEqual(executed.metadata["custom"], {"kept": [1, 2.5]})
            self.assertEqual(nbformat.writes(executed) + "\n", written)

    def test_two_runs_give_the_same_bytes(self):
        notebook = book("seed(1)", "print([i * 0.1 for i in range(5)])", "{'a': {1, 2}}")
        with tempfile.TemporaryDirectory() as folder:
            run(notebook, folder)
            first = contents(os.path.join(folder, "out.ipynb"))
            run(notebook, folder)
            self.assertEqual(first, contents(os.path.join(folder, "out.ipynb")))

    def test_what_is_no_notebook_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "book.ipynb")
            for text in ("", "{", "[]", '{"nbformat": 3, "worksheets": []}'):
                with open(path, "w") as file:
                    file.write(text)
                done, _ = run(None, folder)
                self.assertEqual(done.returncode, 1)
                self.assertIn("is not a notebook", done.stderr)

    def test_the_chapters_give_the_same_both_ways(self):
        chapters = sorted(glob.glob(os.path.join(ROOT, "notebooks", "*.ipynb")))
        self.assertTrue(chapters)
        for path in chapters:
            with self.subTest(os.path.basename(path)), tempfile.TemporaryDirectory() as folder:
                done, _ = self.same(nbformat.read(path, as_version=4), folder)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
