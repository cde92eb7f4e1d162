#!/usr/bin/python3
"""The rows of the gateway's specification, each by a real client: test_conformance.py PROGRAM [PART OF A NAME]

The marks say what a row rests on: AWS its documents, OBS what others recorded of it, INF a decision of ours.
"""
import asyncio
import json
import re
import ssl
import sys

import websockets

from gateway import (
    ROWS, SERVICE, UPGRADE, Frames, Gateway, ask, context_of, handshake, http, nothing_comes, read_answer, row, run_rows,
)

ID = re.compile(r"^[A-Za-z0-9_-]{15}=$")


async def status_of(gateway, query, **headers):
    status, _, _ = await handshake(gateway, query, **headers)
    return status


def equal(got, expected):
    assert got == expected, "%r, expected %r" % (got, expected)


# --- handshake ----------------------------------------------------------------------------------------------------------


@row("handshake: plain HTTP GET on the endpoint", "OBS")
async def _(g):
    for path in ("/", "/dev", "/other/path"):
        equal((await http(g, "GET", path))[0], 426)


@row("handshake: handler returns 200 or 201", "OBS")
async def _(g):
    for status in (200, 201):
        equal(await status_of(g, "as=me&status=%d" % status), 101)


@row("handshake: handler returns 301, 400, 401, 501", "OBS")
async def _(g):
    for status in (301, 400, 401, 501):
        equal(await status_of(g, "as=me&status=%d" % status), status)


@row("handshake: handler throws", "OBS")
async def _(g):
    equal(await status_of(g, "as=me&throw=1"), 502)


@row("handshake: handler returns nothing", "OBS")
async def _(g):
    equal(await status_of(g, "as=me&nothing=1"), 502)


@row("handshake: pending, @connections says 410", "AWS")
async def _(g):
    task = asyncio.ensure_future(handshake(g, "as=pending&sleep=3"))
    for _ in range(200):
        events = [e for e in g.notes(routeKey="$connect") if (e.get("queryStringParameters") or {}).get("as") == "pending"]
        if events:
            break
        await asyncio.sleep(0.02)
    path = "/dev/@connections/%s" % events[-1]["requestContext"]["connectionId"]
    for method in ("GET", "POST"):
        status, headers, _ = await http(g, method, path, {"Authorization": "x"}, b"x" if method == "POST" else b"")
        equal((status, headers["x-amzn-errortype"]), (410, "GoneException"))
    equal((await task)[0], 101)


@row("handshake: identity source missing or empty, authorizer not invoked", "AWS")
async def _(g):
    before = len(g.notes(routeKey="$connect"))
    for query in ("", "as=", "other=1"):
        equal(await status_of(g, query), 401)
    equal(len(g.notes(routeKey="$connect")), before)


@row("handshake: authorizer answers Deny, or no statement allows", "AWS")
async def _(g):
    equal(await status_of(g, "as=denied"), 403)
    equal(await status_of(g, "as=elsewhere"), 403)


@row("handshake: authorizer fails with Unauthorized", "AWS")
async def _(g):
    equal(await status_of(g, "as=nobody"), 401)


@row("handshake: authorizer fails otherwise, or malformed answer", "AWS")
async def _(g):
    equal(await status_of(g, "as=broken"), 500)
    equal(await status_of(g, "as=malformed"), 500)


@row("handshake: wrong stage", "INF")
async def _(g):
    for path in ("/prod", "/", "/dev/more"):
        status, _, body = await handshake(g, path=path)
        equal((status, body), (403, b'{"message":"Forbidden"}'))


@row("handshake: trailing slash accepted", "AWS")
async def _(g):
    equal((await handshake(g, path="/dev/"))[0], 101)


@row("handshake: URL of more than 4096", "AWS")
async def _(g):
    equal(await status_of(g, "as=" + "x" * 4096), 414)


@row("handshake: version other than 13", "INF")
async def _(g):
    status, headers, _ = await handshake(g, Sec_WebSocket_Version="8")
    equal((status, headers["sec-websocket-version"]), (426, "13"))


@row("handshake: malformed key", "INF")
async def _(g):
    equal(await status_of(g, "as=me", Sec_WebSocket_Key="short"), 400)


@row("handshake: subprotocol only as the handler returns it", "AWS")
async def _(g):
    status, headers, _ = await handshake(g, Sec_WebSocket_Protocol="a, b")
    equal((status, headers.get("sec-websocket-protocol")), (101, None))
    for protocol in ("b", "never-asked", "x" * 500):
        status, headers, _ = await handshake(g, "as=me&protocol=" + protocol, Sec_WebSocket_Protocol="a, b")
        equal((status, headers.get("sec-websocket-protocol")), (101, protocol))


@row("handshake: permessage-deflate never negotiated", "INF")
async def _(g):
    _, headers, _ = await handshake(g, Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
    equal(headers.get("sec-websocket-extensions"), None)


@row("handshake: accept key of RFC 6455", "AWS")
async def _(g):
    equal((await handshake(g))[1]["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")


@row("handshake: body of the handler not sent to the client", "INF")
async def _(g):
    async with g.connect("as=me&body=hello") as socket:
        await nothing_comes(socket)


@row("handshake: body of a refusing handler is the answer's", "INF")
async def _(g):
    equal((await handshake(g, "as=me&status=400&body=no"))[2], b"no")


@row("handshake: frames sent before the answer are read after it", "INF")
async def _(g):
    reader, writer = await asyncio.open_connection("localhost", g.port)
    lines = "".join("%s: %s\r\n" % l for l in {"Host": "localhost", **UPGRADE}.items())
    frames = Frames(reader, writer)
    writer.write(("GET /dev?as=me&sleep=0.3 HTTP/1.1\r\n%s\r\n" % lines).encode())
    frames.send(0x81, b'{"action":"python"}')
    equal((await read_answer(reader))[0], 101)
    equal(await frames.receive(), (1, b'{"action":"python"}'))


@row("safety: Host of another machine", "INF")
async def _(g):
    equal(await status_of(g, "as=me", Host="attacker.example"), 403)


@row("safety: Origin of another site", "INF")
async def _(g):
    equal(await status_of(g, "as=me", Origin="https://attacker.example"), 403)
    equal(await status_of(g, "as=me", Origin="https://localhost.attacker.example"), 403)
    equal(await status_of(g, "as=me", Origin="http://localhost:5173"), 101)


@row("TLS on the same port, by the certificate of the workers", "INF")
async def _(g):
    async with g.connect() as socket:
        pass
    context = ssl.create_default_context(cafile=g.authority())
    async with websockets.connect(g.url(scheme="wss"), ssl=context) as socket:
        equal(await ask(socket, action="python"), '{"action": "python"}')


# --- events ---------------------------------------------------------------------------------------------------------------


def check_context(g, context, keys, **fixed):
    expected = [k for k in keys]
    equal(list(context), expected)
    equal(context["requestId"], context["extendedRequestId"])
    for key in ("requestId", "connectionId", "messageId"):
        assert key not in context or ID.match(context[key]), context[key]
    assert re.match(r"^\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000$", context["requestTime"]), context["requestTime"]
    assert isinstance(context["connectedAt"], int) and context["requestTimeEpoch"] >= context["connectedAt"]
    fixed = {"messageDirection": "IN", "stage": "dev", "domainName": "localhost:%d" % g.port, **fixed}
    equal({k: context[k] for k in fixed}, fixed)
    assert re.match(r"^[a-z0-9]{10}$", context["apiId"])


COMMON = ["stage", "connectedAt", "requestTimeEpoch", "identity", "requestId", "domainName", "connectionId", "apiId"]


@row("events: CONNECT", "AWS")
async def _(g):
    headers = {"User-Agent": "tests", "x-Mixed-CASE": "1", "Cookie": "a=b", "X-Forwarded-For": "10.0.0.1"}
    await handshake(g, "as=me&name=A%20b+c&name=last", **headers)
    e = g.notes(routeKey="$connect")[-1]
    equal(list(e), ["headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters",
                    "requestContext", "isBase64Encoded"])
    equal(e["isBase64Encoded"], False)
    equal(e["queryStringParameters"], {"as": "me", "name": "last"})
    equal(e["multiValueQueryStringParameters"], {"as": ["me"], "name": ["A b c", "last"]})
    equal(list(e["headers"]), ["Cookie", "Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "User-Agent",
                               "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "x-Mixed-CASE"])
    equal(e["headers"]["X-Forwarded-Port"], "443")
    equal(e["headers"]["X-Forwarded-Proto"], "https")
    assert e["headers"]["X-Forwarded-For"] in ("127.0.0.1", "::1")
    assert re.match("^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$", e["headers"]["X-Amzn-Trace-Id"])
    equal(e["multiValueHeaders"], {k: [v] for k, v in e["headers"].items()})
    check_context(g, e["requestContext"], ["routeKey", "authorizer", "eventType", "extendedRequestId", "requestTime",
                                           "messageDirection"] + COMMON, eventType="CONNECT", routeKey="$connect")
    equal(e["requestContext"]["identity"], {"userAgent": "tests", "sourceIp": e["headers"]["X-Forwarded-For"]})


@row("events: identity without userAgent if the client sent none", "OBS")
async def _(g):
    await handshake(g)
    equal(list(g.notes(routeKey="$connect")[-1]["requestContext"]["identity"]), ["sourceIp"])


@row("events: AUTHORIZER", "AWS")
async def _(g):
    await handshake(g, "as=me")
    e = [n for n in g.notes(routeKey="$connect") if n.get("type") == "REQUEST"][-1]
    equal(list(e), ["type", "methodArn", "headers", "multiValueHeaders", "queryStringParameters",
                    "multiValueQueryStringParameters", "stageVariables", "requestContext"])
    equal(e["methodArn"], "arn:aws:execute-api:eu-central-1:123456789012:%s/dev/$connect" % e["requestContext"]["apiId"])
    equal((e["headers"]["Connection"], e["headers"]["Upgrade"], e["headers"]["content-length"]), ("upgrade", "websocket", "0"))
    equal(e["stageVariables"], {})
    check_context(g, e["requestContext"], ["routeKey", "eventType", "extendedRequestId", "requestTime", "messageDirection"] +
                  COMMON, eventType="CONNECT")


@row("events: what the authorizer gave is on all events, stringified; latency on CONNECT only", "AWS")
async def _(g):
    given = {"stringKey": "stringval", "numberKey": "123", "booleanKey": "true", "principalId": "me"}
    async with g.connect() as socket:
        message = context_of(await ask(socket, action="event"))
    equal(message["authorizer"], given)
    connect = g.notes(routeKey="$connect", connectionId=message["connectionId"])[-1]["requestContext"]["authorizer"]
    assert isinstance(connect.pop("integrationLatency"), int)
    equal(connect, given)
    end = await g.noted(routeKey="$disconnect", connectionId=message["connectionId"])
    equal(end["requestContext"]["authorizer"], given)


@row("events: MESSAGE", "OBS")
async def _(g):
    async with g.connect() as socket:
        text = '{"action":"event", "x": "\\u00e4\U0001f600"}'
        await socket.send(text)
        e = json.loads(await socket.recv())
    equal(list(e), ["requestContext", "body", "isBase64Encoded"])
    equal(e["body"], text)
    check_context(g, e["requestContext"], ["routeKey", "messageId", "authorizer", "eventType", "extendedRequestId",
                                           "requestTime", "messageDirection"] + COMMON, eventType="MESSAGE", routeKey="event")


async def end_of(g, act):
    async with g.connect() as socket:
        connection = context_of(await ask(socket, action="event"))["connectionId"]
        await act(socket, connection)
    return await g.noted(routeKey="$disconnect", connectionId=connection)


def reason_of(event):
    return event["requestContext"]["disconnectStatusCode"], event["requestContext"]["disconnectReason"]


@row("events: DISCONNECT", "AWS")
async def _(g):
    async def act(socket, connection):
        await socket.close(1001)

    e = await end_of(g, act)
    equal(list(e), ["headers", "multiValueHeaders", "requestContext", "isBase64Encoded"])
    equal(e["headers"], {"Host": "localhost:%d" % g.port, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""})
    equal(e["multiValueHeaders"], {k: [v] for k, v in e["headers"].items()})
    check_context(g, e["requestContext"], ["routeKey", "disconnectStatusCode", "authorizer", "eventType", "extendedRequestId",
                                           "requestTime", "messageDirection", "disconnectReason"] + COMMON,
                  eventType="DISCONNECT", routeKey="$disconnect")
    equal(reason_of(e), (1001, ""))


@row("disconnect: client close frame without code", "AWS")
async def _(g):
    frames = await Frames.open(g)
    frames.send(0x81, b'{"action":"event"}')
    connection = context_of((await frames.receive())[1])["connectionId"]
    frames.send(0x88)
    equal(await frames.receive(), (8, b""))
    e = await g.noted(routeKey="$disconnect", connectionId=connection)
    equal(reason_of(e), (1005, "Client-side close frame status not set"))


@row("disconnect: client close with code and reason", "INF")
async def _(g):
    async def act(socket, connection):
        await socket.close(4000, "enough")

    equal(reason_of(await end_of(g, act)), (4000, "enough"))


@row("disconnect: DELETE @connections", "OBS")
async def _(g):
    async def act(socket, connection):
        equal((await http(g, "DELETE", "/dev/@connections/" + connection, {"Authorization": "x"}))[0], 204)
        await socket.wait_closed()
        equal(socket.close_code, 1000)

    equal(reason_of(await end_of(g, act)), (1000, "Connection Closed Normally"))


@row("disconnect: TCP dropped", "INF")
async def _(g):
    frames = await Frames.open(g)
    frames.send(0x81, b'{"action":"event"}')
    connection = context_of((await frames.receive())[1])["connectionId"]
    frames.writer.transport.abort()
    equal(reason_of(await g.noted(routeKey="$disconnect", connectionId=connection))[0], 1006)


@row("disconnect: none for a handshake that was refused", "AWS")
async def _(g):
    await handshake(g, "as=me&status=400")
    connection = g.notes(routeKey="$connect")[-1]["requestContext"]["connectionId"]
    await asyncio.sleep(0.3)
    equal(g.notes(routeKey="$disconnect", connectionId=connection), [])


# --- messages ------------------------------------------------------------------------------------------------------------------


async def expect_error(socket, got, message):
    connection = context_of(await ask(socket, action="event"))["connectionId"]
    expected = r'^\{"message": "%s", "connectionId":"%s", "requestId":"[A-Za-z0-9_-]{15}="\}$' % (message, re.escape(connection))
    assert re.match(expected, got), got


@row("messages: no route and no $default", "OBS")
async def _(g):
    async with g.connect() as socket:
        for text in ('{"action":"nowhere"}', "not JSON", "[]", "1", '"x"', '{"action":"$connect"}', '{"action":"$disconnect"}', "{}", ""):
            await socket.send(text)
            await expect_error(socket, await socket.recv(), "Forbidden")


@row("messages: integration error", "OBS")
async def _(g):
    async with g.connect() as socket:
        for action, rest in (("answer", {"throw": "x"}), ("silent", {"throw": "x"}), ("broken", {}), ("answer", {"exit": 1})):
            await expect_error(socket, await ask(socket, action=action, **rest), "Internal server error")


@row("messages: malformed answer", "OBS")
async def _(g):
    async with g.connect() as socket:
        for answer in (None, "text", 1, [], {}, {"ConnectionId": "x", "Data": "x", "statusCode": 200}, {"statusCode": "x"},
                       {"statusCode": 1.5}, {"statusCode": 200, "body": {}}):
            await expect_error(socket, await ask(socket, action="answer", **{"with": answer}), "Internal server error")


@row("messages: function timeout", "OBS")
async def _(g):
    async with g.connect() as socket:
        await expect_error(socket, await ask(socket, action="short", sleep=3), "Internal server error")


@row("messages: statusCode 301, 401, 501: nothing sent, connection unaffected", "OBS")
async def _(g):
    async with g.connect() as socket:
        for status in (301, 401, 501):
            await socket.send(json.dumps({"action": "silent", "with": {"statusCode": status}}))
        await nothing_comes(socket)
        equal(await ask(socket, action="python"), '{"action": "python"}')


@row("messages: route response, and none without it", "AWS")
async def _(g):
    async with g.connect() as socket:
        equal(await ask(socket, action="answer", **{"with": {"statusCode": 200, "body": "hello"}}), "hello")
        equal(await ask(socket, action="answer", **{"with": {"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}}), "hi")
        equal(await ask(socket, action="answer", **{"with": {"statusCode": 500, "body": "still"}}), "still")
        await socket.send(json.dumps({"action": "silent", "with": {"statusCode": 200, "body": "hello"}}))
        await socket.send(json.dumps({"action": "answer", "with": {"statusCode": 200}}))
        await socket.send(json.dumps({"action": "answer", "with": {"statusCode": 200, "body": ""}}))
        await nothing_comes(socket)


@row("messages: those of one connection run concurrently", "AWS")
async def _(g):
    async with g.connect() as socket:
        await socket.send(json.dumps({"action": "answer", "sleep": 4, "with": {"statusCode": 200, "body": "slow"}}))
        await socket.send(json.dumps({"action": "answer", "with": {"statusCode": 200, "body": "quick"}}))
        equal([await socket.recv(), await socket.recv()], ["quick", "slow"])


@row("messages: handlers in Node.js", "AWS")
async def _(g):
    async with g.connect() as socket:
        equal(await ask(socket, action="node"), '{"action": "node"}')


@row("messages: what handlers print is shown with name and request", "INF")
async def _(g):
    async with g.connect() as socket:
        await ask(socket, action="answer", print="printed words", **{"with": {"statusCode": 200, "body": "x"}})
        await ask(socket, action="answer", garbage=True, **{"with": {"statusCode": 200, "body": "x"}})
    await asyncio.sleep(0.1)
    assert re.search(r"\[gateway-tests-dev-answer [0-9a-f]{8}\] printed words", g.output())


# --- frames ----------------------------------------------------------------------------------------------------------------------


async def close_code(g, *frames):
    socket = await Frames.open(g)
    for frame in frames:
        socket.send(*frame)
    return await socket.close_code()


@row("frames: binary", "AWS")
async def _(g):
    equal(await close_code(g, (0x82, b"x")), 1003)


@row("frames: message of more than 128 KB, frame of more than 32 KB", "AWS")
async def _(g):
    equal(await close_code(g, (0x81, b"x" * 32769)), 1009)
    equal(await close_code(g, (0x01, b"x" * 32768), *[(0x00, b"x" * 32768)] * 3, (0x80, b"x")), 1009)


@row("frames: message of 128 KB in frames of 32 KB", "AWS")
async def _(g):
    socket = await Frames.open(g)
    text = b'{"action":"python","x":"' + b"y" * (131072 - 26) + b'"}'
    equal(len(text), 131072)
    for i in range(4):
        socket.send((0x01 if i == 0 else 0x00) | (0x80 if i == 3 else 0), text[i * 32768:(i + 1) * 32768])
    equal(await socket.receive(), (1, text))


@row("frames: fragments are joined, pings in between answered", "AWS")
async def _(g):
    socket = await Frames.open(g)
    socket.send(0x01, b'{"action":')
    socket.send(0x89, b"ping")
    socket.send(0x80, b'"python"}')
    equal(await socket.receive(), (10, b"ping"))
    equal(await socket.receive(), (1, b'{"action":"python"}'))


@row("frames: protocol errors", "AWS")
async def _(g):
    for frame in ((0xC1, b"x"), (0x83, b"x"), (0x80, b"x"), (0x09, b"x"), (0x89, b"x" * 126), (0x81, b"x", False), (0x88, b"x"),
                  (0x88, b"\x03\xed"), (0x88, b"\x00\x01")):
        equal(await close_code(g, frame), 1002)
    equal(await close_code(g, (0x01, b"x"), (0x81, b"x")), 1002)


@row("frames: bad UTF-8", "INF")
async def _(g):
    equal(await close_code(g, (0x81, b"\xff")), 1007)
    equal(await close_code(g, (0x88, b"\x03\xe8\xff")), 1007)


@row("frames: UTF-8 across fragments", "AWS")
async def _(g):
    socket = await Frames.open(g)
    text = '{"action":"python","x":"\u20ac"}'.encode()
    at = text.index(b"\xe2") + 1
    socket.send(0x01, text[:at])
    socket.send(0x80, text[at:])
    equal(await socket.receive(), (1, text))


@row("frames: the client's close is echoed", "AWS")
async def _(g):
    socket = await Frames.open(g)
    socket.send(0x88, b"\x0f\xa0why")
    equal((await socket.receive())[1][:2], b"\x0f\xa0")


# --- @connections ------------------------------------------------------------------------------------------------------------------


async def connected(g):
    socket = await g.connect()
    return socket, context_of(await ask(socket, action="event"))["connectionId"]


SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}


@row("@connections: POST, GET, DELETE", "AWS")
async def _(g):
    socket, connection = await connected(g)
    for path in ("/dev/@connections/" + connection, "/dev/%40connections/" + connection.replace("=", "%3D")):
        equal((await http(g, "POST", path, SIGNED, "h\u00e9".encode()))[0::2], (200, b""))
        equal(await socket.recv(), "h\u00e9")
    status, _, body = await http(g, "GET", path, SIGNED)
    answer = json.loads(body)
    equal(status, 200)
    equal(list(answer), ["connectedAt", "identity", "lastActiveAt"])
    assert re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", answer["connectedAt"])
    equal(list(answer["identity"]), ["sourceIp", "userAgent"])
    equal((await http(g, "DELETE", path, SIGNED))[0::2], (204, b""))
    await socket.wait_closed()
    equal(socket.close_code, 1000)


@row("@connections: gone", "AWS")
async def _(g):
    socket, connection = await connected(g)
    await socket.close()
    for id in (connection, "AAAAAAAAAAAAAAA="):
        for method in ("POST", "GET", "DELETE"):
            status, headers, body = await http(g, method, "/dev/@connections/" + id, SIGNED)
            equal((status, headers["x-amzn-errortype"], body), (410, "GoneException", b""))


@row("@connections: malformed id", "OBS")
async def _(g):
    for id in ("short", "AAAAAAAAAAAAAAAA", "AAAA AAAAAAAAAA=", "A" * 100 + "="):
        status, headers, _ = await http(g, "GET", "/dev/@connections/" + id.replace(" ", "%20"), SIGNED)
        equal((status, headers["x-amzn-errortype"]), (400, "BadRequestException"))


@row("@connections: unsigned, wrong stage", "OBS")
async def _(g):
    socket, connection = await connected(g)
    status, headers, body = await http(g, "POST", "/dev/@connections/" + connection, {}, b"x")
    equal((status, headers["x-amzn-errortype"], json.loads(body)["message"]),
          (403, "ForbiddenException", "Missing Authentication Token"))
    for path in ("/@connections/", "/prod/@connections/"):
        status, headers, _ = await http(g, "POST", path + connection, SIGNED, b"x")
        equal((status, headers["x-amzn-errortype"]), (403, "ForbiddenException"))
    await socket.close()


@row("@connections: payload too large, not UTF-8", "AWS")
async def _(g):
    socket, connection = await connected(g)
    path = "/dev/@connections/" + connection
    equal((await http(g, "POST", path, SIGNED, b"x" * 131072))[0], 200)
    equal(len(await socket.recv()), 131072)
    status, headers, _ = await http(g, "POST", path, SIGNED, b"x" * 131073)
    equal((status, headers["x-amzn-errortype"]), (413, "PayloadTooLargeException"))
    status, headers, _ = await http(g, "POST", path, SIGNED, b"\xff")
    equal((status, headers["x-amzn-errortype"]), (400, "BadRequestException"))
    await socket.close()


@row("@connections: a client that does not read", "AWS")
async def _(g):
    frames = await Frames.open(g)
    frames.send(0x81, b'{"action":"event"}')
    connection = context_of((await frames.receive())[1])["connectionId"]
    frames.writer.transport.pause_reading()
    for _ in range(200):
        status, headers, _ = await http(g, "POST", "/dev/@connections/" + connection, SIGNED, b"x" * 131072)
        if status != 200:
            break
    equal((status, headers["x-amzn-errortype"]), (429, "LimitExceededException"))
    frames.writer.transport.abort()


@row("@connections: boto3, unmodified, over TLS", "AWS")
async def _(g):
    try:
        import boto3
    except ImportError:
        return
    socket, connection = await connected(g)

    def use():
        client = boto3.client("apigatewaymanagementapi", endpoint_url="https://localhost:%d/dev" % g.port, verify=g.authority(),
                              region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
        client.post_to_connection(ConnectionId=connection, Data=b"from boto3")
        equal(client.get_connection(ConnectionId=connection)["Identity"]["SourceIp"] in ("127.0.0.1", "::1"), True)
        client.delete_connection(ConnectionId=connection)
        try:
            client.post_to_connection(ConnectionId=connection, Data=b"x")
            raise AssertionError("no exception")
        except client.exceptions.GoneException:
            pass

    await asyncio.get_event_loop().run_in_executor(None, use)
    equal(await socket.recv(), "from boto3")


# --- functions that call functions -----------------------------------------------------------------------------------------------------


@row("invoke: RequestResponse, by name and by ARN, and its errors", "AWS")
async def _(g):
    async with g.connect() as socket:
        event = {"body": '{"with": {"a": 1}}'}
        arn = "arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Agateway-tests-dev-answer"
        for name in ("gateway-tests-dev-answer", arn, arn + "%3A%24LATEST"):
            equal(json.loads(await ask(socket, action="invoke", name=name, event=event)), [200, None, '{"a": 1}'])
        got = json.loads(await ask(socket, action="invoke", name="gateway-tests-dev-answer", event={"body": '{"throw": "x"}'}))
        equal((got[0], got[1], json.loads(got[2])["errorMessage"]), (200, "Unhandled", "x"))
        got = json.loads(await ask(socket, action="invoke", name="nobody"))
        equal(got[:2], [404, "ResourceNotFoundException"])
        got = json.loads(await ask(socket, action="invoke", name="x", headers={"Origin": "http://x"}))
        equal(got[0], 403)


@row("invoke: Event and DryRun", "AWS")
async def _(g):
    async with g.connect() as socket:
        note = {"requestContext": {"routeKey": "asynchronous"}}
        equal(json.loads(await ask(socket, action="invoke", name="gateway-tests-dev-disconnect", type="DryRun")), [204, None, ""])
        got = await ask(socket, action="invoke", name="gateway-tests-dev-disconnect", type="Event", event=note)
        equal(json.loads(got), [202, None, ""])
        await g.noted(routeKey="asynchronous")


@row("invoke: an Event that fails is tried twice again", "AWS")
async def _(g):
    async with g.connect() as socket:
        before = g.output().count("Exception: to be tried again")
        event = {"body": '{"throw": "to be tried again"}'}
        equal(json.loads(await ask(socket, action="invoke", name="gateway-tests-dev-silent", type="Event", event=event))[0], 202)
        await asyncio.sleep(2.5)
        equal(g.output().count("Exception: to be tried again") - before, 3)


# --- what is meant to hurt ------------------------------------------------------------------------------------------------------------


@row("hostile: malformed HTTP is answered and the server goes on", "INF")
async def _(g):
    for bytes, status in ((b"nonsense\r\n\r\n", 400), (b"GET / HTTP/x\r\n\r\n", 400), (b"GET /\0 HTTP/1.1\r\n\r\n", 400),
                          (b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 403),
                          (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 20000 + b"\r\n\r\n", 431),
                          (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400)):
        equal((await http(g, "", "", raw_head=bytes))[0], status)
    equal((await handshake(g))[0], 101)


@row("hostile: a client that hangs up while the handshake is held", "INF")
async def _(g):
    task = asyncio.ensure_future(handshake(g, "as=me&sleep=0.5"))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.sleep(0.6)
    equal((await handshake(g))[0], 101)


@row("hostile: bytes of TLS that are none", "INF")
async def _(g):
    reader, writer = await asyncio.open_connection("localhost", g.port)
    writer.write(b"\x16\x03\x01\xff\xff" + b"x" * 70000)
    try:
        await asyncio.wait_for(reader.read(), 15)
    except ConnectionResetError:
        pass
    equal((await handshake(g))[0], 101)


async def main(program, only):
    gateway = Gateway(program, SERVICE)
    try:
        failed = await run_rows(gateway, ROWS, only)
    finally:
        status = gateway.stop()
    if status or failed:
        print(gateway.output()[-4000:], "\nexit status", status)
    return failed or status


sys.exit(1 if asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)) else 0)
