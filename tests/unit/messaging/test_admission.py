"""The door: what no table could hold is laid aside with a reason, and everything else passes."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts import Envelope
from shared.messaging.admission import LARGEST_SEQUENCE, Misfit, describe_misfit, find_unstorable, sort_arrived
from shared.messaging.models import CAUSE_LENGTH, SUBJECT_LENGTH, TYPE_LENGTH
from tests.unit.messaging.ledger import message, reactions


def reasons(**changes: Any) -> list[str]:
    """Why an envelope with these changes could not be stored."""
    text = json.dumps(json.loads(message()) | changes)
    return list(find_unstorable(Envelope.model_validate_json(text), text))


def lay_aside(body: bytes | str) -> Misfit:
    arrived = sort_arrived(reactions, [body])
    assert not arrived.events
    assert not arrived.unheard
    (misfit,) = arrived.misfits
    return misfit


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("subject", SUBJECT_LENGTH),
        ("type", TYPE_LENGTH),
        ("correlationid", CAUSE_LENGTH),
        ("causationid", CAUSE_LENGTH),
    ],
)
def test_a_text_as_long_as_its_column_passes_and_one_longer_does_not(field: str, most: int) -> None:
    assert reasons(**{field: "x" * most}) == []
    (reason,) = reasons(**{field: "x" * (most + 1)})
    assert field in reason
    assert f"longer than {most} characters" in reason


@pytest.mark.parametrize(("sequence", "fits"), [(-1, False), (0, True), (2**31 - 1, True), (2**31, False)])
def test_a_sequence_passes_as_far_as_its_column_goes(sequence: int, fits: bool) -> None:
    assert reasons(sequence=sequence) == ([] if fits else [f"sequence: not from 0 to {LARGEST_SEQUENCE}"])


@pytest.mark.parametrize("data", [{"a": "\x00"}, {"\x00": 1}, {"a": [1, {"b": "x\x00"}]}])
def test_a_nul_is_found_wherever_it_is(data: dict[str, Any]) -> None:
    assert reasons(data=data) == ["a text holds the character NUL, which no table can keep"]


def test_the_escape_of_a_nul_that_is_itself_escaped_is_a_text_like_any_other() -> None:
    assert reasons(data={"a": "\\u0000", "b": [None, 1]}) == []


def test_every_reason_is_told() -> None:
    assert (
        len(reasons(subject="x" * 500, type="x" * 500, correlationid="x" * 500, sequence=-1, data={"a": "\x00"})) == 5
    )


def test_what_does_not_fit_is_described_by_place_and_without_the_value() -> None:
    envelope = json.loads(message())
    envelope["data"] |= {"applicant_id": "Siti Contoh", "scheme_version": {"name": "Budi Contoh"}}
    misfit = lay_aside(json.dumps(envelope))
    assert [part.partition(":")[0] for part in misfit.error.split("; ")] == ["applicant_id", "scheme_version"]
    assert "Contoh" not in misfit.error
    assert (misfit.id, misfit.type, misfit.subject) == (UUID(envelope["id"]), envelope["type"], envelope["subject"])
    assert json.loads(misfit.envelope) == envelope


def test_a_description_is_bounded_and_fits_a_table() -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(dict[str, int]).validate_python({f"field \x00 {number}": "Siti" for number in range(200)})
    described = describe_misfit(refusal.value)
    assert len(described) == 2000
    assert described.startswith("field \\0 0: ")
    assert "Siti" not in described
    assert describe_misfit(UnicodeDecodeError("utf-8", b"Siti", 0, 1, "no")) == "UnicodeDecodeError"


def test_a_subject_laid_aside_fits_its_column() -> None:
    subject = "\x00" + "x" * 500
    misfit = lay_aside(json.dumps(json.loads(message()) | {"subject": subject}))
    assert misfit.subject == ("\\0" + "x" * 500)[:SUBJECT_LENGTH]


def test_what_can_not_be_read_has_an_id_of_its_own_that_stays_the_same() -> None:
    first, again, other = lay_aside("no json"), lay_aside(b"no json"), lay_aside("neither")
    assert first == again
    assert first.id != other.id
    assert (first.type, first.subject, first.envelope) == ("unreadable", "", "no json")


@pytest.mark.parametrize("raw", [b"\x00 no json", b"\xff\xfe"])
def test_bytes_no_table_can_keep_can_be_had_back(raw: bytes) -> None:
    kind, _, encoded = lay_aside(raw).envelope.partition(":")
    assert kind == "base64"
    assert base64.b64decode(encoded) == raw


def test_one_misfit_ends_nothing_for_those_after_it() -> None:
    unheard = message().replace("application_withdrawn", "something_new")
    long = json.dumps(json.loads(message()) | {"subject": "x" * 500})
    arrived = sort_arrived(reactions, ["no json", unheard, long, message().encode(), message()])
    assert len(arrived.events) == 2
    assert all(isinstance(one.envelope, str) for one in arrived.events)
    assert len(arrived.misfits) == 2
    assert [one.text for one in arrived.unheard] == [unheard]
