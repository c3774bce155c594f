"""What each ailment means and what to do about it, in Indonesian and English: for alarms and for the command line."""

from dataclasses import dataclass

from shared.observability.ailments import Ailment, Code


@dataclass(frozen=True, slots=True)
class Advice:
    """`what` is wrong and what to `do`, each in both languages; braces are filled with the ailment's figures."""

    what: str
    do: str
    what_en: str
    do_en: str


ADVICE = {
    Code.SERVICE: Advice(
        "Layanan tidak menjawab: {error}.",
        "Lihat keadaan kontainer (docker compose ps) dan lognya (docker compose logs {service}), lalu jalankan lagi.",
        "The service does not answer: {error}.",
        "Look at its container (docker compose ps) and its log (docker compose logs {service}), and start it again.",
    ),
    Code.DATABASE: Advice(
        "Basis data tidak dapat dipakai: {error}.",
        "Periksa kontainer postgres, ruang disk, dan kata sandi layanan ini. Tidak ada yang hilang; semua menunggu.",
        "The database cannot be used: {error}.",
        "Check the container postgres, its disk, and this service's password. Nothing is lost; the work waits.",
    ),
    Code.BROKER: Advice(
        "Broker tidak menjawab ({error}), sejak {minutes} menit.",
        "Periksa kontainer rabbitmq, ruang disk, dan kata sandi layanan ini. Peristiwa menunggu di outbox; tidak ada "
        "yang hilang.",
        "The broker does not answer ({error}), for {minutes} min.",
        "Check the container rabbitmq, its disk, and this service's password. Events wait in the outbox; nothing is "
        "lost.",
    ),
    Code.STORE: Advice(
        "Penyimpanan berkas tidak menjawab ({error}), sejak {minutes} menit.",
        "Periksa kontainer minio (atau server S3) dan ruang disknya. Unggahan ditolak sampai ia menjawab lagi.",
        "The object store does not answer ({error}), for {minutes} min.",
        "Check the container minio (or the S3 server) and its disk. Uploads are refused until it answers.",
    ),
    Code.LIMITS: Advice(
        "Penyimpanan hitungan percobaan tidak menjawab ({error}), sejak {minutes} menit.",
        "Periksa kontainer limits. Sementara itu setiap replika menghitung sendiri; tidak ada yang ditolak karenanya.",
        "The store of limits does not answer ({error}), for {minutes} min.",
        "Check the container limits. Each replica counts for itself meanwhile; nobody is refused because of it.",
    ),
    Code.MAIL: Advice(
        "Server surel tidak menjawab ({error}), sejak {minutes} menit.",
        "Periksa KOMPETEN_MAIL_URL, pengguna dan kata sandinya. Surel menunggu dan dikirim begitu server menjawab.",
        "The mail server does not answer ({error}), for {minutes} min.",
        "Check KOMPETEN_MAIL_URL, its user and password. Mails wait and are sent once it answers.",
    ),
    Code.OUTBOX: Advice(
        "{count} peristiwa menunggu diterbitkan, yang tertua {minutes} menit.",
        "Periksa kontainer rabbitmq dan log layanan ini (cari 'relay'). Tidak ada yang hilang.",
        "{count} events wait to be published, the oldest for {minutes} min.",
        "Check the container rabbitmq and this service's log (look for 'relay'). Nothing is lost.",
    ),
    Code.INBOX: Advice(
        "{count} peristiwa yang diterima belum dapat diolah, yang tertua sejak {minutes} menit.",
        "Lihat alasannya: kompeten dead-letters list.",
        "{count} received events could not be taken in yet, the oldest for {minutes} min.",
        "See why: kompeten dead-letters list.",
    ),
    Code.DEAD: Advice(
        "{count} surat mati: peristiwa atau pekerjaan yang gagal sampai percobaan terakhir.",
        "Lihat alasannya (kompeten dead-letters list), perbaiki penyebabnya, lalu kompeten dead-letters replay.",
        "{count} dead letters: events or jobs that failed to their last try.",
        "See why (kompeten dead-letters list), mend the cause, then kompeten dead-letters replay.",
    ),
    Code.JOBS: Advice(
        "{count} pekerjaan '{kind}' menunggu, yang tertua {minutes} menit.",
        "Lihat log layanan ini: yang dibutuhkan pekerjaan itu (penyimpanan, kunci, server surel) mungkin tidak ada.",
        "{count} jobs '{kind}' wait, the oldest for {minutes} min.",
        "See this service's log: what they need (store, key, mail server) may be away.",
    ),
    Code.TIMER: Advice(
        "Pekerjaan berkala '{timer}' terlambat {minutes} menit.",
        "Lihat log layanan ini; bila tidak ada kesalahan, jalankan ulang kontainernya (docker compose restart).",
        "The timer '{timer}' is {minutes} min late.",
        "See this service's log; if there is no error, restart its container (docker compose restart).",
    ),
    Code.LOOP: Advice(
        "Layanan tersendat: terlambat {seconds} detik dalam setengah menit terakhir.",
        "Bila berulang, tambah replika (docker compose up -d --scale) atau prosesor.",
        "The service stalled: {seconds} s late within the last half minute.",
        "If it comes again, add replicas (docker compose up -d --scale) or processors.",
    ),
    Code.POOL: Advice(
        "Semua {size} sambungan basis data sedang dipakai.",
        "Bila menetap, periksa transaksi yang lama di postgres, atau naikkan KOMPETEN_DATABASE_POOL.",
        "All {size} database connections are in use.",
        "If it stays so, look for long transactions in postgres, or raise KOMPETEN_DATABASE_POOL.",
    ),
    Code.KEY: Advice(
        "Sertifikat '{name}' berakhir pada {day}.",
        "Ganti sebelum hari itu: docs/operations/keys.md.",
        "The certificate '{name}' ends on {day}.",
        "Replace it before that day: docs/operations/keys.md.",
    ),
    Code.FILES: Advice(
        "{count} berkas yang tercatat tidak ada lagi di penyimpanan, atau isinya berubah.",
        "Lihat daftarnya (kompeten store report) dan pulihkan dari cadangan: docs/operations/store.md.",
        "{count} files that a register names are no longer in the store, or altered.",
        "See which (kompeten store report) and restore them from a backup: docs/operations/store.md.",
    ),
    Code.LOG: Advice(
        "{count} baris log belum dirantai, yang tertua {minutes} menit: perubahan padanya tidak akan ketahuan.",
        "Lihat log layanan ini (cari 'chain_log'): mungkin kunci layanannya tidak terbaca (docs/operations/keys.md).",
        "{count} rows of the log are not chained, the oldest for {minutes} min: a change to them would not be found.",
        "See this service's log (look for 'chain_log'): its key may not be readable (docs/operations/keys.md).",
    ),
    Code.BACKUP: Advice(
        "Tidak ada cadangan yang berhasil dalam {hours} jam terakhir (yang terakhir: {last}).",
        "Lihat hasil pencadangan terakhir dan ruang disknya, lalu jalankan lagi: docs/operations/backup.md.",
        "No backup came to a good end within the last {hours} h (the last one: {last}).",
        "Look at what the last backup said and at its disk, then run it again: docs/operations/backup.md.",
    ),
    Code.DATA: Advice(
        "Layanan-layanan bekerja dengan skema, hari libur, atau kode yang berbeda ({groups}).",
        "Periksa berkasnya (kompeten check-data), lalu jalankan ulang semua layanan: docs/operations/data.md.",
        "Services work by different schemes, holidays or codes ({groups}).",
        "Check the files (kompeten check-data), then start all services anew: docs/operations/data.md.",
    ),
    Code.DATA_EDITED: Advice(
        "Berkas skema, hari libur, atau kode sudah diubah, tetapi layanan ini belum membacanya.",
        "Periksa berkasnya (kompeten check-data), lalu jalankan ulang semua layanan: docs/operations/data.md.",
        "The files of schemes, holidays or codes were edited, and this service has not read them yet.",
        "Check the files (kompeten check-data), then start all services anew: docs/operations/data.md.",
    ),
    Code.QUIET: Advice(
        "Sistem ini dipulihkan dari cadangan dan masih diam: surel, webhook dan cap waktu menunggu.",
        "Bila isinya sudah diperiksa: deploy/restore --speak (docs/operations/backup.md).",
        "This system was restored from a backup and is still quiet: mails, webhooks and time stamps wait.",
        "Once what it holds has been looked at: deploy/restore --speak (docs/operations/backup.md).",
    ),
}


def explain_ailment(ailment: Ailment, language: str = "en") -> tuple[str, str]:
    """What is wrong and what to do, as two sentences in `language` (`id` or `en`)."""
    advice = ADVICE[ailment.code]
    words = (advice.what_en, advice.do_en) if language == "en" else (advice.what, advice.do)
    what, do = (text.format_map({"service": ailment.service, **ailment.figures}) for text in words)
    return what, do
