"""Registration's rules: who may apply, what a form must hold, which step may follow which."""
