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
      "alertDelivery 1 c35ebbe08523",
      "alertDestination 2 c8fae38682fe",
      "alertFiring 1 5f50ea9b0701",
      "alertSettings 1 a8de815b1e9e",
      "allocation 1 c3075cf3002f",
      "apiKey 2 27f790948759",
      "auditEntry 1 5b8b6378d0e9",
      "customEvent 1 4ce32775a2f0",
      "erasedDay 1 f63c2596c2ad",
      "erasure 1 9249034593dd",
      "eventClaim 2 3f5a4b2d8147",
      "exportDay 2 b606ecb6cacc",
      "exportManifest 1 79b38639f91f",
      "fileImport 1 2d15e51ff855",
      "fileRange 1 c4d068ff2195",
      "fileReport 1 6295630a1322",
      "filesCursor 1 aa166bfa9c23",
      "importProgress 1 f1dd0dcd06a8",
      "integration 1 38b8c40fda22",
      "left 1 8cfcaff5fe38",
      "madeKeys 1 4833c6f4c0ba",
      "messageEvent 1 070313466fb6",
      "openImport 1 b5ceb7c3c697",
      "org 2 3574f6460054",
      "orgSecret 1 6b7b396fd848",
      "outcome 2 398882b4b08e",
      "passCount 1 1cf05ada3497",
      "personRevision 1 e9d27780b298",
      "quarantined 1 3c0507e40e5b",
      "quarantinedPart 1 62046cf5dbc7",
      "quarantinedTime 1 30815ac01b68",
      "rangeResult 1 24a19e0f6498",
      "rateDebt 1 8fa7e72e7ae9",
      "recountBegun 1 f760c7d9d6f7",
      "recounted 2 a8d41be49c09",
      "recountRun 1 dfe79af0537a",
      "restatement 1 cb0cfc9dd7fd",
      "resultRow 1 cc1628c488ee",
      "serveEvent 1 55b772fc6816",
      "sighting 1 9f8bf19a070a",
      "template 2 cac6d47b137f",
      "variant 1 dcad1136a603",
      "verification 1 5afc09206485",
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
