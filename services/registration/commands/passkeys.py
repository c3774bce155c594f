"""Passkeys of an account: asked for, added, shown at the sign-in, renamed and removed by their owner (WebAuthn)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.registration.commands.authority import supersede_tokens
from services.registration.commands.challenges import make_challenge
from services.registration.commands.factor_tries import note_right_factor, note_wrong_factor, refuse_during_pause
from services.registration.commands.factors import begin_two_steps, refuse_second_enrolment
from services.registration.commands.passkey_answers import MadePasskey, RenamePasskey, ShownPasskey
from services.registration.commands.sessions import end_sign_ins
from services.registration.commands.steps import has_app, make_wrong_passkey_refusal, needs_second_factor
from services.registration.commands.telling import tell_of_factor
from services.registration.domain.factors import FactorChange
from services.registration.domain.passkey_options import (
    KnownPasskey,
    PasskeyOwner,
    describe_creation,
    describe_request,
)
from services.registration.domain.passkeys import (
    MOST_PASSKEYS,
    MadeKey,
    NotGenuine,
    ShownAnswer,
    check_created,
    check_shown,
    encode_base64url,
    is_clone,
    normalise_credential_id,
)
from services.registration.domain.relying_party import RelyingParty, find_relying_party
from services.registration.models.accounts import Account, BrowserSession
from services.registration.models.factors import FactorTries, Passkey, RecoveryCode
from shared.audit import record_act
from shared.clock import real_now
from shared.errors import N_, Conflict, NotFound
from shared.security.alarm import SecurityEvent, note_security
from shared.settings import settings

KNOWN = N_("Kunci sandi itu sudah terdaftar.")


def require_party() -> RelyingParty:
    """The site that passkeys are made for. Raises Conflict where its address allows none."""
    party = find_relying_party(settings().public_url)
    if party is None:
        raise Conflict("passkeys-unavailable", N_("Kunci sandi tidak tersedia di alamat sistem ini."))
    return party


def offer_new_passkey(session: Session, account: Account, browser: BrowserSession) -> dict[str, Any]:
    """What the browser is asked for to make one. Raises Conflict when the account has `MOST_PASSKEYS`."""
    party, known = require_party(), _list_known(session, account)
    _refuse_one_more(known)
    owner = PasskeyOwner(account.id.bytes, account.email, account.name)
    return describe_creation(party, settings().lsp_name, owner, make_challenge(browser), known)


def offer_own_passkeys(session: Session, account: Account, browser: BrowserSession) -> dict[str, Any]:
    """What the browser is asked for to show one. Raises Conflict without one, TooMany during a pause."""
    party, known = require_party(), _list_known(session, account)
    if not known:
        raise Conflict("passkey-missing", N_("Akun ini tidak mempunyai kunci sandi. Pakai kode."))
    refuse_during_pause(session, account)
    return describe_request(party, make_challenge(browser), known)


def enrol_passkey(session: Session, account: Account, made: MadePasskey) -> list[str]:
    """Let a passkey be the account's first second factor and return the recovery codes, which are shown this once.

    Tokens given out without it end. Raises Invalid for an answer that is not genuine, Conflict when the account has a
    factor, and for a passkey that is known, whoever's it is.
    """
    refuse_second_enrolment(session, account)
    _add_row(session, account, made)
    return begin_two_steps(session, account)


def add_passkey(session: Session, account: Account, made: MadePasskey) -> None:
    """Add a passkey beside what the account has; recovery codes stay. The caller has used a proof up.

    Tokens given out before end. Raises as `enrol_passkey`, and Conflict when there are too many.
    """
    passkey = _add_row(session, account, made)
    supersede_tokens(session, account)
    tell_of_factor(session, account, account.actor, FactorChange.PASSKEY_ADDED, passkey.id)


def pass_passkey(session: Session, account: Account, shown: ShownPasskey) -> bool:
    """Whether the answer shows a passkey of the account. A wrong one must be committed, too.

    The caller has locked the account. Raises TooMany during the pause after wrong codes or passkeys.
    """
    refuse_during_pause(session, account)
    passkey = _find_own(session, account, shown.answer)
    told = _count_if_genuine(passkey, shown) if passkey else None
    if passkey is None or told is None:
        note_wrong_factor(session, account)
        return False
    if is_clone(passkey.sign_count, told):
        _note_clone(session, account, passkey)
        return False
    passkey.sign_count, passkey.used_at = told, real_now()
    note_right_factor(session, account)
    return True


def load_passkey(session: Session, account_id: UUID, passkey_id: UUID) -> Passkey:
    """The account's passkey. Raises NotFound, also for somebody else's."""
    found = session.get(Passkey, passkey_id)
    if found is None or found.account_id != account_id:
        raise NotFound("passkey-unknown", N_("Kunci sandi tidak ditemukan."))
    return found


def rename_passkey(session: Session, account: Account, passkey_id: UUID, given: RenamePasskey) -> None:
    """Call a passkey something else. Its name opens nothing: it is noted, and nobody is written to."""
    passkey = load_passkey(session, account.id, passkey_id)
    passkey.name = given.name
    record_act(session, account.actor, "account:rename-passkey", account.subject, None, {"passkey": str(passkey_id)})


def is_last_factor(session: Session, account_id: UUID, passkey_id: UUID) -> bool:
    """Whether the account would have no second factor without this passkey."""
    others = select(func.count()).where(Passkey.account_id == account_id, Passkey.id != passkey_id)
    return not session.scalar(others) and not has_app(session, account_id)


def remove_passkey(session: Session, account: Account, passkey_id: UUID, keep: str) -> None:
    """Let a passkey count no longer; every sign-in ends but the session with the secret `keep`.

    The caller has used a proof up. With the last factor the recovery codes go. Raises NotFound, and Conflict for the
    last factor of who may not be without one.
    """
    passkey = load_passkey(session, account.id, passkey_id)
    last = is_last_factor(session, account.id, passkey_id)
    if last and needs_second_factor(account):
        raise Conflict(
            "second-factor-last",
            N_("Ini langkah kedua terakhir Anda. Pasang kunci sandi lain atau aplikasi dahulu."),
        )
    session.delete(passkey)
    if last:
        for table in (RecoveryCode, FactorTries):
            session.execute(delete(table).where(table.account_id == account.id))
    end_sign_ins(session, account, but=keep)
    tell_of_factor(session, account, account.actor, FactorChange.PASSKEY_REMOVED, passkey_id)


def _list_known(session: Session, account: Account) -> list[KnownPasskey]:
    rows = session.execute(
        select(Passkey.credential_id, Passkey.transports)
        .where(Passkey.account_id == account.id)
        .order_by(Passkey.made_at)
    )
    return [KnownPasskey(credential_id, transports) for credential_id, transports in rows]


def _refuse_one_more(known: Sequence[KnownPasskey]) -> None:
    if len(known) >= MOST_PASSKEYS:
        raise Conflict("passkeys-full", N_("Paling banyak {most} kunci sandi. Hapus satu dahulu."), most=MOST_PASSKEYS)


def _add_row(session: Session, account: Account, made: MadePasskey) -> Passkey:
    _refuse_one_more(_list_known(session, account))
    key = _find_made_key(made)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == key.credential_id)):
        raise Conflict("passkey-known", KNOWN)
    passkey = Passkey(
        account_id=account.id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        transports=key.transports,
        name=made.name,
    )
    session.add(passkey)
    session.flush()
    return passkey


def _find_made_key(made: MadePasskey) -> MadeKey:
    try:
        return check_created(made.answer, made.challenge, require_party())
    except NotGenuine as error:
        raise make_wrong_passkey_refusal() from error


def _find_own(session: Session, account: Account, answer: ShownAnswer) -> Passkey | None:
    """The account's passkey of that id, locked; None for another account's, or where the answer names another owner."""
    if answer.user_handle not in ("", encode_base64url(account.id.bytes)):
        return None
    try:
        known = normalise_credential_id(answer)
    except NotGenuine:
        return None
    own = select(Passkey).where(Passkey.account_id == account.id, Passkey.credential_id == known)
    return session.scalar(own.with_for_update().execution_options(populate_existing=True))


def _count_if_genuine(passkey: Passkey, shown: ShownPasskey) -> int | None:
    try:
        return check_shown(shown.answer, shown.challenge, require_party(), passkey.public_key)
    except NotGenuine:
        return None


def _note_clone(session: Session, account: Account, passkey: Passkey) -> None:
    """The signature is right and the counter is not: another device holds the same key (WebAuthn, 7.2, step 21)."""
    note_wrong_factor(session, account)
    note_security(SecurityEvent.PASSKEY_CLONED, account=str(account.id), service="registration")
    tell_of_factor(session, account, account.actor, FactorChange.PASSKEY_CLONED, passkey.id)
