"""What certificate shows: the public check, the holder's own, the officers' lists."""
