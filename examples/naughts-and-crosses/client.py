#!/usr/bin/python3
"""A player in a terminal: client.py ADDRESS [GAME]

Without a game one is started, and its id is for the other player.
"""
import asyncio
import json
import sys

import websockets

LINES = ["012", "345", "678", "036", "147", "258", "048", "246"]


def show(board):
    rows = [" %s | %s | %s " % tuple(mark or str(i + row) for i, mark in enumerate(board[row:row + 3])) for row in (0, 3, 6)]
    print("\n---+---+---\n".join(rows), flush=True)


def result(board):
    for line in LINES:
        marks = {board[int(i)] for i in line}
        if len(marks) == 1 and None not in marks:
            return "%s has won" % marks.pop()
    return None if None in board else "nobody has won"


async def ask_square(board):
    while True:
        print("your square: ", end="", flush=True)
        line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        if not line:
            sys.exit(1)
        text = line.strip()
        if text.isdigit() and int(text) < 9 and board[int(text)] is None:
            return int(text)


async def play(socket, game, mark):
    board, turn = [None] * 9, "X"
    while not result(board):
        show(board)
        if turn == mark:
            square = await ask_square(board)
            await socket.send(json.dumps({"type": "play", "id": game, "square": square}))
        else:
            square = (await receive(socket, "played"))["square"]
        board[square] = turn
        turn = "O" if turn == "X" else "X"
    show(board)
    print(result(board), flush=True)


async def receive(socket, kind):
    message = json.loads(await socket.recv())
    if message.get("type") != kind:
        sys.exit("the server says: %s" % message)
    return message


async def main(address, game=None):
    async with websockets.connect(address) as socket:
        if game is None:
            await socket.send(json.dumps({"type": "start"}))
            print("the game: %s" % (await receive(socket, "started"))["id"], flush=True)
        else:
            await socket.send(json.dumps({"type": "join", "id": game}))
        joined = await receive(socket, "joined")
        print("you are %s" % joined["mark"], flush=True)
        await play(socket, joined["id"], joined["mark"])


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
asyncio.run(main(*sys.argv[1:]))
