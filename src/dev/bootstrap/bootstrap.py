"""What runs a Python handler: asks the Lambda Runtime API for events and posts what comes of them."""
import sys

ROOT_OF_BOOTSTRAP = sys.path.pop(0)

import importlib
import importlib.abc
import importlib.util
import json
import logging
import os
import socket
import time
import traceback

HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")

# --- the Runtime API ----------------------------------------------------------------------------------------------------

# One connection, requests sent without waiting for the answers before: so an answer and the question for the next event are
# one message each way. The general client takes longer than all the rest to load.
connection = socket.create_connection((HOST, int(PORT)))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
reader = connection.makefile("rb")


class Gone(Exception):
    """The gateway has gone."""


def spell(method, name, body=b"", headers=""):
    head = "%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: %s:%s\r\nContent-Length: %d\r\n%s\r\n"
    return (head % (method, name, HOST, PORT, len(body), headers)).encode() + body


def send(data):
    try:
        connection.sendall(data)
    except OSError as error:
        raise Gone() from error


def receive():
    """The next answer: its headers, in small letters, and its body."""
    headers = {}
    try:
        reader.readline()
        for line in iter(reader.readline, b"\r\n"):
            if not line:
                raise Gone()
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return headers, reader.read(int(headers.get("content-length", 0)))
    except OSError as error:
        raise Gone() from error


JSON_TYPE = "Content-Type: application/json\r\n"
NEXT = spell("GET", "invocation/next")


# --- errors -----------------------------------------------------------------------------------------------------------


class NamedError(Exception):
    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


def describe(error):
    """The error as Lambda tells it; the frames of this file are no concern of the user."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__ and "importlib" not in f.filename]
    return {
        "errorMessage": str(error),
        "errorType": getattr(error, "name", None) if isinstance(error, NamedError) else type(error).__name__,
        "stackTrace": traceback.format_list(frames),
    }


def spell_error(name, error, request_id=None):
    description = describe(error)
    if request_id:
        description["requestId"] = request_id
    headers = "%sLambda-Runtime-Function-Error-Type: %s\r\n" % (JSON_TYPE, description["errorType"])
    return spell("POST", name, json.dumps(description).encode(), headers)


# --- the handler --------------------------------------------------------------------------------------------------------


class EndpointHook(importlib.abc.MetaPathFinder):
    """Older botocores know nothing of AWS_ENDPOINT_URL_<SERVICE>: they are told when they are loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != "botocore.session":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec and spec.loader:
            load = spec.loader.exec_module

            def exec_module(module):
                load(module)
                patch_session(module.Session)

            spec.loader.exec_module = exec_module
        return spec


def patch_session(session):
    create = session.create_client

    def create_client(self, service_name, *arguments, **named):
        variable = "AWS_ENDPOINT_URL_" + service_name.upper().replace("-", "_")
        url = os.environ.get(variable) or os.environ.get("AWS_ENDPOINT_URL")
        if url and len(arguments) < 5 and not named.get("endpoint_url"):
            named["endpoint_url"] = url
        return create(self, service_name, *arguments, **named)

    session.create_client = create_client


def load_handler():
    whole = os.environ["_HANDLER"]
    name, dot, function = whole.rpartition(".")
    if not dot or not name or not function:
        raise NamedError("Runtime.MalformedHandlerName", "Bad handler '%s': expected file.function" % whole)
    name = name.replace("/", ".")
    if name.split(".")[0] in sys.builtin_module_names:
        raise NamedError("Runtime.BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % name)
    try:
        module = importlib.import_module(name)
    except SyntaxError as error:
        raise NamedError("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (name, error)) from error
    except ImportError as error:
        raise NamedError("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (name, error)) from error
    handler = getattr(module, function, None)
    if not callable(handler):
        raise NamedError("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, name))
    return handler


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, text):
        sys.stdout.write(str(text))


# --- invocations ----------------------------------------------------------------------------------------------------------


def encode(value):
    if type(value).__name__ == "Decimal":
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def marshal(result):
    if isinstance(result, bytes):
        return result
    try:
        return json.dumps(result, default=encode).encode()
    except Exception as error:
        raise NamedError("Runtime.MarshalError", "Unable to marshal response: %s" % error) from error


def invoke_once(handler, headers, body):
    """What is to be sent of it."""
    request_id = headers["lambda-runtime-aws-request-id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
    try:
        result = marshal(handler(json.loads(body), Context(headers)))
    except Exception as error:
        return spell_error("invocation/%s/error" % request_id, error, request_id)
    return spell("POST", "invocation/%s/response" % request_id, result, JSON_TYPE)


def main():
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    # before the handler's own imports: it expects getLogger().setLevel() to be enough
    output = logging.StreamHandler(sys.stderr)
    output.setFormatter(logging.Formatter("[%(levelname)s]\t%(message)s"))
    logging.getLogger().addHandler(output)
    if any(name.startswith("AWS_ENDPOINT_URL") for name in os.environ):
        sys.meta_path.insert(0, EndpointHook())
    try:
        handler = load_handler()
    except Exception as error:
        send(spell_error("init/error", error))
        receive()
        sys.exit(1)
    send(NEXT)
    while True:
        send(invoke_once(handler, *receive()) + NEXT)
        receive()


try:
    main()
except (Gone, KeyboardInterrupt):
    sys.exit(0)
