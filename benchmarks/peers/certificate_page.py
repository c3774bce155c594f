"""The same certificate as a web page, for makers of PDF that start from HTML: both sides, photo, QR code, ornaments."""

from base64 import b64encode
from pathlib import Path

import jinja2

from services.certificate.body_settings import DOCUMENTS
from services.certificate.making.production import Sheet
from shared.credentials import compact, credential_key
from shared.documents import qr
from shared.documents.glyphs import FONTS

PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Sertifikat Kompetensi {{ number }}</title>
<meta name="author" content="{{ issuer }}"><style>
{% for family in ("Serif", "Sans") %}{% for face, weight, style in (("Regular", 400, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic")) %}
@font-face { font-family: "Noto {{ family }}"; font-weight: {{ weight }}; font-style: {{ style }};
  src: url("file://{{ fonts }}/Noto{{ family }}-{{ face }}.ttf"); }
{% endfor %}{% endfor %}
@page { size: A4; margin: 0 }
* { margin: 0; box-sizing: border-box }
body { font: 10.5pt "Noto Serif"; color: #1c2733 }
section { position: relative; z-index: 0; width: 210mm; height: 296.9mm; padding: 22mm 23mm; text-align: center;
  page-break-after: always; background-size: 210mm 297mm }
.front { background-image: url("file://{{ documents }}/frame-2.svg") }
.back { background-image: url("file://{{ documents }}/frame-2-back.svg") }
.rosette { position: absolute; z-index: -1; left: 30mm; top: 61mm; width: 150mm }
i { font-size: .86em; color: #46525e } h1 { font-size: 27pt; letter-spacing: 1.8pt; color: #0f4c5c; margin-top: 16mm }
h2 { font-size: 16pt; color: #0f4c5c } .name { font-size: 27pt; font-weight: 700; margin: 4mm 0 2mm }
p { margin: 3mm 0 } .said { margin-top: 9mm } .foot { position: absolute; bottom: 26mm }
table { width: 100%; margin-top: 6mm; border-collapse: collapse; font: 9pt "Noto Sans"; text-align: left }
th { background: #0f4c5c; color: #fff } th, td { padding: 1.9mm 2.2mm; border-bottom: .4pt solid #cdb987 }
</style></head><body>
<section class="front"><img class="rosette" alt="" src="file://{{ documents }}/rosette-2.svg">
<p><b style="color:#0f4c5c;font-size:14.5pt">{{ issuer }}</b></p><h1>SERTIFIKAT KOMPETENSI</h1>
<p><i lang="en">Certificate of Competence</i></p><p>No. {{ number }}</p>
<p class="said">Dengan ini menyatakan bahwa,<br><i lang="en">This is to certify that,</i></p>
<div class="name">{{ name }}</div><p>No. Reg. {{ registration_number }}</p>
<p class="said">Telah kompeten pada bidang:<br><i lang="en">Is competent in the area of:</i></p>
<p><b>{{ field[0] }}</b><br><i lang="en">{{ field[1] }}</i></p>
<p class="said">Dengan Kualifikasi/Kompetensi:<br><i lang="en">With Qualification/Competency:</i></p>
<p><b style="font-size:18pt">{{ scheme[0] }}</b><br><i lang="en">{{ scheme[1] }}</i></p>
<p class="said">Sertifikat ini berlaku untuk: <b>{{ validity[0] }}</b><br><i lang="en">This certificate is valid for:
{{ validity[1] }}</i></p>
<div class="foot" style="left:21mm"><img alt="Kode QR" style="width:35mm" src="data:image/svg+xml;base64,{{ qr }}"><br>
{{ check_code }}</div>
<div class="foot" style="left:60mm;width:90mm">{{ place_and_date }}<p>{{ on_behalf[0] }}<br><i lang="en">{{ on_behalf[1] }}</i></p>
<b>{{ issuer }}</b><p style="margin-top:15mm"><b>{{ signatory }}</b><br>{{ role[0] }} / <i lang="en">{{ role[1] }}</i></p></div>
</section>
<section class="back"><h2>Daftar Unit Kompetensi</h2><p><i lang="en">List of Unit(s) of Competency</i></p><p>{{ name }}<br>No. {{ number }}</p>
<table><thead><tr><th>No.<th>Kode Unit<br><i style="color:#fff">Unit Code</i><th>Judul Unit<br><i style="color:#fff">Unit Title</i></thead><tbody>
{% for code, title, english in units %}<tr><td>{{ loop.index }}.<td>{{ code }}<td>{{ title }}<br><i lang="en">{{ english }}</i>
{% endfor %}</tbody></table>
<div class="foot" style="left:23mm"><img alt="Pas foto" style="width:30mm;height:40mm" src="data:image/jpeg;base64,{{ photo }}"></div>
<div class="foot" style="left:60mm;text-align:left;font:7.6pt 'Noto Sans'">Standar: {{ standard }}<br>Keputusan: {{ decree }}<br>
Berlaku sejak: {{ effective[0] }}<br>Berlaku sampai: {{ expires[0] }}<br>Kode periksa: {{ check_code }}</div>
<div class="foot" style="right:23mm;width:60mm">Tanda tangan pemegang<br><i lang="en">Signature of the holder</i>
<p style="margin-top:17mm;border-top:.5pt solid"><b>{{ name }}</b></p></div></section></body></html>
"""  # noqa: E501

_template = jinja2.Environment(autoescape=True).from_string(PAGE)


def page(sheet: Sheet) -> str:
    drawing = qr.qr_svg(compact.qr_text(sheet.claims, credential_key()))
    return _template.render(
        sheet.printed,
        fonts=Path(FONTS),
        documents=DOCUMENTS,
        qr=b64encode(drawing.encode()).decode(),
        photo=b64encode(sheet.photo or b"").decode(),
    )
