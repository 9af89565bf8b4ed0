// Which stratum a day's sends belong to. Control that never calls generate has no version of the weights, but it has days: so
// a stratum is a set of days, and both arms' sends of a day go to the same one.

/** Drawn treatment sends of one day under one version. */
export interface VersionDay {
  /** UTC, `2026-11-23`. */
  readonly day: string
  /** `v3`. */
  readonly version: string
  readonly sends: number
}

/**
 * The stratum of each day asked for: the version that drew most of its sends (equal numbers: the later one). A day without
 * any takes that of the day before; days before the first version take the first.
 */
export function stratifyDays(rows: readonly VersionDay[], days: readonly string[]): Map<string, string> {
  const byDay = Map.groupBy(
    rows.filter(({ sends }) => sends > 0),
    ({ day }) => day,
  )
  const strata = new Map<string, string>()
  let current = leading(byDay.get([...byDay.keys()].sort()[0] ?? '') ?? []) ?? 'v0'
  for (const day of [...new Set([...days, ...byDay.keys()])].sort()) {
    current = leading(byDay.get(day) ?? []) ?? current
    strata.set(day, current)
  }
  return strata
}

function leading(rows: readonly VersionDay[]): string | undefined {
  const sends = new Map<string, number>()
  for (const row of rows) sends.set(row.version, (sends.get(row.version) ?? 0) + row.sends)
  return [...sends].sort(([a, x], [b, y]) => y - x || Number(b.slice(1)) - Number(a.slice(1)))[0]?.[0]
}
