"""What runs a Python handler: asks the Lambda Runtime API for events and posts what comes of them."""
import sys

ROOT_OF_BOOTSTRAP = sys.path.pop(0)

import decimal
import http.client
import importlib
import importlib.abc
import importlib.util
import json
import logging
import os
import socket
import time
import traceback

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
PREFIX = "/2018-06-01/runtime/"


class Connection(http.client.HTTPConnection):
    def connect(self):
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


connection = Connection(API)


def request(method, name, body=None, headers=None):
    connection.request(method, PREFIX + name, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


def post(name, body, headers=None):
    request("POST", name, body, {"Content-Type": "application/json", **(headers or {})})


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


def post_error(name, error, request_id=None):
    description = describe(error)
    if request_id:
        description["requestId"] = request_id
    body = json.dumps(description).encode()
    post(name, body, {"Lambda-Runtime-Function-Error-Type": description["errorType"]})


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
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, text):
        sys.stdout.write(str(text))


# --- invocations ----------------------------------------------------------------------------------------------------------


def encode(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def marshal(result):
    if isinstance(result, bytes):
        return result
    try:
        return json.dumps(result, default=encode).encode()
    except Exception as error:
        raise NamedError("Runtime.MarshalError", "Unable to marshal response: %s" % error) from error


def invoke_once(handler):
    answer, body = request("GET", "invocation/next")
    request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    os.environ["_X_AMZN_TRACE_ID"] = answer.headers["Lambda-Runtime-Trace-Id"]
    try:
        result = marshal(handler(json.loads(body), Context(answer.headers)))
    except Exception as error:
        post_error("invocation/%s/error" % request_id, error, request_id)
        return
    post("invocation/%s/response" % request_id, result)


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
        post_error("init/error", error)
        sys.exit(1)
    while True:
        invoke_once(handler)


try:
    main()
except (ConnectionError, http.client.HTTPException, KeyboardInterrupt):
    sys.exit(0)  # the gateway has gone
