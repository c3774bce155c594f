"""The OpenAPI documents, as the services serve them."""

import json
from collections.abc import Iterable

from werkzeug.test import Client

from kompeten.services import find_service
from shared.database.opened import database_of


def openapi_documents(services: Iterable[str]) -> dict[str, str]:
    """Service and text of its document, sorted so that only real changes show."""
    return {service: _document(service) for service in services}


def _document(service: str) -> str:
    answer = Client(find_service(service).make_application(database_of(service))).get(f"/{service}/openapi.json")
    return json.dumps(answer.get_json(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
