// DuckDB's ASOF JOIN on one thread: the last send of each template before an event, and the sums that come of it.
import { DuckDBInstance } from '@duckdb/node-api'
import type { CorrelatedEvent, CorrelatedSend } from '../../lambdas/domain/measuring/correlate.ts'

export const templates = ['promo', 'welcome'] as const

export interface Drawn {
  readonly sends: readonly (CorrelatedSend & {
    readonly person: number
    readonly templateId: (typeof templates)[number]
  })[]
  readonly events: readonly (CorrelatedEvent & { readonly person: number })[]
}

/** What the events of one template come to; money in minor units. */
export interface Total {
  readonly template: string
  /** Sends that earned at least one. */
  readonly sends: number
  readonly events: number
  readonly minor: string
}

/** Fills two tables; `close` gives their memory back. */
export async function openDuckJoin({ sends, events }: Drawn) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run('create table sends (person integer, template varchar, delivery varchar, instant bigint)')
  await connection.run('create table events (person integer, instant bigint, minor bigint)')
  const sendRows = await connection.createAppender('sends')
  for (const { person, templateId, deliveryId, atMs } of sends) {
    sendRows.appendInteger(person)
    sendRows.appendVarchar(templateId)
    sendRows.appendVarchar(deliveryId)
    sendRows.appendBigInt(BigInt(atMs / 1_000))
    sendRows.endRow()
  }
  sendRows.closeSync()
  const eventRows = await connection.createAppender('events')
  for (const { person, atMs, value } of events) {
    eventRows.appendInteger(person)
    eventRows.appendBigInt(BigInt(Math.floor(atMs / 1_000)))
    eventRows.appendBigInt(BigInt(Math.round(Number(value) * 100)))
    eventRows.endRow()
  }
  eventRows.closeSync()
  return {
    /** Of sends in one second the smaller delivery id counts, as it does for us. */
    async join(windowSeconds: number): Promise<Total[]> {
      const reader = await connection.runAndReadAll(`
        with firsts as (
          select person, template, instant, min(delivery) as delivery from sends group by all
        ), asked as (
          select events.*, template from events cross join (select distinct template from sends)
        )
        select firsts.template, count(distinct delivery)::integer as sends, count(*)::integer as events,
          sum(minor)::varchar as minor
        from asked asof join firsts
          on asked.person = firsts.person and asked.template = firsts.template and asked.instant >= firsts.instant
        where asked.instant <= firsts.instant + ${windowSeconds}
        group by all order by firsts.template`)
      return reader.getRowObjects().map(({ template, sends, events, minor }) => ({
        template: String(template),
        sends: Number(sends),
        events: Number(events),
        minor: String(minor),
      }))
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
