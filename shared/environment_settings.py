"""How settings are read, whatever they are about: from `KOMPETEN_*` variables, and once."""

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

Source = PydanticBaseSettingsSource


class EnvironmentSettings(BaseSettings):
    """What every part of `Settings` begins with."""

    model_config = SettingsConfigDict(env_prefix="KOMPETEN_", env_file=None, extra="ignore", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        """What a caller gives, then the environment. Looking in the two other sources took half of the reading."""
        return init_settings, env_settings
