"""The files in the store that a service's register names: compared with it, and what is lost is found and asked for."""

from shared.kept_files.keeping import keep_file
from shared.kept_files.lost import FileLost, count_lost_files, list_lost_files, read_kept_file
from shared.kept_files.register import KnownFile, Register, WhatIsKept

__all__ = [
    "FileLost",
    "KnownFile",
    "Register",
    "WhatIsKept",
    "count_lost_files",
    "keep_file",
    "list_lost_files",
    "read_kept_file",
]
