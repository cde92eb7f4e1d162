#!/usr/bin/env python3
"""Input that is meant to hurt: whatever it is, slsws ends by itself, within bounds of time and memory.

    tests/test_hostile.py SLSWS [NAME...]

Each case is a project (files by name); it may be compiled or refused, the exit status has to be 0 or 1 and there is a
template or at least one diagnostic, never both errors and a template. Under AddressSanitizer the bounds are wider.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
SANITIZED = 'ASAN_OPTIONS' in os.environ or b'__asan_init' in open(sys.argv[1], 'rb').read()
SECONDS, MEMORY = (90, None) if SANITIZED else (10, 1024 * MIB)
HEAD = 'service: hostile\nprovider: aws\n'
FUNCTION = 'functions:\n  f:\n    handler: h.f\n    events:\n      - websocket: $connect\n'
CASES = {}


def n(size):
    """Sanitizers are there to see what goes wrong, not how long it takes."""
    return size // 10 if SANITIZED else size


def case(make):
    CASES[make.__name__] = make
    return make


def custom(lines):
    return HEAD + 'custom:\n' + ''.join('  ' + line + '\n' for line in lines) + FUNCTION


# --- depth ---

@case
def nested_lists():
    return HEAD + 'custom: ' + '[' * 10000 + ']' * 10000


@case
def nested_lists_open():
    return HEAD + 'custom: ' + '[' * 1000000


@case
def nested_maps():
    return HEAD + 'custom: ' + '{a: ' * 10000 + '1' + '}' * 10000


@case
def nested_blocks():
    return HEAD + 'custom:\n' + ''.join(' ' * i + 'a:\n' for i in range(1, 10000))


@case
def nested_dashes():
    return HEAD + 'custom:\n  ' + '- ' * 100000 + 'a\n'


@case
def nested_question_marks():
    return HEAD + 'custom:\n  ' + '? ' * 100000 + 'a\n'


@case
def nested_json():
    return {'serverless.json': '{"service":"s","custom":' + '[' * 100000 + ']' * 100000 + '}'}


@case
def nested_json_include():
    return {'serverless.yml': custom(['a: ${file(a.json)}']), 'a.json': '{"a":' * 100000 + '1' + '}' * 100000}


@case
def nested_variables():
    return custom(['a: ' + '${self:' * 100000 + 'a' + '}' * 100000])


@case
def nested_fallbacks():
    return custom(['a: ' + '${opt:a, ' * 100000 + "'x'" + '}' * 100000])


@case
def depth_made_by_variables():
    return custom(['x0: {a: 1}'] + ['x%d: {a: {a: {a: {a: "${self:custom.x%d}"}}}}' % (i, i - 1) for i in range(1, 20000)])


@case
def chain_of_variables():
    return custom(['x0: 1'] + ['x%d: ${self:custom.x%d}' % (i, i - 1) for i in range(1, 50000)])


@case
def chain_of_variables_from_the_end():
    return custom(['x%d: ${self:custom.x%d}' % (i, i + 1) for i in range(50000)] + ['x50000: 1'])


# --- growth ---

@case
def laughs_by_aliases():
    return custom(['a0: &a0 [lol, lol]'] + ['a%d: &a%d [%s]' % (i, i, ', '.join(['*a%d' % (i - 1)] * 9)) for i in range(1, 12)])


@case
def laughs_by_merges():
    return custom(['a0: &a0 {k: 1}'] + ['a%d: &a%d {<<: [%s]}' % (i, i, ', '.join(['*a%d' % (i - 1)] * 9)) for i in range(1, 12)])


@case
def laughs_by_variables():
    return custom(['a0: [lol, lol]'] + ['a%d: [%s]' % (i, ', '.join(['"${self:custom.a%d}"' % (i - 1)] * 9)) for i in range(1, 12)])


@case
def laughs_by_text():
    return custom(['a0: lol'] + ['a%d: %s' % (i, ('${self:custom.a%d}' % (i - 1)) * 9) for i in range(1, 12)])


@case
def laughs_by_text_with_cheap_steps():
    return custom(['a0: ' + 'x' * n(100000)] + ['a%d: %s' % (i, ('${self:custom.a%d}' % (i - 1)) * 2) for i in range(1, 40)])


@case
def laughs_in_resources():
    return HEAD + FUNCTION + 'custom:\n  a0: [lol, lol]\n' + ''.join(
        '  a%d: [%s]\n' % (i, ', '.join(['"${self:custom.a%d}"' % (i - 1)] * 9)) for i in range(1, 12)) + \
        'resources:\n  Resources:\n    T:\n      Type: AWS::SNS::Topic\n      Properties:\n        A: ${self:custom.a11}\n'


@case
def variable_of_the_whole():
    return custom(['a: ${self:}', 'b: ${self:custom}', 'c: ${self:custom.a}'])


@case
def includes_of_itself():
    return custom(['a: ${file(serverless.yml)}', 'b: ${file(serverless.yml):custom}'])


@case
def includes_in_a_ring():
    return {'serverless.yml': custom(['a: ${file(a.yml)}']), 'a.yml': 'x: ${file(b.yml)}\n', 'b.yml': 'x: ${file(a.yml)}\n'}


@case
def includes_that_double():
    files = {'f%d.yml' % i: 'a: ${file(f%d.yml)}\nb: ${file(f%d.yml)}\n' % (i + 1, i + 1) for i in range(40)}
    return {'serverless.yml': custom(['a: ${file(f0.yml)}']), 'f40.yml': 'x: 1\n', **files}


@case
def environment_that_refers_to_itself():
    return {'serverless.yml': 'useDotenv: true\n' + custom(['a: ${env:A}']), '.env': "A='${env:A}${env:A}'\n"}


# --- size ---

@case
def large_scalar():
    return custom(['a: ' + 'x' * n(50 * MIB)])


@case
def large_scalar_in_the_template():
    return HEAD + FUNCTION + '    description: ' + 'x' * n(20 * MIB)


@case
def large_quoted_scalar():
    return custom(['a: "' + '\\u00e9' * n(5 * MIB) + '"'])


@case
def large_scalar_in_a_message():
    return HEAD + FUNCTION + '  g:\n    handler: h.g\n    events:\n      - websocket: {route: a, authorizer: ' + 'x' * n(20 * MIB) + '}\n'


@case
def large_key():
    return HEAD + 'x' * n(50 * MIB) + ': 1\n' + FUNCTION


@case
def long_line_with_findings():
    return HEAD + FUNCTION + 'custom: {' + ', '.join('a: %d' % i for i in range(n(200000))) + '}\n'


@case
def variables_that_never_end():
    return custom(['a: ' + '${' * n(5 * MIB)])


@case
def dollars():
    return custom(['a: ' + '$' * n(20 * MIB)])


@case
def many_variables_in_a_text():
    return custom(['b: x', 'a: ' + '${self:custom.b}' * n(300000)])


@case
def many_unresolved_variables():
    return custom(['a%d: ${opt:missing%d}' % (i, i) for i in range(n(100000))])


@case
def many_unknown_variables():
    return custom(['a%d: ${nothing:x}' % i for i in range(n(100000))])


@case
def comments():
    return HEAD + '#\n' * n(10 * MIB) + FUNCTION


@case
def empty_lines():
    return HEAD + '\n' * n(50 * MIB) + FUNCTION + 'x: [\n'


@case
def many_keys():
    return custom(['key%d: 1' % i for i in range(n(1000000))])


@case
def many_keys_that_are_indexes():
    return custom(['%d: 1' % i for i in range(n(300000), 0, -1)])


@case
def many_duplicate_keys():
    return custom(['a: 1'] * n(300000))


@case
def many_unknown_keys():
    return HEAD + FUNCTION + ''.join('unknown%d: 1\n' % i for i in range(n(300000)))


@case
def many_keys_unknown_to_a_function():
    return HEAD + FUNCTION + ''.join('    unknown%d: 1\n' % i for i in range(n(300000)))


@case
def many_functions():
    return HEAD + 'functions:\n' + ''.join(
        '  f%d:\n    handler: h.f\n    events:\n      - websocket: r%d\n' % (i, i) for i in range(n(20000)))


@case
def many_functions_of_one_route():
    return HEAD + 'functions:\n' + ''.join('  f%d: {handler: h.f, events: [{websocket: r}]}\n' % i for i in range(n(20000)))


@case
def many_events():
    return HEAD + 'functions:\n  f:\n    handler: h.f\n    events:\n' + '      - websocket: r\n' * n(50000)


@case
def many_events_of_types_to_come():
    return HEAD + 'functions:\n  f:\n    handler: h.f\n    events:\n' + '      - http: GET /\n' * n(100000)


@case
def many_authorizers():
    return HEAD + 'functions:\n' + ''.join(
        '  f%d: {handler: h.f, events: [{websocket: {route: r%d, authorizer: {name: f%d}}}]}\n' % (i, i, (i + 1) % n(5000))
        for i in range(n(5000)))


@case
def many_unknown_authorizers():
    return HEAD + 'functions:\n' + ''.join(
        '  f%d: {handler: h.f, events: [{websocket: {route: r%d, authorizer: {name: g%d}}}]}\n' % (i, i, i)
        for i in range(n(5000)))


@case
def many_layers():
    return HEAD + 'layers:\n' + ''.join('  l%d: {path: l}\n' % i for i in range(n(5000))) + FUNCTION


@case
def many_tags():
    return HEAD.replace('provider: aws', 'provider:\n  name: aws\n  tags:\n' + ''.join('    t%d: x\n' % i for i in range(n(50000)))) + FUNCTION


@case
def many_nulls():
    return HEAD + FUNCTION + 'resources:\n  Resources:\n    T:\n      Type: AWS::SNS::Topic\n      Properties:\n' + \
        ''.join('        p%d: null\n' % i for i in range(n(300000)))


@case
def many_resources_in_a_list():
    return HEAD + FUNCTION + 'resources:\n' + ''.join(
        '  - Resources: {T%d: {Type: AWS::SNS::Topic}}\n' % i for i in range(n(20000)))


@case
def many_statements():
    return HEAD.replace('provider: aws', 'provider:\n  name: aws\n  iamRoleStatements:\n' +
                        '    - {Effect: Allow, Action: s3:*, Resource: "*"}\n' * n(50000)) + FUNCTION


@case
def many_plugins():
    return HEAD + FUNCTION + 'plugins:\n' + ''.join('  - serverless-plugin-%d\n' % i for i in range(n(100000)))


@case
def many_patterns():
    return HEAD + FUNCTION + 'package:\n  patterns:\n' + ''.join("    - '!**/**/**/*%d*/**'\n" % i for i in range(n(20000)))


@case
def patterns_that_backtrack():
    return {'serverless.yml': HEAD + FUNCTION + "package:\n  patterns:\n    - '" + '*a' * 60 + "b'\n    - '" + '**/a/' * 40 + "'\n",
            'a' * 200: '', 'b' * 200: ''}


# --- bytes ---

@case
def invalid_utf8():
    return HEAD.encode() + b'custom: "\xff\xfe"\n' + FUNCTION.encode()


@case
def nul_bytes():
    return HEAD.encode() + b'custom: a\0b\n' + FUNCTION.encode()


@case
def utf16():
    return ('\ufeff' + HEAD + FUNCTION).encode('utf-16-le')


@case
def only_nul_bytes():
    return b'\0' * n(MIB)


@case
def only_tabs():
    return '\t' * n(10 * MIB)


@case
def only_brackets():
    return '{' * n(MIB)


@case
def prototypes():
    return HEAD + 'custom:\n  __proto__: {a: 1}\n  constructor: {prototype: 1}\n  a: ${self:custom.__proto__.a}\n' \
        '  b: ${self:custom.toString}\n' + FUNCTION + '  __proto__: {handler: h.f}\n  constructor: {handler: h.f}\n' + \
        'resources:\n  Resources:\n    __proto__: {Type: AWS::SNS::Topic}\n    toString: {Type: AWS::SNS::Topic}\n'


# --- two templates ---

class Pair:
    """What `slsws diff` is given: two values, or texts of templates."""

    def __init__(self, old, new):
        self.files = {'old.json': old, 'new.json': new}


def template(resources):
    return json.dumps({'Resources': resources})


def topic(properties):
    return template({'A': {'Type': 'AWS::SNS::Topic', 'Properties': properties}})


def deep_lists(size, leaf):
    value = [leaf] * size
    for _ in range(400):
        value = [1, value]
    return value


@case
def diff_of_deep_lists():
    return Pair(topic({'A': deep_lists(n(200000), 1)}), topic({'A': deep_lists(n(200000), 2)}))


@case
def diff_of_deep_lists_that_mean_the_same():
    return Pair(topic({'A': deep_lists(n(200000), '1')}), topic({'A': deep_lists(n(200000), 1)}))


@case
def diff_of_long_lists():
    return Pair(topic({'A': list(range(n(500000)))}), topic({'A': list(range(n(500000), 0, -1))}))


@case
def diff_of_lists_of_one_item():
    return Pair(topic({'A': ['a'] * n(500000)}), topic({'A': ['a'] * (n(500000) - 1) + ['b']}))


@case
def diff_of_many_tags():
    tags = [{'Key': 'k%d' % i, 'Value': 'v'} for i in range(n(100000))]
    return Pair(topic({'Tags': tags}), topic({'Tags': [{'Key': t['Key'], 'Value': 'w'} for t in reversed(tags)]}))


@case
def diff_of_many_statements():
    def role(actions):
        statements = [{'Effect': 'Allow', 'Action': action, 'Resource': '*'} for action in actions]
        return template({'R': {'Type': 'AWS::IAM::Role', 'Properties': {
            'AssumeRolePolicyDocument': {'Statement': statements}}}})
    return Pair(role('a:%d' % i for i in range(n(100000))), role(['b:%d' % i] for i in range(n(100000))))


@case
def diff_of_actions_and_resources():
    def role(name):
        names = ['%s:%d' % (name, i) for i in range(n(100000))]
        return template({'R': {'Type': 'AWS::IAM::Policy', 'Properties': {
            'PolicyDocument': {'Statement': {'Effect': 'Allow', 'Action': names, 'Resource': names}}}}})
    return Pair(role('a'), role('b'))


@case
def diff_of_renamed_resources():
    def queues(name):
        return template({'%s%d' % (name, i): {'Type': 'AWS::SQS::Queue', 'Properties': {
            'RedrivePolicy': {'deadLetterTargetArn': {'Fn::GetAtt': ['%s%d' % (name, i + 1), 'Arn']}}}}
            for i in range(n(50000))})
    return Pair(queues('A'), queues('B'))


@case
def diff_of_replaced_resources_in_a_row():
    def functions(name):
        return template({'F%d' % i: {'Type': 'AWS::Lambda::Function', 'Properties': {
            'FunctionName': {'Ref': 'F%d' % (i - 1)} if i else name}} for i in range(n(50000))})
    return Pair(functions('a'), functions('b'))


@case
def diff_of_long_texts():
    return Pair(topic({'A': {'Fn::Sub': '${A}' * n(MIB)}, 'k' * n(MIB): 1}), topic({'A': {'Fn::Sub': '${B}' * n(MIB)}, 'l' * n(MIB): 1}))


@case
def diff_of_all_that_is_odd():
    odd = {'Type': 5, 'Properties': [], 'DependsOn': {}, 'DeletionPolicy': [1]}
    return Pair(json.dumps({'Resources': {'A': odd, 'B': None, 'C': [], '': {}}, 'Outputs': [], 'Conditions': 1, 'Parameters': None}),
                json.dumps({'Resources': {'A': [odd], 'B': odd, 'C': 'x', '\0': {}}, 'Outputs': {'': 1}, 'Conditions': {}, 'Metadata': 'x'}))


@case
def diff_of_laughs():
    lines = ['x0: &x0 [a, a, a, a, a, a, a, a, a, a]'] + ['x%d: &x%d [%s]' % (i, i, ', '.join(['*x%d' % (i - 1)] * 10)) for i in range(1, 9)]
    text = 'Metadata:\n' + ''.join('  ' + line + '\n' for line in lines) + 'Resources: {}\n'
    return Pair(text, text.replace('[a, a', '[b, a'))


# --- templates that are checked ---

class Template:
    """A template, which is an object or a text, for `slsws validate`."""
    def __init__(self, template):
        self.files = {'t.yml' if isinstance(template, str) else 't.json': template if isinstance(template, str) else json.dumps(template)}


def queues(count, **attributes):
    return {'Q%d' % i: {'Type': 'AWS::SQS::Queue', **{key: make(i) for key, make in attributes.items()}} for i in range(count)}


@case
def validate_many_resources():
    return Template({'Resources': queues(n(100000))})


@case
def validate_chain():
    return Template({'Resources': queues(n(50000), DependsOn=lambda i: 'Q%d' % (i + 1))})


@case
def validate_circles():
    return Template({'Resources': queues(n(50000), DependsOn=lambda i: ['Q%d' % (i ^ 1), 'Q%d' % (i // 2)])})


@case
def validate_chain_of_conditions():
    return Template({'Resources': queues(1), 'Conditions': {'C%d' % i: {'Fn::Not': [{'Condition': 'C%d' % (i + 1)}]} for i in range(n(50000))}})


@case
def validate_wrong_names():
    return Template({'Resources': queues(n(20000), Condition=lambda i: 'c%d' % i, DependsOn=lambda i: ['q%d' % i] * 5)})


@case
def validate_long_sub():
    return Template({'Resources': queues(1, Properties=lambda i: {'QueueName': {'Fn::Sub': '${A}' * n(1 << 18)}, 'A': {'Fn::Sub': '${' * n(MIB)}})})


@case
def validate_many_variables():
    names = {'v%d' % i: 'x' for i in range(n(100000))}
    return Template({'Resources': queues(1, Properties=lambda i: {'QueueName': {'Fn::Sub': [''.join('${%s}' % k for k in names), names]}})})


@case
def validate_long_join():
    return Template({'Resources': queues(1, Properties=lambda i: {'QueueName': {'Fn::Join': ['', [[]] * n(100000)]}})})


@case
def validate_comments():
    return Template('Resources:\n  Q: { Type: AWS::SQS::Queue }\n' + '# slsws: ignore T001, W1, S, X999\n' * n(100000) +
                    'Outputs:\n' + ''.join('  O%d: { Value: !Ref X } # slsws: ignore T001\n' % i for i in range(n(20000))))


@case
def validate_long_comment():
    return Template('Resources: { Q: { Type: AWS::SQS::Queue } } # slsws: ignore ' + 'T001 ' * n(MIB))


@case
def validate_one_line_of_findings():
    return Template({'Resources': queues(1), 'Outputs': {'O%d' % i: {'Value': {'Ref': 'X%d' % i}} for i in range(n(50000))}})


@case
def validate_nested_functions():
    value = 'x'
    for i in range(150):
        value = {'Fn::If': ['C', value, {'Fn::Join': ['', [value if i < 8 else 'x']]}]}
    return Template({'Resources': queues(1, Properties=lambda i: {'QueueName': value})})


@case
def validate_all_that_is_odd():
    odd = [None, True, 1, '', 'x', [], {}, [None], {'': None}, {'Ref': None}, {'Ref': []}, {'Fn::Sub': 5}, {'Fn::GetAtt': '.'}, {'Fn::If': {}}]
    sections = ('Resources', 'Outputs', 'Parameters', 'Conditions', 'Mappings', 'Rules', 'Metadata', 'Transform', 'Description')
    members = ('Type', 'Properties', 'DependsOn', 'Condition', 'Value', 'Export', 'Default', 'AllowedValues', 'Assertions')
    template = {}
    for i, section in enumerate(sections):
        entries = {'A%d%d' % (i, j): value for j, value in enumerate(odd)}
        entries.update({'B%d%s' % (j, member): {member: value} for j, value in enumerate(odd) for member in members})
        entries.update({'F%d%s' % (j, name): {'Fn::' + name: value} for j, value in enumerate(odd)
                        for name in ('Join', 'Select', 'Split', 'FindInMap', 'Cidr', 'And', 'Transform', 'ForEach::X', 'Length')})
        template[section] = entries
    return Template(template)


# --- WebSocket APIs that are checked ---

def resources(made, indent=None):
    return Template(json.dumps({'Resources': made}, indent=indent)) if indent else Template({'Resources': made})


def part(kind, depends=None, **properties):
    made = {'Type': 'AWS::' + kind, 'Properties': properties}
    if depends is not None:
        made['DependsOn'] = depends
    return made


def api(**properties):
    return part('ApiGatewayV2::Api', Name='a', ProtocolType='WEBSOCKET', RouteSelectionExpression='$request.body.a', **properties)


def route(key, to='Api', **properties):
    return part('ApiGatewayV2::Route', ApiId={'Ref': to}, RouteKey=key, **properties)


@case
def validate_websocket_routes():
    made = {'Api': api()}
    for i in range(n(10000)):
        made['R%d' % i] = route('k%d' % i, Target={'Fn::Join': ['/', ['integrations', {'Ref': 'I%d' % i}]]})
        made['I%d' % i] = part('ApiGatewayV2::Integration', ApiId={'Ref': 'Api'}, IntegrationType='MOCK')
    made['D'] = part('ApiGatewayV2::Deployment', [], ApiId={'Ref': 'Api'})
    return resources(made, 1)


@case
def validate_websocket_routes_on_one_line():
    return resources({'Api': api(), **{'R%d' % i: route('k%d' % i) for i in range(n(20000))}})


@case
def validate_websocket_routes_of_one_key():
    return resources({'Api': api(), **{'R%d' % i: route('$connect', AuthorizationType='CUSTOM') for i in range(n(20000))}}, 1)


@case
def validate_websocket_apis():
    made = {}
    for i in range(n(10000)):
        made['A%d' % i] = api(DisableExecuteApiEndpoint=True)
        made['R%d' % i] = route('k', 'A%d' % i)
        made['D%d' % i] = part('ApiGatewayV2::Deployment', ['R%d' % i], ApiId={'Ref': 'A%d' % i})
        made['S%d' % i] = part('ApiGatewayV2::Stage', ApiId={'Ref': 'A%d' % i}, StageName='s', DeploymentId={'Ref': 'D%d' % i})
    return resources(made)


@case
def validate_websocket_deployments_and_stages():
    made = {'Api': api(), **{'R%d' % i: route('k%d' % i) for i in range(n(5000))}}
    for i in range(n(5000)):
        made['D%d' % i] = part('ApiGatewayV2::Deployment', ApiId={'Ref': 'Api'}, StageName='d%d' % i)
        made['S%d' % i] = part('ApiGatewayV2::Stage', ApiId={'Ref': 'Api'}, StageName='s%d' % i)
    return resources(made)


@case
def validate_websocket_foreign_ids():
    """APIs from outside, each named by a large value of its own."""
    return resources({'R%d' % i: route('$connect', {'x': ['y%d' % i] * 20}) for i in range(n(5000))})


@case
def validate_websocket_circle():
    size = n(20000)
    return resources({'R%d' % i: route('k', 'R%d' % ((i + 1) % size)) for i in range(size)})


@case
def validate_websocket_invocations():
    """Aliases of aliases, and texts with very many variables."""
    made = {'Api': api(), 'F': part('Lambda::Alias', FunctionName={'Ref': 'F'})}
    for i in range(n(2000)):
        made['I%d' % i] = part('ApiGatewayV2::Integration', ApiId={'Ref': 'Api'}, IntegrationType='AWS_PROXY',
                                   IntegrationUri={'Fn::Sub': '${F}${X}' * 100})
    return resources(made)


@case
def validate_websocket_statements():
    statements = [{'Effect': 'x', 'Action': ['a'] * 20, 'Resources': i} for i in range(n(20000))]
    return resources({'R': part('IAM::Role', AssumeRolePolicyDocument={'Statement': statements},
                                   Policies=[{'PolicyDocument': {'Statement': statements}}])})


@case
def validate_websocket_attributes():
    names = [{'AttributeName': 'a%d' % i, 'AttributeType': 'S'} for i in range(n(50000))]
    return resources({'T': part('DynamoDB::Table', AttributeDefinitions=names, KeySchema=names[::-1],
                                   GlobalSecondaryIndexes=[{'KeySchema': names}] * 3)})


@case
def validate_websocket_odd_values():
    """Whatever is asked for, it is of another type."""
    odd = [None, True, -1.5, '', [], {}, [[]], [None], {'Ref': None}, {'Ref': []}, {'Fn::GetAtt': []}, {'Fn::Sub': '${'},
           {'Fn::Sub': []}, {'Fn::Join': []}, {'Fn::Join': ['', {}]}, {'Fn::If': []}, {'Fn::Transform': 1}, '${', 'arn:']
    keys = ['ApiId', 'RouteKey', 'Target', 'AuthorizerId', 'AuthorizationType', 'IntegrationUri', 'AuthorizerUri', 'StageName',
            'IdentitySource', 'StageVariables', 'RouteSettings', 'DefaultRouteSettings', 'AccessLogSettings', 'ProtocolType',
            'RouteSelectionExpression', 'DomainName', 'PolicyDocument', 'Policies', 'KeySchema', 'AttributeDefinitions',
            'GlobalSecondaryIndexes', 'FunctionName', 'Principal', 'Environment', 'Timeout', 'Runtime', 'DeploymentId']
    types = ['ApiGatewayV2::' + t for t in ('Api', 'Route', 'Integration', 'Authorizer', 'Stage', 'Deployment', 'RouteResponse',
             'ApiMapping')] + ['Lambda::Function', 'Lambda::Permission', 'Lambda::Alias', 'IAM::Role', 'IAM::Policy',
             'DynamoDB::Table', 'Logs::LogGroup']
    made, number = {'Api': api()}, 0
    for kind in types:
        for i in range(len(odd)):
            given = {key: odd[(i + j) % len(odd)] for j, key in enumerate(keys)}
            made['A%d' % number] = part(kind, odd[i], **given)
            made['B%d' % number] = part(kind, odd[i], **{**given, 'ApiId': {'Ref': 'Api'}, 'ProtocolType': 'WEBSOCKET'})
            number += 1
    return resources(made)


def make_project(folder, project):
    project = project.files if isinstance(project, (Pair, Template)) else project
    files = project if isinstance(project, dict) else {'serverless.yml': project}
    for name, content in files.items():
        with open(os.path.join(folder, name), 'wb') as out:
            out.write(content if isinstance(content, bytes) else content.encode('utf-8', 'surrogatepass'))
    return next(iter(files))


def limit():
    if MEMORY:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check(slsws, make):
    """What is wrong, or None; and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        project = make()
        name = make_project(folder, project)
        checked = isinstance(project, Template)
        arguments = ['diff', 'old.json', 'new.json'] if isinstance(project, Pair) else ['validate' if checked else 'package', name]
        begun = time.monotonic()
        try:
            with open(os.path.join(folder, 'stdout'), 'wb') as out, open(os.path.join(folder, 'stderr'), 'wb') as err:
                status = subprocess.run([slsws, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                                        stderr=err, timeout=SECONDS, preexec_fn=limit, check=False).returncode
        except subprocess.TimeoutExpired:
            return 'takes more than %d seconds' % SECONDS, SECONDS
        seconds = time.monotonic() - begun
        with open(os.path.join(folder, 'stderr'), 'rb') as said:
            errors = said.read()
        size = os.path.getsize(os.path.join(folder, 'stdout'))
        if status not in (0, 1):
            return 'exit status %d: %s' % (status, errors[-600:].decode(errors='replace')), seconds
        if (status == 0) != (size > 0) and not checked:
            return 'exit status %d with %d bytes of template' % (status, size), seconds
        if status == 1 and b'error[' not in errors:
            return 'it fails without an error', seconds
        if len(errors) > 8 * MIB:
            return 'it says %d bytes' % len(errors), seconds
        return None, seconds


def main():
    slsws, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    passed = failed = 0
    for name, make in CASES.items():
        if names and name not in names:
            continue
        wrong, seconds = check(slsws, make)
        print('%s %s (%.1f s)%s' % ('FAILED' if wrong else 'ok    ', name, seconds, ': ' + wrong if wrong else ''), flush=True)
        passed += not wrong
        failed += bool(wrong)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


sys.exit(main())
