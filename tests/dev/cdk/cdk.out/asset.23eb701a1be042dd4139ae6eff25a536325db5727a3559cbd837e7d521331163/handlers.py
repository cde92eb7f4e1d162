import os


def other(event, context):
    return {"statusCode": 200, "body": os.environ["TABLE"]}
