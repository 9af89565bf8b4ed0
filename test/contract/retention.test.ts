// Every class of data has its end decided once; people read of it what the code goes by.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { expiresAt } from '../../contract/expiry.ts'
import { type Retention, retention } from '../../contract/retention.ts'
import { storedShapes } from '../../contract/stored-shapes.ts'

const classes: [string, Retention][] = Object.entries(retention)

it('is told by the page on retention as it is', () => {
  const page = readFileSync(new URL('../../docs/retention.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` *\| (.+?) *\| (\S.*?) *\| (\S.*?) *\|/gm)]
  const told = rows.map(([, name, what, keeps, by]) => ({ name, keeps, by, prefix: /`(\w+\/)`/.exec(what ?? '')?.[1] }))
  const ends = { table: 'table (TTL)', bucket: 'bucket lifecycle', code: 'the code' } as const
  const held = classes.map(([name, { keeps, by, prefix }]) => ({
    name,
    keeps: typeof keeps === 'string' ? keeps : `${keeps.days} days`,
    by: by in ends ? ends[by as keyof typeof ends] : by,
    prefix,
  }))
  expect(told).toEqual(held)
})

it('is of no class that nothing belongs to', () => {
  const used = new Set<string>(Object.values(storedShapes).map(({ keeps }) => keeps))
  const elsewhere = classes.filter(([, { by }]) => ['bucket', 'queue', 'logs'].includes(by)).map(([name]) => name)
  expect(classes.map(([name]) => name).filter((name) => !used.has(name) && !elsewhere.includes(name))).toEqual([])
})

it.each(['quarantine', 'sightings', 'imports', 'exports', 'deliveries'] as const)('%s end when the list says', (of) => {
  const { keeps } = retention[of]
  expect(expiresAt(of, 1_795_000_000_999)).toBe(1_795_000_000 + keeps.days * 86_400)
})
