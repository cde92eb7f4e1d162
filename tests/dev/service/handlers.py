"""Handlers that do as their client tells them."""
import json
import os
import sys
import time

NOTES = os.environ.get("NOTES")


def note(event, context):
    """Appends the event to a file that the tests read."""
    if NOTES:
        with open(NOTES, "a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")
    return {"statusCode": 200}


def authorize(event, context):
    note(event, context)
    who = event["queryStringParameters"]["as"]
    if who == "nobody":
        raise Exception("Unauthorized")
    if who == "broken":
        raise Exception("broken")
    if who == "malformed":
        return {"principalId": who}
    resource = event["methodArn"]
    effect = "Allow"
    if who == "denied":
        effect = "Deny"
    if who == "elsewhere":
        resource = resource.replace("$connect", "*/*")
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    context = {"stringKey": "stringval", "numberKey": 123, "booleanKey": True}
    return {"principalId": who, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}, "context": context}


def connect(event, context):
    note(event, context)
    query = event["queryStringParameters"]
    answer = {"statusCode": int(query.get("status", 200))}
    if "throw" in query:
        raise Exception("thrown")
    if "nothing" in query:
        return None
    if "sleep" in query:
        time.sleep(float(query["sleep"]))
    if "protocol" in query:
        answer["headers"] = {"sec-websocket-protocol": query["protocol"]}
    if "body" in query:
        answer["body"] = query["body"]
    return answer


def event(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}


def answer(event, context):
    """Answers with what the message has under 'with', after 'sleep' seconds."""
    message = json.loads(event["body"])
    time.sleep(message.get("sleep", 0))
    if message.get("print"):
        print(message["print"])
    if message.get("throw"):
        raise Exception(message["throw"])
    if message.get("exit") is not None:
        os._exit(message["exit"])
    if message.get("garbage"):
        sys.stdout.write("\x00\xff" * 1000)
    return message.get("with")


def echo(event, context):
    return {"statusCode": 200, "body": event["body"]}


def invoke(event, context):
    """Calls another function by its name and tells what came."""
    import urllib.error
    import urllib.request

    message = json.loads(event["body"])
    url = "%s/2015-03-31/functions/%s/invocations" % (os.environ["AWS_ENDPOINT_URL_LAMBDA"], message["name"])
    headers = {"Authorization": "x", "X-Amz-Invocation-Type": message.get("type", "RequestResponse"), **message.get("headers", {})}
    request = urllib.request.Request(url, json.dumps(message.get("event", {})).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            result = [answer.status, answer.headers.get("X-Amz-Function-Error"), answer.read().decode()]
    except urllib.error.HTTPError as error:
        result = [error.code, error.headers.get("x-amzn-ErrorType"), error.read().decode()]
    return {"statusCode": 200, "body": json.dumps(result)}
