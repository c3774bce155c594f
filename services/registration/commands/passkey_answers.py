"""What forms bring about passkeys: names, and the browser's answers, read before anything is looked up or used up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, Field

from services.registration.domain.lines import tidy_line
from services.registration.domain.passkeys import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    CreatedAnswer,
    NotGenuine,
    ShownAnswer,
    read_created,
    read_shown,
)
from shared.errors import N_, Invalid
from shared.visible import require_visible

NO_ANSWER = N_("Kunci sandi memerlukan JavaScript. Aktifkan di peramban Anda, atau pakai kode.")
UNREADABLE = N_("Jawaban peramban tentang kunci sandi tidak dapat dibaca. Coba lagi, atau pakai kode.")

A = TypeVar("A")
Name = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_NAME),
    AfterValidator(partial(tidy_line, longest=LONGEST_NAME)),
    require_visible(),
]
Answer = Annotated[str, Field(max_length=LONGEST_ANSWER, repr=False)]


class NewPasskey(BaseModel):
    """What its owner calls it, and what the browser answered when it was made."""

    name: Name
    credential: Answer = ""


class RenamePasskey(BaseModel):
    """What a passkey is called from now on."""

    name: Name


class ShowPasskey(BaseModel):
    """What the browser answered when a passkey was shown."""

    credential: Answer = ""


@dataclass(frozen=True, slots=True)
class MadePasskey:
    """A browser's answer that can be read, with the challenge that was used up for it."""

    name: str
    answer: CreatedAnswer
    challenge: bytes


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """A browser's answer about a passkey that was shown, with the challenge that was used up for it."""

    answer: ShownAnswer
    challenge: bytes


def read_new_passkey(given: NewPasskey) -> CreatedAnswer:
    """The browser's answer about a passkey it made. Raises Invalid for none, and for what nobody can read."""
    return _read(read_created, given.credential)


def read_shown_passkey(given: ShowPasskey) -> ShownAnswer:
    """The browser's answer about a passkey it showed. Raises Invalid for none, and for what nobody can read."""
    return _read(read_shown, given.credential)


def _read(reader: Callable[[str], A], credential: str) -> A:
    """Without scripts the browser sends the form, and no answer in it."""
    if not credential:
        raise Invalid("passkey-no-answer", NO_ANSWER)
    try:
        return reader(credential)
    except NotGenuine as error:
        raise Invalid("passkey-unreadable", UNREADABLE) from error
