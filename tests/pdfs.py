"""Real PDFs as strangers might send them, written by the test: plain, or with one kind of active content each."""

from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Object, ObjectStreamMode, Pdf, String

from shared.active_content import ActiveContent

Change = Callable[[Pdf], object]


def write_pdf(*changes: Change, packed: bool = False, encryption: Encryption | None = None) -> bytes:
    """One blank page, changed; `packed` puts all that can be into object streams, as most programs do today."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        for change in changes:
            change(pdf)
        out = BytesIO()
        mode = ObjectStreamMode.generate if packed else ObjectStreamMode.disable
        pdf.save(out, object_stream_mode=mode, encryption=encryption or False, deterministic_id=not encryption)
        return out.getvalue()


def act_at_opening(kind: str, **texts: str) -> Change:
    return lambda pdf: setattr(pdf.Root, "OpenAction", pdf.make_indirect(_act(kind, texts)))


def act_at_click(kind: str, **texts: str) -> Change:
    """A link on the page, which acts when it is clicked."""
    return lambda pdf: _annotate(pdf, Dictionary(Subtype=Name.Link, A=_act(kind, texts)))


def add_annotation(subtype: str) -> Change:
    return lambda pdf: _annotate(pdf, Dictionary(Subtype=Name("/" + subtype)))


def _annotate(pdf: Pdf, annotation: Object) -> None:
    annotation.Type, annotation.Rect = Name.Annot, Array([0, 0, 100, 100])
    pdf.pages[0].Annots = Array([pdf.make_indirect(annotation)])


def _act(kind: str, texts: dict[str, str]) -> Object:
    return Dictionary({"/S": Name("/" + kind), **{f"/{key}": String(text) for key, text in texts.items()}})


def chain_a_program(pdf: Pdf) -> None:
    """Opening it turns to a page, as usual, and then starts something."""
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=String("x"), Next=_act("Launch", {"F": "cmd.exe"}))


def attach_file(pdf: Pdf) -> None:
    pdf.attachments["gaji.xlsx"] = AttachedFileSpec(pdf, b"contoh", filename="gaji.xlsx")


def add_trigger(pdf: Pdf) -> None:
    """Something is done whenever the page is opened."""
    pdf.pages[0].AA = Dictionary(O=pdf.make_indirect(Dictionary(S=Name.Named, N=Name.NextPage)))


def add_xfa(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))


def add_named_script(pdf: Pdf) -> None:
    script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert('contoh')")))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


ACTIVE: dict[str, tuple[Change, set[ActiveContent]]] = {
    "a script at opening": (
        act_at_opening("JavaScript", JS="app.alert(1)"),
        {ActiveContent.SCRIPT, ActiveContent.AUTOMATIC},
    ),
    "a script in the tree of names": (add_named_script, {ActiveContent.SCRIPT}),
    "a program at opening": (act_at_opening("Launch", F="cmd.exe"), {ActiveContent.LAUNCH, ActiveContent.AUTOMATIC}),
    "a program behind a page": (chain_a_program, {ActiveContent.LAUNCH, ActiveContent.AUTOMATIC}),
    "a trigger of a page": (add_trigger, {ActiveContent.AUTOMATIC}),
    "a form sent elsewhere": (act_at_click("SubmitForm", F="https://x.example"), {ActiveContent.SUBMIT}),
    "data taken from a file": (act_at_click("ImportData", F="a.fdf"), {ActiveContent.IMPORT}),
    "another file": (act_at_click("GoToR", F="\\\\x.example\\a.pdf"), {ActiveContent.OTHER_FILE}),
    "a file in a file": (act_at_click("GoToE", D="x"), {ActiveContent.OTHER_FILE}),
    "a film": (add_annotation("RichMedia"), {ActiveContent.MEDIA}),
    "a sound": (act_at_click("Sound"), {ActiveContent.MEDIA}),
    "an attached file": (attach_file, {ActiveContent.ATTACHMENT}),
    "a dynamic form": (add_xfa, {ActiveContent.XFA}),
    "a link": (act_at_click("URI", URI="https://x.example"), {ActiveContent.LINK}),
}
"""What a PDF may hold, and the kinds that are found in it."""
