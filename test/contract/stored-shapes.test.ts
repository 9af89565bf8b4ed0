// What is stored outlives the code that wrote it: a shape that changes gets a version, new code reads what was stored before,
// and the rules of before read what new code writes, because both run side by side while a deployment goes out.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { storedShapes } from '../../contract/stored-shapes.ts'
import { allowedBy } from '../support/schema-arbitrary.ts'
import { seededRandom } from '../support/sdk-faults.ts'

interface Before {
  readonly version: number
  /** The shape of then, as JSON Schema. */
  readonly schema: Record<string, unknown>
  /** As they were stored. */
  readonly items: readonly unknown[]
}
const before: Readonly<Record<string, Before>> = JSON.parse(
  readFileSync(new URL('../data/stored-shapes-before.json', import.meta.url), 'utf8'),
)
const toSchema = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const shapes = Object.entries(storedShapes)

it('changes no shape without a version: raise it, and keep what was stored before in stored-shapes-before.json', () => {
  const hashes = shapes.map(([name, { schema, version }]) => {
    const hash = createHash('sha256')
      .update(JSON.stringify(toSchema(schema)))
      .digest('hex')
      .slice(0, 12)
    return `${name} ${version} ${hash}`
  })
  expect(hashes).toMatchInlineSnapshot(`
    [
      "allocation 1 c3075cf3002f",
      "apiKey 2 27f790948759",
      "auditEntry 1 5b8b6378d0e9",
      "customEvent 1 4ce32775a2f0",
      "eventClaim 2 3f5a4b2d8147",
      "fileImport 1 2d15e51ff855",
      "fileRange 1 c4d068ff2195",
      "integration 1 38b8c40fda22",
      "messageEvent 1 070313466fb6",
      "org 2 3574f6460054",
      "orgSecret 1 6b7b396fd848",
      "outcome 2 398882b4b08e",
      "quarantined 1 3c0507e40e5b",
      "rangeResult 1 24a19e0f6498",
      "restatement 1 cb0cfc9dd7fd",
      "serveEvent 1 55b772fc6816",
      "template 2 cac6d47b137f",
      "variant 1 dcad1136a603",
    ]
  `)
})

it('keeps the version before of every shape that has one', () => {
  const versions = shapes.filter(([, { version }]) => version > 1).map(([name, { version }]) => [name, version - 1])
  expect(Object.entries(before).map(([name, { version }]) => [name, version])).toEqual(versions)
})

describe.each(Object.entries(before))('%s', (name, { schema, items }) => {
  const shape = new Map<string, { schema: z.core.$ZodType }>(shapes).get(name)
  const now = shape?.schema ?? z.never()

  it('that was stored by the code before is read by the code of now, whole', () => {
    const judge = ajv.compile(schema)
    for (const item of items) {
      expect(judge(item), JSON.stringify(judge.errors)).toBe(true)
      expect(z.parse(now, item)).toEqual(item)
    }
    expect(items.length).toBeGreaterThan(0)
  })

  it('that is stored by the code of now is read by the rules before', () => {
    const judge = ajv.compile(schema)
    const random = seededRandom(8)
    const drawn = Array.from({ length: 300 }, () =>
      allowedBy({ ...toSchema(now) }, random, ['v3', 'forced', 'campaign:23', 'id:ann']),
    )
    const refused = drawn.filter((item) => z.safeParse(now, item).success && !judge(item))
    expect(refused.slice(0, 2)).toEqual([])
  })
})
