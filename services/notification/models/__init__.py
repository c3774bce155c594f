"""Notification's tables: whom to write to, and what was written."""

from services.notification.models.base import Base
from services.notification.models.copies import AccountCopy
from services.notification.models.mails import Mail

__all__ = ["AccountCopy", "Base", "Mail"]
