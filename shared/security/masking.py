"""What may be shown of an identity number where the whole is not needed (UU 27/2022)."""

SHOWN = 4


def mask_nik(nik: str | None) -> str:
    """The identity number with its middle hidden, `3175********0001` (domain handbook 8); a short one wholly hidden."""
    if not nik:
        return ""
    if len(nik) <= 2 * SHOWN:
        return "*" * len(nik)
    return nik[:SHOWN] + "*" * (len(nik) - 2 * SHOWN) + nik[-SHOWN:]
