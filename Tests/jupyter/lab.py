"""Gradus in a real JupyterLab, driven in Chromium: what a student does, and what the page then shows.

    GRADUS=PATH python lab.py [-v] [TestName]

Needs the kernelspec `gradus` where Jupyter looks for it, JupyterLab with jupyterlab_widgets,
playwright, and a `chromium` in the path. SCREENSHOTS=FOLDER keeps pictures of every page.
"""

import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOKEN = "gradus"
PATIENCE = 120


def until(what, holds, patience=PATIENCE):
    """Waits until `holds` gives something true, and gives it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {patience} seconds not yet: {what}")


class Lab:
    """A JupyterLab server with a folder of its own, and a browser."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        settings = os.path.join(
            self.folder, "settings", "@jupyterlab", "notebook-extension")
        os.makedirs(settings)
        # Every cell is on the page, also those that are scrolled away.
        with open(os.path.join(settings, "tracker.jupyterlab-settings"), "w") as file:
            json.dump({"windowingMode": "none"}, file)
        news = os.path.join(self.folder, "settings", "@jupyterlab", "apputils-extension")
        os.makedirs(news)
        with open(os.path.join(news, "notification.jupyterlab-settings"), "w") as file:
            json.dump({"fetchNews": "false", "checkForUpdates": False}, file)
        self.books = os.path.join(self.folder, "books")
        os.makedirs(self.books)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = open(os.path.join(self.folder, "server.log"), "wb")
        self.server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
                f"--port={port}", f"--ServerApp.token={TOKEN}",
                f"--ServerApp.root_dir={self.books}",
                f"--LabApp.user_settings_dir={os.path.join(self.folder, 'settings')}",
                f"--LabApp.workspaces_dir={os.path.join(self.folder, 'workspaces')}",
                "--LabApp.expose_app_in_browser=True",
            ],
            stdout=self.log, stderr=subprocess.STDOUT)
        until("JupyterLab answers", self.answers)
        self.playwright = sync_playwright().start()
        # The sandbox needs rights that containers do not give.
        self.browser = self.playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"])

    def answers(self):
        if self.server.poll() is not None:
            with open(self.log.name) as file:
                raise AssertionError("JupyterLab ended:\n" + file.read()[-2000:])
        try:
            urllib.request.urlopen(f"{self.url}/api/status?token={TOKEN}", timeout=5)
        except OSError:
            return False
        return True

    def close(self):
        self.browser.close()
        self.playwright.stop()
        self.server.terminate()
        self.server.wait(30)
        self.log.close()
        shutil.rmtree(self.folder)


class Page:
    """A notebook, open."""

    def __init__(self, lab, path, is_dark=False):
        theme = "Dark" if is_dark else "Light"
        # A name of its own, or the page would find the kernel of the one before.
        self.name = theme.lower() + "-" + os.path.basename(path)
        shutil.copy(path, os.path.join(lab.books, self.name))
        self.page = lab.browser.new_page(
            viewport={"width": 1100, "height": 1400},
            color_scheme="dark" if is_dark else "light")
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.goto(f"{lab.url}/lab/tree/{self.name}?reset&token={TOKEN}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function("window.jupyterapp !== undefined")
        self.command("apputils:change-theme", {"theme": f"JupyterLab {theme}"})
        # JupyterLab drops cells that are run before the kernel is there.
        until("the kernel is connected and idle", lambda: self.status == ["connected", "idle"])
        time.sleep(1)

    def command(self, name, arguments=None):
        self.page.evaluate(
            "([name, arguments]) => { window.jupyterapp.commands.execute(name, arguments) }",
            [name, arguments or {}])

    def ask(self, expression):
        """An expression of JavaScript over the open notebook's `panel`."""
        return self.page.evaluate(
            "() => { const panel = window.jupyterapp.shell.currentWidget; return " + expression + " }")

    @property
    def status(self):
        return self.ask(
            "(kernel => kernel ? [kernel.connectionStatus, kernel.status] : null)"
            "(panel.sessionContext.session?.kernel)")

    @property
    def cells(self):
        """The notebook as it would be saved."""
        return self.ask("panel.content.model.toJSON().cells")

    @property
    def code_cells(self):
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    def run_all(self):
        self.command("notebook:run-all-cells")
        until("all cells have run", lambda: all(
            cell["execution_count"] or not "".join(cell["source"]).strip()
            for cell in self.code_cells) and self.status[1] == "idle")

    def run(self, number):
        """Runs a cell, and gives its text outputs when it has ended."""
        self.start(number)
        until("the cell has ended", lambda: self.count(number) and self.status[1] == "idle")
        return self.text(number)

    def start(self, number):
        self.ask(f"(panel.content.activeCellIndex = {number}, 0)")
        self.ask(f"(panel.content.model.cells.get({number}).executionCount = null, 0)")
        self.command("notebook:run-cell")

    def count(self, number):
        return self.ask(f"panel.content.model.cells.get({number}).executionCount")

    def text(self, number):
        found = []
        for output in self.cells[number]["outputs"]:
            if output["output_type"] == "stream":
                found.append("".join(output["text"]))
            elif output["output_type"] == "error":
                found.append("\n".join(output["traceback"]))
            else:
                found.append("".join(output["data"].get("text/plain", "")))
        return "".join(found)

    def edit(self, number):
        """Puts the cursor at the end of a cell."""
        self.ask(f"(panel.content.activeCellIndex = {number}, 0)")
        self.command("notebook:enter-edit-mode")
        self.page.keyboard.press("Control+End")

    def source(self, number):
        return "".join(self.cells[number]["source"])

    @property
    def offers(self):
        """The lines of the menu of completions."""
        return self.page.locator(".jp-Completer-item").all_inner_texts()

    def picture(self, title):
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        scroll = (
            "top => { const panes = [...document.querySelectorAll('.jp-NotebookPanel *')]"
            ".filter(pane => getComputedStyle(pane).overflowY == 'auto');"
            " const pane = panes.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];"
            " pane.scrollTo(0, top); return pane.scrollHeight }")
        for number, top in enumerate(range(0, self.page.evaluate(scroll, 0), 1200)):
            self.page.evaluate(scroll, top)
            time.sleep(0.3)
            self.page.screenshot(path=os.path.join(folder, f"{title}-{number:02}.png"))

    def close(self):
        self.page.close()


class Notebooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()

    @classmethod
    def tearDownClass(cls):
        cls.lab.close()

    def open(self, *sources, is_dark=False):
        path = os.path.join(self.lab.folder, self.id().rsplit(".", 1)[-1] + ".ipynb")
        notebook = new_notebook(
            cells=[new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)],
            metadata={"kernelspec": {"name": "gradus", "display_name": "Gradus"}})
        nbformat.write(notebook, path)
        page = Page(self.lab, path, is_dark)
        self.addCleanup(page.close)
        return page

    def test_every_figure_of_the_chapters_is_drawn(self):
        paths = sorted(glob.glob(os.path.join(ROOT, "notebooks", "*.ipynb")))
        self.assertTrue(paths)
        for path in paths:
            for is_dark in (False, True):
                with self.subTest(notebook=os.path.basename(path), dark=is_dark):
                    self.check_chapter(path, is_dark)

    def check_chapter(self, path, is_dark):
        page = Page(self.lab, path, is_dark)
        try:
            page.run_all()
            figures = 0
            for cell in page.code_cells:
                for output in cell["outputs"]:
                    if output["output_type"] == "error":
                        tags = cell["metadata"].get("tags", [])
                        self.assertIn("raises-exception", tags, output)
                    figures += "image/svg+xml" in output.get("data", {})
            self.assertGreater(figures, 3)
            drawn = until("all pictures are loaded", lambda: self.drawn(page, figures))
            for width, height in drawn:
                self.assertGreater(width, 100)
                self.assertGreater(height, 50)
            page.picture(page.name.removesuffix(".ipynb"))
        finally:
            page.close()

    @staticmethod
    def drawn(page, wanted):
        """The sizes of the pictures among the outputs, once all are there."""
        images = page.page.evaluate(
            "() => [...document.querySelectorAll('.jp-RenderedSVG img, .jp-RenderedSVG svg')]"
            ".map(picture => picture.tagName == 'IMG'"
            " ? [picture.naturalWidth, picture.naturalHeight, picture.complete]"
            " : [picture.clientWidth, picture.clientHeight, true])")
        if len(images) != wanted or not all(complete for _, _, complete in images):
            return None
        return [(width, height) for width, height, _ in images]

    def test_tables_can_be_read_in_both_themes(self):
        for is_dark in (False, True):
            page = self.open(
                "randn(100, 40)", "mlp(4, 2).fit(moons(60), epochs=30, verbose=0)",
                "Sequential(Dense(4, 'relu', input_shape=2), Dense(2, 'softmax'))", "flowers(30)",
                "compare({'<b>a</b>': lambda: 1, 'b': lambda: 2}, seeds=2, figure='score')",
                is_dark=is_dark)
            page.run_all()
            tables = page.page.locator(".jp-OutputArea table.dataframe")
            until("all tables are there", lambda: tables.count() == 6)
            # Black on white or white on black; nothing of a cell's text has become markup.
            colours = page.page.evaluate(
                "() => [...document.querySelectorAll('.jp-OutputArea table.dataframe td')].map("
                "cell => { const style = getComputedStyle(cell); const numbers = style.color.match("
                "/[0-9.]+/g).map(Number); return [numbers[0], style.backgroundColor] })")
            for lightness, background in colours:
                self.assertEqual(lightness > 128, is_dark)
                self.assertEqual(background, "rgba(0, 0, 0, 0)")
            self.assertEqual(page.page.locator(".jp-OutputArea td b, .jp-OutputArea th b").count(), 0)
            width = page.page.evaluate(
                "() => Math.max(...[...document.querySelectorAll('.jp-OutputArea table')].map("
                "table => table.clientWidth))")
            self.assertLess(width, 1000)
            page.picture(f"tables-{'dark' if is_dark else 'light'}")

    def test_completion_offers_names_and_arguments(self):
        page = self.open("sigm", "Dense(3, activ")
        for number, wanted in [(0, "sigmoid"), (1, "activation=")]:
            page.edit(number)
            page.page.keyboard.press("Tab")
            # A single match is taken at once, several are offered.
            until(f"{wanted} is offered", lambda: wanted in page.source(number) or any(
                wanted in item for item in page.offers))
            page.page.keyboard.press("Escape")

    def test_the_tooltip_shows_signature_and_text(self):
        page = self.open("Dropout")
        page.edit(0)
        page.page.keyboard.press("Shift+Tab")
        page.page.wait_for_selector(".jp-Tooltip")
        text = until("the tooltip has text", lambda: page.page.inner_text(".jp-Tooltip"))
        self.assertIn("rate", text)
        page.picture("tooltip")

    def test_the_tooltip_of_an_activation_has_its_curve(self):
        page = self.open("tanh")
        page.edit(0)
        page.page.keyboard.press("Shift+Tab")
        page.page.wait_for_selector(".jp-Tooltip img")
        until("the curve is drawn", lambda: page.page.evaluate(
            "document.querySelector('.jp-Tooltip img').naturalWidth") > 100)
        page.picture("curve")

    def test_an_interrupt_stops_the_cell_and_keeps_the_session(self):
        page = self.open("kept = 41", "while True: pass", "kept + 1")
        page.run(0)
        page.start(1)
        until("the kernel is busy", lambda: page.status[1] == "busy")
        page.command("kernelmenu:interrupt")
        until("the cell has ended", lambda: page.count(1) and page.status[1] == "idle")
        self.assertIn("KeyboardInterrupt", page.text(1))
        self.assertEqual(page.run(2), "42")

    def test_a_restart_forgets_the_names(self):
        page = self.open("kept = 41", "kept")
        page.run(0)
        self.assertEqual(page.run(1), "41")
        page.ask("(panel.sessionContext.session.kernel.restart(), 0)")
        until("the kernel restarts", lambda: page.status != ["connected", "idle"])
        until("the kernel is back", lambda: page.status == ["connected", "idle"])
        self.assertIn("NameError", page.run(1))

    def test_a_slider_acts_before_and_while_a_cell_runs(self):
        page = self.open(
            "from ipywidgets import interact\n"
            "interact(lambda alpha=0.5: print(f'alpha is {alpha}'), alpha=(0.0, 1.0, 0.1))",
            "from ipywidgets import IntSlider\nimport time\n"
            "slider = IntSlider(2, 0, 10)\nslider",
            "start = slider.value\nwhile slider.value == start: time.sleep(0.01)\nslider.value")
        page.run(0)
        page.run(1)
        handles = page.page.locator(".noUi-handle")
        until("both sliders are there", lambda: handles.count() == 2)
        handles.nth(0).press("ArrowRight")
        page.page.wait_for_function(
            "() => document.querySelector('.widget-interact').innerText.includes('alpha is 0.6')")
        page.start(2)
        until("the kernel is busy", lambda: page.status[1] == "busy")
        handles.nth(1).press("ArrowRight")
        until("the loop saw the slider", lambda: page.count(2) and page.status[1] == "idle")
        self.assertEqual(page.text(2), "3")
        page.picture("slider")


if __name__ == "__main__":
    unittest.main()
