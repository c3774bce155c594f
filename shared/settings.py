"""Everything that can be set, read once from `KOMPETEN_*` variables and checked. `.env.example` lists them all."""

import os
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from shared.alarm_settings import AlarmSettings
from shared.backup_settings import BackupSettings
from shared.body_data_settings import BodyDataSettings


class Settings(AlarmSettings, BackupSettings, BodyDataSettings):
    """The defaults run everything embedded: one process, SQLite files, folders under `data_dir`."""

    data_dir: Path = Field(Path("var"), description="Folder of the embedded mode: databases, documents, mail, keys.")
    database_url: str = Field(
        "", description="SQLAlchemy URL, `{service}` filled in; empty: SQLite files in the data folder."
    )
    database_password_file: Path | None = Field(
        None, description="File with the password of the database role, `{service}` filled in."
    )
    database_pool: int = Field(10, ge=1, description="Connections a service process keeps open at most.")
    database_reserved: int = Field(
        4, ge=0, description="How many of them web requests may not use: consumer, relay, jobs and timers need them."
    )
    database_wait_seconds: float = Field(
        5, gt=0, description="How long a free connection is waited for, seconds; then a request is answered with 503."
    )
    database_statement_seconds: float = Field(
        20,
        gt=0,
        description="Longest statement, seconds (migrations aside); silent for 5 more, the server counts as hung.",
    )
    database_web_seconds: float = Field(
        10, gt=0, description="How long a web request waits for the database's answer, seconds; then it gets a 503."
    )
    database_lock_seconds: float = Field(
        10, gt=0, description="How long a statement waits for a lock that another transaction holds, seconds."
    )
    database_idle_seconds: float = Field(
        60, gt=0, description="A transaction without a statement for so many seconds is ended by the server."
    )
    database_network_seconds: float = Field(
        20, ge=1, description="A connection whose other side acknowledges nothing for so many seconds is dropped."
    )
    runner: Literal["nameko", "threads"] = Field(
        "nameko", description="What runs the services: `nameko` (greenlets) or `threads` (native ones)."
    )
    broker_url: str = Field("memory://", description="`memory://` (embedded) or `amqp://user@host:5672/vhost`.")
    broker_password_file: Path | None = Field(None, description="File with the password of the broker user.")
    broker_management_url: str = Field("", description="RabbitMQ management API, for `kompeten agency`.")
    broker_admin: str = Field(
        "kompeten-admin", description="The broker's administrator, for `agency` and `dead-letters rejected`."
    )
    broker_admin_password_file: Path | None = Field(None, description="File with the administrator's password.")
    broker_public_url: str = Field(
        "", description="`amqps://host:5671/vhost` that other agencies reach the broker at; empty: they cannot."
    )
    object_store_url: str = Field(
        "", description="`file:///folder` or `s3+http(s)://host:port/bucket`; empty: the data folder."
    )
    object_store_region: str = Field("us-east-1", description="Region the S3 signatures are made for.")
    object_store_access_key_file: Path | None = Field(None, description="File with the S3 access key.")
    object_store_secret_key_file: Path | None = Field(None, description="File with the S3 secret key.")
    object_store_public_url: str = Field(
        "", description="Address readers reach the S3 server at, for short links; empty: the service hands files out."
    )
    object_store_lock: bool = Field(
        True, description="Lock certificates in the bucket (object lock, compliance) until validity and retention end."
    )
    object_store_silent_seconds: float = Field(
        4, gt=0, description="How long the S3 server may say nothing, seconds; then it counts as away (503)."
    )
    object_store_seconds: float = Field(
        20, gt=0, description="Longest time one file may take to be read or written, seconds."
    )
    object_store_rest_seconds: float = Field(
        5, gt=0, description="After three failures in a row the S3 server is left alone for so many seconds."
    )
    retention_years: int = Field(
        5, ge=1, le=100, description="Years that certificates are kept beyond their validity (a full cycle at least)."
    )
    keep_uploads_days: float = Field(
        1, ge=0.05, description="Days after which an upload that no record names is deleted from the store."
    )
    mail_url: str = Field(
        "", description="`smtp://host:port`, `smtps://…` or `file:///folder`; empty: the data folder."
    )
    mail_from: str = Field("LSP Pustakawan <no-reply@localhost>", description="Sender of the mails.")
    mail_user: str = Field("", description="User name for the SMTP server, if it wants one.")
    mail_password_file: Path | None = Field(None, description="File with the SMTP password.")
    mail_wait_days: float = Field(
        5, gt=0, description="Days a mail waits for a mail server that is away; then it has failed."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address people reach the system at; stands in links and QR codes; passkeys are bound to its host.",
    )
    listen: str = Field("127.0.0.1:8000", description="Address and port the web server listens on.")
    token_private_key_file: Path | None = Field(
        None, description="Ed25519 key that signs access tokens (registration only)."
    )
    token_public_key_file: Path | None = Field(None, description="Its public half, for every service.")
    service_key_file: Path | None = Field(
        None,
        description="Keys that sign what this service tells and open what is sealed for it; `{service}` is its name.",
    )
    service_public_keys_dir: Path | None = Field(
        None, description="Folder with their public halves of every service, `<service>.pub`."
    )
    unsigned_events_until: datetime | None = Field(
        None, description="Until this moment (ISO 8601, with its offset) events that nobody signed are taken in, too."
    )
    encryption_keys_dir: Path | None = Field(
        None, description="Folder with the keys that encrypt at rest, `<ring>/encryption.key`; a service has its own."
    )
    signing_key_file: Path | None = Field(
        None, description="P-256 key (PEM) that signs certificates (certificate only)."
    )
    signing_chain_file: Path | None = Field(None, description="Its certificate and chain (PEM).")
    credential_key_file: Path | None = Field(
        None, description="Ed25519 key (PEM) that signs credentials and QR codes (certificate only)."
    )
    signing_pkcs12_file: Path | None = Field(
        None, description="Key and chain in one file (PKCS#12), in place of those two (certificate only)."
    )
    signing_pkcs12_password_file: Path | None = Field(None, description="File with the password of that file.")
    timestamp_url: str = Field(
        "", description="Time-stamping authority (RFC 3161) that vouches for the register; empty: none."
    )
    timestamp_ca_file: Path | None = Field(None, description="Roots of that authority (PEM): what it says must hold.")
    timestamp_minutes: int = Field(15, ge=1, description="How often the new certificates of the register are stamped.")
    admin_email: str = Field("", description="First administrator, invited at the start of registration if missing.")
    demo_password: str = Field(
        "", description="Trial systems only: makes the demo accounts (contoh) with this password."
    )
    trial: bool = Field(False, description="A trial system: its clock can be moved, its mails can be read on a page.")
    secure_cookies: bool | None = Field(
        None,
        description="Cookies over HTTPS only, with `__Host-` names; empty: where the public address is https.",
    )
    token_minutes: int = Field(15, ge=1, le=60, description="Life of an access token, minutes.")
    session_hours: int = Field(
        12, ge=1, le=24, description="Longest browser session of staff, hours; then they sign in again."
    )
    session_idle_minutes: int = Field(
        120, ge=30, description="A browser session of staff that is not used for so many minutes ends."
    )
    applicant_session_hours: int = Field(168, ge=1, le=720, description="Longest browser session of applicants, hours.")
    applicant_session_idle_minutes: int = Field(
        720, ge=30, description="A browser session of applicants that is not used for so many minutes ends."
    )
    keep_sessions_days: int = Field(
        30, ge=1, description="Days a browser session or a mailed link is kept once it has expired, then swept."
    )
    second_factor: Literal["required", "offered"] | None = Field(
        None,
        description="Whether staff sign in with a second factor: `required` or `offered`; empty: required, but on trial"
        " systems and embedded.",
    )
    login_tries: int = Field(
        10, ge=1, description="Failed logins per account and network (or known browser) in 15 minutes before a pause."
    )
    limits_url: str = Field(
        "", description="Store of shared limits, `redis://host:6379`; empty: the memory of each process."
    )
    limits_password_file: Path | None = Field(None, description="File with the password of that store.")
    request_mb: int = Field(12, ge=1, description="Largest request body, MiB.")
    upload_mb: int = Field(5, ge=1, description="Largest document, MiB.")
    relay_batch: int = Field(500, ge=1, description="Events the relay publishes before it waits for their confirms.")
    relay_poll_seconds: float = Field(1.0, gt=0, description="How often the relay looks for events nobody woke it for.")
    batch_size: int = Field(100, ge=1, description="Events handled in one transaction at most.")
    retry_first_seconds: float = Field(
        1.0, gt=0, description="Pause before the second try of a failed reaction or job, seconds; doubles each time."
    )
    retry_tries: int = Field(8, ge=1, description="Tries of a reaction before it is dead.")
    not_yet_seconds: float = Field(
        0.5, gt=0, description="Pause before a reaction whose precondition has not come is tried again."
    )
    not_yet_limit_seconds: float = Field(
        3600, gt=0, description="How long `not yet` may last before it counts as dead."
    )
    job_poll_seconds: float = Field(1.0, gt=0, description="How often jobs nobody woke it for are looked for.")
    render_workers: int | None = Field(
        None,
        ge=0,
        le=64,
        description="Processes that make certificates; 0: the service's own. Empty: as many as processors, embedded 0.",
    )
    job_lease_seconds: float = Field(
        120, gt=0, description="A job whose worker has not renewed its claim for so many seconds is taken over."
    )
    job_tries: int = Field(12, ge=1, description="Tries of a job before it is dead.")
    keep_events_days: int = Field(
        14, ge=2, description="Days outbox and inbox rows are kept for redelivery, then swept."
    )
    keep_dead_days: int = Field(
        365, ge=30, description="Days a dead letter waits for somebody to look at it, then it is swept."
    )
    drain_seconds: float = Field(
        25, gt=0, description="Time work in hand gets after SIGTERM before the process ends anyway."
    )
    meeting_quorum: int = Field(
        3, ge=2, le=5, description="Officers without a conflict, the deciding one included, that a decision needs."
    )
    decree_format: str = Field(
        "{serial:04d}/SK/LSP/{year}", description="How a decision's decree number is written; counted per year."
    )
    appeal_days: int = Field(14, ge=1, description="Days after a decision within which an appeal may be filed.")
    reassessment_months: int = Field(
        12, ge=1, description="Months after a BK decision within which a re-assessment may be asked for."
    )
    surveillance_window_days: int = Field(
        60, ge=1, description="Days before the anniversary that the surveillance form opens."
    )
    timer_seconds: float = Field(30, gt=0, description="How often daily work (due dates, reminders) is looked for.")
    agency_grace_days: int = Field(
        7, ge=0, description="Days an agency's earlier feed key and webhook secret stay good after a rotation."
    )
    feed_seconds: float = Field(1.0, gt=0, description="How often new public events are numbered and webhooks sent.")
    webhook_timeout_seconds: float = Field(
        10, gt=0, le=60, description="Seconds an agency's webhook has to answer, name look-up and all."
    )
    webhook_first_seconds: float = Field(
        5, gt=0, description="Pause before the second try of a webhook; doubles each time."
    )
    webhook_longest_seconds: float = Field(3600, gt=0, description="Longest pause between two tries of a webhook.")
    webhook_days: float = Field(5, gt=0, description="Days a webhook may fail before it is switched off.")
    webhook_log: int = Field(500, ge=1, description="Tries kept in the delivery log of each agency.")
    lsp_name: str = Field("LSP Pustakawan (contoh)", description="Name of the certification body, on every page.")
    proxies: int = Field(0, ge=0, description="Reverse proxies in front whose X-Forwarded-* headers are believed.")
    proxy_networks: str = Field(
        "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7",
        description="Networks those proxies reach the services from; from elsewhere the headers change nothing.",
    )
    head_seconds: float = Field(10, gt=0, description="How long the head of a request is waited for, seconds.")
    body_seconds: float = Field(180, gt=0, description="How long the whole body of a request is waited for, seconds.")
    answer_seconds: float = Field(
        180, gt=0, description="How long a client may take to fetch the whole of its answer, seconds."
    )
    connections_per_address: int = Field(
        200, ge=1, description="Connections (behind proxies: requests) that one address may hold at once."
    )
    log_level: str = Field("INFO", description="Level of the log lines (JSON, on standard error).")

    @field_validator("*", mode="before")
    @classmethod
    def _empty_means_default(cls, value: Any, info: Any) -> Any:
        """Compose files pass unset variables as empty strings."""
        if value == "" and info.field_name is not None:
            return cls.model_fields[info.field_name].get_default(call_default_factory=True)
        return value

    @field_validator("proxy_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        """Refuse what is no network here, not at the first request."""
        for name in value.split():
            ip_network(name)
        return value

    @property
    def embedded(self) -> bool:
        """One process with the in-memory broker: what is in the broker is gone when the process is."""
        return self.broker_url.startswith("memory:")

    @property
    def cookies_are_secure(self) -> bool:
        """Whether cookies go over HTTPS only."""
        return self.public_url.startswith("https:") if self.secure_cookies is None else self.secure_cookies

    @property
    def second_factor_required(self) -> bool:
        """Whether staff cannot go on without a second factor."""
        if self.second_factor is None:
            return not (self.trial or self.embedded)
        return self.second_factor == "required"

    @property
    def workers(self) -> int:
        """How many processes make certificates."""
        if self.render_workers is not None:
            return self.render_workers
        return 0 if self.embedded else len(os.sched_getaffinity(0))

    def secret(self, file: Path | None) -> str:
        """The content of a secret file, without its line end; empty when no file is named."""
        return file.read_text().strip() if file else ""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
