"""Latency of a kernel beside ipykernel: medians over a few starts, printed as a table.

    python measure.py PATH/TO/gradus [--rounds N] [--cells N] [--only gradus|ipykernel]

Spawns each kernel with a connection file of its own and speaks to it over bare ZeroMQ sockets,
so that what is measured is the kernel and not the client library.
"""

import argparse
import hashlib
import hmac
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

import zmq

PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]


PROBE = """
class Probe:
    def __init__(self, x):
        self.x = x
        self.tags = []
    def move(self, dx, dy=0):
        'Goes on.'
probe = Probe(1)
table = {str(i): i for i in range(100000)}
"""


class Kernel:
    """One running kernel and the sockets to it."""

    def __init__(self, command):
        self.key = uuid.uuid4().hex.encode()
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "connection.json")
        held = [socket.socket() for _ in PORTS]
        for one in held:
            one.bind(("127.0.0.1", 0))
        ports = dict(zip(PORTS, (one.getsockname()[1] for one in held)))
        for one in held:
            one.close()
        with open(path, "w") as file:
            json.dump(
                dict(ports, ip="127.0.0.1", transport="tcp", key=self.key.decode(),
                     signature_scheme="hmac-sha256"), file)
        self.context = zmq.Context()
        self.shell = self.connect(zmq.DEALER, ports["shell_port"])
        self.control = self.connect(zmq.DEALER, ports["control_port"])
        self.iopub = self.connect(zmq.SUB, ports["iopub_port"])
        self.heartbeat = self.connect(zmq.REQ, ports["hb_port"])
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [part.replace("{connection_file}", path) for part in command],
            stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def connect(self, kind, port):
        made = self.context.socket(kind)
        made.linger = 0
        # A kernel that is not there yet is tried again at once, not after 100 ms.
        made.reconnect_ivl = 1
        if kind == zmq.SUB:
            made.subscribe(b"")
        made.connect(f"tcp://127.0.0.1:{port}")
        return made

    def send(self, where, kind, content):
        name = uuid.uuid4().hex
        header = {"msg_id": name, "msg_type": kind, "session": "measure", "username": "me",
                  "version": "5.4", "date": "2026-01-01T00:00:00Z"}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        mac = hmac.new(self.key, digestmod=hashlib.sha256)
        for part in parts:
            mac.update(part)
        where.send_multipart([b"<IDS|MSG>", mac.hexdigest().encode()] + parts)
        return name

    def receive(self, where, name, seconds=60):
        """The next message that answers the request."""
        until = time.perf_counter() + seconds
        while where.poll(max(0, 1000 * (until - time.perf_counter()))):
            frames = where.recv_multipart()
            at = frames.index(b"<IDS|MSG>")
            header, parent, _, content = (json.loads(part) for part in frames[at + 2:at + 6])
            if parent.get("msg_id") == name:
                return header["msg_type"], content
        raise TimeoutError(f"no answer to {name}")

    def ask(self, where, kind, content):
        began = time.perf_counter()
        name = self.send(where, kind, content)
        answer = self.receive(where, name)
        return 1000 * (time.perf_counter() - began), answer[1]

    def execute(self, code):
        return self.send(self.shell, "execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True})

    def until_idle(self, name):
        messages = []
        while True:
            kind, content = self.receive(self.iopub, name)
            messages.append((kind, content))
            if kind == "status" and content["execution_state"] == "idle":
                return messages

    def memory(self):
        """Resident MiB."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20

    def own_memory(self):
        """Resident MiB that no file stands behind: not the program's code."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Anonymous")) / 1024

    def end(self):
        began = time.perf_counter()
        self.send(self.control, "shutdown_request", {"restart": False})
        self.process.wait(10)
        took = 1000 * (time.perf_counter() - began)
        self.context.destroy(0)
        self.folder.cleanup()
        return took


def measure(command, cells):
    figures = {}
    kernel = Kernel(command)
    name = kernel.send(kernel.shell, "kernel_info_request", {})
    kernel.receive(kernel.shell, name)
    figures["spawn to kernel_info, ms"] = 1000 * (time.perf_counter() - kernel.began)
    kernel.until_idle(name)
    figures["memory before a cell, MiB"] = kernel.memory()
    name = kernel.execute("1+1")
    kernel.receive(kernel.shell, name)
    kernel.until_idle(name)
    figures["spawn to first reply, ms"] = 1000 * (time.perf_counter() - kernel.began)
    time.sleep(0.5)
    figures["memory after a cell, MiB"] = kernel.memory()
    figures["of it beside code, MiB"] = kernel.own_memory()

    times = []
    for _ in range(cells):
        began = time.perf_counter()
        name = kernel.execute("1+1")
        kernel.receive(kernel.shell, name)
        times.append(1000 * (time.perf_counter() - began))
        kernel.until_idle(name)
    figures["1+1 to reply, p50 ms"] = statistics.median(times)
    figures["1+1 to reply, p95 ms"] = statistics.quantiles(times, n=20)[-1]

    def several(where, kind, content, count=20):
        return statistics.median(kernel.ask(where, kind, content)[0] for _ in range(count))

    kernel.ask(kernel.shell, "complete_request", {"code": "pri", "cursor_pos": 3})
    figures["kernel_info, ms"] = several(kernel.shell, "kernel_info_request", {})
    figures["complete idle, ms"] = several(
        kernel.shell, "complete_request", {"code": "pri", "cursor_pos": 3}, 10)
    figures["inspect idle, ms"] = several(
        kernel.shell, "inspect_request", {"code": "print", "cursor_pos": 5, "detail_level": 0}, 10)

    def services(state):
        """Completion and inspection of what a cell before has defined."""
        for key, kind, code in [
                (f"complete probe. {state}, ms", "complete_request", "probe.ta"),
                (f"complete table[ {state}, ms", "complete_request", "table['"),
                (f"inspect probe {state}, ms", "inspect_request", "probe.move")]:
            content = {"code": code, "cursor_pos": len(code), "detail_level": 0}
            figures[key] = several(kernel.shell, kind, content, 10)

    many = "\n".join(f"n{i} = {i}" for i in range(10000))
    for code in [PROBE, many]:
        name = kernel.execute(code)
        assert kernel.receive(kernel.shell, name)[1]["status"] == "ok"
        kernel.until_idle(name)
    services("idle, 10,000 names")

    name = kernel.execute("for i in range(100000): print(i)")
    began = time.perf_counter()
    messages = kernel.until_idle(name)
    figures["100,000 lines, ms"] = 1000 * (time.perf_counter() - began)
    streams = [content["text"] for kind, content in messages if kind == "stream"]
    figures["100,000 lines, messages"] = len(streams)
    figures["100,000 lines, lost"] = 100_000 - "".join(streams).count("\n")

    name = kernel.execute("i = 0\nwhile True: i = i + 1")
    while kernel.receive(kernel.iopub, name)[0] != "execute_input":
        pass
    time.sleep(0.2)
    figures["control while busy, ms"] = several(kernel.control, "kernel_info_request", {}, 10)
    beats = []
    for _ in range(10):
        began = time.perf_counter()
        kernel.heartbeat.send(b"beat")
        kernel.heartbeat.recv()
        beats.append(1000 * (time.perf_counter() - began))
    figures["heartbeat while busy, ms"] = statistics.median(beats)
    if "gradus" in command[0]:
        figures["complete while busy, ms"] = several(
            kernel.shell, "complete_request", {"code": "pri", "cursor_pos": 3}, 10)
        services("busy, 10,000 names")
    began = time.perf_counter()
    if "gradus" in command[0]:
        kernel.send(kernel.control, "interrupt_request", {})
    else:
        kernel.process.send_signal(2)
    answer = kernel.receive(kernel.shell, name)
    figures["interrupt to reply, ms"] = 1000 * (time.perf_counter() - began)
    assert answer[1]["ename"] == "KeyboardInterrupt", answer
    if "gradus" in command[0]:
        name = kernel.execute(
            "net = Sequential(Dense(300, activation='relu'), Dense(10))\nx = randn(6000, 784)\n"
            "net.fit(x, x[:, :10], epochs=1000)")
        while kernel.receive(kernel.iopub, name)[0] != "execute_input":
            pass
        time.sleep(1)
        services("in fit")
        times = sorted(
            kernel.ask(kernel.control, "kernel_info_request", {})[0] for _ in range(1000))
        figures["control in fit, p50 ms"] = times[500]
        figures["control in fit, p99 ms"] = times[990]
        kernel.send(kernel.control, "interrupt_request", {})
        kernel.receive(kernel.shell, name)
    figures["shutdown to gone, ms"] = kernel.end()
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--only", choices=["gradus", "ipykernel"])
    options = parser.parse_args()
    kernels = {
        "gradus": [options.gradus, "kernel", "-f", "{connection_file}"],
        "ipykernel": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    }
    if options.only:
        kernels = {options.only: kernels[options.only]}
    rounds = {name: [] for name in kernels}
    for _ in range(options.rounds):  # side by side, so that both see the same machine
        for name, command in kernels.items():
            rounds[name].append(measure(command, options.cells))
    names = list(dict.fromkeys(key for name in rounds for key in rounds[name][0]))
    print(f"{'median [best]':32}" + "".join(f"{name:>22}" for name in kernels))
    for key in names:
        line = f"{key:32}"
        for name in kernels:
            values = [figures[key] for figures in rounds[name] if key in figures]
            text = f"{statistics.median(values):.2f} [{min(values):.2f}]" if values else "-"
            line += f"{text:>22}"
        print(line)


if __name__ == "__main__":
    main()
