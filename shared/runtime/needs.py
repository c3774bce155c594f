"""Whether a deployed service has the secrets it uses, and no other's: said at the start, all of it at once.

What a service uses stands in its declaration (`secrets`, `rings`, `keeps_files`, `sends_mail`); the compose file is
compared with the same list. Embedded, everything is in one process.
"""

import logging
from collections.abc import Iterator

from shared.runtime.service import Service
from shared.security.key_files import KeyMissing
from shared.security.keyrings import RINGS, find_ring_keys
from shared.settings import Settings, settings

log = logging.getLogger(__name__)

EVERYBODY = (
    "database_password_file",
    "broker_password_file",
    "token_public_key_file",
    "service_key_file",
    "limits_password_file",
)
STORE = ("object_store_access_key_file", "object_store_secret_key_file")
MAIL = ("mail_password_file",)
NO_SECRETS = ("watch_file", "backup_file", "backup_recipients_file", "signing_chain_file", "timestamp_ca_file")
"""Files that anybody may have."""
OPTIONAL = ("broker_password_file", "database_password_file", "limits_password_file", *MAIL)
"""What servers may not ask for."""


class UnfitSecrets(RuntimeError):
    """Secrets that a service lacks, or that are another's; a line each."""


def list_secrets(service: Service) -> tuple[str, ...]:
    """The settings that name the secrets a service uses."""
    store = STORE if service.keeps_files else ()
    mail = MAIL if service.sends_mail else ()
    return (*EVERYBODY, *store, *mail, *service.secrets)


def check_secrets(service: Service) -> None:
    """Raise UnfitSecrets unless the settings of this process give `service` what it uses, and nothing else.

    On a trial system what is too much is said in the log and nothing more.
    """
    config = settings()
    if config.embedded:
        return
    lacking, foreign = [*_list_lacking(service, config)], [*_list_foreign(service, config)]
    for line in foreign:
        log.warning("%s", line)
    wrong = lacking if config.trial else lacking + foreign
    if wrong:
        raise UnfitSecrets("\n".join(wrong))
    for ring in RINGS.keys() - set(service.rings):
        if _has_ring(ring):
            log.warning("%s has the encryption keys of %s and does not use them", service.name, ring)


def _list_lacking(service: Service, config: Settings) -> Iterator[str]:
    for name in list_secrets(service):
        in_folder = name in STORE and not config.object_store_url.startswith("s3")
        asked_for = name not in OPTIONAL and name not in service.optional_secrets and not in_folder
        if asked_for and getattr(config, name) is None:
            yield f"{service.name} needs KOMPETEN_{name.upper()}"
    for ring in service.rings:
        try:
            find_ring_keys(ring)
        except KeyMissing as error:
            yield f"{service.name} needs the encryption keys of {ring}: {error}"


def _list_foreign(service: Service, config: Settings) -> Iterator[str]:
    """Secrets that are named and there; a name alone opens nothing."""
    for name in type(config).model_fields:
        file = getattr(config, name) if name.endswith("_file") else None
        if file is not None and name not in (*list_secrets(service), *NO_SECRETS) and file.exists():
            yield f"{service.name} is given KOMPETEN_{name.upper()} and does not use it: take it out of its settings"


def _has_ring(ring: str) -> bool:
    try:
        return bool(find_ring_keys(ring))
    except KeyMissing:
        return False
