"""`kompeten agency`, as an operator runs it, against a real broker and database."""

import subprocess
from pathlib import Path

from tests.end_to_end.systems import KOMPETEN, ROOT
from tests.integration.agencies.scene import Body

WRONG = (
    (["add", "Perpus Nas"], "name"),
    (["add", "perpusnas", "--contact", "nobody"], "alamat surel"),
    (["add", "perpusnas", "--webhook", "https://10.0.0.1/"], "privat"),
    (["rotate", "nobody"], "tidak ada"),
)


def users(body: Body) -> set[str]:
    return {user["name"] for user in body.broker.ask("GET", "/api/users")}


def test_an_agency_comes_and_gets_settings_ready_to_paste(body: Body) -> None:
    done = body.run("add", "perpusnas", "--webhook", "https://hook.contoh.test/", "--contact", "a@contoh.test")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == "# how to begin: https://lsp.contoh.test/certificate/events"
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert names == ["AMQP_URL", "STREAM", "FEED_URL", "FEED_KEY", "WEBHOOK_SECRET"]
    assert "AMQP_URL=amqp://agency-perpusnas:" in done.stdout
    assert f"@127.0.0.1:{body.broker.port}/kompeten" in done.stdout
    assert "agency-perpusnas" in users(body)


def test_adding_it_again_changes_no_key(body: Body) -> None:
    body.agency("add", "perpusnas")
    again = body.run("add", "perpusnas", "--contact", "lain@contoh.test")
    assert again.returncode == 0
    assert "is there already" in again.stdout
    assert "FEED_KEY" not in again.stdout
    assert body.agency("add", "perpusnas", "--webhook", "https://hook.contoh.test/").keys() == {"WEBHOOK_SECRET"}


def test_the_address_outsiders_use_is_printed(body: Body) -> None:
    body.environment["KOMPETEN_BROKER_PUBLIC_URL"] = "amqps://broker.contoh.test:5671/kompeten"
    address = body.agency("add", "perpusnas")["AMQP_URL"]
    assert address.startswith("amqps://agency-perpusnas:")
    assert address.endswith("@broker.contoh.test:5671/kompeten")


def test_without_a_public_address_of_the_broker_it_is_refused_before_anything_is_done(body: Body) -> None:
    """This failure mode means an agency that is told an address it cannot reach."""
    del body.environment["KOMPETEN_BROKER_PUBLIC_URL"]
    refused = body.run("add", "perpusnas")
    assert refused.returncode == 1
    assert "KOMPETEN_BROKER_PUBLIC_URL" in refused.stderr
    assert "--without-stream" in refused.stderr
    assert body.run("list").stdout == "0 agencies\n"
    made = body.agency("add", "perpusnas", "--without-stream", "--webhook", "https://hook.contoh.test/")
    assert made.keys() == {"FEED_URL", "FEED_KEY", "WEBHOOK_SECRET"}
    assert "agency-perpusnas" not in users(body)


def test_the_list_says_how_it_goes(body: Body) -> None:
    body.agency("add", "perpusnas", "--webhook", "https://hook.contoh.test/")
    body.agency("add", "bnsp")
    body.run("remove", "bnsp")
    lines = body.run("list").stdout.splitlines()
    assert lines[0].startswith("perpusnas\tactive\ton\t0 waiting\thttps://hook.contoh.test/")
    assert lines[1].startswith("bnsp\tremoved\tno webhook")
    assert lines[-1] == "2 agencies"


def test_removing_is_safe_to_repeat(body: Body) -> None:
    body.agency("add", "perpusnas")
    for _ in range(2):
        assert body.run("remove", "perpusnas").returncode == 0
    assert "agency-perpusnas" not in users(body)
    assert body.run("rotate", "perpusnas").returncode == 1


def test_a_broker_that_is_away_leaves_nothing_half_done(body: Body) -> None:
    """This failure mode means the row is there and the user is not: the same command again finishes it."""
    there = body.environment["KOMPETEN_BROKER_MANAGEMENT_URL"]
    body.environment["KOMPETEN_BROKER_MANAGEMENT_URL"] = "http://127.0.0.1:9"
    failed = body.run("add", "perpusnas")
    assert failed.returncode == 1
    assert "run the command again" in failed.stderr
    assert "FEED_KEY" not in failed.stdout
    assert "unsettled" in body.run("list").stdout
    body.environment["KOMPETEN_BROKER_MANAGEMENT_URL"] = there
    assert body.agency("add", "perpusnas").keys() == {"AMQP_URL", "STREAM", "FEED_URL", "FEED_KEY"}
    assert "active" in body.run("list").stdout


def test_what_cannot_be_is_refused_with_a_sentence(body: Body) -> None:
    for arguments, said in WRONG:
        done = body.run(*arguments)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert body.run("list").stdout == "0 agencies\n"


def test_embedded_there_is_no_broker_but_feed_and_webhooks(tmp_path: Path) -> None:
    environment = {"KOMPETEN_DATA_DIR": str(tmp_path)}
    prepared: list[list[str | Path]] = [
        [KOMPETEN, "keys", "create", "--into", f"{tmp_path}/keys"],
        [KOMPETEN, "migrate", "certificate"],
        [KOMPETEN, "agency", "add", "perpusnas", "--webhook", "https://hook.contoh.test/"],
    ]
    for command in prepared:
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    assert "AMQP_URL" not in done.stdout
    assert "FEED_KEY" in done.stdout
    assert "WEBHOOK_SECRET" in done.stdout
