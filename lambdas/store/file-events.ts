// Custom events of files: what stands under their ids before they are written, and the writing. An event that its content
// names is written without another look: the same content is the same item.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Look } from '../domain/files/count-rows.ts'
import type { ReadEvent } from '../domain/read-custom-event.ts'
import { batchWrite } from './batch-write.ts'
import { makeCustomEventStore } from './custom-events.ts'
import { toCustomItem } from './custom-item.ts'
import { groupArrivals, makeStandings } from './event-claims.ts'
import { customEventPartition, customEventSort } from './event-keys.ts'

export interface FileEventStore {
  /** What stands under the id of each event, in order. Strongly consistent. */
  readonly look: (org: OrgSlug, events: readonly ReadEvent[]) => Promise<Look[]>
  /** Keeps events of different ids; the latest content of an id stands. @throws when the table cannot answer; may be tried again */
  readonly keep: (org: OrgSlug, events: readonly ReadEvent[]) => Promise<void>
}

export function makeFileEventStore(client: DynamoDBClient, table: string): FileEventStore {
  const standings = makeStandings(client, table)
  const customEvents = makeCustomEventStore(client, table)
  return {
    async look(org, events) {
      const seen: Look[] = []
      const arrivals = groupArrivals(org, events)
      const standing = await standings.read(arrivals)
      for (const { name, events: arrived, places } of arrivals) {
        const digest = standing.get(name)?.digest
        for (const [at, { event }] of arrived.entries()) {
          seen[places[at] ?? -1] = digest === undefined ? 'none' : digest === event.digest ? 'same' : 'other'
        }
      }
      return seen
    },

    async keep(org, events) {
      const { named = [], unnamed = [] } = Object.groupBy(events, (each) => (each.named ? 'named' : 'unnamed'))
      const puts = unnamed.map(({ event, subject }) => {
        const key = {
          pk: customEventPartition(org, subject),
          sk: customEventSort(event.source, event.eventId, false),
        }
        return { PutRequest: { Item: toCustomItem(key, event) } }
      })
      await Promise.all([batchWrite(client, table, puts), customEvents.keep(org, named, 'latest')])
    },
  }
}
