# Everything here works on a fresh Debian machine with Python 3.11 or later, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# compiled modules are kept, whatever the machine's default: every service is a process that starts
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo run test test-later covered mutants check sbom bench install install-dev install-bench clean

demo: install  ## drive whole certifications through the embedded system, and end
	$(BIN)/kompeten demo

run: install  ## keep the embedded system running for a browser, with demo accounts
	KOMPETEN_TRIAL=true KOMPETEN_DEMO_PASSWORD=$${KOMPETEN_DEMO_PASSWORD:-contoh-kompeten} $(BIN)/kompeten up

# the unit tests run once, on a later day in another time zone: what passes there passes today. The suites of
# `make check` are not run again
test: install-dev  ## all tests, on real servers
	$(BIN)/python -m tests.servers up
	$(BIN)/python -m tests.later --date 2028-02-29 --zone America/Los_Angeles --workers 2 -- tests/unit --cov --cov-report=
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-append --cov-report= tests/compliance tests/integration tests/security tests/rules tests/worlds
	$(MAKE) covered
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/chaos
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/end_to_end tests/browser

DOMAIN := services/*/domain.py,services/*/domain/*,services/*/*/domain.py

covered: install-dev  ## what the last run of tests reached, branches included; 95 % where a fault costs most
	$(BIN)/python -m coverage report --include='$(DOMAIN)' --show-missing --skip-covered --fail-under=95
	$(BIN)/python -m coverage report --include='shared/security/*' --show-missing --skip-covered --fail-under=95
	files=$$($(BIN)/python -m tests.mutations.rooms messaging) && \
	$(BIN)/python -m coverage report --include="$$files" --show-missing --skip-covered --fail-under=95

# what `make mutants` tries: rooms, and --sample or --processes as `python -m tests.mutations --help` says
ROOMS ?=

mutants: install-dev  ## which faults in rules and messaging no unit test notices; ROOMS="decision messaging --sample 200"
	$(BIN)/python -m tests.mutations $(ROOMS)

# what `make test-later` runs: parts of the suite, and --date, --zone or --workers as `python -m tests.later --help` says
LATER ?=

test-later: install-dev  ## the unit tests on four later dates in three time zones; LATER="PARTS --date ... --zone ..."
	$(BIN)/python -m tests.later $(LATER)

check: install-dev  ## style, types, walls, names, prose, generated documents, migrations, advisories
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared services kompeten tests benchmarks examples
	$(BIN)/python -m pytest -q tests/checks
	$(BIN)/python scripts/audit-packages requirements/runtime.txt requirements/dev.txt

sbom: install-dev  ## what the image's Python packages are, with their hashes: build/sbom.cdx.json (CycloneDX); asks nobody
	mkdir -p build
	$(BIN)/python -m cyclonedx_py requirements requirements/runtime.txt --pyproject pyproject.toml --output-reproducible --of JSON --validate -o build/sbom.cdx.json

bench: install-bench  ## figures and ratios of one run, in benchmarks/results.json too; PART=pipeline, BESIDE=a commit
	$(BIN)/python -m tests.servers up
	$(BIN)/python -m benchmarks $(PART) $(if $(BESIDE),--beside $(BESIDE))

install: $(VENV)/.runtime
install-dev: $(VENV)/.dev
install-bench: $(VENV)/.bench

$(VENV)/bin/python:
	scripts/make-venv $(PYTHON) $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements/runtime.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/bench.txt
	touch $@

clean:
	rm -rf $(VENV) var build *.egg-info
