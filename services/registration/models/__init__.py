"""Registration's tables: accounts and what belongs to signing in, applications and what belongs to their files."""

from services.registration.models.accounts import Account, AccountRole, BrowserSession, FailedSignIn, PasswordReset
from services.registration.models.base import Base

__all__ = ["Account", "AccountRole", "Base", "BrowserSession", "FailedSignIn", "PasswordReset"]
