"""Schemes, open to anybody (R21)."""

from pydantic import BaseModel, Field

from services.registration.api.blueprint import api
from services.registration.queries.views import SchemeLine, describe_scheme
from shared.schemes import Scheme, shipped_schemes
from shared.web import list_response, public


class SchemePath(BaseModel):
    """One scheme, by its id."""

    id: str = Field(max_length=60)


class SchemeQuery(BaseModel):
    """Which version of the scheme."""

    version: str | None = Field(None, max_length=20, description="An earlier version; the one in force by default.")


@api.get("/schemes", responses={200: list_response(SchemeLine)})
@public
def get_schemes() -> list[SchemeLine]:
    """The schemes one may apply for, in the version in force."""
    return [describe_scheme(scheme) for scheme in shipped_schemes().current()]


@api.get("/schemes/<string:id>", responses={200: Scheme})
@public
def get_scheme(path: SchemePath, query: SchemeQuery) -> Scheme:
    """One scheme with its units, elements and criteria."""
    return shipped_schemes().get(path.id, query.version)
