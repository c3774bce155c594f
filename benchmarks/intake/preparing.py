"""Makes the tables of registration and drafts to file; run by its path, so that it serves any revision.

python preparing.py FIRST COUNT
"""

import sys

from benchmarks.intake import drafts
from shared.database.unit import Database

try:
    from kompeten.schema import migrate_database
except ImportError:  # the first revision to be measured
    from shared.database.migrations import migrate as migrate_database  # type: ignore[attr-defined, no-redef]


def main(first: int, count: int) -> None:
    database = Database("registration")
    migrate_database(database)
    prepare = getattr(drafts, "prepare_drafts", None) or drafts.prepare  # type: ignore[attr-defined]
    prepare(database, count, first)
    database.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
