"""What an independent validator says of a document: archival (PDF/A-3a) and accessible (PDF/UA-1)."""

import page

PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)


def failures(pdf: bytes) -> list[str]:
    """What it finds wrong; nothing of a document that is both."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in PROFILES]
    return [failure.message for report in reports if not report.is_compliant for failure in report.failures]
