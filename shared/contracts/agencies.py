"""The public events as other agencies see them: the AsyncAPI 3 document from the subscriber's side, and examples."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.envelope import BATCH_TYPE, CONTENT_TYPE, Envelope, Fact
from shared.contracts.public import SERVICE, PublicCertificate
from shared.contracts.schemas import envelope_schema, inline_definitions, purpose_of_fact

STREAM = "kompeten.public.stream"
FEED_PATH = "/certificate/api/feed"
FEED_LIMIT, FEED_LONGEST = 100, 1000
"""Events in one answer of the feed: when nothing is said, and at most."""

SAMPLE: dict[str, Any] = {
    "number": "91011 2622 5 000001 2026",
    "holder_name": "SITI CONTOH",
    "scheme": "Layanan Dasar Perpustakaan",
    "issuer": "LSP Pustakawan (contoh)",
    "status": "valid",
    "issued_on": "2026-11-21",
    "expires_on": "2029-11-20",
    "check_url": "https://lsp.contoh.test/certificate/check/k3v9x0contoh",
    "units": ["R.91PRP02.021.1"],
    "renews": "91011 2622 5 000001 2023",
    "at": "2027-02-01T03:00:00Z",
}
STATUSES = {"suspended": "suspended", "withdrawn": "withdrawn", "expired": "expired", "scope_reduced": "reduced"}


@dataclass(frozen=True)
class Places:
    """Where the broker and the web server are, as agencies reach them; an empty broker is left out."""

    broker_url: str = "amqps://broker.lsp.contoh.test:5671/kompeten"
    public_url: str = "https://lsp.contoh.test"


def public_facts() -> list[type[PublicCertificate]]:
    """Every kind of public event, by type."""
    return [fact for fact in Fact.all() if fact.service == SERVICE and issubclass(fact, PublicCertificate)]


def example_of_fact(fact: type[Fact]) -> dict[str, Any]:
    """One such event as it travels, made up. Raises KeyError for a field nobody has written a sample of."""
    status = next((word for name, word in STATUSES.items() if f"_{name}." in fact.type), "valid")
    sample = {**SAMPLE, "status": status}
    data = fact.model_validate({name: sample[name] for name in fact.model_fields}).model_dump(mode="json")
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, fact.type)),
        "source": f"/{fact.service}",
        "type": fact.type,
        "subject": f"certificate/{uuid5(NAMESPACE_URL, 'contoh')}",
        "time": SAMPLE["at"],
        "datacontenttype": Envelope.model_fields["datacontenttype"].default,
        "sequence": 4,
        "correlationid": "contoh-7f3a",
        "data": data,
    }


def public_asyncapi(places: Places | None = None) -> dict[str, Any]:
    """The document a subscriber builds on: stream, feed and webhooks, with every event."""
    places = places or Places()
    facts = public_facts()
    references = [{"$ref": f"#/channels/stream/messages/{fact.type}"} for fact in facts]
    return {
        "asyncapi": "3.0.0",
        "id": "urn:kompeten:agencies",
        "info": {
            "title": "Kompeten: certificate events for other agencies",
            "version": "1.0.0",
            "description": (
                "Every change in a certificate's life, as CloudEvents 1.0, by three ways with the same content: "
                "a stream at the broker, webhooks, and a feed to poll. An event may come twice: its `id` tells. "
                "Events of one certificate are numbered by `sequence`: ignore what is older than what you have. "
                "Ignore fields and types that you do not know."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(places),
        "channels": _channels(facts, with_stream=bool(places.broker_url)),
        "operations": _operations(references),
        "components": {
            "messages": {fact.type: _message(fact) for fact in facts} | {"batch": _batch(), "delivery": _delivery()},
            "schemas": {fact.type: _payload(fact) for fact in facts} | {"event": _any_of(facts)},
            "securitySchemes": {
                "brokerUser": {"type": "userPassword", "description": "From `kompeten agency add`."},
                "feedKey": {"type": "http", "scheme": "bearer", "description": "From `kompeten agency add`."},
            },
        },
    }


def _servers(places: Places) -> dict[str, Any]:
    web, broker = urlsplit(places.public_url), urlsplit(places.broker_url)
    servers: dict[str, Any] = {
        "web": {
            "host": web.netloc,
            "protocol": web.scheme,
            "description": "The feed, these documents, and the public check of a certificate.",
            "security": [{"$ref": "#/components/securitySchemes/feedKey"}],
        }
    }
    if broker.netloc:
        servers["broker"] = {
            "host": broker.netloc.rpartition("@")[2],
            "pathname": broker.path or "/",
            "protocol": broker.scheme,
            "protocolVersion": "0-9-1",
            "description": "RabbitMQ; each agency has a user that reads the public stream and nothing else.",
            "security": [{"$ref": "#/components/securitySchemes/brokerUser"}],
        }
    return servers


def _channels(facts: list[type[PublicCertificate]], *, with_stream: bool) -> dict[str, Any]:
    queue = {"name": STREAM, "durable": True, "exclusive": False, "autoDelete": False}
    return {
        "stream": {
            "address": STREAM,
            "title": "The stream",
            "description": (
                "Consume it with a prefetch and manual acknowledgement, without declaring it. The consumer argument "
                "`x-stream-offset` says where to start: `first`, `next`, a timestamp, or the number after the "
                "`x-stream-offset` header of the last message you have dealt with."
            ),
            **({"servers": [{"$ref": "#/servers/broker"}]} if with_stream else {}),
            "messages": {fact.type: {"$ref": f"#/components/messages/{fact.type}"} for fact in facts},
            "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": "0.3.0"}},
        },
        "feed": {
            "address": FEED_PATH,
            "title": "The feed",
            "description": (
                "Ask with `Authorization: Bearer <feed key>`. The `Link` header with `rel=next` names what to ask "
                "next; when there was nothing new, ask it again later."
            ),
            "servers": [{"$ref": "#/servers/web"}],
            "messages": {"batch": {"$ref": "#/components/messages/batch"}},
        },
        "webhook": {
            "address": None,
            "title": "Your webhook",
            "description": (
                "An address of yours that takes POST over HTTPS and answers 2xx within the time-out. One event after "
                "another, in the order of the feed, each until it is taken; 410 switches the webhook off."
            ),
            "messages": {"delivery": {"$ref": "#/components/messages/delivery"}},
        },
    }


def _operations(references: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "consumeStream": {
            "action": "receive",
            "title": "Consume the stream",
            "channel": {"$ref": "#/channels/stream"},
            "messages": references,
            "bindings": {"amqp": {"ack": True, "bindingVersion": "0.3.0"}},
        },
        "readFeed": {
            "action": "receive",
            "title": "Poll the feed",
            "channel": {"$ref": "#/channels/feed"},
            "messages": [{"$ref": "#/channels/feed/messages/batch"}],
            "bindings": {"http": {"method": "GET", "query": _feed_query(), "bindingVersion": "0.3.0"}},
        },
        "takeWebhook": {
            "action": "receive",
            "title": "Take webhooks",
            "channel": {"$ref": "#/channels/webhook"},
            "messages": [{"$ref": "#/channels/webhook/messages/delivery"}],
            "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
        },
    }


def _feed_query() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "after": {"type": "integer", "minimum": 0, "description": "position of the last event you have"},
            "since": {"type": "string", "format": "date-time", "description": "in place of `after`: from this moment"},
            "limit": {"type": "integer", "minimum": 1, "maximum": FEED_LONGEST, "default": FEED_LIMIT},
            "types": {"type": "array", "items": {"enum": [fact.type for fact in public_facts()]}},
        },
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    return {
        "name": fact.type,
        "title": fact.__name__,
        "summary": purpose_of_fact(fact),
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{fact.type}"},
        "examples": [{"name": "contoh", "payload": example_of_fact(fact)}],
    }


def _payload(fact: type[Fact]) -> dict[str, Any]:
    schema = envelope_schema(fact)
    schema.pop("$schema")
    return inline_definitions(schema)


def _any_of(facts: list[type[PublicCertificate]]) -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/components/schemas/{fact.type}"} for fact in facts]}


def _batch() -> dict[str, Any]:
    return {
        "name": "batch",
        "title": "Batch",
        "summary": "Events in the order of their `position`, an attribute each of them has here.",
        "contentType": BATCH_TYPE,
        "payload": {"type": "array", "items": {"$ref": "#/components/schemas/event"}},
    }


def _delivery() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    return {
        "name": "delivery",
        "title": "Delivery",
        "summary": "One event, signed as Standard Webhooks 1.0 says (HMAC-SHA256).",
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
            "properties": {
                "webhook-id": {**text, "description": "the event's `id`, the same at every try"},
                "webhook-timestamp": {**text, "description": "Unix time of this try, seconds"},
                "webhook-signature": {**text, "description": "`v1,<base64>`; two while the secret is being rotated"},
            },
        },
        "payload": {"$ref": "#/components/schemas/event"},
    }
