"""Use cases of the decision stage: `(session, actor, ...) -> result`."""
