// Measuring as the function on the stream does it, from the tables of a deployment.
import { setTimeout } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type MeasuredEvents, measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import type { Deployment } from '../deployment.ts'

/** Measures all stored events of an org into `tables`; what was measured already changes nothing. */
export function measureOrg(
  client: DynamoDBClient,
  tables: Deployment['tables'],
  org: OrgSlug,
  onPage: (subjects: number) => void = () => undefined,
): Promise<MeasuredEvents> {
  const measuring = {
    ...makeMeasureReads(client, tables),
    outcomes: makeOutcomeStore(client, tables),
    random: Math.random,
    pause: async (ms: number) => setTimeout(ms),
  }
  let subjects = 0
  return measureEvents({
    scanSubjects: makeSubjectScan(client, tables.events),
    async measure(of, page) {
      const measured = await measureSubjects(measuring, of, page)
      subjects += page.length
      onPage(subjects)
      return measured
    },
    org,
  })
}
