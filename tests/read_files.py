"""Files as they are once they were read, for tests of what is done with them."""

from shared.uploads.reading import ReadFile


def read_file_of(name: str, content_type: str, sha256: str = "0" * 64, sent: str = "") -> ReadFile:
    return ReadFile(name, content_type, b"contoh", sha256, sent or sha256, [], None)
