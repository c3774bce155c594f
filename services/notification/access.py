"""Who may use which part of notification; each view names one of these groups.

Everybody signed in may open the letterbox of a trial system: it holds the reader's own mails alone, which the query
sees to.
"""

from shared.security.roles import Role

MAIL_KEEPERS = (Role.ADMINISTRATOR,)
"""See which mails were sent, wait or failed, and send failed ones again; their texts on trial systems only."""
