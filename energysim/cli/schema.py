"""A JSON schema of scenario files, so that editors complete and check while one types."""

from typing import Any

from energysim.components import component_types
from energysim.declare import Component, Port
from energysim.scenario.annotations import CONFIDENCES
from energysim.scenario.catalogue import KEYS, table
from energysim.scenario.outline import NAMED, OUTLINE, RECORDS

_TEXT = {"type": "string"}
_NOTES: dict[str, Any] = {
    "source": _TEXT,
    "confidence": {"enum": list(CONFIDENCES)},
    "note": _TEXT,
    "low": {},
    "high": {},
}


def scenario_schema() -> dict[str, Any]:
    """Put the schema of a scenario file together from the declarations.

    Returns
    -------
    schema : dict
        JSON schema, draft 2020-12; figures may be written ``{value: ..., source: ...}`` everywhere.
    """
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {name: section.schema for name, section in OUTLINE.items()}
    for name, model in RECORDS.items():
        record = _opened(model.model_json_schema(ref_template="#/$defs/{model}"), definitions)
        for internal in ("name", "outdoor"):
            record["properties"].pop(internal, None)
        record["required"] = [key for key in record.get("required", []) if key != "name"]
        record["properties"] |= {"name": _TEXT, **_EXTRA.get(name, {})}
        properties[name] = {"type": "object", "additionalProperties": record} if name in NAMED else record
    kinds = {name: _component_schema(kind, definitions) for name, kind in component_types().items()}
    definitions |= {f"component_{name}": schema for name, schema in kinds.items()}
    # A file that extends another may change or remove a component without repeating its type.
    partial = [{"type": "null"}, {"type": "object", "not": {"required": ["type"]}}]
    choice = {"anyOf": [*({"$ref": f"#/$defs/component_{name}"} for name in kinds), *partial]}
    properties["components"] = {"type": "object", "additionalProperties": choice}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "energysim scenario",
        "type": "object",
        "properties": {**properties, **_NOTES},
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
        "$defs": definitions,
    }


def _component_schema(kind: type[Component], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _opened(kind.model_json_schema(ref_template="#/$defs/{model}"), definitions)
    for hidden in ("name", "connections"):
        schema["properties"].pop(hidden, None)
    schema["properties"] |= {"type": {"const": kind.type_name()}, "name": _TEXT}
    schema["properties"] |= {
        key: {"enum": list(table(source).data)} for key, (source, kinds) in KEYS.items() if kind.type_name() in kinds
    }
    required = [key for key in schema.get("required", []) if key not in {"name", "connections"}]
    for key, names in kind.port_keys().items():
        ports = [kind.declared(Port)[name] for name in names]
        meaning = ports[0].meaning if ports else "Network its flows meet."
        schema["properties"][key] = {"type": "string", "description": meaning}
        if not all(port.is_optional for port in ports):
            required.append(key)
    schema["required"] = ["type", *required]
    return schema


def _opened(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Let every figure be annotated, and move nested models to the shared definitions."""
    for name, inner in schema.pop("$defs", {}).items():
        # An availability is a share, a series, or stops and outages; a series alone has too many forms to spell out.
        definitions[name] = {} if name == "Availability" else _annotated(inner)
    return _annotated(schema)


def _annotated(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _or_noted(value) for name, value in schema.get("properties", {}).items()}
    is_size = "existing" in properties and "investment" in properties
    schema["properties"] = {**properties, **_NOTES}
    if is_size:
        schema["properties"] |= {"from": {"const": "catalogue"}, "technology": _TEXT}
        return {"anyOf": [schema, _TEXT]} | {"properties": schema["properties"]}
    return schema


def _or_noted(schema: dict[str, Any]) -> dict[str, Any]:
    schema = _open_choice(schema)
    noted = {"type": "object", "properties": {"value": {}, **_NOTES}, "required": ["value"]}
    return {"anyOf": [schema, noted], **{k: schema[k] for k in ("description", "title") if k in schema}}


def _open_choice(schema: Any) -> Any:
    """Let a value fit several kinds: a curve is also an object that might describe a series."""
    if isinstance(schema, list):
        return [_open_choice(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {"anyOf" if key == "oneOf" else key: _open_choice(value) for key, value in schema.items()}


_EXTRA: dict[str, dict[str, Any]] = {
    "places": {key: {"anyOf": [_TEXT, {"type": "object"}, {"type": "array"}]} for key in ("climate", "normal")},
    "fuels": {"from": {"const": "catalogue"}, "like": _TEXT},
    "economy": {"exchange": {"type": "object", "additionalProperties": _TEXT}},
}
