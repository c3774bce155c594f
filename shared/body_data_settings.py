"""The setting of where the operator keeps the certification body's own files."""

from pathlib import Path

from pydantic import Field

from shared.environment_settings import EnvironmentSettings


class BodyDataSettings(EnvironmentSettings):
    """Part of `Settings`, which says how it is read."""

    body_data_dir: Path | None = Field(
        None,
        description="Folder with schemes, holidays and codes in place of those shipped; empty: those shipped.",
    )
