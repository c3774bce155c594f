"""Use cases of registration: (session, command) -> result; what they refuse is a Refusal and changes nothing."""
