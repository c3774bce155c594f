"""No event carries a secret, or data of a special category, in clear (UU 27/2022 4 and 35)."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from kompeten.services import find_service
from shared.contracts.envelope import Fact, Part
from shared.contracts.logs import LOG_FACTS
from shared.contracts.sealed import list_sealed_fields

TELLING = re.compile(
    r"link|token|secret|password|passphrase|otp|totp|pin$|(^|_)key|code$|nik|identity|adjustment|disab|health|religion"
    r"|biometric|birth|medical|convict"
)
HARMLESS = {
    "id.kompeten.registration.photo_prepared.v1 key": "where the photo lies in the store, for those who may read there",
    **{f"{fact.type} key_id": "which public key the head of a log is signed with" for fact in LOG_FACTS.values()},
}


def fields_of(kind: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field of a fact or a part of it, with its path; also inside lists and choices."""
    for name, info in kind.model_fields.items():
        yield path + name, info
        for inner in parts_in(info.annotation):
            yield from fields_of(inner, f"{path}{name}.")


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for one in get_args(annotation):
        yield from parts_in(one)


@pytest.mark.parametrize("kind", list(Fact.all()), ids=lambda kind: kind.type)
def test_a_field_named_like_a_secret_is_sealed(kind: type[Fact]) -> None:
    """If this fails: mark it `Annotated[str, SealedFor(reader)]`, or say in HARMLESS why anybody may read it."""
    sealed = list_sealed_fields(kind)
    open_ones = {
        f"{kind.type} {path}"
        for path, _ in fields_of(kind)
        if TELLING.search(path.rpartition(".")[2]) and path not in sealed
    }
    assert open_ones <= HARMLESS.keys()


def test_the_reasons_are_about_fields_that_are_there() -> None:
    there = {f"{kind.type} {path}" for kind in Fact.all() for path, _ in fields_of(kind)}
    assert HARMLESS.keys() <= there


@pytest.mark.parametrize("kind", [kind for kind in Fact.all() if list_sealed_fields(kind)], ids=lambda kind: kind.type)
def test_what_is_sealed_has_a_reader_that_listens(kind: type[Fact]) -> None:
    for reader in list_sealed_fields(kind).values():
        reactions = find_service(reader).reactions
        assert reactions is not None
        assert kind.type in reactions.handlers


def test_no_secret_is_on_its_way_to_other_agencies() -> None:
    assert not [kind for kind in Fact.all() if kind.service == "public" and list_sealed_fields(kind)]
