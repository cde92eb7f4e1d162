#!/usr/bin/python3
"""The example examples/naughts-and-crosses, end to end: its handlers, boto3, a DynamoDB on this machine, and its own client.

	test_naughts.py PROGRAM
"""
import asyncio
import json
import os
import re
import subprocess
import sys
import time

from gateway import HERE, Gateway, ask

try:
    import boto3
except ImportError:
    print("python3-boto3 is not installed")
    sys.exit(77)

MODULES = os.path.join(HERE, "npm", "node_modules")
EXAMPLE = os.path.join(HERE, "..", "..", "examples", "naughts-and-crosses")
DATABASE = """
const server = require('%s/dynalite')({ createTableMs: 0 });
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
""" % MODULES


class Player:
    """The client as a player would start it."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, "-B", os.path.join(EXAMPLE, "client.py"), *arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1)
        self.output = ""

    def read_until(self, pattern):
        while not re.search(pattern, self.output):
            got = self.process.stdout.read(1)
            assert got, self.output
            self.output += got
        found = re.search(pattern, self.output)
        self.output = self.output[found.end():]
        return found

    def put(self, square):
        self.read_until("your square: ")
        self.process.stdin.write("%d\n" % square)


def play_game(g):
    first = Player(g.url(""))
    game = first.read_until(r"the game: (\S+)\n")[1]
    second = Player(g.url(""), game)
    first.read_until("you are X")
    second.read_until("you are O")
    for player, square in ((first, 4), (second, 0), (first, 2), (second, 1), (first, 6)):
        player.put(square)
    for player in (first, second):
        player.read_until("X has won")
        assert player.process.wait(20) == 0
    return game


async def break_rules(g, game):
    """A game that is full or unknown, messages without a route, a player who has gone."""
    async with g.connect("") as socket:
        for message in ({"type": "join", "id": game}, {"type": "play", "id": "unknown", "square": 1}):
            assert json.loads(await ask(socket, **message))["message"] == "Internal server error"
        for message in ({"type": "quit"}, {}):
            assert json.loads(await ask(socket, **message))["message"] == "Forbidden"
        fresh = json.loads(await ask(socket, type="start"))["id"]
        async with g.connect("") as other:
            assert json.loads(await ask(other, type="join", id=fresh))["mark"] == "O"
            assert json.loads(await socket.recv())["mark"] == "X"
        await asyncio.sleep(0.2)
        got = json.loads(await ask(socket, type="play", id=fresh, square=1))
        assert got["message"] == "Internal server error", got
    assert "GoneException" in g.output(), g.output()


def check_table(url, game):
    table = boto3.resource("dynamodb", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="x",
                           aws_secret_access_key="x").Table("naughts-and-crosses-prod-Games")
    item = table.get_item(Key={"id": game})["Item"]
    assert sorted(item) == ["expires", "first", "id", "second"] and item["expires"] > time.time(), item


def main(program):
    if not os.path.exists(MODULES):
        print("tests/dev/npm is not installed: tools/setup.sh all")
        return 77
    database = subprocess.Popen(["node", "-e", DATABASE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = "http://127.0.0.1:" + database.stdout.readline().strip()
    g = Gateway(program, os.path.join(EXAMPLE, "serverless.yml"), "--dynamodb", url, "--create-tables")
    try:
        game = play_game(g)
        asyncio.run(break_rules(g, game))
        check_table(url, game)
        assert g.stop() == 0
        print("ok")
    except BaseException:
        print(g.output())
        raise
    finally:
        Gateway.end_all()
        database.stdin.close()
        database.wait(20)
    return 0


sys.exit(main(sys.argv[1]))
