"""What is generated from the contracts: JSON Schemas, the AsyncAPI 3 document, the list of events."""

import json
from importlib import import_module
from typing import Any

import shared.contracts  # noqa: F401 - makes every fact known
from shared.contracts.envelope import CONTENT_TYPE, Fact
from shared.settings import SERVICES

_EVENTS, _PUBLIC = "kompeten.events", "kompeten.public"


def documents() -> dict[str, str]:
    """Name of each generated file, and its text."""
    files = {f"schemas/{fact.type}.json": _json(envelope_schema(fact)) for fact in Fact.all()}
    files["asyncapi.json"] = _json(asyncapi())
    files["README.md"] = _table()
    return files


def envelope_schema(fact: type[Fact]) -> dict[str, Any]:
    """JSON Schema of one event as it travels: the CloudEvents envelope around the fact."""
    data = fact.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions = data.pop("$defs", {})
    text = {"type": "string", "minLength": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": fact.type,
        "description": _purpose(fact),
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "correlationid", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"const": f"/{fact.service}"},
            "type": {"const": fact.type},
            "subject": {**text, "description": "`<kind>/<uuid>` of what the event is about"},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "sequence": {"type": "integer", "minimum": 1, "description": "numbers the events of one subject"},
            "correlationid": {**text, "description": "joins all that followed from one request"},
            "causationid": {**text, "description": "the event that led to this one"},
            "data": data,
        },
        "$defs": definitions,
    }


def readers() -> dict[str, list[str]]:
    """Which services react to each type of fact."""
    found: dict[str, list[str]] = {fact.type: [] for fact in Fact.all()}
    for service in SERVICES:
        for fact_type in import_module(f"services.{service}.reactions").reactions.types:
            found[fact_type].append(service)
    return found


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3 document: both exchanges, every message, who sends and who receives it."""
    facts = list(Fact.all())
    messages = {fact.type: _message(fact) for fact in facts}
    operations: dict[str, Any] = {}
    for fact in facts:
        operations[f"send.{fact.type}"] = _operation("send", fact, fact.service)
    for fact_type, services in readers().items():
        fact = next(fact for fact in facts if fact.type == fact_type)
        for service in services:
            operations[f"receive.{service}.{fact_type}"] = _operation("receive", fact, service)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kompeten",
            "version": "1.0.0",
            "description": "Events of the certification of librarians. Outsiders see kompeten.public only.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            name: {
                "address": name,
                "title": title,
                "messages": {
                    fact.type: {"$ref": f"#/components/messages/{fact.type}"}
                    for fact in facts
                    if (fact.service == "public") == (name == _PUBLIC)
                },
                "bindings": {
                    "amqp": {"is": "routingKey", "exchange": {"name": name, "type": "topic", "durable": True}}
                },
            }
            for name, title in ((_EVENTS, "Between the services"), (_PUBLIC, "For other agencies"))
        },
        "operations": operations,
        "components": {"messages": messages},
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    schema = envelope_schema(fact)
    schema.pop("$schema")
    return {
        "name": fact.type,
        "title": fact.__name__,
        "summary": _purpose(fact),
        "contentType": CONTENT_TYPE,
        "payload": _inlined(schema),
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its definitions put where they are used: inside a larger document `#` means something else."""
    definitions = schema.pop("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                return resolve(definitions[reference.rpartition("/")[2]])
            return {key: resolve(inner) for key, inner in value.items()}
        return [resolve(inner) for inner in value] if isinstance(value, list) else value

    resolved: dict[str, Any] = resolve(schema)
    return resolved


def _operation(action: str, fact: type[Fact], service: str) -> dict[str, Any]:
    channel = _PUBLIC if fact.service == "public" else _EVENTS
    return {
        "action": action,
        "title": f"{service} {action}s {fact.__name__}",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{fact.type}"}],
        "tags": [{"name": service}],
    }


def _purpose(fact: type[Fact]) -> str:
    """The fact's own docstring, or that of the facts it is one of."""
    for kind in fact.__mro__[: fact.__mro__.index(Fact)]:
        if kind.__dict__.get("__doc__"):
            return " ".join(str(kind.__doc__).split())
    return ""


def _table() -> str:
    """The list of events, for people."""
    lines = [
        "# Events",
        "",
        "Generated by `kompeten contracts generate` from `shared/contracts`. Every event is a CloudEvent 1.0 in JSON;",
        "its schema is in `schemas/`, all of them together in `asyncapi.json`.",
        "",
        "| Event | Told by | Heard by | Meaning |",
        "|---|---|---|---|",
    ]
    hearing = readers()
    for fact in Fact.all():
        heard = "other agencies" if fact.service == "public" else ", ".join(hearing[fact.type]) or "nobody yet"
        teller = "certificate" if fact.service == "public" else fact.service
        lines.append(f"| `{fact.type}` | {teller} | {heard} | {_purpose(fact)} |")
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
