"""What the tests of slsws dev share: a gateway at work, and clients of it."""
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

try:
    import websockets
except ImportError:
    print("python3-websockets is not installed")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
SERVICE = os.path.join(HERE, "service", "serverless.yml")
PYTHON = "/usr/bin/python3"


class Gateway:
    """slsws-dev on a port of its own, until it is stopped. What handlers note of their events is in notes()."""

    running = []

    @classmethod
    def end_all(cls):
        """Those that a test which failed has left."""
        for process in cls.running:
            process.kill()
        cls.running = []

    def __init__(self, program, file, *flags):
        self.folder = tempfile.TemporaryDirectory()
        self.notes_file = os.path.join(self.folder.name, "notes")
        self.log_file = os.path.join(self.folder.name, "log")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        environment["NOTES"] = self.notes_file
        arguments = [program, "dev", file, "--port", "0", "--python", PYTHON, *flags]
        self.log = open(self.log_file, "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=self.log, env=environment)
        Gateway.running.append(self.process)
        self.stage, self.port = self._wait_until_ready()

    def _wait_until_ready(self):
        for _ in range(1000):
            match = re.search(r"listening on wss://localhost:(\d+)/(\S*)", self.output())
            if match:
                return match[2], int(match[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError("the gateway did not start:\n" + self.output())

    def output(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    def notes(self, **wanted):
        """The events that were noted and have these values in their requestContext."""
        if not os.path.exists(self.notes_file):
            return []
        with open(self.notes_file, encoding="utf-8") as file:
            events = [json.loads(line) for line in file if line.endswith("\n")]
        return [e for e in events if all(e["requestContext"].get(k) == v for k, v in wanted.items())]

    async def noted(self, **wanted):
        """The same, when there is one."""
        for _ in range(500):
            events = self.notes(**wanted)
            if events:
                return events[-1]
            await asyncio.sleep(0.02)
        raise AssertionError("no event with %s" % wanted)

    def url(self, query="as=me", scheme="ws", path=None):
        path = "/" + self.stage if path is None else path
        return "%s://localhost:%d%s%s" % (scheme, self.port, path, "?" + query if query else "")

    def connect(self, query="as=me", **options):
        options.setdefault("compression", None)
        return websockets.connect(self.url(query), **options)

    def processes(self):
        """Those that have its environment, itself among them: number and environment."""
        for process in os.listdir("/proc"):
            try:
                with open("/proc/%s/environ" % process, "rb") as file:
                    text = file.read()
            except OSError:
                continue
            if b"NOTES=" + self.notes_file.encode() + b"\0" in text:
                yield int(process), text

    def workers(self):
        return [process for process, text in self.processes() if b"_HANDLER=" in text]

    def authority(self):
        """The certificate that workers are told to trust: theirs alone, so they are looked at."""
        for _, text in self.processes():
            match = re.search(rb"AWS_CA_BUNDLE=([^\0]+)", text)
            if match:
                return match[1].decode()
        raise AssertionError("no worker is at work")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        self.log.close()
        return status


def context_of(text):
    return json.loads(text)["requestContext"]


async def ask(socket, **message):
    await socket.send(json.dumps(message))
    return await asyncio.wait_for(socket.recv(), 15)


async def nothing_comes(socket, seconds=0.3):
    try:
        got = await asyncio.wait_for(socket.recv(), seconds)
    except asyncio.TimeoutError:
        return
    raise AssertionError("got %r" % got)


async def http(gateway, method, path, headers=None, body=b"", raw_head=None):
    """One request without any library's opinion: status, headers (small letters), body."""
    reader, writer = await asyncio.open_connection("localhost", gateway.port)
    lines = {"Host": "localhost:%d" % gateway.port, **(headers or {})}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "%s %s HTTP/1.1\r\n%s\r\n" % (method, path, "".join("%s: %s\r\n" % line for line in lines.items()))
    writer.write((raw_head or head.encode()) + body)
    answer = await read_answer(reader)
    writer.close()
    return answer


async def read_answer(reader):
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 15)).decode("latin-1")
    status = int(head.split()[1])
    headers = {}
    for line in head.split("\r\n")[1:]:
        name, colon, value = line.partition(": ")
        if colon:
            headers[name.lower()] = value
    body = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", 0))), 15)
    return status, headers, body


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


async def handshake(gateway, query="as=me", path=None, **headers):
    path = "/" + gateway.stage if path is None else path
    names = {k.replace("_", "-"): v for k, v in headers.items()}
    return await http(gateway, "GET", path + ("?" + query if query else ""), {**UPGRADE, **names})


class Frames:
    """A connection whose frames the test writes itself."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, gateway, query="as=me"):
        reader, writer = await asyncio.open_connection("localhost", gateway.port)
        lines = {"Host": "localhost:%d" % gateway.port, **UPGRADE}
        path = "/%s?%s" % (gateway.stage, query)
        writer.write(("GET %s HTTP/1.1\r\n%s\r\n" % (path, "".join("%s: %s\r\n" % l for l in lines.items()))).encode())
        status, _, _ = await read_answer(reader)
        assert status == 101, status
        return cls(reader, writer)

    def send(self, first, payload=b"", mask=True, length=None):
        size = len(payload) if length is None else length
        head = bytes([first])
        bit = 0x80 if mask else 0
        if size < 126:
            head += bytes([bit | size])
        elif size < 65536:
            head += bytes([bit | 126]) + size.to_bytes(2, "big")
        else:
            head += bytes([bit | 127]) + size.to_bytes(8, "big")
        self.writer.write(head + (b"\0\0\0\0" if mask else b"") + payload)

    async def receive(self):
        """The next frame: opcode and payload."""
        head = await asyncio.wait_for(self.reader.readexactly(2), 15)
        size = head[1]
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await self.reader.readexactly(8), "big")
        return head[0] & 15, await self.reader.readexactly(size)

    async def close_code(self):
        while True:
            opcode, payload = await self.receive()
            if opcode == 8:
                return int.from_bytes(payload[:2], "big") if payload else 1005


ROWS = []


def row(name, mark):
    """A test of a row of the specification: its name there, and what it rests on (AWS, OBS or INF)."""

    def add(function):
        ROWS.append((name, mark, function))
        return function

    return add


async def run_rows(gateway, rows, only):
    failed = 0
    for name, mark, function in rows:
        if only and only not in name:
            continue
        try:
            await asyncio.wait_for(function(gateway), 40)
            print("ok     %s [%s]" % (name, mark))
        except Exception as error:  # any failure is the row's
            failed += 1
            line = error.__traceback__
            while line.tb_next:
                line = line.tb_next
            print("FAILED %s [%s]: %s %s (line %d)" % (name, mark, type(error).__name__, error, line.tb_lineno))
        sys.stdout.flush()
    return failed
