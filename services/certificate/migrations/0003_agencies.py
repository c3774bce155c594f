"""Tables of agencies."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled with the tables themselves."""


def downgrade() -> None:
    """The way back."""
