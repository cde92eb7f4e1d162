#!/usr/bin/env python3
"""Writes specification/cloudformation.txt: what AWS says of the resource types of CloudFormation.

	tools/specification.py FOLDER [SCHEMAS [OUT]]

FOLDER is where npm may put the package of the specification, SCHEMAS the folder of the registry schemas
(../shared/cfn-schemas without one), OUT another file to write. The package has the types, properties, attributes, what
is required and what a change replaces; the schemas have limits: patterns, ranges, lengths, what excludes what. Only facts
are taken, no documentation. The same sources give the same bytes. The head of what is written explains its lines.
"""
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PACKAGE, VERSION, PUBLISHED = "@aws-cdk/aws-service-spec", "0.1.216", "2026-09-29"
SCHEMAS_OF = "the CloudFormation registry schemas that cfn-lint v1.51.5 of 2026-06-15 has for us-east-1"

HEAD = """\
# What AWS says of the resource types of CloudFormation: made by tools/specification.py, not by hand.
#
# Facts from
#	%(package)s %(version)s of %(published)s
#		Copyright Amazon.com, Inc. or its affiliates. Licensed under the Apache License, Version 2.0:
#		http://www.apache.org/licenses/LICENSE-2.0
#	%(schemas)s
#		Copyright Amazon.com, Inc. or its affiliates. Licensed under MIT No Attribution (MIT-0)
# Their documentation was left out, and they were brought into this form.
#
# A line that begins with a letter is a resource type: its name and what Ref gives. One that begins with a dot is an object,
# which the types and objects of the same service (A::B) refer to. Flags may stand behind a name. Below them, indented:
#	Name flags value	a property
#	@Name			an attribute for Fn::GetAtt; @Name.* what is in it as well
#	?rule json		what is to be kept by the properties together
# Flags: ! required, * a change replaces the resource, ~ may replace it, = AWS sets it, - deprecated,
# $ it gives rights or opens a network, + it keeps data, & it takes any property and has any attribute
# Values: a word for a scalar, json for anything, .Name for an object, [value] for a list, <value> for a map,
# (value|value) for a choice; limits follow as JSON.
"""
# forms of keys that nearly any key has, and one that is only written without its ends
ANY_KEYS = (".*", ".+", ".{1,}", "^.+$", "^[\\s\\S]*$", "[a-zA-Z0-9]+")
WHOLE_KEYS = {"[a-zA-Z][a-zA-Z0-9_]+": "^[a-zA-Z][a-zA-Z0-9_]+$"}	# of environment variables
SCALARS = {"string", "integer", "number", "boolean"}
FLAGS = {"yes": "*", "maybe": "~"}
OPEN = ("AWS::CloudFormation::CustomResource",)	# what it takes and gives is up to its program
MORE = ("AWS::CDK::Metadata",)	# types that no source has; open as well
ATTRIBUTES = {"AWS::Elasticsearch::Domain": ["DomainArn"]}	# that are in AWS's documentation alone
# lists of words that are in AWS's documentation alone
WORDS = {
    ("AWS::DynamoDB::Table", "BillingMode"): ["PAY_PER_REQUEST", "PROVISIONED"],
    ("AWS::DynamoDB::Table", "TableClass"): ["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    ("AWS::DynamoDB::Table", "AttributeDefinitions", "AttributeType"): ["B", "N", "S"],
    ("AWS::DynamoDB::Table", "GlobalSecondaryIndexes", "Projection", "ProjectionType"): ["ALL", "INCLUDE", "KEYS_ONLY"],
    ("AWS::DynamoDB::Table", "LocalSecondaryIndexes", "Projection", "ProjectionType"): ["ALL", "INCLUDE", "KEYS_ONLY"],
    ("AWS::DynamoDB::Table", "StreamSpecification", "StreamViewType"):
        ["KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE"],
    ("AWS::Lambda::EventSourceMapping", "StartingPosition"): ["AT_TIMESTAMP", "LATEST", "TRIM_HORIZON"],
    ("AWS::SNS::Subscription", "Protocol"):
        ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"],
    ("AWS::SQS::Queue", "DeduplicationScope"): ["messageGroup", "queue"],
    ("AWS::SQS::Queue", "FifoThroughputLimit"): ["perMessageGroupId", "perQueue"],
}
STACKS = ("AWS::CloudFormation::Stack", "AWS::ServiceCatalog::CloudFormationProvisionedProduct")	# have Outputs.Any


def fetch(folder):
    """The database of the pinned version, installed by npm unless it is there."""
    home = os.path.join(folder, "node_modules", PACKAGE)
    try:
        with open(os.path.join(home, "package.json"), encoding="utf-8") as file:
            there = json.load(file)["version"]
    except OSError:
        there = None
    if there != VERSION:
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder,
            "%s@%s" % (PACKAGE, VERSION)], check=True, stdout=subprocess.DEVNULL)
    with gzip.open(os.path.join(home, "db.json.gz")) as file:
        return json.load(file)["schema"]


class Value:
    """What a value has to be: kind, and what the kind needs; limits are those of the schemas, as JSON."""

    def __init__(self, kind, element=None, types=(), node=None):
        self.kind, self.element, self.types, self.node, self.limits = kind, element, types, node, {}

    def spell(self, name_of):
        if self.kind == "list":
            text = "[" + self.element.spell(name_of) + "]"
        elif self.kind == "map":
            text = "<" + self.element.spell(name_of) + ">"
        elif self.kind == "union":
            text = "(" + "|".join(t.spell(name_of) for t in self.types) + ")"
        elif self.kind == "object":
            text = "." + name_of(self.node)
        else:
            text = self.kind
        if self.limits:
            text += json.dumps(self.limits, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        return text


class Node:
    """A map whose keys are known. `properties` is name to (flags, Value), `rules` are lines of the output."""

    def __init__(self, name):
        self.name, self.properties, self.rules, self.lines = name, {}, [], []


class Schema:
    """One registry schema; a place in it is a dict, found through its $ref."""

    def __init__(self, document):
        self.document = document

    def follow(self, place):
        for _ in range(10):
            if not isinstance(place, dict) or "$ref" not in place:
                return place
            target = self.document
            for step in place["$ref"][2:].split("/"):
                target = target.get(step, {})
            place = {**target, **{k: v for k, v in place.items() if k != "$ref"}}
        return None

    def properties(self, place):
        """Of an object and of the forms that it may have; what two forms describe differently is left open."""
        found = dict(place.get("properties", {}))
        for form in place.get("oneOf", []) + place.get("anyOf", []):
            for name, at in (self.follow(form) or {}).get("properties", {}).items():
                found[name] = at if found.get(name, at) == at else {}
        return found


def sets_of(forms):
    """The lists of required keys of the forms of an oneOf or anyOf, if that is what tells them apart."""
    sets = [form.get("required") for form in forms if isinstance(form, dict)]
    return [sorted(s) for s in sets] if len(sets) == len(forms) and all(sets) else None


def rules_of(place):
    """What the keys of an object have to keep together."""
    rules = []
    for word, rule in (("oneOf", "one"), ("anyOf", "some")):
        sets = sets_of(place.get(word, []))
        if sets and (len(sets) > 1 or place.get("required") != sets[0]):
            rules.append((rule, sets))
    for word, rule in (("requiredXor", "one"), ("requiredOr", "some")):
        if place.get(word):
            rules.append((rule, [[name] for name in place[word]]))
    for word in ("dependentRequired", "dependencies"):
        for name, others in sorted(place.get(word, {}).items()):
            if isinstance(others, list):
                rules.append(("needs", [[name], sorted(others)]))
    excluded = place.get("dependentExcluded", {})
    for name, others in sorted(excluded.items()):	# a pair once, though both may name each other
        others = [other for other in sorted(others) if other > name or name not in excluded.get(other, [])]
        if others:
            rules.append(("excludes", [[name], others]))
    return rules


def number(n):
    return int(n) if isinstance(n, float) and n == int(n) else n


def items_of(place):
    """What items have to be; constants that only the first ones have to have are a choice for all."""
    items = place.get("items", {})
    for first in place.get("prefixItems", []):
        for name, at in first.get("properties", {}).items():
            if "const" in at:
                known = items.get("properties", {})
                values = known.get(name, {}).get("enum", []) + [at["const"]]
                items = {**items, "properties": {**known, name: {**known.get(name, {}), "enum": values}}}
    return items


def form_of(spec, forms):
    """The only form of a schema that can be meant by a type of the database."""
    wanted = {"array": "array", "map": "object", "ref": "object"}.get(spec["type"], spec["type"])
    found = [f for f in forms if f.get("type") == wanted]
    return found[0] if len(found) == 1 else {}


class Merge:
    """Merges what the database and the schema of one resource type say."""

    def __init__(self, definitions, schema):
        self.definitions, self.schema, self.nodes = definitions, schema, {}

    def limits(self, value, place):
        """Takes over the limits of a place of the schema that speaks of the same kind of value."""
        kind = value.kind
        wanted = {"list": "array", "map": "object", "object": "object", "time": "string"}.get(kind, kind)
        if place.get("type") not in (wanted, [wanted]) and not (kind == "number" and place.get("type") == "integer"):
            return
        take = {"string": ("minLength", "maxLength", "pattern"), "integer": ("minimum", "maximum"),
            "number": ("minimum", "maximum"), "list": ("minItems", "maxItems", "uniqueKeys"),
            "map": ("minProperties", "maxProperties")}.get(kind, ())
        for word in take:
            if word in place:
                value.limits[word] = number(place[word])
        if kind in SCALARS and place.get("enum"):
            value.limits["enum"] = sorted({str(v) for v in place["enum"]} | set(value.limits.get("enum", [])))
        if kind in SCALARS and "const" in place:
            value.limits["enum"] = [place["const"]]
        if kind == "string" and place.get("enumCaseInsensitive"):
            value.limits.pop("enum", None)
            value.limits["enumOfAnyCase"] = sorted(place["enumCaseInsensitive"])
        if kind == "list" and place.get("uniqueItems") is True:
            value.limits["uniqueItems"] = True
        keys = place.get("patternProperties", {})
        form = next(iter(keys), None)
        if kind == "map" and len(keys) == 1 and place.get("additionalProperties") is False and form not in ANY_KEYS:
            value.limits["keys"] = WHOLE_KEYS.get(form, form)
        if value.limits.get("minItems") == 0:
            del value.limits["minItems"]
        if value.limits.get("minLength") == 0:
            del value.limits["minLength"]

    def value(self, spec, place):
        """A type of the database as a Value; place may be {} where the schema says nothing."""
        place = self.schema.follow(place) or {} if place else {}
        kind = spec["type"]
        if kind == "array":
            value = Value("list", self.value(spec["element"], items_of(place)))
        elif kind == "map":
            inner = list(place.get("patternProperties", {}).values())
            more = place.get("additionalProperties")
            inner = inner[0] if len(inner) == 1 else more if isinstance(more, dict) else {}
            value = Value("map", self.value(spec["element"], inner))
        elif kind == "union":
            forms = [self.schema.follow(f) or {} for f in place.get("oneOf", []) + place.get("anyOf", [])]
            value = Value("union", types=[self.value(t, form_of(t, forms)) for t in spec["types"]])
        elif kind == "ref":
            value = Value("object", node=self.node(spec["reference"]["$ref"], place))
        elif kind == "tag":
            value = Value("object", node=self.tag(place))
        else:
            value = Value({"date-time": "time"}.get(kind, kind))
            if spec.get("allowedValues"):
                value.limits["enum"] = sorted(str(v) for v in spec["allowedValues"])
        if place:
            self.limits(value, place)
        return value

    def tag(self, place):
        key = ("tag", json.dumps(place, sort_keys=True))
        if key not in self.nodes:
            node = self.nodes[key] = Node("Tag")
            at = self.schema.properties(place) if place else {}
            if set(at) - {"Key", "Value"}:
                at = {}
            needed = place.get("required", ["Key"]) if at else ["Key"]
            for name in ("Key", "Value"):
                node.properties[name] = ("!" if name in needed else "",
                    self.value({"type": "string"}, at.get(name, {})))
        return self.nodes[key]

    def node(self, number_of, place):
        key = (number_of, json.dumps(place, sort_keys=True))
        if key not in self.nodes:
            definition = self.definitions[number_of]
            node = self.nodes[key] = Node(definition["name"])
            self.fill(node, definition["properties"], place)
        return self.nodes[key]

    def fill(self, node, properties, place, read_only=()):
        at = self.schema.properties(place) if place else {}
        for name, p in properties.items():
            flags = "!" if p.get("required") and name not in read_only else ""
            flags += FLAGS.get(p.get("causesReplacement"), "")
            flags += "=" if name in read_only else ""
            flags += "-" if p.get("deprecated") else ""
            flags += "$" if p.get("scrutinizable") else ""
            value = self.value(p["type"], at.get(name, {}))
            inner = value.element if value.kind == "list" else value
            if p.get("relationshipRefs") and inner.kind == "string":
                inner.limits["to"] = sorted({r["cloudFormationType"] + "." + r["propertyName"]
                    for r in p["relationshipRefs"]})
            node.properties[name] = (flags, value)
        for rule, sets in rules_of(place):
            if all(name in node.properties for s in sets for name in s):
                node.rules.append("?%s %s" % (rule, json.dumps(sets, separators=(",", ":"))))
        if place.get("minProperties"):
            node.rules.append("?least %d" % place["minProperties"])


def mark_replacement(node, path):
    """Paths that the database could not mark in its types, as those are shared: the property that leads there may
    replace its resource, and one at the end does."""
    name, rest = path[0], [step for step in path[1:] if step != "*"]
    if name in node.properties:
        flags, value = node.properties[name]
        flag = "~" if rest else "*"
        if "*" not in flags and "~" not in flags:
            node.properties[name] = (flags + flag, value)


def add_words(node, path, words):
    value = node.properties[path[0]][1]
    while value.kind == "list":
        value = value.element
    if len(path) > 1:
        add_words(value.node, path[1:], words)
    else:
        value.limits = {"enum": words}		# in place of a form, which would tell the same twice


def resource_node(resource, definitions, document):
    """The Node of a resource type, with its attributes."""
    schema = Schema(document or {})
    merge = Merge(definitions, schema)
    read_only = [p.split("/")[2:] for p in (document or {}).get("readOnlyProperties", [])]
    top = {p[0] for p in read_only if len(p) == 1}
    node = Node(resource["cloudFormationType"])
    merge.fill(node, resource["properties"], document or {}, top)
    for name, place in sorted(schema.properties(document or {}).items()):
        if name not in node.properties and name not in top:
            node.properties[name] = ("", Value("json"))	# younger than the database
    for path, words in WORDS.items():
        if path[0] == node.name:
            add_words(node, path[1:], words)
    for path in resource.get("additionalReplacementProperties", []):
        mark_replacement(node, path)
    attributes = {".".join(p): "" for p in read_only if "*" not in p}
    for name, attribute in resource["attributes"].items():
        inner = any(other.startswith(name + ".") for other in resource["attributes"])
        attributes[name] = ".*" if attribute["type"]["type"] in ("ref", "map", "json") and not inner else ""
    attributes.update((name, "") for name in ATTRIBUTES.get(node.name, []))
    if node.name in STACKS:
        attributes["Outputs"] = ".*"
    node.rules += ["@" + name + attributes[name] for name in sorted(attributes)]
    return node, merge.nodes.values()


def reference_of(resource):
    names = resource.get("cfnRefIdentifier") or resource.get("primaryIdentifier") or []
    return names[0] if len(names) == 1 else ""


def lines_of(node, name_of):
    lines = ["\t%s%s %s" % (name, flags, value.spell(name_of))
        for name, (flags, value) in sorted(node.properties.items())]
    return lines + ["\t" + rule for rule in node.rules]


def classes(nodes):
    """Which nodes say the same: node to a digest of all that can be reached from it, by rounds until no more differ."""
    digest, count = {id(n): n.name for n in nodes}, 0
    while len(set(digest.values())) > count:
        count = len(set(digest.values()))
        digest = {id(n): hashlib.sha1("\n".join([n.name] + lines_of(n, lambda m: digest[id(m)])).encode())
            .hexdigest() for n in nodes}
    return digest


def service_lines(resources, schemas, definitions):
    """The lines of one service: its objects, each once, then its types."""
    tops, nodes = [], []
    for resource in sorted(resources, key=lambda r: r["cloudFormationType"]):
        top, inner = resource_node(resource, definitions, schemas.get(resource["cloudFormationType"]))
        tops.append((resource, top))
        nodes += inner
    digest = classes(nodes)
    names, firsts = {}, {}
    for node in nodes:			# in the order of the types: names stay when a type is added at the end
        if digest[id(node)] not in names:
            same = [n for n in firsts.values() if n.name == node.name]
            names[digest[id(node)]] = node.name + ("-%d" % (len(same) + 1) if same else "")
            firsts[digest[id(node)]] = node

    def name_of(node):
        return names[digest[id(node)]]

    lines = []
    for node in sorted(firsts.values(), key=lambda n: (n.name, len(name_of(n)), name_of(n))):
        lines += ["." + name_of(node)] + lines_of(node, name_of)
    for resource, top in tops:
        flags = ("+" if resource.get("isStateful") else "") + ("$" if resource.get("scrutinizable") else "")
        flags += "&" if top.name in OPEN + MORE else ""
        lines += [" ".join(filter(None, (top.name + flags, reference_of(resource))))] + lines_of(top, name_of)
    return lines


def service_of(name):
    return re.match(r"[^:]+::[^:]+", name).group()


def main(folder, schemas=os.path.join(TOP, "..", "shared", "cfn-schemas"),
        out=os.path.join(TOP, "specification", "cloudformation.txt")):
    database = fetch(folder)
    with open(os.path.join(schemas, "schemas.json"), encoding="utf-8") as file:
        schemas = json.load(file)
    definitions = {d["$id"]: d for d in database["typeDefinition"]["entities"]}
    services = {}
    for resource in database["resource"]["entities"]:
        services.setdefault(service_of(resource["cloudFormationType"]), []).append(resource)
    for name in MORE:
        services[service_of(name)] = [{"cloudFormationType": name, "properties": {}, "attributes": {}}]
    head = HEAD % {"package": PACKAGE, "version": VERSION, "published": PUBLISHED, "schemas": SCHEMAS_OF}
    lines = [head, "date " + PUBLISHED]
    for name in sorted(services):
        lines += [""] + service_lines(services[name], schemas, definitions)
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
