// Stands for CloudWatch's metrics: what functions wrote to their logs in the embedded metric format, and what the engine itself
// saw of the things that AWS would measure. Kept in memory, the latest; it draws no conclusions.
import { isRecord, type JsonRecord, listAt, recordAt, textAt, tryJson } from '../json.ts'

export type Datum = {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  /** What it is a measure of: for a call of a function, as at AWS, when the call began. */
  readonly atMs: number
  /** When it could be read. */
  readonly toldAtMs: number
  readonly value: number
}
export type MetricLog = {
  /** The clock of whatever is measured here. A test may set it ahead, as if that time had passed. */
  readonly nowMs: () => number
  /** @param atMs absent: now */
  readonly put: (
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    atMs?: number,
  ) => void
  /** Takes a line of a function's log; any that is no metric is let go. */
  readonly read: (line: string) => void
  readonly data: () => readonly Datum[]
  readonly clear: () => void
}

/** Some hours of a busy machine. */
const MAX_KEPT = 100_000

export const makeMetricLog = (nowMs: () => number = Date.now): MetricLog => {
  let kept: Datum[] = []
  const keep = (data: readonly Datum[]): void => {
    kept.push(...data)
    if (kept.length > MAX_KEPT * 2) kept = kept.slice(-MAX_KEPT)
  }
  return {
    nowMs,
    put: (namespace, name, dimensions, value, atMs = nowMs()) =>
      keep([{ namespace, name, dimensions, value, atMs, toldAtMs: nowMs() }]),
    read: (line) => {
      if (!line.includes('"_aws"')) return
      const record = tryJson(line)
      if (isRecord(record)) keep(embeddedIn(record))
    },
    data: () => kept,
    clear: () => {
      kept = []
    },
  }
}

/** Every value of a record under every set of dimensions that it names. */
const embeddedIn = (record: JsonRecord): Datum[] => {
  const { Timestamp } = recordAt(record, '_aws')
  return listAt(record, '_aws', 'CloudWatchMetrics').flatMap((directive) =>
    listAt(directive, 'Dimensions').flatMap((names) =>
      listAt(directive, 'Metrics').flatMap((metric): Datum[] => {
        const name = textAt(metric, 'Name')
        const value = record[name]
        if (typeof value !== 'number' || typeof Timestamp !== 'number') return []
        const dimensions = Object.fromEntries(listAt(names).map((each) => [textAt(each), textAt(record, textAt(each))]))
        return [
          { namespace: textAt(directive, 'Namespace'), name, dimensions, atMs: Timestamp, toldAtMs: Timestamp, value },
        ]
      }),
    ),
  )
}
