// One measured figure, and how figures are shown: as a table with the noise, or as JSON for machines.

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The same of the least that it could be; null when there is nothing to compare with. */
  readonly against: number | null
  /** Median of the ratios of the pairs, which is not quite `value / against`. */
  readonly ratio: number | null
  /** The most that the ratio may be; without a ratio, the most that the value may be. Null: for information. */
  readonly aim: number | null
  readonly met: boolean | null
  /** Smallest and largest ratio of the pairs; left out of the JSON. */
  readonly noise?: Spread | undefined
}

export interface Spread {
  readonly min: number
  readonly max: number
}

/** A figure that is only told. */
export function fact(name: string, value: number, unit: string): Figure {
  return { name, value, unit, against: null, ratio: null, aim: null, met: null }
}

/** A figure that must not be above an aim of its own. */
export function limited(name: string, value: number, unit: string, aim: number): Figure {
  return { ...fact(name, value, unit), aim, met: value <= aim }
}

/** A figure next to the least it could be. One pair: an exact figure; more: the median of their ratios. */
export function compared(name: string, unit: string, pairs: readonly Pair[], aim: number): Figure {
  const ratios = pairs.map(({ ours, bare }) => ours / bare)
  const ratio = median(ratios)
  const value = median(pairs.map(({ ours }) => ours))
  const against = median(pairs.map(({ bare }) => bare))
  const noise = pairs.length > 1 ? { min: Math.min(...ratios), max: Math.max(...ratios) } : undefined
  return { name, value, unit, against, ratio, aim, met: ratio <= aim, noise }
}

export interface Pair {
  readonly ours: number
  readonly bare: number
}

/** The middle value; the mean of the two middle ones when their number is even. @throws without any */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  if (middle.length === 0) throw new Error('there is no median of nothing')
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/** One array, the seven members of each figure and nothing else. */
export function toJson(figures: readonly Figure[]): string {
  return JSON.stringify(
    figures.map(({ name, value, unit, against, ratio, aim, met }) => ({ name, value, unit, against, ratio, aim, met })),
    null,
    2,
  )
}

const columns = ['figure', 'value', 'bare', 'ratio (min–max)', 'aim', 'met'] as const

/** A table for people. */
export function toTable(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(toCells)]
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function toCells({ name, value, unit, against, ratio, aim, met, noise }: Figure): string[] {
  const spread = noise === undefined ? '' : ` (${noise.min.toFixed(2)}–${noise.max.toFixed(2)})`
  return [
    name,
    `${short(value)} ${unit}`,
    against === null ? '' : short(against),
    ratio === null ? '' : `${ratio.toFixed(2)}${spread}`,
    aim === null ? '' : `≤ ${aim}`,
    met === null ? '' : met ? 'yes' : 'NO',
  ]
}

/** Four digits are more than the noise leaves. */
function short(value: number): string {
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(4)))
}
