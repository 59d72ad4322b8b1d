# channelsim: `make` lists what there is. The first target that needs it builds the environment in .venv.
#
#   make demo PYTHON=python3.12     another interpreter (3.11 or newer)
#   make test ARGS="-k scale -x"    more words for pytest

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=
BIN    := $(VENV)/bin
# uv when it is there and works (a version manager may leave a dead shim), pip otherwise.
UV     := $(shell uv --version >/dev/null 2>&1 && command -v uv)

# No Chromium, no browser tests: said on screen, and .ci/run installs one.
CHROMIUM := $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

USER_EXTRAS      := ui
DEVELOPER_EXTRAS := ui,cluster,sensitivity,optimise,excel,dev

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

.PHONY: help demo test lint bench docs clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 14

demo: $(VENV)/.user  ## the finished story: is this way of doing business scalable, and why
	@$(BIN)/channelsim demo

test: lint  ## everything that must hold before a change is shared: lint, types, tests
	@$(if $(CHROMIUM),,echo "No Chromium found: tests marked 'browser' are left out (Debian: apt-get install chromium)." >&2)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(if $(CHROMIUM),,-m "not browser") $(ARGS)

lint: $(VENV)/.developer  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.developer  ## speed and work against the stated bars
	$(BIN)/python -m benchmarks.tandem
	$(BIN)/python -m benchmarks.growth

docs: $(VENV)/.developer  ## regenerate reference tables, generated pages, drawings and captured output
	$(BIN)/python -m docs.build

clean:  ## remove the environment, caches and builds; results stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment, two fillings: what the program needs, and everything a developer needs.
# $(1) = extras
define environment
@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' was not found (Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
@echo "Preparing $(VENV) (once; a minute or two with pip, seconds with uv) ..." >&2
$(if $(UV),$(call with_uv,$(1)),$(call with_pip,$(1)))
@touch $@
endef

define with_uv
@test -x $(BIN)/python || $(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" $(VENV)
@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --constraint requirements.lock --editable '.[$(1)]'
endef

define with_pip
@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)." >&2; rm -rf $(VENV); exit 1; }
@$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[$(1)]'
endef

$(VENV)/.user: pyproject.toml requirements.lock
	$(call environment,$(USER_EXTRAS))

$(VENV)/.developer: pyproject.toml requirements.lock
	$(call environment,$(DEVELOPER_EXTRAS))
	@touch $(VENV)/.user
