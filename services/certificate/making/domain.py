"""The two numbers on a certificate (domain handbook 5). They are counted, never reused, never skipped in silence."""

SERIAL_DIGITS = 6
SERIAL_LIMIT = 10**8
REGISTRATION_DIGITS = 5
REGISTRATION_LIMIT = 10**REGISTRATION_DIGITS


class NumbersUsedUp(RuntimeError):
    """The serial does not fit its places any more; the scheme of numbers must be changed first."""


def compose_certificate_number(kbli: str, kbji: str, level: int, serial: int, year: int) -> str:
    """`91011 2622 5 000001 2026`: line of business, occupation, KKNI level, serial, year.

    The serial runs on over the years; it takes six places and grows to eight when it must.
    """
    _fits(serial, SERIAL_LIMIT)
    return f"{kbli} {kbji} {level} {serial:0{SERIAL_DIGITS}d} {year:04d}"


def compose_registration_number(sector: str, licence: str, serial: int, year: int) -> str:
    """`PRP 0000 00001 2026`: sector, serial of the body's licence, serial of that year, year."""
    _fits(serial, REGISTRATION_LIMIT)
    return f"{sector} {licence} {serial:0{REGISTRATION_DIGITS}d} {year:04d}"


def name_certificate_counter() -> str:
    """Name of the counter behind certificate numbers: one, for good."""
    return "certificate"


def name_registration_counter(year: int) -> str:
    """Name of the counter behind registration numbers: a new one each year."""
    return f"registration {year:04d}"


def _fits(serial: int, limit: int) -> None:
    if not 0 < serial < limit:
        raise NumbersUsedUp(f"serial {serial} is outside 1 to {limit - 1}")
