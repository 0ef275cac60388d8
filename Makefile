# The front door: `make site` builds _site/, `make test` runs every test, `make serve` shows the site.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: site test serve screenshot bench data-reference lock slurm clean
.DELETE_ON_ERROR:

# SITE_URL: where the site will stand; without it, where `make serve` shows it.
site: $(INSTALLED)
	@$(BIN)/joule-atlas build $(if $(SITE_URL),--site-url $(SITE_URL))

test: $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/run.sh

serve: site
	@$(BIN)/joule-atlas serve

# README's picture, or another: the first view of the explorer in _site/, as Chromium shows it.
SCREENSHOT ?= .github/explorer.png
screenshot: $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/chromium.sh
	@$(BIN)/python -m tests.workflows.screenshot $(SCREENSHOT)

bench: $(INSTALLED)
	@$(BIN)/python -m tests.bench.bench

$(INSTALLED): .github/constraints.txt pyproject.toml
	@echo "Installing the pinned packages into .venv (once)."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Joule Atlas needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --quiet --no-compile --disable-pip-version-check --require-hashes --requirement .github/constraints.txt
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# After a change of builder/tables/schema.py.
data-reference: $(INSTALLED)
	@$(BIN)/python -m builder.tables.reference > data/README.md.new && mv data/README.md.new data/README.md

# A one-node Slurm for tests/measure (root, Debian); without it that test is skipped and says so.
slurm:
	@apt-get update -qq && apt-get install -qq --no-install-recommends slurm-wlm munge

# Renew the pins: after a change of the dependencies in pyproject.toml.
lock:
	@$(PYTHON) -m venv --clear .venv/lock && .venv/lock/bin/python -m pip install --quiet uv
	@.venv/lock/bin/uv pip compile --quiet --no-config --upgrade --universal --python-version 3.11 --all-extras \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --output-file .github/constraints.txt pyproject.toml

clean:
	rm -rf .venv _site
