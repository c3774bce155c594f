"""The public check (R22): whether a certificate in hand is genuine and holds, for people and for software."""
