"""Protocol conformance of the installed `gradus` kernel: jupyter_kernel_test, no sample left out,
and what it does not cover: stdin, silent cells, aborted queues, interrupts, control, shutdown,
hostile frames, the end of the parent.

    python conformance.py [-v] [TestName]

Needs the kernelspec `gradus` where Jupyter looks for it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

import jupyter_kernel_test
import psutil
import zmq
from jupyter_client.manager import KernelManager, start_new_kernel

PATIENCE = 15


class Samples(jupyter_kernel_test.KernelTests):
    """The public suite."""

    kernel_name = "gradus"
    language_name = "python"
    file_extension = ".grad"
    code_hello_world = 'print("hello, world")'
    code_stderr = 'import sys\nprint("test", file=sys.stderr)'
    completion_samples = [
        {"text": "prin", "matches": {"print"}},
        {"text": "seed_of_all = 1\nseed_of", "matches": {"seed_of_all"}},
    ]
    complete_code_samples = ["1", 'print("hello")', "def f(x):\n  return x\n\n", "x = [1,\n2]"]
    incomplete_code_samples = ["print('''hello", "print(1,", "def f(x):", "x = [1,", "for i in range(3):\n  i"]
    invalid_code_samples = ["import = 7q", "x = )", "1 +* 2"]
    code_page_something = "?print"
    code_generate_error = "raise ValueError('wrong')"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "[1, 'a']", "result": "[1, 'a']"},
        {"code": "'é𝐚'", "result": "'é𝐚'"},
    ]
    code_display_data = [
        {"code": "display(1)", "mime": "text/plain"},
        {"code": "display(plot([1, 2, 4]))", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6?7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "print"
    code_clear_output = "clear_output()"

    def test_no_sample_is_missing(self):
        for name in dir(jupyter_kernel_test.KernelTests):
            if name.startswith("code_") or name.endswith("_samples"):
                self.assertTrue(getattr(self, name), name)


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "gradus"
    support_iopub_welcome = True


class Session(unittest.TestCase):
    """A kernel per class, an idle one for each test."""

    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="gradus")

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def answers(self, name, channel="shell"):
        """The reply to a request and its iopub messages up to idle."""
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == name:
                shown.append(message)
                if message["content"].get("execution_state") == "idle":
                    break
        take = {"shell": self.client.get_shell_msg, "control": self.client.get_control_msg}[channel]
        while True:
            reply = take(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == name:
                return reply, shown

    def run_cell(self, code, **flags):
        return self.answers(self.client.execute(code, **flags))

    def wait_for(self, kind, name):
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == kind and message["parent_header"].get("msg_id") == name:
                return message

    def raw(self, channel):
        """A socket of a client that has no other."""
        socket = self.client.context.socket(zmq.DEALER)
        socket.linger = 0
        info = self.client.get_connection_info()
        socket.connect(f"tcp://{info['ip']}:{info[channel + '_port']}")
        return socket

    def assert_alive(self):
        reply, shown = self.run_cell("6*7")
        self.assertEqual(reply["content"]["status"], "ok")
        results = [m for m in shown if m["msg_type"] == "execute_result"]
        self.assertEqual(results[0]["content"]["data"]["text/plain"], "42")


class Cells(Session):
    def test_order(self):
        _, shown = self.run_cell("print('a')\nprint('b')\n7")
        kinds = [m["msg_type"] for m in shown]
        self.assertEqual(kinds, ["status", "execute_input", "stream", "execute_result", "status"])
        self.assertEqual(shown[2]["content"]["text"], "a\nb\n")

    def test_silent(self):
        reply, shown = self.run_cell("print(1)\n2", silent=True)
        self.assertEqual([m["msg_type"] for m in shown], ["status", "status"])
        self.assertEqual(reply["content"]["status"], "ok")

    def test_count_only_when_stored(self):
        first, _ = self.run_cell("1")
        second, _ = self.run_cell("2", store_history=False)
        third, _ = self.run_cell("3")
        counts = [r["content"]["execution_count"] for r in (first, second, third)]
        self.assertEqual(counts[1], counts[0])
        self.assertEqual(counts[2], counts[0] + 1)

    def test_user_expressions(self):
        reply, _ = self.run_cell("x = 20", user_expressions={"a": "x + 1", "b": "nowhere"})
        values = reply["content"]["user_expressions"]
        self.assertEqual(values["a"]["data"]["text/plain"], "21")
        self.assertEqual(values["b"]["status"], "error")
        self.assertEqual(values["b"]["ename"], "NameError")

    def test_queue_is_aborted(self):
        names = [self.client.execute(code) for code in (
            "import time\ntime.sleep(0.2)\n1/0", "made = 1", "made = 2")]
        states = [self.answers(name)[0]["content"]["status"] for name in names]
        self.assertEqual(states, ["error", "aborted", "aborted"])
        self.assertEqual(self.run_cell("made")[0]["content"]["ename"], "NameError")

    def test_queue_goes_on(self):
        names = [
            self.client.execute("1/0", stop_on_error=False), self.client.execute("went = 1")]
        states = [self.answers(name)[0]["content"]["status"] for name in names]
        self.assertEqual(states, ["error", "ok"])

    def test_errors_keep_the_session(self):
        self.run_cell("kept = 5")
        for code in (
            "x = (", "nowhere", "1/0", "[1][9]", "def f(): return f()\nf()", "assert 1 > 2",
            "raise SystemError('x')", "import nothing_of_that_name",
        ):
            with self.subTest(code=code):
                reply, shown = self.run_cell(code)
                self.assertEqual(reply["content"]["status"], "error")
                self.assertEqual(len([m for m in shown if m["msg_type"] == "error"]), 1)
                self.assertTrue(reply["content"]["traceback"])
        _, shown = self.run_cell("kept")
        self.assertEqual(shown[2]["content"]["data"]["text/plain"], "5")

    def test_many_lines(self):
        _, shown = self.run_cell("for i in range(100000): print(i)")
        streams = [m["content"]["text"] for m in shown if m["msg_type"] == "stream"]
        self.assertEqual("".join(streams), "".join(f"{i}\n" for i in range(100_000)))
        self.assertLess(len(streams), 100)

    def test_complete_sees_the_cell_before(self):
        self.client.execute("fresh_name_one = 1\nfresh_name_two = 2")
        reply, _ = self.answers(self.client.complete("fresh_n"))
        self.assertEqual(
            set(reply["content"]["matches"]), {"fresh_name_one", "fresh_name_two"})

    def test_complete_counts_code_points(self):
        self.run_cell("wide_name = 1")
        code = "'𝐚é'; wide_n"
        reply, _ = self.answers(self.client.complete(code))
        self.assertEqual(reply["content"]["matches"], ["wide_name"])
        self.assertEqual(reply["content"]["cursor_start"], 6)
        self.assertEqual(reply["content"]["cursor_end"], len(code))

    def test_inspect_within_a_call(self):
        reply, _ = self.answers(self.client.inspect("print(", 6))
        self.assertTrue(reply["content"]["found"])

    def test_comm(self):
        message = self.client.session.msg(
            "comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        self.client.shell_channel.send(message)
        closed = self.wait_for("comm_close", message["header"]["msg_id"])
        self.assertEqual(closed["content"]["comm_id"], "c1")
        reply, _ = self.answers(self.client.comm_info())
        self.assertEqual(reply["content"]["comms"], {})


class Input(Session):
    def ask(self, code):
        name = self.client.execute(code, allow_stdin=True)
        return name, self.client.get_stdin_msg(timeout=PATIENCE)

    def test_answer(self):
        name, request = self.ask("print('first')\nname = input('who? ')\nprint(name)")
        self.assertEqual(request["content"], {"prompt": "who? ", "password": False})
        self.client.input("Ada é𝐚")
        _, shown = self.answers(name)
        text = "".join(m["content"]["text"] for m in shown if m["msg_type"] == "stream")
        self.assertEqual(text, "first\nAda é𝐚\n")

    def test_password(self):
        name, request = self.ask("from getpass import getpass\nlen(getpass())")
        self.assertEqual(request["content"], {"prompt": "Password: ", "password": True})
        self.client.input("secret")
        _, shown = self.answers(name)
        results = [m for m in shown if m["msg_type"] == "execute_result"]
        self.assertEqual(results[0]["content"]["data"]["text/plain"], "6")

    def test_end_of_input(self):
        name, _ = self.ask("input()")
        self.client.input("\x04")
        self.assertEqual(self.answers(name)[0]["content"]["ename"], "EOFError")

    def test_interrupt(self):
        name, _ = self.ask("input()")
        self.manager.interrupt_kernel()
        self.assertEqual(self.answers(name)[0]["content"]["ename"], "KeyboardInterrupt")

    def test_not_allowed(self):
        reply, _ = self.run_cell("input()", allow_stdin=False)
        self.assertEqual(reply["content"]["status"], "error")

    def test_no_stdin_channel(self):
        session = self.client.session
        content = {"code": "input()", "silent": False, "allow_stdin": True}
        socket = self.raw("shell")
        socket.send_multipart(session.serialize(session.msg("execute_request", content)))
        self.assertTrue(socket.poll(PATIENCE * 1000))
        _, frames = session.feed_identities(socket.recv_multipart())
        self.assertEqual(session.deserialize(frames)["content"]["ename"], "RuntimeError")
        socket.close()
        self.assert_alive()

    def test_out_of_turn(self):
        self.client.input("nobody asked")
        self.assert_alive()


class Interrupts(Session):
    LOOP = "i = 0\nwhile True: i = i + 1"

    def test_message_and_signal(self):
        for stop in (
            self.manager.interrupt_kernel,
            lambda: self.manager.provisioner.process.send_signal(signal.SIGINT),
        ):
            name = self.client.execute(self.LOOP)
            behind = self.client.execute("never = 1")
            self.wait_for("execute_input", name)
            stop()
            self.assertEqual(self.answers(name)[0]["content"]["ename"], "KeyboardInterrupt")
            self.assertEqual(self.answers(behind)[0]["content"]["status"], "aborted")
            self.assert_alive()

    def test_storm(self):
        self.run_cell("kept = 1")
        name = self.client.execute("while True: kept = kept + 1")
        self.wait_for("execute_input", name)
        for _ in range(50):
            # The client's own: the manager would give its requests the ids of the client's.
            self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
            os.kill(self.manager.provisioner.pid, signal.SIGINT)
        reply, _ = self.answers(name)
        self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")
        # Those that come late are taken by cells that then run.
        for _ in range(60):
            reply, _ = self.run_cell("kept > 1")
            if reply["content"]["status"] == "ok":
                break
        self.assert_alive()

    def test_sleep(self):
        name = self.client.execute("import time\ntime.sleep(60)")
        self.wait_for("execute_input", name)
        self.manager.interrupt_kernel()
        self.assertEqual(self.answers(name)[0]["content"]["ename"], "KeyboardInterrupt")

    def test_idle(self):
        process = self.manager.provisioner.process
        process.send_signal(signal.SIGINT)
        until = time.time() + PATIENCE
        while self.is_pending(process.pid, signal.SIGINT) and time.time() < until:
            time.sleep(0.01)
        message = self.client.session.msg("interrupt_request", {})
        self.client.control_channel.send(message)
        self.answers(message["header"]["msg_id"], "control")
        self.assert_alive()

    @staticmethod
    def is_pending(process, number):
        """Whether a signal was sent to a process that has not looked at it."""
        with open(f"/proc/{process}/status") as file:
            waiting = [line.split()[1] for line in file if line.startswith("ShdPnd")]
        return bool(int(waiting[0], 16) >> (number - 1) & 1)

    def test_control_while_busy(self):
        name = self.client.execute(self.LOOP)
        self.wait_for("execute_input", name)
        message = self.client.session.msg("kernel_info_request", {})
        self.client.control_channel.send(message)
        reply, _ = self.answers(message["header"]["msg_id"], "control")
        self.assertEqual(reply["content"]["status"], "ok")
        reply, _ = self.answers(self.client.complete("prin"))
        self.assertEqual(reply["content"]["matches"], ["print"])
        self.assertTrue(self.client.hb_channel.is_beating())
        self.manager.interrupt_kernel()
        self.answers(name)


class Hostile(Session):
    def test_frames(self):
        session = self.client.session
        good = session.serialize(session.msg("execute_request", {"code": "bad = 1"}))
        for channel in ("shell", "control", "stdin"):
            socket = self.raw(channel)
            for frames in (
                [b""], [b"x"] * 3, good[:3], good[1:], [good[0], b"0" * 64] + good[2:],
                [good[0], b""] + good[2:], good[:-1] + [b"{"], good[:-1] + [b"\xff\xfe"],
                good[:2] + [b"{" * 10_000_000] + good[3:], [b"<IDS|MSG>"] * 8,
            ):
                socket.send_multipart(frames)
            socket.close()
        self.assert_alive()
        self.assertEqual(self.run_cell("bad")[0]["content"]["ename"], "NameError")

    def test_odd_json(self):
        """What JSON writers of the world send, and what it comes to."""
        session = self.client.session

        def ask(kind, content, channel="shell", metadata=b"{}", parent=b"{}", header=None):
            header = header or json.dumps(session.msg_header(kind), default=str).encode()
            name = json.loads(header)["msg_id"]
            parts = [header, parent, metadata, content]
            socket = self.raw(channel)
            socket.send_multipart([b"<IDS|MSG>", session.sign(parts)] + parts)
            reply = None
            while not reply or reply["parent_header"]["msg_id"] != name:
                self.assertTrue(socket.poll(PATIENCE * 1000), content[:80])
                reply = session.deserialize(session.feed_identities(socket.recv_multipart())[1])
            socket.close()
            return reply["content"]

        for content in (
            b'{"code":"1","more":NaN}', b'{"code":"2","code":"1"}',
            b'{"code":"1","more":123456789012345678901234567890,"less":-1e999}',
            b'{"code":"\\ud800; 1"}', b'{"code":"1\\r\\n2\\r"}', b' \n{"code" : "1"}\t',
            b'{"code":"1","silent":null,"user_expressions":null,"store_history":null}',
        ):
            status = ask("execute_request", content)["status"]
            self.assertEqual(status, "error" if b"ud800" in content else "ok", content)
        for metadata, parent in ((b"null", b"null"), (b'{"a": NaN}', b"{}")):
            content = ask("execute_request", b'{"code":"1"}', metadata=metadata, parent=parent)
            self.assertEqual(content["status"], "ok")
        for kind, content in (
            ("execute_request", b"{}"), ("execute_request", b'{"code":null}'),
            ("execute_request", b'{"code":"1","silent":"yes"}'),
            ("execute_request", b'{"code":"1","user_expressions":[]}'),
            ("complete_request", b'{"code":"1","cursor_pos":"3"}'),
            ("complete_request", b'{"code":"1","cursor_pos":1e30}'),
            ("history_request", b'{"hist_access_type":"all"}'),
        ):
            self.assertEqual(ask(kind, content)["status"], "error", content)
        for kind, content in (
            ("complete_request", b'{"code":"pri","cursor_pos":-4}'),
            ("complete_request", b'{"code":"pri","cursor_pos":3.0}'),
            ("inspect_request", b'{"code":"print","cursor_pos":1000000000000,"detail_level":7}'),
            ("is_complete_request", json.dumps({"code": "x = (" * 5000}).encode()),
            ("history_request", b'{"hist_access_type":"tail","n":1000000000000000000}'),
            ("history_request",
             b'{"hist_access_type":"range","session":-1000000000000,"start":-5,"stop":99999}'),
            ("comm_info_request", b'{"target_name":5}'), ("kernel_info_request", b"null"),
        ):
            self.assertIn(ask(kind, content)["status"], ("ok", "invalid"), content)
        bare = b'{"msg_id":"bare","msg_type":"kernel_info_request"}'
        self.assertEqual(ask("", b"{}", header=bare)["status"], "ok")
        self.assert_alive()

    def test_replay(self):
        session = self.client.session
        message = session.msg("execute_request", {"code": "1", "silent": False})
        frames = session.serialize(message)
        socket = self.raw("shell")
        for _ in range(3):
            socket.send_multipart(frames)
        self.assertTrue(socket.poll(PATIENCE * 1000))
        socket.recv_multipart()
        self.assert_alive()
        self.assertFalse(socket.poll(0))
        socket.close()

    def test_unknown_requests(self):
        for kind in ("sing_request", "create_subshell_request", "usage_request"):
            message = self.client.session.msg(kind, {})
            self.client.shell_channel.send(message)
            self.wait_for("status", message["header"]["msg_id"])
        self.assert_alive()

    def test_large_and_deep_cells(self):
        large = "text = '" + "x" * 5_000_000 + "'\nlen(text)"
        reply, shown = self.run_cell(large)
        self.assertEqual(reply["content"]["status"], "ok")
        results = [m for m in shown if m["msg_type"] == "execute_result"]
        self.assertEqual(results[0]["content"]["data"]["text/plain"], "5000000")
        for deep in ("(" * 100_000, "[" * 50_000 + "]" * 50_000, "-" * 100_000 + "1",
                     "x = " + "{0:" * 20_000, "if 1:\n" * 3_000):
            reply, _ = self.run_cell(deep)
            self.assertEqual(reply["content"]["status"], "error", deep[:10])
        self.assert_alive()

    def test_bytes_that_are_not_zmtp(self):
        import socket
        info = self.client.get_connection_info()
        for name, port in info.items():
            if not name.endswith("_port"):
                continue
            for bytes_ in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64, b"\x00" * 10_000, os.urandom(4096)):
                with socket.create_connection((info["ip"], port)) as stray:
                    stray.sendall(bytes_)
        self.assert_alive()

    def test_a_flood_waits_with_the_client(self):
        session = self.client.session
        content = json.dumps({"code": "flood = '" + "x" * 9_000 + "'"}).encode()
        # What nobody subscribed to would fill this client's memory.
        self.client.execute("while True: pass")
        socket = self.raw("shell")
        socket.sndhwm = 0
        process = psutil.Process(self.manager.provisioner.process.pid)
        before = process.memory_info().rss
        count = 20_000
        for number in range(count):
            header = json.dumps({
                "msg_id": f"flood-{number}", "msg_type": "execute_request", "session": "flood",
                "username": "me", "version": "5.4", "date": "2026-01-01T00:00:00Z"}).encode()
            parts = [header, b"{}", b"{}", content]
            socket.send_multipart([b"<IDS|MSG>", session.sign(parts)] + parts)
        for _ in range(20):
            message = session.msg("kernel_info_request", {})
            self.client.control_channel.send(message)
            while True:
                reply = self.client.get_control_msg(timeout=PATIENCE)
                if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                    break
        self.assertLess(process.memory_info().rss - before, 100 << 20)
        self.manager.interrupt_kernel()
        statuses = {}
        for _ in range(count):
            self.assertTrue(socket.poll(4 * PATIENCE * 1000))
            frames = socket.recv_multipart()
            status = json.loads(frames[5])["status"]
            statuses[status] = statuses.get(status, 0) + 1
        # What the client still held back when the cell failed is run, as if it had come later.
        self.assertEqual(set(statuses) - {"ok", "aborted"}, set())
        self.assertGreater(statuses["aborted"], 4000)
        socket.close()
        self.assert_alive()

    def test_a_subscriber_that_does_not_read(self):
        info = self.client.get_connection_info()
        lazy = self.client.context.socket(zmq.SUB)
        lazy.linger = 0
        lazy.rcvhwm = 1
        lazy.subscribe(b"")
        lazy.connect(f"tcp://{info['ip']}:{info['iopub_port']}")
        time.sleep(0.2)
        for _ in range(5):
            _, shown = self.run_cell("for i in range(20000): print('a line of some length', i)")
            text = "".join(m["content"]["text"] for m in shown if m["msg_type"] == "stream")
            self.assertEqual(text.count("\n"), 20_000)
        self.assert_alive()
        lazy.close()


class Life(unittest.TestCase):
    def test_restart(self):
        manager, client = start_new_kernel(kernel_name="gradus")
        client.execute_interactive("x = 1", timeout=PATIENCE)
        manager.restart_kernel()
        client.wait_for_ready(timeout=PATIENCE)
        reply = client.execute_interactive("x", timeout=PATIENCE, output_hook=lambda m: None)
        self.assertEqual(reply["content"]["ename"], "NameError")
        client.stop_channels()
        manager.shutdown_kernel()

    def test_shutdown_while_busy(self):
        manager, client = start_new_kernel(kernel_name="gradus")
        client.execute("while True: pass")
        process = manager.provisioner.process
        client.shutdown()
        reply = client.get_control_msg(timeout=PATIENCE)
        self.assertEqual(reply["content"], {"status": "ok", "restart": False})
        self.assertEqual(process.wait(PATIENCE), 0)
        client.stop_channels()
        manager.cleanup_resources()

    def test_sigterm(self):
        manager, client = start_new_kernel(kernel_name="gradus")
        process = manager.provisioner.process
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)
        client.stop_channels()
        manager.cleanup_resources()

    def test_children_have_no_blocked_signals(self):
        with tempfile.TemporaryDirectory() as folder:
            converter = os.path.join(folder, "rsvg-convert")
            with open(converter, "w") as file:
                file.write(f"#!/bin/sh\ngrep -E 'Sig(Blk|Ign)' /proc/self/status > {folder}/signals\n")
            os.chmod(converter, 0o755)
            path = folder + os.pathsep + os.environ["PATH"]
            manager, client = start_new_kernel(
                kernel_name="gradus", env=dict(os.environ, PATH=path))
            client.execute_interactive(
                f"plot([1, 2]).save('{folder}/x.png')", timeout=PATIENCE,
                output_hook=lambda message: None)
            with open(os.path.join(folder, "signals")) as file:
                blocked, ignored = (int(line.split()[1], 16) for line in file)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                self.assertFalse(blocked >> (number - 1) & 1, number)
                # What this process was started to ignore, as in the background, its children do too.
                if number != signal.SIGPIPE and signal.getsignal(number) == signal.SIG_IGN:
                    continue
                self.assertFalse(ignored >> (number - 1) & 1, number)
            client.stop_channels()
            manager.shutdown_kernel()

    def test_parent_death(self):
        script = textwrap.dedent("""
            import os, time
            from jupyter_client.manager import start_new_kernel
            manager, client = start_new_kernel(kernel_name="gradus")
            client.execute("while True: pass")
            print(manager.provisioner.process.pid, flush=True)
            time.sleep(60)
        """)
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        kernel = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        parent.stdout.close()
        psutil.wait_procs([kernel], timeout=PATIENCE)
        self.assertFalse(kernel.is_running() and kernel.status() != psutil.STATUS_ZOMBIE)

    def test_ipc(self):
        with tempfile.TemporaryDirectory() as folder:
            manager = KernelManager(
                kernel_name="gradus", transport="ipc", ip=os.path.join(folder, "k"))
            manager.start_kernel()
            client = manager.blocking_client()
            client.start_channels()
            client.wait_for_ready(timeout=PATIENCE)
            client.stop_channels()
            manager.shutdown_kernel()

    def start(self, connection):
        """The kernel by itself on a connection file; the file's path and the process."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "connection.json")
        with open(path, "w") as file:
            file.write(connection if isinstance(connection, str) else json.dumps(connection))
        command = [
            part.replace("{connection_file}", path)
            for part in KernelManager(kernel_name="gradus").kernel_spec.argv]
        return path, subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    PORTS = {"shell_port": 0, "iopub_port": 0, "stdin_port": 0, "control_port": 0, "hb_port": 0}

    def test_free_ports_and_unknown_keys(self):
        path, process = self.start(
            dict(self.PORTS, ip="127.0.0.1", transport="tcp", key="k", curve_publickey="x"))
        until = time.time() + PATIENCE
        while time.time() < until:
            with open(path) as file:
                found = json.load(file)
            if found["hb_port"]:
                break
            time.sleep(0.02)
        self.assertEqual(len({found[name] for name in self.PORTS} - {0}), 5)
        self.assertEqual(found["curve_publickey"], "x")
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), 0)
        process.stderr.close()

    def test_useless_connections(self):
        import socket
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            for connection in (
                "{", "[]", {}, dict(self.PORTS, shell_port="x"), dict(self.PORTS, shell_port=-1),
                dict(self.PORTS, transport="pigeon"), dict(self.PORTS, signature_scheme="md5"),
                dict(self.PORTS, shell_port=port), dict(self.PORTS, ip="300.1.1.1"),
            ):
                with self.subTest(connection=connection):
                    _, process = self.start(connection)
                    _, errors = process.communicate(timeout=PATIENCE)
                    self.assertEqual(process.returncode, 1)
                    self.assertEqual(len(errors.splitlines()), 1, errors)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
