"""The certificate of HTTPS that the proxy shows: when it comes to its end."""

import socket
import ssl
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.x509 import load_der_x509_certificate

from shared.observability.ailments import Ailment, Code
from shared.observability.vitals import describe_trouble
from shared.settings import Settings

PROXY = "proxy"
ANSWER_SECONDS = 5.0


def find_proxy_ailments(config: Settings, now: datetime) -> list[Ailment]:
    """That the proxy shows no certificate for the public address, or one near its end.

    Nothing where KOMPETEN_PROXY_ADDRESS is not set or the public address is not HTTPS.
    """
    public = urlsplit(config.public_url)
    if not config.proxy_address or public.scheme != "https":
        return []
    name = public.hostname or ""
    try:
        ends_at = read_certificate_end(config.proxy_address, name)
    except (OSError, ValueError) as error:
        return [Ailment(PROXY, Code.SERVICE, figures={"error": describe_trouble(error)})]
    if ends_at > now + timedelta(days=config.alarm_key_days):
        return []
    return [Ailment(PROXY, Code.KEY, name, {"name": name, "day": f"{ends_at:%Y-%m-%d}"})]


def read_certificate_end(address: str, name: str) -> datetime:
    """When the certificate ends that `host:port` shows for `name`, whoever signed it. Raises OSError."""
    host, _, port = address.rpartition(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # one that has ended is to be read, too
    with (
        socket.create_connection((host, int(port)), ANSWER_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
    return load_der_x509_certificate(shown or b"").not_valid_after_utc
