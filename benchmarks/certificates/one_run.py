"""One flow of certificates, its figures printed as JSON; run by its path, so that it serves any revision.

python one_run.py DATABASE_URL BROKER_URL COUNT
"""

import json
import sys

from benchmarks.certificates import flow, scene


def main(database_url: str, broker_url: str, count: int) -> None:
    # the first revision to be measured called them so
    prepare = getattr(scene, "prepare_scene", None) or scene.prepared  # type: ignore[attr-defined]
    measure = getattr(flow, "measure_flow", None) or flow.decided_to_announced  # type: ignore[attr-defined]
    with prepare(database_url, broker_url) as prepared:
        measured = measure(prepared, count)
    print(json.dumps({"per_second": measured.per_second, **measured.noted}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
