"""Who starts a game, who joins it, and whose turn a move is for. The board is the clients' affair."""
import json
import os
import time
import uuid

import boto3

games = boto3.resource("dynamodb").Table(os.environ["GAMES"])
gateway = boto3.client("apigatewaymanagementapi", endpoint_url="https" + os.environ["ADDRESS"][len("wss"):])

HOURS = 6


def tell(player, **message):
    gateway.post_to_connection(ConnectionId=player, Data=json.dumps(message))


def player_and_message(event):
    return event["requestContext"]["connectionId"], json.loads(event["body"])


def start(event, context):
    player, _ = player_and_message(event)
    game = str(uuid.uuid4())
    games.put_item(Item={"id": game, "first": player, "expires": int(time.time()) + HOURS * 3600})
    tell(player, type="started", id=game)
    return {"statusCode": 200}


def join(event, context):
    player, message = player_and_message(event)
    game = games.update_item(
        Key={"id": message["id"]},
        UpdateExpression="SET #second = :player",
        # a game that is there, and has no second player yet
        ConditionExpression="attribute_exists(id) AND attribute_not_exists(#second)",
        ExpressionAttributeNames={"#second": "second"},
        ExpressionAttributeValues={":player": player},
        ReturnValues="ALL_NEW",
    )["Attributes"]
    tell(game["first"], type="joined", id=game["id"], mark="X")
    tell(player, type="joined", id=game["id"], mark="O")
    return {"statusCode": 200}


def play(event, context):
    player, message = player_and_message(event)
    game = games.get_item(Key={"id": message["id"]}, ConsistentRead=True)["Item"]
    other = game["second"] if player == game["first"] else game["first"]
    tell(other, type="played", id=message["id"], square=message["square"])
    return {"statusCode": 200}
