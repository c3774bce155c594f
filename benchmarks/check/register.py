"""A register of any size: one certificate made by the service's own commands, multiplied inside PostgreSQL."""

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text

from services.certificate.domain.states import OrderState
from services.certificate.making.claims import build_claims
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.models import Order
from shared.credentials import LocalKey, badge
from shared.database.unit import Database
from shared.schemes import shipped_schemes

SCHEME = shipped_schemes().get("layanan-dasar", "2026.1")
HEX, LETTERS = "0123456789abcdef", "abcdefghijklmnop"
TOKEN = f"left(translate(md5('check ' || n), '{HEX}', '{LETTERS}'), 26)"
OF_SERIAL = {
    "certificate_order": {"id": "md5('order ' || n)::uuid", "holder_id": "md5('holder ' || n)::uuid"},
    "certificate": {
        "id": "md5('certificate ' || n)::uuid",
        "application_id": "md5('order ' || n)::uuid",
        "holder_id": "md5('holder ' || n)::uuid",
        "holder_name": "'PEMEGANG KE-' || n || ' CONTOH'",
        "serial": "n",
        "number": "'91011 2622 4 ' || lpad(n::text, 6, '0') || ' 2026'",
        "registration_number": "'PRP 0000 ' || lpad((n % 50000)::text, 5, '0') || ' ' || 2026 + n / 50000",
        "state": "CASE WHEN n % 50 = 0 THEN 'suspended' WHEN n % 33 = 0 THEN 'withdrawn' ELSE 'valid' END",
    },
    "certificate_version": {
        "id": "md5('version ' || n)::uuid",
        "certificate_id": "md5('certificate ' || n)::uuid",
        "holder_name": "'PEMEGANG KE-' || n || ' CONTOH'",
        "check_token": TOKEN,
        "check_url": f"'http://127.0.0.1:8000/certificate/check/' || {TOKEN}",
        "status_index": "n",
        "sha256": "encode(sha256(n::text::bytea), 'hex')",
        "object_key": "'certificates/2026/' || md5('certificate ' || n) || '-1.pdf'",
    },
    "certificate_change": {"id": "md5('change ' || n)::uuid", "certificate_id": "md5('certificate ' || n)::uuid"},
}
"""What differs from row to row; all else is that of the first, so that every row has its real size."""


def fill(database: Database, size: int, key: LocalKey) -> None:
    """`size` certificates handed out: number 1 by the commands, 2 and on by multiplication; all written to disk."""
    with database.unit_of_work() as session:
        now = datetime.now(UTC)
        order = Order(
            id=uuid4(), state=OrderState.CLEARED, holder_id=uuid4(), holder_name="PEMEGANG KE-1 CONTOH",
            scheme_id=SCHEME.id, scheme_version=SCHEME.version, scheme_title=SCHEME.title.id, forms_signed_at=now,
            recommended=True, agreed_at=now, decided_at=now, judgements=dict.fromkeys(SCHEME.codes, "K"),
        )  # fmt: skip
        session.add(order)
        session.flush()
        certificate = number_certificate(session, order)
        version = certificate.current
        version.check_token = token(1)
        version.check_url = f"http://127.0.0.1:8000/certificate/check/{token(1)}"
        credential = badge.issue_badge(build_claims(version), key, version.made_at)
        stored = Stored(f"certificates/2026/{certificate.id}-1.pdf", "0" * 64, 90_000, credential, "0" * 64)
        confirm_version(session, version, stored)
    with database.engine.begin() as connection:
        for table, differing in OF_SERIAL.items():
            columns = connection.scalars(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"), {"table": table}
            ).all()
            values = ", ".join(differing.get(column, f"first.{column}") for column in columns)
            connection.execute(
                text(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
                    f"FROM {table} AS first, generate_series(2, {int(size)}) AS n"
                )
            )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def token(serial: int) -> str:
    """The check token of the certificate with that serial, as PostgreSQL makes it."""
    return hashlib.md5(f"check {serial}".encode()).hexdigest().translate(str.maketrans(HEX, LETTERS))[:26]


def printed_number(serial: int) -> str:
    return f"91011 2622 4 {serial:06d} 2026"
