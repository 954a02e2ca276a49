"""Front ends without a browser run Gradus: nbconvert, papermill, jupyter console.

    python frontends.py [-v] [TestName]

Needs the kernelspec `gradus` where Jupyter looks for it.
"""

import os
import subprocess
import sys
import tempfile
import unittest

import nbformat
import pexpect
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOUR = os.path.join(ROOT, "notebooks", "00_tour.ipynb")


def book(path, *cells):
    nbformat.write(
        new_notebook(
            cells=list(cells), metadata={
                "kernelspec": {"name": "gradus", "display_name": "Gradus", "language": "python"},
                "language_info": {"name": "python"},
            }), path)


class FrontEnds(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def jupyter(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=self.folder, capture_output=True, text=True,
            timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_nbconvert_executes_the_tour_and_makes_a_page(self):
        self.jupyter(
            "nbconvert", "--execute", "--to", "html", "--output-dir", self.folder,
            "--output", "tour", TOUR)
        with open(self.path("tour.html")) as file:
            page = file.read()
        # Pictures are in the page, and the code has colours.
        self.assertGreater(page.count("data:image/svg+xml"), 5)
        self.assertIn('<span class="k">def</span>', page)

    def test_tables_are_pages_in_html_and_text_elsewhere(self):
        book(self.path("rich.ipynb"), new_code_cell("tensor([[1.5, 2.5], [3.5, 4.5]])"),
             new_code_cell("{'<b>': zeros((2, 2))}"), new_code_cell("moons(20)"))
        self.jupyter("nbconvert", "--execute", "--to", "html", "rich.ipynb")
        with open(self.path("rich.html")) as file:
            page = file.read()
        self.assertEqual(page.count('class="dataframe"'), 3)
        self.assertIn("Tensor (2, 2)", page)
        self.assertIn("20 examples of 2 features, 2 classes", page)
        self.assertNotIn("{'<b>'", page)
        self.jupyter("nbconvert", "--execute", "--to", "notebook", "--inplace", "rich.ipynb")
        cells = nbformat.read(self.path("rich.ipynb"), as_version=4).cells
        shown = cells[0].outputs[0].data
        self.assertIn("array([[1.5, 2.5]", shown["text/plain"])
        self.assertIn("<table", shown["text/html"])
        self.assertEqual(list(cells[1].outputs[0].data), ["text/plain"])

    def test_nbconvert_says_which_cell_fails(self):
        book(self.path("bad.ipynb"), new_code_cell("x = 1"), new_code_cell("x / 0"))
        done = subprocess.run(
            [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "bad.ipynb"],
            cwd=self.folder, capture_output=True, text=True, timeout=300)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("ZeroDivisionError", done.stderr)
        self.assertIn("x / 0", done.stderr)

    def test_nbconvert_makes_a_script_that_runs(self):
        book(
            self.path("sum.ipynb"), new_markdown_cell("A sum."),
            new_code_cell("total = sum(range(5))"), new_code_cell("print(total)"))
        self.jupyter("nbconvert", "--to", "script", "sum.ipynb")
        scripts = [name for name in os.listdir(self.folder) if not name.endswith(".ipynb")]
        self.assertEqual(len(scripts), 1, scripts)
        gradus = os.environ["GRADUS"]
        done = subprocess.run(
            [gradus, "run", self.path(scripts[0])], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, "10\n"), done.stderr)

    def test_papermill_passes_parameters(self):
        cell = new_code_cell("rate = 0.1\nname = 'none'\nlayers = []")
        cell.metadata["tags"] = ["parameters"]
        book(self.path("in.ipynb"), cell, new_code_cell("print(rate, name, layers, flag, nothing)"))
        self.jupyter(
            "papermill", "in.ipynb", "out.ipynb", "-p", "rate", "0.5", "-p", "name", "it's",
            "-y", "{layers: [3, 2], flag: true, nothing: null}")
        executed = nbformat.read(self.path("out.ipynb"), as_version=4)
        texts = [o["text"] for c in executed.cells for o in c.get("outputs", [])]
        self.assertEqual(texts, ["0.5 it's [3, 2] True None\n"])

    def test_papermill_stops_at_an_error_and_keeps_it(self):
        book(self.path("in.ipynb"), new_code_cell("x = 1"), new_code_cell("y"), new_code_cell("2"))
        done = subprocess.run(
            [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb"], cwd=self.folder,
            capture_output=True, text=True, timeout=300)
        self.assertNotEqual(done.returncode, 0)
        executed = nbformat.read(self.path("out.ipynb"), as_version=4)
        errors = [
            o["ename"] for c in executed.cells for o in c.get("outputs", [])
            if o["output_type"] == "error"]
        self.assertEqual(errors, ["NameError"])
        self.assertEqual(executed.cells[-1].execution_count, None)

    def test_the_console_talks(self):
        console = pexpect.spawn(
            sys.executable,
            ["-m", "jupyter_console", "--kernel", "gradus", "--simple-prompt", "--no-confirm-exit",
             "--ZMQTerminalInteractiveShell.highlighting_style=bw"],
            cwd=self.folder, encoding="utf-8", timeout=120, dimensions=(40, 120))
        self.addCleanup(console.close)
        console.expect(r"In \[")
        console.sendline("1 + 41")
        console.expect(r"Out\[\d+\]: 42")
        console.sendline("prices = [3, 1, 2]")
        console.expect(r"In \[")
        console.sendline("sum(price)")
        console.expect("did you mean 'prices'")
        console.sendline("input('name? ')")
        console.expect(r"name\? ")
        console.sendline("Ada")
        console.expect(r"Out\[\d+\]: 'Ada'")
        console.sendline("exit()")
        console.expect(pexpect.EOF)

    def test_the_bare_word_leaves_the_console(self):
        for word in ["exit", "quit"]:
            console = pexpect.spawn(
                sys.executable,
                ["-m", "jupyter_console", "--kernel", "gradus", "--simple-prompt",
                 "--no-confirm-exit"],
                cwd=self.folder, encoding="utf-8", timeout=120, dimensions=(40, 120))
            self.addCleanup(console.close)
            console.expect(r"In \[")
            console.sendline(word)
            console.expect(pexpect.EOF)


if __name__ == "__main__":
    unittest.main()
