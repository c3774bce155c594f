"""The public check (R22)."""

from pydantic import BaseModel, Field

from services.certificate.api.blueprint import api
from services.certificate.queries import checking
from shared.web import limited, public, reading

CHECK_RATE = "60/minute"


class ByToken(BaseModel):
    token: str = Field(max_length=100, description="Check token, from the QR code.")


@api.get("/check/<string:token>", responses={200: checking.CheckView})
@public
@limited(CHECK_RATE, methods=("GET",))
def check(path: ByToken) -> checking.CheckView:
    """Whether a certificate is genuine and holds today (R22)."""
    with reading() as session:
        return checking.check(session, path.token)
