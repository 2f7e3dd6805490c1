# Everything that newcomers, operators, contributors and CI do. `make help` lists it: each target says in its comment for
# whom it is.
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
# Empty: that of deployment.toml, or mailwarden.
STACK ?=

# $(call need,NAME,how to give it): refuses a target without a variable, before anything is done.
need = @[ -n "$${$(1):-}" ] || { printf 'make $@ needs $(1)=%s\n' '$(2)' >&2; exit 2; }

# AWS_REGION counts more than AWS_DEFAULT_REGION in the AWS CLI and most SDKs; boto3 and sam know the second only.
ifneq ($(AWS_REGION),)
export AWS_DEFAULT_REGION := $(AWS_REGION)
endif
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help:  ## newcomer: List the targets
	@for group in "newcomer:First steps" "operator:Operate a deployed stack (deployment.toml says which)" "contributor:Change Mailwarden"; do \
	  printf '\n%s\n' "$${group#*:}"; \
	  grep -hE "^[a-z0-9-]+:.*## $${group%%:*}: " $(MAKEFILE_LIST) | \
	    awk -F ":.*## $${group%%:*}: " -v width="$${COLUMNS:-$$(tput cols 2>/dev/null || echo 100)}" '{ \
	      line = sprintf("  make %-15s", $$1); count = split($$2, words, " "); \
	      for (word = 1; word <= count; word++) { \
	        if (word > 1 && length(line " " words[word]) > width) { print line; line = sprintf("%22s", "") } \
	        line = line " " words[word] } \
	      print line }'; \
	done

.PHONY: python
python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Mailwarden needs Python 3.13, and there is no python3.13 on the PATH nor under ~/.pyenv/versions/3.13*." >&2; \
	  echo "Install it (https://www.python.org/downloads/, or: pyenv install 3.13) and run make again." >&2; exit 1; fi

.venv/ready: requirements/dev.txt | python
	@$(PYTHON) tools/environment.py .venv requirements/dev.txt "lint, types, tests"
	@touch $@

.venv-sandbox/ready: requirements/sandbox.txt | python
	@$(PYTHON) tools/environment.py .venv-sandbox requirements/sandbox.txt "AWS in a box, SAM CLI"
	@touch $@

.venv-bare/ready: requirements/bare.txt | python
	@$(PYTHON) tools/environment.py .venv-bare requirements/bare.txt "unit tests, without boto3"
	@touch $@

.venv-mutants/ready: requirements/mutants.txt | python
	@$(PYTHON) tools/environment.py .venv-mutants requirements/mutants.txt "mutation tests"
	@touch $@

.PHONY: setup
setup: .venv/ready .venv-sandbox/ready .venv-bare/ready  ## contributor: Set up all environments (every target does so itself when needed)

.PHONY: demo
demo: .venv-sandbox/ready  ## newcomer: Watch Mailwarden repair pools; LANGUAGE=ko, ARGS="--scene 4 --keep"
	@$(SANDBOX)/python -m sandbox.demo $(if $(filter command,$(origin LANGUAGE)),--language $(LANGUAGE)) $(ARGS)

# The command `mailwarden` of this checkout; `pipx install .` installs it.
COMMAND = PYTHONPATH=layers/core:command $(SANDBOX)/python -m mailwarden_command

.PHONY: audit
audit: .venv-sandbox/ready  ## newcomer: Judge all user pools, without a deployment; ARGS="--regions eu-west-1"
	@$(COMMAND) audit $(ARGS)

.PHONY: sandbox
sandbox: .venv-sandbox/ready  ## newcomer: Run AWS in a box with Mailwarden; PORT=4566, ARGS="--parameter NAME=VALUE"
	@$(SANDBOX)/python -m sandbox up --port $(PORT) $(ARGS)

# Two environments are set up at a time where no line moves on a terminal.
# The end-to-end tests measure time: they have the machine to themselves, with two workers. Before them the tests of the
# box, which often wait, have priority over what only computes and fills two processors.
.PHONY: test
test:  ## contributor: Run every check that a change has to pass
	@$(MAKE) $$([ -t 1 ] || echo -j2) setup
	@echo "Three parts at a time; each part reports when it is done, the last after some minutes."
	@$(MAKE) -j3 --output-sync=target COMPUTED="nice -n 19" box pages unit functional infrastructure lint
	@$(MAKE) e2e

.PHONY: lint
lint: .venv/ready .venv-sandbox/ready  ## contributor: Check style, types, import contracts, the template, generated documents
	@$(DEV)/ruff format --check --quiet --no-cache .
	@$(DEV)/ruff check --quiet --no-cache .
	@$(COMPUTED) $(DEV)/mypy layers/core/mailwarden command/mailwarden_command functions tests tools
	@$(DEV)/mypy --python-executable $(SANDBOX)/python sandbox
	@cd layers/core && ../../$(DEV)/lint-imports --config ../../pyproject.toml --cache-dir ../../.import_linter_cache
	@cd command && PYTHONPATH=../layers/core ../$(DEV)/lint-imports --config .importlinter --cache-dir ../.import_linter_cache
	@AWS_DEFAULT_REGION=us-east-1 $(SANDBOX)/sam validate --lint --template template.yaml
	@$(DEV)/cfn-lint regions.yaml configuration-set.yaml
	@$(DEV)/python tools/rule_docs.py --check
	@$(DEV)/python -m tools.region_table write --check
	@$(DEV)/python tools/call_docs.py --check
	@$(DEV)/python tools/command_docs.py --check
	@$(DEV)/python -m tools.live_check.document --check
	@$(DEV)/python tools/cost.py --check
	@$(DEV)/python tools/dashboard_picture.py --check
	@$(DEV)/python tools/documents/alert_pictures.py --check
	@$(SANDBOX)/python tools/sandbox_docs.py --check

.PHONY: unit
unit: .venv-bare/ready  ## contributor: Run the tests of the core, in an environment without boto3
	@$(COMPUTED) $(BARE)/python -m pytest tests/unit -q

.PHONY: mutants
mutants: .venv-mutants/ready  ## contributor: Mutate the safety decisions: the unit tests must notice (minutes)
	@.venv-mutants/bin/python tools/mutants.py $(ARGS)

.PHONY: functional
functional: .venv/ready  ## contributor: Run the tests of adapters and handlers
	@$(COMPUTED) $(DEV)/python -m pytest tests/functional -q

# Without a browser they are left out, with one line; with CI=true that is a failure.
.PHONY: pages
pages: .venv/ready  ## contributor: Run the tests of the HTML report in Chromium, which is installed where it may
	@browser="$$($(DEV)/python tools/browser/chromium.py)"; [ -z "$$browser" ] || $(COMPUTED) $(DEV)/python -m pytest tests/pages -q

.PHONY: infrastructure
infrastructure: .venv/ready  ## contributor: Run the tests of the template against the code
	@$(COMPUTED) $(DEV)/python -m pytest tests/infrastructure -q

.PHONY: box
box: .venv/ready .venv-sandbox/ready  ## contributor: Run the tests of AWS in a box, the demo and the tools
	@$(DEV)/python -m pytest tests/sandbox -q

# Two workers, each with a sandbox of its own; what they wrote down of it is judged when both are done.
.PHONY: e2e
e2e: .venv/ready .venv-sandbox/ready  ## contributor: Run the tests of the deployed stack, in AWS in a box
	@rm -rf .pytest_cache/e2e
	@$(DEV)/python -m pytest tests/e2e -q -n 2 --dist loadfile --no-loadscope-reorder --evidence .pytest_cache/e2e
	@$(DEV)/python -m pytest tests/e2e -q -m after_everything --evidence .pytest_cache/e2e

# Two sandboxes; each lets some dozens of functions die side by side.
.PHONY: deaths
deaths: .venv/ready .venv-sandbox/ready  ## contributor: Let repairs die around every AWS call (half an hour); EVERY=states
	$(if $(filter-out whole states changes,$(EVERY)),$(error EVERY is whole, states or changes))
	@EVERY_DEATH=$(or $(EVERY),whole) $(DEV)/python -m pytest tests/e2e/test_every_death.py tests/e2e/test_every_undo_death.py -q -n 2 --dist load

.PHONY: docs
docs: .venv/ready .venv-bare/ready .venv-sandbox/ready  ## contributor: Regenerate the generated documents
	@$(DEV)/python tools/rule_docs.py
	@$(DEV)/python -m tools.region_table write
	@$(DEV)/python tools/call_docs.py
	@$(DEV)/python tools/command_docs.py
	@$(DEV)/python -m tools.live_check.document
	@$(DEV)/python tools/cost.py
	@$(DEV)/python tools/dashboard_picture.py
	@$(DEV)/python tools/documents/alert_pictures.py
	@$(SANDBOX)/python tools/sandbox_docs.py
	@PYTHONPATH=layers/core $(BARE)/python -m tests.unit.presentation.samples

.PHONY: format
format: .venv/ready  ## contributor: Format the code
	@$(DEV)/ruff format --quiet .
	@$(DEV)/ruff check --quiet --fix .

.PHONY: build
build: .venv-sandbox/ready  ## operator: Build what is deployed
	@PATH="$(CURDIR)/$(SANDBOX):$$PATH" $(SANDBOX)/sam build

.PHONY: bench
bench: build .venv/ready  ## contributor: Measure speed and size against their targets
	@$(DEV)/python -m benchmarks

.PHONY: judge
judge: .venv/ready  ## contributor: Compare the policy evaluator with an independent one (needs Node.js)
	@command -v npm >/dev/null || { echo "make judge needs Node.js with npm" >&2; exit 2; }
	@cd benchmarks/judge && npm ci --silent --no-audit --no-fund --ignore-scripts
	@$(DEV)/python -m benchmarks.judge

.PHONY: comparison
comparison: build .venv/ready  ## contributor: Compare with other tools: CUSTODIAN=… PROWLER=… (their paths); ARGS=--write
	@$(DEV)/python -m benchmarks.comparison $${CUSTODIAN:+--custodian "$$CUSTODIAN"} $${PROWLER:+--prowler "$$PROWLER"} $(ARGS)

# The place and the parameters of the deployment are in deployment.toml; DEPLOYMENT=another.deployment.toml: another one.
DEPLOYING = $(COMMAND) $(1) $(if $(STACK),--stack "$(STACK)") $(ARGS)

.PHONY: deploy
deploy: build  ## operator: Deploy or change, in all regions; asks first; ARGS="--yes --set NAME=VALUE"
	@$(call DEPLOYING,deploy)

.PHONY: plan
plan: build  ## operator: Show what make deploy would change; ARGS="--set NAME=VALUE"
	@$(call DEPLOYING,plan)

.PHONY: status
status: .venv-sandbox/ready  ## operator: Show whether repairs are running, and the stacks of all regions
	@$(COMMAND) repairs --stack "$(STACK)"
	@$(call DEPLOYING,status)

.PHONY: rollback
rollback: .venv-sandbox/ready  ## operator: Roll back a deployment that failed and got stuck
	@$(call DEPLOYING,rollback)

.PHONY: delete
delete: .venv-sandbox/ready  ## operator: Delete the stacks of all regions; keeps the journal; ARGS=--yes
	@$(call DEPLOYING,delete)

.PHONY: stop
stop: .venv-sandbox/ready  ## operator: Emergency stop: no repairs from now on; orders wait for up to 14 days
	@$(COMMAND) stop --stack "$(STACK)"

.PHONY: start
start: .venv-sandbox/ready  ## operator: Resume repairs, and inspect every watched region again
	@$(COMMAND) start --stack "$(STACK)"

.PHONY: release-budget
release-budget: .venv-sandbox/ready  ## operator: Lift the budget of the account for this hour; looks at every region again
	@$(COMMAND) release --stack "$(STACK)" budget

.PHONY: release-fight
release-fight: .venv-sandbox/ready  ## operator: End the pause of repairs that another actor undid: POOL=<ARN>
	$(call need,POOL,<ARN> (the ARN of the user pool, as the alert of MW903 names it))
	@$(COMMAND) release --stack "$(STACK)" fight -- "$$POOL"

# What is given on the command line of make is in the environment: no shell reads an address or a reason as its own.
.PHONY: why
why: .venv-sandbox/ready  ## operator: Show whether a pool can send mail, and why not: POOL=… [ADDRESS=…]
	$(call need,POOL,… (the id or ARN of a user pool): make why POOL=eu-west-1_AbCdEf123)
	@$(COMMAND) why --stack "$(STACK)" $${POOL_REGION:+--pool-region "$$POOL_REGION"} \
	  $${ADDRESS:+--address "$$ADDRESS"} $(ARGS) -- "$$POOL"

.PHONY: unsuppress
unsuppress: .venv-sandbox/ready  ## operator: Remove an address from the suppression list: REGION=… ADDRESS=… REASON="…"
	$(call need,REGION,… (of the SES account): REGION=eu-west-1)
	$(call need,ADDRESS,… (the address to remove): ADDRESS=jane@example.com)
	$(call need,REASON,… (why the address will not bounce again): REASON="the mailbox was full")
	@$(COMMAND) unsuppress --stack "$(STACK)" --ses-region "$$REGION" --reason "$$REASON" \
	  $$([ "$${CONFIRM:-}" = yes ] && echo --confirm) \
	  $$([ "$${ALTHOUGH_COMPLAINT:-}" = yes ] && echo --although-complaint) \
	  -- "$$ADDRESS"

.PHONY: undo
undo: .venv-sandbox/ready  ## operator: Show what undoing a journal entry changes, and undo it: ID=… [CONFIRM=yes]
	$(call need,ID,… (the id of a journal entry): make undo ID=20261129T081530-1a2b3c4d)
	@$(COMMAND) undo --stack "$(STACK)" $$([ "$${CONFIRM:-}" = yes ] && echo --confirm) \
	  $$([ "$${JSON:-}" = yes ] && echo --json) $${REASON:+--reason "$$REASON"} -- "$$ID"

.PHONY: set-sender
set-sender: .venv-sandbox/ready  ## operator: Show what a pool's new sender changes: POOL=… [IDENTITY=…] [APPLY=yes]
	$(call need,POOL,… (the id or ARN of a user pool): make set-sender POOL=eu-west-1_AbCdEf123 IDENTITY=example.com)
	@$(COMMAND) set-sender --stack "$(STACK)" $${POOL_REGION:+--pool-region "$$POOL_REGION"} \
	  $${IDENTITY:+--identity "$$IDENTITY"} $${FROM:+--from "$$FROM"} $${REPLY_TO:+--reply-to "$$REPLY_TO"} \
	  $${SET:+--configuration-set "$$SET"} $${REASON:+--reason "$$REASON"} \
	  $$([ "$${DEFAULT:-}" = yes ] && echo --default) $$([ "$${APPLY:-}" = yes ] && echo --apply) \
	  $$([ "$${ALTHOUGH_WORSE:-}" = yes ] && echo --although-worse) $$([ "$${JSON:-}" = yes ] && echo --json) -- "$$POOL"

.PHONY: restore
restore: .venv-sandbox/ready  ## operator: Restore a lost sender; dry run first: POOL=… [NOTICES=yes] [APPLY=yes]
	$(call need,POOL,… (the id or ARN of a user pool): make restore POOL=eu-west-1_AbCdEf123)
	@$(COMMAND) restore --stack "$(STACK)" $${POOL_REGION:+--pool-region "$$POOL_REGION"} \
	  $${REASON:+--reason "$$REASON"} $$([ "$${ACCEPT:-}" = yes ] && echo --accept) \
	  $$([ "$${NOTICES:-}" = yes ] && echo --notices) \
	  $$([ "$${APPLY:-}" = yes ] && echo --apply) $$([ "$${ALTHOUGH_WORSE:-}" = yes ] && echo --although-worse) \
	  $$([ "$${JSON:-}" = yes ] && echo --json) -- "$$POOL"

.PHONY: journal
journal: .venv-sandbox/ready  ## operator: Show the journal: [POOL=…] [IDENTITY=…] [SINCE=7d] [ID=…] [JSON=yes]
	@$(COMMAND) journal --stack "$(STACK)" $${POOL:+--pool "$$POOL"} $${IDENTITY:+--identity "$$IDENTITY"} \
	  $${SINCE:+--since "$$SINCE"} $${ID:+--id "$$ID"} $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: pools
pools: .venv-sandbox/ready  ## operator: List the pools and their verdicts, the worst first: [NAME=shop-*] [JSON=yes]
	@$(COMMAND) pools --stack "$(STACK)" $${NAME:+--name "$$NAME"} \
	  $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: findings
findings: .venv-sandbox/ready  ## operator: List the findings of the last inspections: [NAME=shop-*] [JSON=yes]
	@$(COMMAND) findings --stack "$(STACK)" $${NAME:+--name "$$NAME"} \
	  $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: incidents
incidents: .venv-sandbox/ready  ## operator: List the open incidents, the worst first: [ALL=yes] [JSON=yes]
	@$(COMMAND) incidents --stack "$(STACK)" $$([ "$${ALL:-}" = yes ] && echo --all) \
	  $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: history
history: .venv-sandbox/ready  ## operator: Show the findings, calls and writes of a pool: POOL=… [SINCE=90d] [JSON=yes]
	$(call need,POOL,… (the id, the ARN or the name of a user pool): make history POOL=eu-west-1_AbCdEf123)
	@$(COMMAND) history --stack "$(STACK)" $${POOL_REGION:+--pool-region "$$POOL_REGION"} \
	  $${SINCE:+--since "$$SINCE"} $$([ "$${JSON:-}" = yes ] && echo --json) -- "$$POOL"

.PHONY: exemptions
exemptions: .venv-sandbox/ready  ## operator: List the exemptions, those that end or cannot be read first: [JSON=yes]
	@$(COMMAND) exemptions --stack "$(STACK)" $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: shadow-report
shadow-report: .venv-sandbox/ready  ## operator: Show the repairs that RepairMode off held back: [DAYS=30] [JSON=yes]
	@$(COMMAND) shadow-report --stack "$(STACK)" $${DAYS:+--days "$$DAYS"} \
	  $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: doctor
doctor: .venv-sandbox/ready  ## operator: Look whether everything is wired, and what to do where it is not: [JSON=yes]
	@$(COMMAND) doctor --stack "$(STACK)" $$([ "$${JSON:-}" = yes ] && echo --json)

.PHONY: test-alert
test-alert: .venv-sandbox/ready  ## operator: Send a sample alert, marked as a test, through every channel: [SEVERITY=low]
	@$(COMMAND) test-alert --stack "$(STACK)" $${SEVERITY:+--severity "$$SEVERITY"}

# The SDK of the layer, not that of the sandbox: what it does not know of a pool is one of the questions.
.PHONY: live-check
live-check: .venv/ready .venv-sandbox/ready  ## operator: Compare AWS with Mailwarden's assumptions (scratch account); ARGS=--dry-run
	@$(DEV)/python -m tools.live_check $(if $(STACK),--stack "$(STACK)") $(ARGS)

.PHONY: lock
lock: .venv-sandbox/ready  ## contributor: Pin the requirements again, with hashes and without index addresses
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools
	@for name in requirements/bare requirements/mutants requirements/dev requirements/sandbox layers/dependencies/requirements; do \
	  (cd $$(dirname $$name) && $(CURDIR)/.venv-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o $$(basename $$name).txt $$(basename $$name).in); done
	@rm -rf .venv-lock

.PHONY: clean
clean:  ## contributor: Remove all environments and build results
	@rm -rf .venv .venv-sandbox .venv-bare .venv-mutants .mutants .aws-sam .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis
