"""Notification: mails made from what the other stages tell. It tells nothing itself but the head of its log."""
