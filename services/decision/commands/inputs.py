"""What a command is given: its base class, and the types of text as people type it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.visible import require_visible

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), require_visible()]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Reasons = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), require_visible()]


class Input(BaseModel):
    """What a command is given; unknown fields are refused, so that a misspelt one is not lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)
