#!/usr/bin/python3
"""Other templates, limits and flags: test_templates.py PROGRAM [PART OF A NAME]"""
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from gateway import HERE, SERVICE, Frames, Gateway, ask, handshake, http

PROGRAM = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()
HANDLER = "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(%s)}\n"


def resource(kind, **properties):
    return {"Type": "AWS::ApiGatewayV2::" + kind, "Properties": {"ApiId": {"Ref": "Api"}, **properties}}


def api(expression="${request.body.type}", name="Api"):
    properties = {"Name": name, "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": expression}
    return {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}


def function(code, **more):
    return {"Type": "AWS::Lambda::Function", "Properties": {
        "Handler": "index.handler", "Runtime": "python3.11", "Timeout": 5, "Code": {"ZipFile": code}, **more}}


def integration(function):
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations" % function
    return resource("Integration", IntegrationType="AWS_PROXY", IntegrationUri={"Fn::Sub": uri})


def route(key, integration, **more):
    return resource("Route", RouteKey=key, Target={"Fn::Sub": "integrations/${%s}" % integration}, **more)


def write(name, resources, **more):
    path = os.path.join(FOLDER.name, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"Resources": resources, **more}, file)
    return path


MOCK = resource("Integration", IntegrationType="MOCK", RequestTemplates={"200": '{"statusCode":200}'},
                TemplateSelectionExpression="200")


def plain():
    """No $connect, the stage $default, a MOCK that answers."""
    return write("plain.json", {
        "Api": api(),
        "Stage": resource("Stage", StageName="$default"),
        "Mock": MOCK,
        "MockResponse": resource("IntegrationResponse", IntegrationId={"Ref": "Mock"}, IntegrationResponseKey="/200/", ResponseTemplates={
            "200": '{"you":"$context.connectionId","said":$input.json(\'$.what\'),"type":"$input.path(\'$.type\')","cost":"$5"}'}),
        "Start": route("start", "Mock", RouteResponseSelectionExpression="$default"),
        "StartResponse": resource("RouteResponse", RouteId={"Ref": "Start"}, RouteResponseKey="$default"),
        "Fn": function(HANDLER % "[event['requestContext']['routeKey'], __import__('os').environ['URL']]", Environment={"Variables": {
            "URL": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}}),
        "Proxy": integration("Fn"),
        "Rest": route("$default", "Proxy", RouteResponseSelectionExpression="$default"),
        "RestResponse": resource("RouteResponse", RouteId={"Ref": "Rest"}, RouteResponseKey="$default"),
    })


async def test_no_connect_route_default_stage(flags=()):
    g = Gateway(PROGRAM, plain(), *flags)
    for path in ("/", "/$default", "/%24default"):
        assert (await handshake(g, "", path))[0] == 101
    assert (await handshake(g, "", "/dev"))[0] == 403
    async with g.connect("") as socket:
        answer = json.loads(await ask(socket, type="start", what=[1, "x"]))
        assert answer["said"] == [1, "x"] and answer["type"] == "start" and answer["cost"] == "$5", answer
        where = "wss://localhost:%d" % g.port
        assert json.loads(await ask(socket, type="other")) == ["$default", where]
        await socket.send("not JSON")
        assert json.loads(await socket.recv()) == ["$default", where]
        await socket.send('{"type":"$connect"}')
        assert json.loads(await socket.recv()) == ["$default", where]
        for path in ("/@connections/", "/$default/@connections/", "/%24default/@connections/"):
            assert (await http(g, "POST", path + answer["you"], {"Authorization": "x"}, b"hi"))[0] == 200
            assert await socket.recv() == "hi"
    assert g.stop() == 0


async def test_cdk():
    """What CDK makes of a WebSocketApi with an authorizer, functions in two languages and a MOCK integration."""
    g = Gateway(PROGRAM, os.path.join(HERE, "cdk", "cdk.out", "Chat.template.json"))
    assert g.stage == "prod"
    assert (await handshake(g, "token=wrong"))[0] == 403
    assert (await handshake(g, ""))[0] == 401
    async with g.connect("token=right") as socket:
        assert await ask(socket, type="anything") == "local-TableCD117FA1"
        await socket.send('{"type":"mock"}')
        await socket.send('{"type":"back"}')
        assert [await socket.recv(), await socket.recv()] == ["posted", "200"]
    assert g.stop() == 0


SAM = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.11, Timeout: 4, Environment: {Variables: {SHARED: globals, OVER: globals}}}
Conditions: {Never: !Equals [!Ref AWS::Region, nowhere]}
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: sam, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: app.handler
      Environment: {Variables: {OVER: own, STAGE: !Sub "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/Prod"}}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: go, RouteResponseSelectionExpression: $default, Target: !Join [/, [integrations, !Ref Integration]]}
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: {ApiId: !Ref Api, RouteId: !Ref Route, RouteResponseKey: $default}
  Absent:
    Type: AWS::ApiGatewayV2::Route
    Condition: Never
    Properties: {ApiId: !Ref Api, RouteKey: absent, Target: !Sub "integrations/${Integration}"}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: Prod}
"""


async def test_sam():
    """A template of SAM in YAML: Globals, CodeUri, tags, conditions."""
    folder = os.path.join(FOLDER.name, "sam")
    os.makedirs(os.path.join(folder, "code"))
    with open(os.path.join(folder, "template.yaml"), "w", encoding="utf-8") as file:
        file.write(SAM)
    with open(os.path.join(folder, "code", "app.py"), "w", encoding="utf-8") as file:
        file.write(HANDLER % "[__import__('os').environ[k] for k in ('SHARED', 'OVER', 'STAGE')]")
    g = Gateway(PROGRAM, os.path.join(folder, "template.yaml"))
    async with g.connect("") as socket:
        assert json.loads(await ask(socket, action="go")) == ["globals", "own", "https://localhost:%d/Prod" % g.port]
        assert json.loads(await ask(socket, action="absent"))["message"] == "Forbidden"
    assert g.stop() == 0


async def test_other_addresses():
    """--host lets in whoever comes by an address, and still nobody by a name that somebody else made."""
    g = Gateway(PROGRAM, plain(), "--host", "0.0.0.0")
    assert (await handshake(g, "", Host="192.0.2.1:%d" % g.port))[0] == 101
    assert (await handshake(g, "", Host="attacker.example"))[0] == 403
    assert g.stop() == 0
    g = Gateway(PROGRAM, plain(), "--allow-origin", "https://app.example")
    assert (await handshake(g, "", Origin="https://app.example"))[0] == 101
    assert (await handshake(g, "", Origin="https://other.example"))[0] == 403
    assert (await handshake(g, "", Host="192.0.2.1"))[0] == 403
    assert g.stop() == 0


async def test_limits():
    """Quotas: idle, age, integration timeout, sizes; each a flag."""
    g = Gateway(PROGRAM, SERVICE, "--idle-timeout", "1", "--message-limit", "100", "--frame-limit", "60")
    async with g.connect() as socket:
        begun = time.time()
        await socket.wait_closed()
        assert socket.close_code == 1001 and 0.9 < time.time() - begun < 20, (socket.close_code, time.time() - begun)
    e = await g.noted(routeKey="$disconnect")
    assert (e["requestContext"]["disconnectStatusCode"], e["requestContext"]["disconnectReason"]) == (1001, "Going away")
    frames = await Frames.open(g)
    frames.send(0x81, b"x" * 61)
    assert await frames.close_code() == 1009
    frames = await Frames.open(g)
    frames.send(0x01, b"x" * 60)
    frames.send(0x80, b"x" * 41)
    assert await frames.close_code() == 1009
    assert g.stop() == 0


async def test_integration_timeout():
    """An answer that comes too late: 504 for a handshake, an error frame for a message."""
    g = Gateway(PROGRAM, SERVICE, "--integration-timeout", "3")
    assert (await handshake(g, "as=me&sleep=4.5"))[0] == 504
    async with g.connect() as socket:
        got = await ask(socket, action="answer", sleep=4.5)
        assert json.loads(got)["message"] == "Endpoint request timed out", got
    assert g.stop() == 0


async def test_activity_keeps_alive():
    """Messages of either direction keep a connection, and pings; the age ends it all the same."""
    g = Gateway(PROGRAM, plain(), "--idle-timeout", "2", "--max-connection-age", "6", "--allow-unsigned")
    async with g.connect("", ping_interval=None) as socket, g.connect("", ping_interval=None) as pinger:
        begun = time.time()
        id = json.loads(await ask(socket, type="start", what=1))["you"]
        for _ in range(4):
            await asyncio.sleep(0.7)
            await pinger.ping()
            assert (await http(g, "POST", "/@connections/" + id, {}, b"x"))[0] == 200
            await socket.recv()
        assert await ask(socket, type="start", what=1)
        for _ in range(20):
            await asyncio.sleep(0.7)
            if socket.closed:
                break
            await http(g, "POST", "/@connections/" + id, {}, b"x")
        assert socket.close_code == 1001 and 5.5 < time.time() - begun < 20
    assert g.stop() == 0


async def said(g, text, count=1):
    for _ in range(400):
        if g.output().count(text) >= count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("'%s' was not said: %s" % (text, g.output()))


async def test_reload():
    """Changes of code and of the service are taken over, faults are not; connections stay open."""
    folder = os.path.join(FOLDER.name, "reload")
    shutil.copytree(os.path.dirname(SERVICE), folder)
    service, handler = os.path.join(folder, "serverless.yml"), os.path.join(folder, "echo.js")
    g = Gateway(PROGRAM, service)
    async with g.connect() as socket:
        assert await ask(socket, action="node") == '{"action": "node"}'
        with open(handler, "w", encoding="utf-8") as file:
            file.write("exports.handler = async () => ({ statusCode: 200, body: 'changed' });\n")
        await said(g, "reloaded: files have changed")
        assert await ask(socket, action="node") == "changed"
        assert json.loads(await ask(socket, action="new"))["message"] == "Forbidden"
        slow = asyncio.ensure_future(ask(socket, action="answer", sleep=2, **{"with": {"statusCode": 200, "body": "slow"}}))
        await asyncio.sleep(0.5)
        with open(service, "a", encoding="utf-8") as file:
            file.write("  new:\n    handler: handlers.echo\n    events:\n      - websocket:\n          route: new\n"
                       "          routeResponseSelectionExpression: $default\n")
        await said(g, "reloaded: the template has changed")
        assert await slow == "slow"
        assert await ask(socket, action="new") == '{"action": "new"}'
        with open(service, "a", encoding="utf-8") as file:
            file.write("  broken: [\n")
        await said(g, "the change is not taken over")
        assert "error[C005]" in g.output()
        assert await ask(socket, action="new") == '{"action": "new"}'
    assert g.stop() == 0


async def test_stop_closes_connections():
    """SIGTERM closes connections with 1001 and ends the workers."""
    g = Gateway(PROGRAM, SERVICE)
    async with g.connect() as socket:
        g.process.terminate()
        await socket.wait_closed()
        assert socket.close_code == 1001
    assert g.process.wait(20) == 0
    assert g.notes(routeKey="$disconnect")[-1]["requestContext"]["disconnectStatusCode"] == 1001


async def test_workers_end_with_the_gateway():
    """Even if it is killed: workers end when nobody is there to give them events."""
    g = Gateway(PROGRAM, SERVICE)
    async with g.connect() as socket:
        await ask(socket, action="node")
    g.process.kill()
    g.process.wait()
    for _ in range(300):
        if not g.workers():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("workers are left")


async def test_provided_runtime():
    """A bootstrap of the user's own."""
    folder = os.path.join(FOLDER.name, "code")
    os.mkdir(folder)
    with open(os.path.join(folder, "bootstrap"), "w", encoding="utf-8") as file:
        file.write("""#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
while head=$(mktemp); event=$(curl -sS -D "$head" "$api/invocation/next"); do
  id=$(sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//p' "$head" | tr -d '\\r')
  curl -sS -o /dev/null -H 'Expect: 100-continue' -d '{"statusCode":200,"body":"from sh"}' "$api/invocation/$id/response" || exit
done
""")
        os.fchmod(file.fileno(), 0o755)
    fn = function("", Runtime="provided.al2023", Handler="x")
    fn["Properties"]["Code"] = "./code"
    path = write("provided.json", {"Api": api(), "Stage": resource("Stage", StageName="s"), "Fn": fn, "Proxy": integration("Fn"),
                                   "R": route("go", "Proxy", RouteResponseSelectionExpression="$default"),
                                   "RR": resource("RouteResponse", RouteId={"Ref": "R"}, RouteResponseKey="$default")})
    g = Gateway(PROGRAM, path)
    if shutil.which("curl"):
        async with g.connect("") as socket:
            for _ in range(3):
                assert await ask(socket, type="go") == "from sh"
    assert g.stop() == 0


def run_briefly(file, *flags, program=PROGRAM):
    done = subprocess.run([program, "dev", file, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=20, check=False)
    return done.returncode, done.stderr.decode()


async def test_what_cannot_run():
    """Clear answers: a template without an API, a port in use, wrong flags, a file that is not there."""
    status, text = run_briefly(write("empty.json", {}))
    assert status == 1 and "G001" in text, text
    status, text = run_briefly(os.path.join(FOLDER.name, "missing.yml"))
    assert status == 1 and "C001" in text, text
    for flags in (("--port", "x"), ("--port", "99999"), ("--idle-timeout", "-1"), ("--message-limit", "0"), ("--env", "x")):
        status, text = run_briefly(plain(), *flags)
        assert status == 2 and "U007" in text, text
    chat = os.path.join(HERE, "..", "..", "examples", "chat", "serverless.yml")
    status, text = run_briefly(chat, "--create-tables")
    assert status == 2 and "U008" in text, text
    for url in ("http://localhost:1", "https://localhost", "localhost:8000", "http://", "http://[::1"):
        status, text = run_briefly(chat, "--create-tables", "--dynamodb", url, "--port", "0")
        assert status == 3 and "DynamoDB" in text, text
    g = Gateway(PROGRAM, plain())
    status, text = run_briefly(plain(), "--port", str(g.port))
    assert status == 3 and "cannot listen" in text, text
    assert g.stop() == 0


async def test_several_apis():
    """One is served, the others are named (G010); what cannot run is a warning."""
    path = write("several.json", {"Api": api(), "Other": api(name="Other"), "Stage": resource("Stage", StageName="s"),
                                  "Lost": resource("Integration", IntegrationType="HTTP", IntegrationUri="http://x"),
                                  "R": route("go", "Lost")})
    g = Gateway(PROGRAM, path)
    assert "G010" in g.output() and "G009" in g.output(), g.output()
    async with g.connect("") as socket:
        assert json.loads(await ask(socket, type="go"))["message"] == "Internal server error"
    assert g.stop() == 0


async def test_missing_interpreter():
    """It is said, and the message gets an error frame."""
    g = Gateway(PROGRAM, SERVICE, "--node", "/nowhere/node")
    async with g.connect() as socket:
        assert json.loads(await ask(socket, action="node"))["message"] == "Internal server error"
        assert "'/nowhere/node' cannot be started" in g.output(), g.output()
        assert await ask(socket, action="python") == '{"action": "python"}'
    assert g.stop() == 0


async def test_typescript():
    """Not run, but said clearly."""
    folder = os.path.join(FOLDER.name, "typescript")
    os.mkdir(folder)
    with open(os.path.join(folder, "a.ts"), "w", encoding="utf-8") as file:
        file.write("export const handler = async (): Promise<void> => {};\n")
    fn = function("", Runtime="nodejs20.x", Handler="a.handler")
    fn["Properties"]["Code"] = "typescript"
    path = write("typescript.json", {"Api": api(), "Stage": resource("Stage", StageName="s"), "Fn": fn, "Proxy": integration("Fn"),
                                     "R": route("go", "Proxy")})
    g = Gateway(PROGRAM, path)
    async with g.connect("") as socket:
        assert json.loads(await ask(socket, type="go"))["message"] == "Internal server error"
    assert "'a.ts' is TypeScript" in g.output(), g.output()
    assert g.stop() == 0


async def test_compiler_alone():
    """Without slsws-dev beside it (U030)."""
    folder = os.path.join(FOLDER.name, "bin")
    os.mkdir(folder)
    alone = shutil.copy(PROGRAM, folder)
    status, text = run_briefly(plain(), program=alone)
    assert status == 2 and "U030" in text, (status, text)


async def main(only):
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_") or (only and only not in name):
            continue
        try:
            await asyncio.wait_for(test(), 60)
            print("ok     " + name)
        except Exception as error:  # any failure is the test's
            failed += 1
            line = error.__traceback__
            while line.tb_next:
                line = line.tb_next
            print("FAILED %s: %s %s (line %d)" % (name, type(error).__name__, error, line.tb_lineno))
        Gateway.end_all()
        sys.stdout.flush()
    return failed


sys.exit(1 if asyncio.run(main(sys.argv[2] if len(sys.argv) > 2 else None)) else 0)
