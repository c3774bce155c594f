"""What every form of the stock of sheets has."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class Given(BaseModel):
    """A form whose texts are stripped of spaces at both ends."""

    model_config = ConfigDict(str_strip_whitespace=True)
