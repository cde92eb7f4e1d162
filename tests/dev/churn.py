#!/usr/bin/python3
"""Clients that come and go for a while, workers that are killed, files that change: churn.py PROGRAM SECONDS

Every message that was sent on a connection which stays has to get an answer: what the handler says, or the error frame. In the end
no connection may be left, and the program has to end with status 0: with AddressSanitizer that says that nothing leaks.
"""
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time

from gateway import SERVICE, Frames, Gateway, ask, context_of, handshake, http
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

PROGRAM, SECONDS = sys.argv[1], float(sys.argv[2])
COUNTS = {}


def count(what, number=1):
    COUNTS[what] = COUNTS.get(what, 0) + number


async def talk(g, socket):
    """Some messages at once, then as many answers."""
    messages = random.choices(["python", "node", "answer", "nowhere", "event", "silent"], k=random.randint(1, 8))
    for action in messages:
        await socket.send(json.dumps({"action": action, "throw": "x" if action == "silent" else None,
                                      "with": {"statusCode": 200, "body": "b"}}))
    for _ in messages:
        await asyncio.wait_for(socket.recv(), 40)
        count("answers")


async def client(g, until):
    while time.time() < until:
        try:
            kind = random.random()
            if kind < 0.15:
                await handshake(g, random.choice(["as=denied", "", "as=me&status=400", "as=me&throw=1"]))
                count("refused")
                continue
            if kind < 0.3:
                frames = await Frames.open(g)
                frames.send(random.choice([0x81, 0x82, 0x01, 0x89, 0xff]), os.urandom(random.randint(0, 60)))
                await asyncio.sleep(random.random() * 0.05)
                frames.writer.transport.abort()
                count("dropped")
                continue
            async with g.connect(open_timeout=40, close_timeout=40) as socket:
                await talk(g, socket)
                if kind < 0.5:
                    id = context_of(await ask_event(socket))["connectionId"]
                    assert (await http(g, "DELETE", "/dev/@connections/" + id, {"Authorization": "x"}))[0] == 204
                    await asyncio.wait_for(socket.wait_closed(), 40)
            count("connections")
        except InvalidStatusCode as error:  # a worker was killed while it was asked
            count("handshakes lost to killed workers: %d" % error.status_code)
        except AssertionError:
            count("handshakes lost to killed workers: 500")


async def ask_event(socket):
    for _ in range(20):
        got = await ask(socket, action="event")
        if "requestContext" in got:
            return got
    raise RuntimeError("no event")


async def trouble(g, folder, until):
    while time.time() < until:
        await asyncio.sleep(random.random() * 3)
        workers = g.workers()
        if workers and random.random() < 0.6:
            try:
                os.kill(random.choice(workers), signal.SIGKILL)
                count("killed")
            except ProcessLookupError:
                pass
        elif random.random() < 0.5:
            os.utime(os.path.join(folder, "handlers.py"))
            count("reloads")


def memory(g):
    with open("/proc/%d/statm" % g.process.pid, encoding="utf-8") as file:
        return int(file.read().split()[1]) * 4 // 1024


async def main():
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "service")
        shutil.copytree(os.path.dirname(SERVICE), folder)
        g = Gateway(PROGRAM, os.path.join(folder, "serverless.yml"))
        until = time.time() + SECONDS
        tasks = [client(g, until) for _ in range(8)] + [trouble(g, folder, until)]
        await asyncio.gather(*tasks)
        last = await g.connect()
        await talk(g, last)
        await last.close()
        print(", ".join("%s %d" % pair for pair in sorted(COUNTS.items())), "memory %d MB" % memory(g))
        begun = time.time()
        status = g.stop()
        print("exit status %d after %.1f s" % (status, time.time() - begun))
        if status or time.time() - begun > 15:
            print(g.output()[-3000:])
            return 1
    return 0


sys.exit(asyncio.run(main()))
