"""Other agencies: who subscribes to public events, the feed they read, the webhooks they are told by."""
