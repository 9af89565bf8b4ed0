// Values that a JSON schema of the API document allows, and values that are a little wrong, drawn by a seeded stream. Knows
// the keywords that our own schemas use; an unknown one is a failure, not a guess.

export type Random = () => number
interface Schema {
  readonly [keyword: string]: unknown
}

const known = new Set(
  (
    'type properties required additionalProperties propertyNames items minItems maxItems anyOf oneOf enum const pattern ' +
    'format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum $schema description default not'
  ).split(' '),
)

export const pick = <T>(random: Random, options: readonly T[]): T => options[Math.floor(random() * options.length)] as T
const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1))

/** A value that the schema allows. `hints` are texts worth trying where their pattern fits, such as ids that exist. */
export function allowedBy(schema: Schema, random: Random, hints: readonly string[], depth = 0): unknown {
  for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`unknown keyword ${keyword}`)
  const options = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined
  if (options !== undefined) return allowedBy(pick(random, options), random, hints, depth)
  if ('const' in schema) return schema.const
  if (schema.enum !== undefined) return pick(random, schema.enum as readonly unknown[])
  switch (schema.type) {
    case 'object':
      return objectBy(schema, random, hints, depth)
    case 'array': {
      const least = Number(schema.minItems ?? 0)
      const count = between(random, least, Math.min(Number(schema.maxItems ?? 3), least + 3))
      return Array.from({ length: count }, () => allowedBy(schema.items as Schema, random, hints, depth + 1))
    }
    case 'string':
      return textBy(schema, random, hints)
    case 'integer':
      return between(random, Number(schema.minimum ?? -5), Math.min(Number(schema.maximum ?? 1_000_000), 1_000_000))
    case 'number':
      return Number(schema.minimum ?? 0) + random() * (Number(schema.maximum ?? 10) - Number(schema.minimum ?? 0))
    case 'boolean':
      return random() < 0.5
    case 'null':
      return null
    default:
      // Anything at all.
      return pick(random, [null, true, 7, 'text', [], {}, { a: { b: [1, 'x'] } }])
  }
}

function objectBy(schema: Schema, random: Random, hints: readonly string[], depth: number): unknown {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  const required = new Set((schema.required ?? []) as readonly string[])
  const made: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(properties)) {
    if (required.has(name) || random() < 0.4) made[name] = allowedBy(member, random, hints, depth + 1)
  }
  const { additionalProperties, propertyNames } = schema
  if (typeof additionalProperties === 'object' && additionalProperties !== null) {
    for (let at = between(random, 1, 3); at > 0; at--) {
      const name = propertyNames === undefined ? `name${at}` : String(allowedBy(propertyNames as Schema, random, []))
      made[name] = allowedBy(additionalProperties as Schema, random, hints, depth + 1)
    }
  }
  return made
}

const texts = [
  'a',
  'Ab1',
  'abc_def',
  '12',
  '1234567890',
  '2026-11-20',
  'USD',
  'acme-2',
  'campaign:23',
  'Hello {{ name }}',
  'Grüße 👋',
  'x'.repeat(40),
  '',
]

function textBy(schema: Schema, random: Random, hints: readonly string[]): string {
  if (schema.format === 'date-time') return new Date(1_700_000_000_000 + random() * 2e11).toISOString()
  const pattern = schema.pattern === undefined ? undefined : new RegExp(String(schema.pattern), 'u')
  const length = (text: string) =>
    text.length >= Number(schema.minLength ?? 0) && text.length <= Number(schema.maxLength ?? 1e9)
  const fitting = [...hints, ...hints, ...texts].filter((text) => length(text) && (pattern?.test(text) ?? true))
  if (fitting.length === 0) throw new Error(`no text at hand fits ${schema.pattern}`)
  return pick(random, fitting)
}

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  ' ',
  'x'.repeat(5_000),
  '\u0000\u202e#',
  "'; DROP TABLE",
  '{{ 1 | times: 9999999 }}',
  '{% for a in (1..99999999) %}x{% endfor %}',
  [],
  {},
  [[[[]]]],
  { constructor: 1 },
  ['campaign:23', 'campaign:23'],
]

/** The value with one thing changed somewhere: a member gone, one too many, or something odd in its place. */
export function disturbed(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random() < 0.7) {
    const at = between(random, 0, value.length - 1)
    return value.map((item, index) => (index === at ? disturbed(item, random) : item))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
    const [name] = entries.length === 0 ? [undefined] : pick(random, entries)
    const draw = random()
    if (name === undefined || draw < 0.2)
      return { ...value, [pick(random, ['extra', 'org', '__proto', 'ORG'])]: pick(random, odd) }
    if (draw < 0.4) return Object.fromEntries(entries.filter(([other]) => other !== name))
    return { ...value, [name]: disturbed(Reflect.get(value, name), random) }
  }
  return pick(random, odd)
}
