// cdk-nag's AWS Solutions rules: every finding is acknowledged with a reason beside its construct, every acknowledgement
// still answers a finding.
import { App, Stack, Validations } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterEach, expect, it, vi } from 'vitest'
import { stageNames } from '../../lib/config.ts'
import { makeApp } from './synthesized.ts'

afterEach(() => vi.restoreAllMocks())

/** Every finding in a tree as `<path of the resource> <rule>`. */
function findingsIn(app: App): { path: string; rule: string }[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app)
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ path: constructPath ?? '', rule: ruleName })),
  )
}

it.each(stageNames)('has no finding that is not explained in %s', (stage) => {
  const { app } = makeApp(stage)
  expect(findingsIn(app)).toEqual([])
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  expect(() => app.synth()).not.toThrow()
})

it.each(stageNames)('explains no finding that is no longer there in %s', (stage) => {
  const acknowledged: { path: string; rule: string; reason: string }[] = []
  vi.spyOn(Validations, 'of').mockImplementation((scope) => {
    const validations = Object.create(Validations.prototype)
    validations.acknowledge = ({ id, reason }: { id: string; reason: string }) =>
      acknowledged.push({ path: scope.node.path, rule: id, reason })
    return validations
  })
  const findings = findingsIn(makeApp(stage).app)
  const answers = (path: string, rule: string) =>
    findings.some((finding) => finding.rule === rule && finding.path.startsWith(`${path}/`))
  expect(acknowledged.length).toBeGreaterThan(0)
  expect(acknowledged.filter(({ path, rule }) => !answers(path, rule))).toEqual([])
  expect(acknowledged.filter(({ reason }) => reason.length < 40)).toEqual([])
})

it('sees a queue that anybody could read on its way', () => {
  const app = new App()
  new Queue(new Stack(app, 'Open'), 'Queue')
  expect(findingsIn(app)).toContainEqual({ path: 'Open/Queue/Resource', rule: 'AwsSolutions-SQS4' })
})
