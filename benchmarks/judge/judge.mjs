// Judges one case a line: {"policies": [...], "principal": "...", "action": "...", "resource": "...", "account": "...",
// "context": {...}}, and answers one line: "allowed", "denied", "not allowed", or "refused: ..." with its reason.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ANSWERS = { Allowed: 'allowed', ExplicitlyDenied: 'denied', ImplicitlyDenied: 'not allowed' }

async function answer(policy, question) {
  const request = {
    principal: question.principal,
    action: question.action,
    resource: { resource: question.resource, accountId: question.account },
    contextVariables: question.context
  }
  const simulation = {
    request,
    identityPolicies: question.identityPolicies ?? [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policy
  }
  const result = await runSimulation(simulation, {})
  if (result.resultType === 'error') return `refused: ${result.errors.message}`
  return ANSWERS[result.overallResult] ?? `refused: ${result.overallResult}`
}

// All policies of an identity count: one Deny is enough, then one Allow.
async function judged(question) {
  const answers = []
  for (const policy of question.policies) answers.push(await answer(policy, question))
  for (const wanted of ['refused', 'denied', 'allowed']) {
    const found = answers.find((each) => each.startsWith(wanted))
    if (found) return found
  }
  return 'not allowed'
}

for await (const line of createInterface({ input: process.stdin })) {
  let said
  try {
    said = await judged(JSON.parse(line))
  } catch (error) {
    said = `refused: ${error.message}`
  }
  process.stdout.write(`${said.replaceAll('\n', ' ')}\n`)
}
