"""What the commands' fields are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Command(BaseModel):
    """What somebody asks for, read strictly: a field nobody knows is refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(Command):
    """Why; the people concerned read it."""

    reason: Text
