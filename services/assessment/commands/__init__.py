"""Use cases of the assessment stage: `(session, actor, ..., command) -> result`, one module per step of the process."""
