"""The structure of SARIF 2.1.0 (OASIS, 27 March 2020), as far as the command writes it: no other member is allowed."""

from collections.abc import Mapping

TEXT: Mapping[str, object] = {"type": "string", "minLength": 1}
# 3.9: a date and a time in UTC.
UTC: Mapping[str, object] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"}
# 3.11.8 and 3.12.3: a message needs a text or an id.
MESSAGE: Mapping[str, object] = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": TEXT},
    "additionalProperties": False,
}
LEVEL: Mapping[str, object] = {"enum": ["none", "note", "warning", "error"]}
PROPERTIES: Mapping[str, object] = {
    "type": "object",
    "properties": {"tags": {"type": "array", "items": TEXT, "uniqueItems": True}},
}
# 3.28 and 3.33: where there is no file, an element is named by its fully qualified name. 3.29 and 3.30: a file is a
# relative or absolute URI, and lines and columns count from 1.
LOCATION: Mapping[str, object] = {
    "type": "object",
    "required": ["logicalLocations", "physicalLocation"],
    "properties": {
        # GitHub docs, "SARIF support for code scanning": a result without a physical location is refused.
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    # RFC 3986: a relative path, or that of a file, with every other character escaped.
                    "properties": {"uri": {"type": "string", "pattern": r"^(?:file:///)?[A-Za-z0-9][\w.~%/-]*$"}},
                    "additionalProperties": False,
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "logicalLocations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["fullyQualifiedName"],
                "properties": {"fullyQualifiedName": TEXT, "kind": TEXT},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
RULE: Mapping[str, object] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "shortDescription": MESSAGE,
        "helpUri": {"type": "string", "format": "uri"},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}, "additionalProperties": False},
        "properties": PROPERTIES,
    },
    "additionalProperties": False,
}
RESULT: Mapping[str, object] = {
    "type": "object",
    "required": ["message", "ruleId"],
    "properties": {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
        "properties": PROPERTIES,
    },
    "additionalProperties": False,
    # 3.27.10: with a kind other than "fail", the level is "none".
    "if": {"required": ["kind"], "properties": {"kind": {"not": {"const": "fail"}}}},
    "then": {"properties": {"level": {"const": "none"}}},
}
INVOCATION: Mapping[str, object] = {
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {
        "executionSuccessful": {"type": "boolean"},
        "startTimeUtc": UTC,
        "endTimeUtc": UTC,
        "toolExecutionNotifications": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "message": MESSAGE,
                    "level": LEVEL,
                    # A file that cannot be read has no element.
                    "locations": {"type": "array", "items": {**LOCATION, "required": ["physicalLocation"]}},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
DRIVER: Mapping[str, object] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": TEXT,
        "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "informationUri": {"type": "string", "format": "uri"},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
    "additionalProperties": False,
}
SARIF: Mapping[str, object] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": DRIVER},
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {"type": "array", "items": INVOCATION},
                    "results": {"type": "array", "items": RESULT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
