"""Dates, times, spans and words as people of this language read them. Times are those of Jakarta (WIB)."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from flask import current_app, has_app_context

from shared import clock
from shared.web.translation import current_locale, gettext

DATE = "d MMMM y"
DAY = timedelta(days=1)
MONTHS = timedelta(days=60)
"""Spans up to here are told in days: people count waiting in days."""
TONES = {
    "bad": re.compile("return|refus|reject|withdraw|suspend|expire|blocked|overdue|dismiss|^bk$"),
    "good": re.compile("admit|issue|^valid|^reduced|maintain|upheld|decided|active|complete|accept|agreed|release|^k$"),
    "waiting": re.compile("filed|submit|wait|due|open|pending|review|verif|queue|schedul"),
}
Label = tuple[type, Any]
LABELS = "kompeten.labels"
"""Key in `app.extensions`: what each state and choice is called (msgids), by enum member."""


def format_day(value: date | datetime | None) -> str:
    """`23 November 2026`; an empty string for nothing."""
    if value is None:
        return ""
    day = value.astimezone(clock.JAKARTA).date() if isinstance(value, datetime) else value
    return format_date(day, DATE, locale=current_locale())


def format_moment(value: datetime | None) -> str:
    """`23 November 2026 14.05 WIB`, or `14:05` in English."""
    if value is None:
        return ""
    local = value.astimezone(clock.JAKARTA)
    separator = "." if current_locale().language == "id" else ":"
    return f"{format_day(local)} {local:%H}{separator}{local:%M} WIB"


def format_span(value: timedelta | datetime | date | None) -> str:
    """A span in words: `3 hari`. For a moment or a day: how long ago it was, or how long it will be until then."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = abs(clock.now() - value)
    elif isinstance(value, date):
        value = abs(clock.today() - value)
        if not value:
            return gettext("hari ini")
    if DAY <= value < MONTHS:
        return format_unit(value.days, "duration-day", locale=current_locale())
    return format_timedelta(value, locale=current_locale(), threshold=1.2)


def format_number(value: float | None) -> str:
    """A number with the separators of the language; an empty string for nothing."""
    return "" if value is None else format_decimal(value, locale=current_locale())


def label_of(value: Any) -> Any:
    """What a state, role or choice is called, in the language of the request; dates in words; all else as it is."""
    if isinstance(value, Enum):
        known = current_labels().get((type(value), value))
        return gettext(known) if known else str(value.value)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_day(value)
    return value


def choices_of(options: Any) -> list[tuple[str, str]]:
    """What a select or radio group offers, as (code, words): from an enum class, enum members, pairs or a dict."""
    if isinstance(options, Mapping):
        return [(str(code), str(words)) for code, words in options.items()]
    return [_choice(option) for option in options]


def _choice(option: Any) -> tuple[str, str]:
    if isinstance(option, Enum):
        return str(option.value), str(label_of(option))
    if isinstance(option, tuple | list):
        code, words = option
        return str(code.value if isinstance(code, Enum) else code), str(words)
    return str(option), str(option)


def is_past(value: date | datetime) -> bool:
    """Whether a time limit has gone by; a day counts until its end."""
    return value < clock.now() if isinstance(value, datetime) else value < clock.today()


def tone_of(state: Any) -> str:
    """The colour of a state's badge (`good`, `bad`, `waiting` or none), guessed from its code.

    It only decorates: the words beside it say what the state is.
    """
    word = str(state.value if isinstance(state, Enum) else state).lower()
    return next((tone for tone, pattern in TONES.items() if pattern.search(word)), "")


def merge_labels(*parts: Mapping[Any, str]) -> dict[Label, str]:
    """The mappings as one, by kind and member: two StrEnums may call the same code by different words."""
    return {(type(member), member): words for part in parts for member, words in part.items()}


def current_labels() -> dict[Label, str]:
    """What states and choices are called (msgids), by kind and member; empty outside of an application."""
    found: dict[Label, str] = current_app.extensions.get(LABELS, {}) if has_app_context() else {}
    return found


FILTERS = {
    "tanggal": format_day,
    "waktu": format_moment,
    "lama": format_span,
    "angka": format_number,
    "label": label_of,
}
