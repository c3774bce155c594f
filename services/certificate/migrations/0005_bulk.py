"""Tables of bulk."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled with the tables themselves."""


def downgrade() -> None:
    """The way back."""
