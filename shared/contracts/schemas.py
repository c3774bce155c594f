"""JSON Schemas of the events, as they travel."""

from typing import Any

from shared.contracts.envelope import Fact


def envelope_schema(fact: type[Fact]) -> dict[str, Any]:
    """JSON Schema of one event: the CloudEvents envelope around the fact."""
    data = fact.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions = data.pop("$defs", {})
    text = {"type": "string", "minLength": 1}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": fact.type,
        "description": purpose_of_fact(fact),
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
    return {**schema, "deprecated": True} if fact.superseded_by() else schema


def inline_definitions(schema: dict[str, Any]) -> dict[str, Any]:
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


def purpose_of_fact(fact: type[Fact]) -> str:
    """The fact's own docstring, or that of the facts it is one of; and what takes its place, and when."""
    kinds = fact.__mro__[: fact.__mro__.index(Fact)]
    said = next((" ".join(str(kind.__doc__).split()) for kind in kinds if kind.__dict__.get("__doc__")), "")
    newer = fact.superseded_by()
    return f"{said} Superseded by `{newer.type}`; published until {newer.promised_until}." if newer else said
