"""Tables of trust."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled with the tables themselves."""


def downgrade() -> None:
    """The way back."""
