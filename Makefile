# Everything a newcomer, a contributor and CI do. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# A pyenv shim is on the PATH even where it leads nowhere: each candidate has to start.
PYTHON := $(shell for each in python3.13 $(HOME)/.pyenv/versions/3.13*/bin/python3.13; do \
  if "$$each" -c 'import venv' >/dev/null 2>&1; then command -v "$$each"; break; fi; done; true)
DEV := .venv/bin
SANDBOX := .venv-sandbox/bin
BARE := .venv-bare/bin
PORT ?= 4566
STACK ?= mailwarden
PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help:  ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: python
python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Mailwarden needs Python 3.13, and there is no python3.13 on the PATH nor under ~/.pyenv/versions/3.13*." >&2; \
	  echo "Install it (https://www.python.org/downloads/, or: pyenv install 3.13) and run make again." >&2; exit 1; fi

.venv/ready: requirements/dev.txt | python
	@echo "Setting up .venv (lint, types, tests) ..."
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(DEV)/pip install $(PIP_FLAGS) -r requirements/dev.txt
	@touch $@

.venv-sandbox/ready: requirements/sandbox.txt | python
	@echo "Setting up .venv-sandbox (AWS in a box, SAM CLI) ..."
	@rm -rf .venv-sandbox && $(PYTHON) -m venv .venv-sandbox
	@$(SANDBOX)/pip install $(PIP_FLAGS) -r requirements/sandbox.txt
	@touch $@

.venv-bare/ready: requirements/bare.txt | python
	@echo "Setting up .venv-bare (the core's tests, without boto3) ..."
	@rm -rf .venv-bare && $(PYTHON) -m venv .venv-bare
	@$(BARE)/pip install $(PIP_FLAGS) -r requirements/bare.txt
	@touch $@

.PHONY: setup
setup: .venv/ready .venv-sandbox/ready .venv-bare/ready  ## Set up every environment (the others do it by themselves)

.PHONY: demo
demo: .venv-sandbox/ready  ## Watch Mailwarden repair broken pools, in a sandbox on this machine
	@$(SANDBOX)/python -m sandbox.demo $(ARGS)

.PHONY: sandbox
sandbox: .venv-sandbox/ready  ## Start the sandbox with Mailwarden deployed, on PORT (4566), until interrupted
	@$(SANDBOX)/python -m sandbox up --port $(PORT)

# What has a sandbox waits for most of its time, and for its turn it should not wait: it comes first. What only computes
# takes the processors whenever nobody else does.
.PHONY: test
test: .venv/ready .venv-sandbox/ready .venv-bare/ready  ## Everything that must hold before a change lands
	@echo "Everything runs side by side; each part tells when it is done, the last after some minutes."
	@$(MAKE) -j3 --output-sync=target e2e box computed

.PHONY: computed
computed:
	@nice -n 19 $(MAKE) functional unit infrastructure lint

.PHONY: lint
lint: .venv/ready .venv-sandbox/ready  ## Style, types, import contracts, template, generated docs
	@$(DEV)/ruff format --check --quiet --no-cache .
	@$(DEV)/ruff check --quiet --no-cache .
	@$(DEV)/mypy layers/core/mailwarden tests tools
	@for app in functions/*/app.py; do $(DEV)/mypy --no-error-summary $$app; done
	@$(DEV)/mypy --python-executable $(SANDBOX)/python sandbox
	@cd layers/core && ../../$(DEV)/lint-imports --config ../../pyproject.toml --cache-dir ../../.import_linter_cache
	@AWS_DEFAULT_REGION=us-east-1 $(SANDBOX)/sam validate --lint --template template.yaml
	@$(DEV)/cfn-lint regions.yaml
	@$(DEV)/python tools/rule_docs.py --check
	@$(DEV)/python tools/cost.py --check
	@$(DEV)/python tools/dashboard_picture.py --check

.PHONY: unit
unit: .venv-bare/ready  ## The core's tests, where boto3 is not installed
	@$(BARE)/python -m pytest tests/unit -q

.PHONY: functional
functional: .venv/ready  ## Adapters and handlers keep their word
	@$(DEV)/python -m pytest tests/functional -q

.PHONY: infrastructure
infrastructure: .venv/ready  ## The template says what the code means
	@$(DEV)/python -m pytest tests/infrastructure -q

.PHONY: box
box: .venv/ready .venv-sandbox/ready  ## The sandbox and the demo do as AWS is known to
	@$(DEV)/python -m pytest tests/sandbox -q

# Two workers, each with a sandbox of its own; what they wrote down of it is judged when both are done.
.PHONY: e2e
e2e: .venv/ready .venv-sandbox/ready  ## The deployed stack in the sandbox
	@rm -rf .pytest_cache/e2e
	@$(DEV)/python -m pytest tests/e2e -q -n 2 --dist loadfile --no-loadscope-reorder --evidence .pytest_cache/e2e
	@$(DEV)/python -m pytest tests/e2e -q -m after_everything --evidence .pytest_cache/e2e

.PHONY: docs
docs: .venv/ready  ## Write the generated documentation anew
	@$(DEV)/python tools/rule_docs.py
	@$(DEV)/python tools/cost.py
	@$(DEV)/python tools/dashboard_picture.py

.PHONY: format
format: .venv/ready  ## Format the code
	@$(DEV)/ruff format --quiet .
	@$(DEV)/ruff check --quiet --fix .

.PHONY: build
build: .venv-sandbox/ready  ## Build the artifacts that are deployed
	@PATH="$(CURDIR)/$(SANDBOX):$$PATH" $(SANDBOX)/sam build

.PHONY: bench
bench: build .venv/ready  ## Measure what the design promises: one table, with targets and ratios
	@$(DEV)/python -m benchmarks

.PHONY: deploy
deploy: build  ## Deploy to your AWS account, guided; then the rules of every other watched region
	@PATH="$(CURDIR)/$(SANDBOX):$$PATH" $(SANDBOX)/sam deploy --guided --stack-name $(STACK)
	@$(SANDBOX)/python tools/watch_regions.py --stack $(STACK) deploy

.PHONY: stop
stop: .venv-sandbox/ready  ## Emergency stop: no repair from now on; nothing that waits is lost
	@$(SANDBOX)/python tools/repairs_switch.py --stack $(STACK) stop

.PHONY: start
start: .venv-sandbox/ready  ## Let repairs go on, and look again at every watched region
	@$(SANDBOX)/python tools/repairs_switch.py --stack $(STACK) start

# What is given on the command line of make is in the environment: no shell reads an address or a reason as its own.
.PHONY: why
why: .venv-sandbox/ready  ## Ask why a pool's mail arrives or not: POOL=… and perhaps ADDRESS=…; changes nothing
	@$(SANDBOX)/python -m tools.why --stack "$(STACK)" $${POOL_REGION:+--pool-region "$$POOL_REGION"} \
	  $${ADDRESS:+--address "$$ADDRESS"} -- "$${POOL:?says which pool: make why POOL=<id or ARN>}"

.PHONY: unsuppress
unsuppress: .venv-sandbox/ready  ## Take an address from SES's suppression list: REGION=… ADDRESS=… REASON=…
	@$(SANDBOX)/python -m tools.unsuppress --stack "$(STACK)" \
	  --ses-region "$${REGION:?says which SES account: REGION=eu-west-1}" \
	  --reason "$${REASON:?says why the address will not bounce again: REASON=…}" \
	  $$([ "$${CONFIRM:-}" = yes ] && echo --confirm) \
	  $$([ "$${ALTHOUGH_COMPLAINT:-}" = yes ] && echo --although-complaint) \
	  -- "$${ADDRESS:?says whom: ADDRESS=…}"

.PHONY: lock
lock: .venv-sandbox/ready  ## Pin the requirements anew, with hashes and without any index address
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools
	@for name in requirements/bare requirements/dev requirements/sandbox layers/dependencies/requirements; do \
	  (cd $$(dirname $$name) && $(CURDIR)/.venv-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o $$(basename $$name).txt $$(basename $$name).in); done
	@rm -rf .venv-lock

.PHONY: clean
clean:  ## Remove what was set up and built
	@rm -rf .venv .venv-sandbox .venv-bare .aws-sam .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis
