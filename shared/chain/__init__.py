"""The chain of a service's log: what was written once and is altered, removed or slipped in later is named.

Rows are written as ever, at once and by many replicas. A timer links what has settled into blocks (`chaining.py`): each
has the hashes of its rows, their Merkle root, the hash of the block before it, and a signature of the service. The
newest hash, the head, is told to the services that keep copies (`heads.py`), and comes under the register's time stamp.
`kompeten verify-log` reads it all again (`verifying.py`).

    ledgers    append-only tables, chained in the order of their positions: audit log, access log, records
    registers  tables whose rows change (decisions, certificates): each change leaves a record with the row's hash
"""
