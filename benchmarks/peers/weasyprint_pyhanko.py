"""The certificate through WeasyPrint (PDF/A-3a, tagged, credential attached) and stock pyHanko."""

from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from benchmarks.peers.certificate_page import page
from benchmarks.peers.stock_pyhanko import StockSigner
from services.certificate.making.production import REASON, Sheet
from shared.credentials import ATTACHMENT, badge, credential_key

_fonts = FontConfiguration()


def made(sheet: Sheet, signer: StockSigner) -> bytes:
    credential = badge.issue_badge(sheet.claims, credential_key(), sheet.at)
    attached = Attachment(string=credential, name=ATTACHMENT, relationship="Data")
    pdf: bytes = HTML(string=page(sheet)).write_pdf(
        pdf_variant="pdf/a-3a", attachments=[attached], font_config=_fonts, pdf_tags=True
    )
    return signer.sign(pdf, REASON)
