"""The work of certificate that is done after a transaction, each kind safe to do twice."""

from services.certificate.bulk.commands.batches import BULK
from services.certificate.bulk.jobs import do_batch_lines
from services.certificate.commands.ordering import ISSUE
from services.certificate.commands.revising import MAKE
from services.certificate.making.jobs import BATCH, issue_certificates, make_versions
from shared.messaging.jobs import Jobs

jobs = Jobs("certificate")
jobs.does(BULK)(do_batch_lines)
jobs.does_many(ISSUE, batch=BATCH)(issue_certificates)
jobs.does_many(MAKE, batch=BATCH)(make_versions)
