"""Looking through every object of a PDF, also those packed into object streams: in a confined process alone.

Nothing is decoded but what holds objects, and nothing is followed: each object is looked at once where it stands in the
file, with what is written inside it. What nothing refers to is looked at as well, since readers disagree on that.
"""

from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from shared.active_content.kinds import ActiveContent, list_in_order
from shared.errors import N_, Invalid

MOST_NODES = 50_000
"""Dictionaries and arrays in which something is searched for, a second's work; what holds no telling name is not."""
DEEPEST = 200
"""Dictionaries and arrays inside one another, without a reference between them."""

DAMAGED = N_(
    "PDF ini rusak dan tidak dapat dibuka. Buka dokumen aslinya, cetak ke PDF sekali lagi, lalu unggah hasilnya."
)
LOCKED = N_(
    "PDF ini terkunci kata sandi, jadi petugas tidak dapat membukanya. Buka dengan kata sandinya, cetak ke PDF tanpa "
    "kata sandi, lalu unggah hasilnya."
)

ACTIONS = {
    "/JavaScript": ActiveContent.SCRIPT,
    "/Launch": ActiveContent.LAUNCH,
    "/SubmitForm": ActiveContent.SUBMIT,
    "/ImportData": ActiveContent.IMPORT,
    "/GoToR": ActiveContent.OTHER_FILE,
    "/GoToE": ActiveContent.OTHER_FILE,
    "/Thread": ActiveContent.OTHER_FILE,
    "/Rendition": ActiveContent.MEDIA,
    "/Movie": ActiveContent.MEDIA,
    "/Sound": ActiveContent.MEDIA,
    "/GoTo3DView": ActiveContent.MEDIA,
    "/RichMediaExecute": ActiveContent.MEDIA,
    "/URI": ActiveContent.LINK,
}
"""What an action of that kind (ISO 32000-1, table 198) counts as; a plain /GoTo or /Named turns pages."""
ANNOTATIONS = {
    "/RichMedia": ActiveContent.MEDIA,
    "/Screen": ActiveContent.MEDIA,
    "/Movie": ActiveContent.MEDIA,
    "/Sound": ActiveContent.MEDIA,
    "/3D": ActiveContent.MEDIA,
    "/FileAttachment": ActiveContent.ATTACHMENT,
}
TELLING = ("/JS", "/AA", "/EmbeddedFile", "/EF", "/XFA", *ACTIONS, *ANNOTATIONS)
HINTS = tuple(name.encode() for name in TELLING)
"""Written out, what acts has one of these names in it, however the file spelled it."""


def list_active_content(data: bytes) -> list[ActiveContent]:
    """Return what the PDF holds that acts, each kind once.

    Raises Invalid on `file`, with what to do, for a PDF that nobody can open: it needs a password, or is damaged beyond
    what readers mend. One with an owner's password alone opens for everybody and is taken.
    """
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            if not len(pdf.pages):
                raise _refused("pdf-damaged", DAMAGED)
            return list_in_order(_walk(pdf))
    except pikepdf.PasswordError as error:
        raise _refused("pdf-locked", LOCKED) from error
    except pikepdf.PdfError as error:  # whatever else goes wrong here is a mistake of ours, and not the sender's
        raise _refused("pdf-damaged", DAMAGED) from error


def _walk(pdf: pikepdf.Pdf) -> Iterator[ActiveContent]:
    if _acts_at_opening(pdf.Root):
        yield ActiveContent.AUTOMATIC
    left = MOST_NODES
    # an object that was taken out of the file comes as None
    objects: list[Object | None] = list(pdf.objects)
    for top in filter(None, objects):
        yield from _judge_lone_name(top)
        written = _write_out(top)
        waiting = [(top, 0)] if any(hint in written for hint in HINTS) else []
        while waiting:
            node, depth = waiting.pop()
            left -= 1
            if left < 0 or depth > DEEPEST:
                yield ActiveContent.UNREAD
                return
            if isinstance(node, Dictionary | Stream):
                yield from _judge(node)
            waiting += [(part, depth + 1) for part in _list_parts(node)]


def _judge_lone_name(top: Object) -> Iterator[ActiveContent]:
    """What a name that is an object of its own stands for: whatever refers to it does not have it written inside."""
    if isinstance(top, Name) and (kind := ACTIONS.get(str(top)) or ANNOTATIONS.get(str(top))):
        yield kind


def _write_out(node: Object) -> bytes:
    """The object as a file would hold it, names in their plain spelling, without the bytes of a stream."""
    return (node.stream_dict if isinstance(node, Stream) else node).unparse(resolved=True)


def _list_parts(node: Object) -> list[Object]:
    """The dictionaries and arrays written inside this one; what is only referred to is looked at in its own place."""
    if isinstance(node, Array):
        inside = list(node)
    elif isinstance(node, Dictionary | Stream):
        inside = [part for _, part in node.items()]
    else:
        return []
    return [part for part in inside if isinstance(part, Array | Dictionary) and not part.is_indirect]


def _judge(node: Object) -> Iterator[ActiveContent]:
    """What one dictionary is by itself, or says of the object it stands in."""
    yield from (kind for is_there, kind in RULES if is_there(node))
    action = node.get("/S")
    # the tags of a readable PDF have an /S too, which names a heading or a paragraph
    if isinstance(action, Name) and node.get("/Type") != "/StructElem" and str(action) in ACTIONS:
        yield ACTIONS[str(action)]
    subtype = node.get("/Subtype")
    if isinstance(subtype, Name) and str(subtype) in ANNOTATIONS:
        yield ANNOTATIONS[str(subtype)]


def _acts_at_opening(root: Object) -> bool:
    """Whether something else happens when the document is opened than that a page is shown."""
    opening = root.get("/OpenAction")
    return isinstance(opening, Dictionary) and not (opening.get("/S") == "/GoTo" and "/Next" not in opening)


def _has_triggers(node: Object) -> bool:
    """Whether actions hang on events of it: opening, closing, printing, a changed field (table 194 to 197)."""
    triggers = node.get("/AA")
    return isinstance(triggers, Dictionary) and any(
        isinstance(action, Dictionary) and "/S" in action for _, action in triggers.items()
    )


def _has_script(node: Object) -> bool:
    return isinstance(node.get("/JS"), String | Stream)


def _has_attachment(node: Object) -> bool:
    return node.get("/Type") == "/EmbeddedFile" or "/EmbeddedFiles" in node or isinstance(node.get("/EF"), Dictionary)


def _has_dynamic_form(node: Object) -> bool:
    return isinstance(node.get("/XFA"), Array | Stream)


RULES: list[tuple[Callable[[Object], bool], ActiveContent]] = [
    (_has_script, ActiveContent.SCRIPT),
    (_has_triggers, ActiveContent.AUTOMATIC),
    (_has_attachment, ActiveContent.ATTACHMENT),
    (_has_dynamic_form, ActiveContent.XFA),
]


def _refused(code: str, message: str) -> Invalid:
    return Invalid(code, message, fields={"file": message})
