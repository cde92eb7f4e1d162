#!/usr/bin/python3
"""Measures slsws dev: bench/dev.py SLSWS [PART...]

start   from the start of the program to the first accepted connection, whose $connect is a handler in Node.js
echo    round trip of one message through a handler in Node.js and in Python, one after the other
many    5000 connections held open, each echoed once by a MOCK integration: memory of the gateway's process
flood   messages a second through a route with a MOCK integration, over 8 connections
"""
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "dev"))
from gateway import SERVICE, Frames, Gateway

PROGRAM = sys.argv[1]
PARTS = sys.argv[2:] or ["start", "echo", "many", "flood"]
NODE_SERVICE = """service: bench
provider: {name: aws, runtime: nodejs20.x, websocketsApiRouteSelectionExpression: $request.body.action}
functions:
  connect: {handler: a.handler, events: [websocket: $connect]}
"""


def mock_template(folder):
    api = {"ApiId": {"Ref": "Api"}}
    resources = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {
            "Name": "x", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {**api, "StageName": "dev"}},
        "Mock": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            **api, "IntegrationType": "MOCK", "RequestTemplates": {"200": '{"statusCode":200}'}}},
        "Echo": {"Type": "AWS::ApiGatewayV2::IntegrationResponse", "Properties": {
            **api, "IntegrationId": {"Ref": "Mock"}, "IntegrationResponseKey": "/200/", "ResponseTemplates": {"200": "$input.body"}}},
        "Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
            **api, "RouteKey": "echo", "Target": "integrations/Mock", "RouteResponseSelectionExpression": "$default"}},
        "Response": {"Type": "AWS::ApiGatewayV2::RouteResponse", "Properties": {
            **api, "RouteId": {"Ref": "Route"}, "RouteResponseKey": "$default"}},
    }
    path = os.path.join(folder, "mock.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"Resources": resources}, file)
    return path


def median(values):
    return sorted(values)[len(values) // 2]


def memory(process):
    with open("/proc/%d/status" % process, encoding="utf-8") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024


async def first_connection(folder):
    """Polls the port until the handshake is answered by 101."""
    begun = time.perf_counter()
    process = subprocess.Popen([PROGRAM, "dev", os.path.join(folder, "serverless.yml"), "--port", "3977"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    class There:
        port, stage = 3977, "dev"

    while True:
        try:
            frames = await Frames.open(There, "")
            break
        except OSError:
            await asyncio.sleep(0.001)
    took = (time.perf_counter() - begun) * 1000
    frames.writer.transport.abort()
    process.terminate()
    process.wait()
    return took


async def start(folder):
    with open(os.path.join(folder, "serverless.yml"), "w", encoding="utf-8") as file:
        file.write(NODE_SERVICE)
    with open(os.path.join(folder, "a.js"), "w", encoding="utf-8") as file:
        file.write("exports.handler = async () => ({ statusCode: 200 });\n")
    times = [await first_connection(folder) for _ in range(9)]
    print("start to first accepted connection: median %.0f ms, best %.0f ms" % (median(times), min(times)))


async def echo(folder):
    g = Gateway(PROGRAM, SERVICE)
    frames = await Frames.open(g)
    for action in ("node", "python"):
        message, times = json.dumps({"action": action}).encode(), []
        for _ in range(2000):
            begun = time.perf_counter()
            frames.send(0x81, message)
            await frames.receive()
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        print("echo by %s: p50 %.3f ms, p99 %.3f ms" % (action, times[1000], times[1980]))
    g.stop()


async def many(folder):
    g = Gateway(PROGRAM, mock_template(folder))
    begun, empty, message = time.perf_counter(), memory(g.process.pid), b'{"action":"echo","text":"hello"}'
    sockets = []
    for _ in range(50):
        sockets += await asyncio.gather(*(Frames.open(g, "") for _ in range(100)))
    for socket in sockets:
        socket.send(0x81, message)
    for socket in sockets:
        assert await socket.receive() == (1, message)
    print("%d connections, each echoed once: %.1f MB, %.1f MB before, in %.1f s" %
          (len(sockets), memory(g.process.pid), empty, time.perf_counter() - begun))
    for socket in sockets:
        socket.writer.transport.abort()
    g.stop()


async def pump(frames, message, count):
    """Keeps 50 messages on their way."""
    size = len(message) + 2
    one = bytes([0x81, 0x80 | len(message)]) + b"\0\0\0\0" + message
    for _ in range(count // 50):
        frames.writer.write(one * 50)
        await frames.reader.readexactly(size * 50)


async def flood(folder):
    g = Gateway(PROGRAM, mock_template(folder))
    sockets = [await Frames.open(g, "") for _ in range(8)]
    before, begun = os.times(), time.perf_counter()
    await asyncio.gather(*(pump(s, b'{"action":"echo","text":"hello"}', 5000) for s in sockets))
    took = time.perf_counter() - begun
    with open("/proc/%d/stat" % g.process.pid, encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    ticks = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    print("flood: %.0f messages a second; the gateway took %.1f us of processor time a message" %
          (40000 / took, ticks * 1e6 / 40000))
    g.stop()


async def main():
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            await globals()[part](folder)


asyncio.run(main())
