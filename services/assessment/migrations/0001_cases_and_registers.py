"""Registers, copies, cases and what is noted of them, sittings; and the tables every service has."""

import sqlalchemy as sa
from alembic import op

from shared.database import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("roles", types.Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "assessors",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("met_number", sa.String(length=40), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("schemes", types.Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessors")),
        sa.UniqueConstraint("met_number", name=op.f("uq_assessors_met_number")),
    )
    with op.batch_alter_table("assessors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessors_name"), ["name"], unique=False)

    op.create_table(
        "centres",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("verified_until", sa.Date(), nullable=False),
        sa.Column("schemes", types.Json, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centres")),
        sa.UniqueConstraint("name", name=op.f("uq_centres_name")),
    )
    op.create_table(
        "files",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_name", sa.String(length=200), nullable=False),
        sa.Column("scheme_id", sa.String(length=60), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=False),
        sa.Column("scheme_title", sa.String(length=500), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verifier_id", sa.Uuid(), nullable=True),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("claims", types.Json, nullable=False),
        sa.Column("documents", types.Json, nullable=False),
        sa.Column("adjustment_needed", sa.Boolean(), nullable=False),
        sa.Column("adjustment_note", sa.Text(), nullable=False),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("renews", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_files")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_files_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_applicant_name"), ["applicant_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "sittings",
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_sittings_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
    )
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sittings_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sittings_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "cases",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("refused_units", types.Json, nullable=False),
        sa.Column("excluded_assessors", types.Json, nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["files.application_id"], name=op.f("fk_cases_application_id")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_cases_assessor_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_cases_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("application_id", "attempt", name=op.f("uq_cases_application_id_attempt")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_state"), ["state"], unique=False)

    op.create_table(
        "sitting_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("aspects", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("written_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_reports_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_reports")),
        sa.UniqueConstraint("sitting_id", "assessor_id", name=op.f("uq_sitting_reports_sitting_id_assessor_id")),
    )
    with op.batch_alter_table("sitting_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_reports_assessor_id"), ["assessor_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_name", sa.String(length=200), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", types.UtcDateTime(), nullable=False),
        sa.Column("cleared_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assignments_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("checks", types.Json, nullable=False),
        sa.Column("explanations", types.Json, nullable=False),
        sa.Column("briefings", types.Json, nullable=False),
        sa.Column("plan", types.Json, nullable=False),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("proposed_at", types.UtcDateTime(), nullable=True),
        sa.Column("disagreement", sa.Text(), nullable=False),
        sa.Column("agreed_at", types.UtcDateTime(), nullable=True),
        sa.Column("reasons", types.Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consultations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_consultations_case_id_number")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultations_case_id"), ["case_id"], unique=False)

    op.create_table(
        "day_records",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("checklist", types.Json, nullable=False),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("ready_at", types.UtcDateTime(), nullable=True),
        sa.Column("judgements", types.Json, nullable=False),
        sa.Column("further_evidence", types.Json, nullable=False),
        sa.Column("completed_at", types.UtcDateTime(), nullable=True),
        sa.Column("units", types.Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recommended_at", types.UtcDateTime(), nullable=True),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_day_records_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_day_records")),
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Boolean(), nullable=False),
        sa.Column("superior_or_subordinate", sa.Boolean(), nullable=False),
        sa.Column("same_work_unit", sa.Boolean(), nullable=False),
        sa.Column("trainer", sa.Boolean(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_declarations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declarations_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declarations_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declarations_case_id"))
        batch_op.drop_index(batch_op.f("ix_declarations_assessor_id"))
        batch_op.drop_index(batch_op.f("ix_declarations_applicant_id"))

    op.drop_table("declarations")
    op.drop_table("day_records")
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultations_case_id"))

    op.drop_table("consultations")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_case_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_assessor_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("sitting_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_reports_assessor_id"))

    op.drop_table("sitting_reports")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_state"))
        batch_op.drop_index(batch_op.f("ix_cases_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_cases_assessor_id"))
        batch_op.drop_index(batch_op.f("ix_cases_application_id"))
        batch_op.drop_index(batch_op.f("ix_cases_applicant_id"))

    op.drop_table("cases")
    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_starts_at"))
        batch_op.drop_index(batch_op.f("ix_sittings_centre_id"))

    op.drop_table("sittings")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_files_scheme_id"))
        batch_op.drop_index(batch_op.f("ix_files_applicant_name"))
        batch_op.drop_index(batch_op.f("ix_files_applicant_id"))

    op.drop_table("files")
    op.drop_table("centres")
    with op.batch_alter_table("assessors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessors_name"))

    op.drop_table("assessors")
    op.drop_table("accounts")
