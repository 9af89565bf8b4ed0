// Custom events of files: what stands under their ids before they are written, and the writing. An event that its content
// names is written without another look: the same content is the same item.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Look } from '../domain/files/count-rows.ts'
import { type FileEvent, isOfLaterFile } from '../domain/files/row-order.ts'
import { batchWrite } from './batch-write.ts'
import { groupArrivals, itemAt, makeStandings, placeOf } from './event-claims.ts'
import { makeLatestEvents } from './latest-events.ts'

export interface FileEventStore {
  /**
   * What stands under the id of each event, in order. Strongly consistent. What a later file says stays, so to an earlier one it
   * is the same.
   */
  readonly look: (org: OrgSlug, events: readonly FileEvent[]) => Promise<Look[]>
  /** Keeps events; of an id the content of the latest row stands, whichever is kept first. @throws when the table cannot answer; may be tried again */
  readonly keep: (org: OrgSlug, events: readonly FileEvent[]) => Promise<void>
}

export function makeFileEventStore(client: DynamoDBClient, table: string): FileEventStore {
  const standings = makeStandings(client, table)
  const latest = makeLatestEvents(client, table)
  return {
    async look(org, events) {
      const seen: Look[] = []
      const { named = [], unnamed = [] } = Object.groupBy(groupArrivals(org, events), byName)
      const [claimed, standing] = await Promise.all([latest.read(named), standings.read(unnamed)])
      for (const { name, events: arrived, places } of [...named, ...unnamed]) {
        // A claim whose event is not there is of somebody who was killed: nothing counts under it yet.
        const claim = claimed.get(name)
        const digest =
          claim === undefined ? standing.get(name)?.digest : claim.event === 'there' ? claim.digest : undefined
        for (const [at, { event, order }] of arrived.entries()) {
          const stays = digest === event.digest || isOfLaterFile(claim?.order, order)
          seen[places[at] ?? -1] = digest === undefined ? 'none' : stays ? 'same' : 'other'
        }
      }
      return seen
    },

    async keep(org, events) {
      const { named = [], unnamed = [] } = Object.groupBy(events, byName)
      // The same content twice is one item, and a batch must not hold an item twice.
      const puts = groupArrivals(org, unnamed).flatMap(({ events: [event] }) =>
        event === undefined ? [] : [{ PutRequest: { Item: itemAt(placeOf(org, event), event) } }],
      )
      await Promise.all([batchWrite(client, table, puts), latest.keep(org, named)])
    },
  }
}

function byName({ named }: { readonly named: boolean }): 'named' | 'unnamed' {
  return named ? 'named' : 'unnamed'
}
