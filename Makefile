# Every target sets itself up in .venv from the locks; nothing needs to be installed by hand.
# The first run of a target installs, later runs start at once. `make help` lists the targets.

# The interpreter .venv is made from. Where it is too old, newer ones are tried by name; one that
# was named on the command line or in the environment is the only one tried.
PYTHON ?= python3
ifneq ($(origin PYTHON),file)
export PYTHON
endif
# The uv to install with: empty finds or fetches one, `no` uses pip.
UV ?=
export UV

SAMPLE ?= data/samples/telephone-answering-service.xlsx
AS_OF ?= 2026-09-30
OUT ?= reports/latest

# Where this is set, nothing imported is ever compiled to disk, and each start pays for it.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
SANITISE := $(wildcard notebooks/sanitise.cfg)
# One pytest call for tests and notebooks: its last line counts both. A file, and so a notebook, is
# run by one process from its first test to its last.
TESTS := tests --ignore=tests/bench -n auto --dist loadfile $(if $(NOTEBOOKS),notebooks --nbval --nbval-current-env \
	$(if $(SANITISE),--nbval-sanitize-with $(SANITISE)))

.DEFAULT_GOAL := help
.PHONY: help audit test check lab bench fuzz notebooks locks clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

audit: $(VENV)/run-ready ## audit a sample register into reports/latest (SAMPLE= AS_OF= OUT=)
	@$(PY) -m ropa audit "$(SAMPLE)" --as-of "$(AS_OF)" --out "$(OUT)"

test: $(VENV)/dev-ready ## run the tests and the notebooks
	@$(PYTEST) $(TESTS)

check: $(VENV)/dev-ready ## lint, format, types and layers, then the tests and the notebooks
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --strict
	@$(VENV)/bin/lint-imports
	@$(PYTEST) $(TESTS)

# Containers run as root, which JupyterLab refuses unless told.
lab: $(VENV)/dev-ready ## open JupyterLab on the notebooks
	@$(PY) -m jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

notebooks: $(VENV)/dev-ready ## run the notebooks anew and keep their outputs
	@$(PY) -m jupyter nbconvert --log-level=WARN --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False \
		--ClearMetadataPreprocessor.enabled=True \
		--ClearMetadataPreprocessor.preserve_cell_metadata_mask=tags \
		--ClearMetadataPreprocessor.preserve_nb_metadata_mask='[("kernelspec",),("language_info","name")]' \
		$(NOTEBOOKS)

bench: $(VENV)/dev-ready ## measure speed and memory into reports/bench.json (QUICK=1: less, PORTFOLIO=1: more)
	@PYTHONPATH=. $(PY) -m tests.bench
	@$(if $(PORTFOLIO),PYTHONPATH=. $(PY) tests/bench/bench_portfolio.py --json reports/bench-portfolio.json)
	@$(PYTEST) tests/bench

FUZZ_MINUTES ?= 3
FUZZ_SEED ?= 1
FUZZ_FOLDER ?=

fuzz: $(VENV)/dev-ready ## try made-up damaged workbooks (FUZZ_MINUTES= FUZZ_SEED= FUZZ_FOLDER=)
	@PYTHONPATH=.:data:tests/support $(PY) tests/support/fuzzing.py --minutes $(FUZZ_MINUTES) \
		--seed $(FUZZ_SEED) --save build/fuzz $(FUZZ_FOLDER)

# Pins that still fit are kept; UPGRADE=--upgrade takes the newest. No index or host is written.
# One version for every Python (fewest), so that all readers get the same bytes from one lock.
COMPILE = "$$uv" pip compile --quiet --universal --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --custom-compile-command "make locks" $(UPGRADE)

locks: ## remake the locks from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	@uv=$$(sh locks/install.sh uv) && \
	$(COMPILE) pyproject.toml -o locks/run.txt >/dev/null && \
	$(COMPILE) pyproject.toml --extra dev -c locks/run.txt -o locks/dev.txt >/dev/null && \
	echo uv | $(COMPILE) --no-annotate - -o locks/uv.txt >/dev/null
	@grep -c '==' locks/run.txt locks/dev.txt locks/uv.txt

clean: ## remove what make has made: environment, caches, reports/latest
	@rm -rf build dist reports/latest .venv-uv .mypy_cache .ruff_cache .import_linter_cache \
		.pytest_cache .hypothesis
	@find ropa tests data notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@if [ -e $(VENV)/made-by-make ]; then rm -rf $(VENV); \
	elif [ -e $(VENV) ]; then echo "$(VENV) stays: make did not make it."; fi

$(VENV)/run-ready: locks/run.txt
	@sh locks/install.sh run

$(VENV)/dev-ready: locks/dev.txt pyproject.toml
	@sh locks/install.sh dev
