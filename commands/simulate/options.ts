// What `npm run simulate` is asked for.
import { parseArgs } from 'node:util'

export const usage =
  'npm run simulate -- [--people 1000] [--days 14] [--lift a=0.1,b=0.2] [--control 0.25] [--seed 1] [--lanes 16] [--url http://…] [--ready-file .local-data/ready.json]'

export interface Options {
  readonly people: number
  /** Sends are spread over so many days before now. */
  readonly days: number
  /** Relative lift by copy: its id, or `a`, `b` … for the first, the second … by id. */
  readonly lifts: ReadonlyMap<string, number>
  /** Share of people that go down the control branch, 0 to 1. */
  readonly control: number
  readonly seed: number
  /** Persons played at once. */
  readonly lanes: number
  readonly url: string | undefined
  readonly readyFile: string
  /** Custom events in one call; absent: 200. */
  readonly eventsPerCall?: number
  /** All purchases are streamed. */
  readonly withoutFiles?: boolean
}

/** @throws one sentence with what was seen and what is allowed */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const names = ['people', 'days', 'lift', 'control', 'seed', 'lanes', 'url', 'ready-file'] as const
  const { values } = parseArgs({ args: [...args], options: Object.fromEntries(names.map((name) => [name, text])) })
  const of = (name: (typeof names)[number]) => (typeof values[name] === 'string' ? values[name] : undefined)
  const number = (name: (typeof names)[number], usual: number, least: number, most: number) => {
    const value = of(name) === undefined ? usual : Number(of(name))
    if (value >= least && value <= most) return value
    throw new Error(`--${name} must be a number from ${least} to ${most}, saw ${JSON.stringify(of(name))}`)
  }
  return {
    people: Math.floor(number('people', 1_000, 1, 10_000_000)),
    days: number('days', 14, 1, 365),
    lifts: readLifts(of('lift') ?? ''),
    control: number('control', 0.25, 0, 1),
    seed: number('seed', 1, 0, Number.MAX_SAFE_INTEGER),
    lanes: Math.floor(number('lanes', 16, 1, 256)),
    url: of('url'),
    readyFile: of('ready-file') ?? '.local-data/ready.json',
  }
}

function readLifts(text: string): Map<string, number> {
  const pairs = text.split(',').filter((part) => part !== '')
  return new Map(
    pairs.map((pair) => {
      const [, name = '', lift = ''] = /^([A-Za-z0-9_-]+)=(-?\d+(?:\.\d+)?)$/.exec(pair) ?? []
      if (name === '' || Number(lift) < -1 || Number(lift) > 5) {
        throw new Error(`--lift must be like a=0.1,b=-0.05 with lifts from -1 to 5, saw ${JSON.stringify(pair)}`)
      }
      return [name, Number(lift)]
    }),
  )
}
