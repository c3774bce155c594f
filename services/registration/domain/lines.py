"""Lines of text as they are kept: put in order first, then measured, because putting in order can make them longer."""

from pydantic_core import PydanticCustomError

from shared.pasted_text import tidy_line as tidy_one_line
from shared.persons import write_in_capitals


def tidy_line(text: str, longest: int) -> str:
    """The text with single spaces, composed letters and no invisible marks.

    Raises PydanticCustomError `string_too_long` for more than `longest` characters: composing makes three of some.
    """
    return _measured(tidy_one_line(text), longest)


def capitalise_line(text: str, longest: int) -> str:
    """The text as `tidy_line` puts it in order, in block capitals; of some letters these are two or three."""
    return _measured(write_in_capitals(text), longest)


def _measured(line: str, longest: int) -> str:
    if len(line) > longest:
        raise PydanticCustomError("string_too_long", "longer once it is put in order", {"max_length": longest})
    return line
