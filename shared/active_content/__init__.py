"""What an uploaded PDF could do besides being read: found at the upload, kept beside the document, told to staff.

`examining` is asked by whoever takes an upload in; `walking` reads the PDF in a process with limits.
"""

from shared.active_content.kinds import ActiveContent

__all__ = ["ActiveContent"]
