"""What is in PDFs of strangers besides what is read: found in whatever way the file is packed, within limits."""

import struct
import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Object, Pdf, String
from PIL import Image

from shared.active_content import ActiveContent, walking
from shared.active_content.kinds import list_known_kinds, list_to_mend
from shared.active_content.walking import list_active_content
from shared.errors import Invalid
from shared.uploads.reading import read_file
from shared.web.uploads import PDF, Upload, guess_type
from tests.pdfs import ACTIVE, act_at_click, act_at_opening, write_pdf


def examine_upload(data: bytes, content_type: str) -> list[ActiveContent]:
    return read_file(Upload("berkas", content_type, data, "0" * 64)).active_content


OPENS_A_SCRIPT = act_at_opening("JavaScript", JS="app.alert(1)")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ACTIVE)
def test_each_kind_is_found_however_it_is_packed(name: str, packed: bool) -> None:
    change, kinds = ACTIVE[name]
    data = write_pdf(change, packed=packed)
    assert (b"/S /" in data or b"/EF" in data or b"/XFA" in data or b"/RichMedia" in data) is not packed
    assert set(list_active_content(data)) == kinds


@pytest.mark.parametrize("packed", [False, True])
def test_a_plain_document_holds_nothing(packed: bool) -> None:
    goes_to_its_page = act_at_opening("GoTo", D="x")
    assert list_active_content(write_pdf(packed=packed)) == []
    assert list_active_content(write_pdf(goes_to_its_page, packed=packed)) == []


def test_tags_of_a_readable_document_are_no_actions() -> None:
    def tag(pdf: Pdf) -> None:
        pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(Type=Name.StructElem, S=Name.Sound))
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(AA=pdf.make_stream(b"", Type=Name.XObject)))

    assert list_active_content(write_pdf(tag)) == []


def test_a_name_spelled_in_another_way_is_found() -> None:
    data = write_pdf(OPENS_A_SCRIPT).replace(b"/JavaScript", b"/JavaScr#69pt").replace(b"/JS", b"/J#53")
    assert set(list_active_content(data)) == {ActiveContent.SCRIPT, ActiveContent.AUTOMATIC}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("name", "kind"), [(Name.Launch, ActiveContent.LAUNCH), (Name.RichMedia, ActiveContent.MEDIA)])
def test_a_name_that_is_an_object_of_its_own_is_found(name: Name, kind: ActiveContent, packed: bool) -> None:
    """This failure mode means a link that starts a program, told to nobody: the action only refers to what it does."""

    def refer(pdf: Pdf) -> None:
        act = Dictionary(F=String("cmd.exe"))
        act[Name.S if name == Name.Launch else Name.Subtype] = pdf.make_indirect(name)
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], A=act)])

    assert list_active_content(write_pdf(refer, packed=packed)) == [kind]


def test_what_nothing_refers_to_is_found_too() -> None:
    """Readers that rebuild a file may use what others leave out."""
    before, table, after = write_pdf().partition(b"xref\n")
    lost = b"9 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"
    assert list_active_content(before + lost + table + after) == [ActiveContent.LAUNCH]


def test_bytes_before_the_header_are_read_past() -> None:
    assert list_active_content(b"\n" + write_pdf(OPENS_A_SCRIPT)) != []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4\n", "pdf-damaged"),
        (write_pdf()[:200], "pdf-damaged"),
        (write_pdf(encryption=Encryption(user="rahasia", owner="rahasia")), "pdf-locked"),
        (b"%PDF-1.4\n1 0 obj\n" + b"[" * 2_000_000, "pdf-damaged"),
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "pdf-damaged"),
    ],
)
def test_what_nobody_can_open_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        examine_upload(data, PDF)
    assert refused.value.code == code
    assert "cetak ke PDF" in refused.value.fields["file"]


def test_a_password_of_the_owner_alone_locks_nobody_out() -> None:
    data = write_pdf(act_at_click("JavaScript", JS="app.alert(1)"), encryption=Encryption(user="", owner="rahasia"))
    assert examine_upload(data, PDF) == [ActiveContent.SCRIPT]


def picture(width: int, height: int, kind: str) -> bytes:
    out = BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
    return out.getvalue()


def told_size(width: int, height: int) -> bytes:
    """A PNG that says so; what follows its header is never read."""
    small = picture(8, 8, "PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


@pytest.mark.parametrize("data", [picture(2000, 3000, "JPEG"), picture(7000, 10000, "PNG")])
def test_a_scan_is_taken(data: bytes) -> None:
    assert examine_upload(data, guess_type(data) or "") == []


def test_a_picture_without_a_picture_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        examine_upload(b"\x89PNG\r\n\x1a\n", "image/png")
    assert refused.value.code == "picture-unreadable"


@pytest.mark.parametrize("size", [(10001, 10000), (30000, 30000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_unfolds_to_gigabytes_is_refused_with_what_to_do(size: tuple[int, int]) -> None:
    """This failure mode means the browser of who verifies it, out of memory over a hundred kilobytes."""
    with pytest.raises(Invalid) as refused:
        examine_upload(told_size(*size), "image/png")
    assert refused.value.code == "picture-too-large"
    assert "resolusi" in refused.value.fields["file"]


def test_more_than_is_looked_at_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST_NODES", 20)
    many = [Dictionary(S=Name.URI, URI=String(str(number))) for number in range(30)]
    found = list_active_content(write_pdf(lambda pdf: pdf.Root.__setattr__("Many", Array(many))))
    assert found == [ActiveContent.LINK, ActiveContent.UNREAD]


def test_a_nest_is_not_followed_to_its_bottom() -> None:
    nest: Object = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    for _ in range(walking.DEEPEST + 50):
        nest = Array([nest])
    assert ActiveContent.UNREAD in list_active_content(write_pdf(lambda pdf: pdf.Root.__setattr__("Nest", nest)))


def test_a_pdf_that_unfolds_is_refused_and_the_next_is_examined() -> None:
    """A stream of objects that is small and becomes gigabytes: memory is bounded in the process that reads it."""
    with pytest.raises(Invalid) as refused:
        examine_upload(unfolding_pdf(), PDF)
    assert refused.value.code in {"pdf-too-heavy", "pdf-damaged"}
    assert examine_upload(write_pdf(), PDF) == []


def unfolding_pdf() -> bytes:
    """A packed PDF whose first stream of objects is replaced by one of a gigabyte of blanks, in a megabyte."""
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(1024)) + packer.flush()
    data = write_pdf(OPENS_A_SCRIPT, packed=True)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.Root
    head, mark, rest = data.partition(b"/Type /ObjStm")
    start = rest.index(b"stream\n") + len(b"stream\n")
    end = rest.index(b"endstream")
    length = f"/Length {len(bomb)}".encode()
    words = rest[:start].split()
    words[words.index(b"/Length") : words.index(b"/Length") + 2] = [length]
    return head + mark + b" " + b" ".join(words) + b"\n" + bomb + b"\n" + rest[end:]


def test_kinds_told_by_a_newer_service_count_as_unread() -> None:
    assert list_known_kinds(["script", "hologram"]) == [ActiveContent.SCRIPT, ActiveContent.UNREAD]


def test_a_link_is_nothing_to_mend() -> None:
    assert list_to_mend([ActiveContent.LINK, ActiveContent.XFA]) == [ActiveContent.XFA]
