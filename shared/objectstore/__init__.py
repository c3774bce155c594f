"""Where documents are kept: a folder or any S3 server, behind one port; written once, never over."""

from shared.objectstore.choice import object_store
from shared.objectstore.port import Entry, ObjectStore, StoreAway, StoreUnavailable

__all__ = ["Entry", "ObjectStore", "StoreAway", "StoreUnavailable", "object_store"]
