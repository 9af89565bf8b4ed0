import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxRenderedBytes, maxRenderMs } from '../../../contract/limits.ts'
import { makeRenderer } from '../../../lambdas/domain/copy/render-copy.ts'
import { copyIdOf } from '../../support/copy-settings.ts'

const copyId = copyIdOf('c')
const renderAll = makeRenderer(() => performance.now())
const render = async (text: string, fields: Record<string, unknown> = {}) => {
  const { vars, unrendered } = await renderAll({ copyId, vars: { text } }, fields)
  return unrendered.length === 0 ? vars.text : { ...unrendered[0], text: vars.text }
}
const left = (reason: string) => ({ variable: 'text', reason, text: '' })

/** Runs for minutes and needs no memory. */
const endless = `${'{% for x in xs %}'.repeat(4)}${'{% endfor %}'.repeat(4)}`
const xs = Array.from({ length: 500 }, () => 1)

describe('a text', () => {
  test('without Liquid goes out as it is', async () => {
    expect(await render('50 % off }} {x} <b>')).toBe('50 % off }} {x} <b>')
  })

  test('takes in the fields, and nothing for a field that is missing or null', async () => {
    expect(await render('Hi {{ first_name }}{{ gone }}{{ a.b.c }}{{ none }}!', { first_name: 'Ann', none: null })).toBe(
      'Hi Ann!',
    )
  })

  test('may use conditions, loops and filters', async () => {
    const text = '{% if n > 1 %}{% for x in xs %}{{ x | upcase }}{% endfor %}{% endif %}{{ name | default: "you" }}'
    expect(await render(text, { n: 2, xs: ['a', 'b'] })).toBe('AByou')
  })

  test('leaves the fields as they were', async () => {
    const fields = { n: 1 }
    await render('{% increment n %}{% assign n = 9 %}', fields)
    expect(fields).toEqual({ n: 1 })
  })

  test.each([
    '{{ constructor }}',
    '{{ x.constructor.name }}',
    '{{ x.__proto__.polluted }}',
    '{{ toString }}',
    '{{ s.at }}',
  ])('%s reads nothing that the fields do not own', async (text) =>
    expect(await render(text, { x: {}, s: 'abc' })).toBe(''),
  )

  test.each([
    '{% if %}',
    '{{ a ',
    '{% nothing %}',
    '{% include "x" %}',
    '{% render "/etc/passwd" %}',
    '{% layout "x" %}',
  ])('that is no allowed Liquid, like %s, is left empty', async (text) =>
    expect(await render(text)).toEqual(left('syntax')),
  )

  test.each([
    ['a long loop', endless],
    ['a range that fills memory', '{% for a in (1..999999999) %}x{% endfor %}'],
    ['a text that doubles', `{% assign a = "xxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`],
    ['a replacement that multiplies', '{{ s | replace: "a", s }}'],
    ['a join that multiplies', '{{ s | split: "" | join: s }}'],
    ['a wide date', '{{ "now" | date: "%999999999d" }}'],
  ])('with %s is left empty in time', async (_, text) => {
    const sinceMs = performance.now()
    expect(await render(text, { s: 'a'.repeat(30_000), xs })).toEqual(left('limit'))
    expect(performance.now() - sinceMs).toBeLessThan(maxRenderMs + 500)
  })

  test('of any content and with any fields never throws and never grows past the limit', async () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      'a',
      ' ',
      '|',
      'if',
      'for x in a',
      'endfor',
      '"',
      'upcase',
      '-',
      '.',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (parts, fields) => {
          const { vars, copyBytes } = await renderAll({ copyId, vars: { text: parts.join('') } }, fields)
          expect(typeof vars.text).toBe('string')
          expect(copyBytes).toBe(Buffer.byteLength(JSON.stringify({ id: copyId, vars })))
          expect(copyBytes).toBeLessThanOrEqual(maxRenderedBytes)
        },
      ),
    )
  })
})

describe('a copy', () => {
  test('with one bad text keeps the others', async () => {
    const { vars, unrendered } = await renderAll({ copyId, vars: { bad: '{% if %}', good: 'Hi {{ a }}' } }, { a: 'é"' })
    expect(vars).toEqual({ bad: '', good: 'Hi é"' })
    expect(unrendered).toEqual([{ variable: 'bad', reason: 'syntax' }])
  })

  test('is measured in bytes of its JSON', async () => {
    const { vars, copyBytes } = await renderAll({ copyId, vars: { b: 'é', a: '"{{ x }}"' } }, { x: '😀' })
    expect(copyBytes).toBe(Buffer.byteLength(JSON.stringify({ id: 'c', vars })))
    expect(Object.keys(vars)).toEqual(['a', 'b'])
  })

  test('larger than may leave loses the texts that are too much', async () => {
    const { vars, copyBytes, unrendered } = await renderAll(
      { copyId, vars: { a: '{{ s }}', b: '{{ s }}', c: 'short' } },
      { s: 'x'.repeat(40_000) },
    )
    expect([vars.a?.length, vars.b, vars.c]).toEqual([40_000, '', 'short'])
    expect(copyBytes).toBeLessThanOrEqual(maxRenderedBytes)
    expect(unrendered).toEqual([{ variable: 'b', reason: 'size' }])
  })

  test('has one budget of time for all its texts', async () => {
    const sinceMs = performance.now()
    const { vars } = await renderAll({ copyId, vars: { a: endless, b: endless, c: endless, d: 'plain' } }, { xs })
    expect(vars).toEqual({ a: '', b: '', c: '', d: 'plain' })
    expect(performance.now() - sinceMs).toBeLessThan(2 * maxRenderMs + 100)
  })
})

test('the first copy after a cold start has longer, the next ones do not', async () => {
  const renderCold = makeRenderer(() => performance.now())
  const spans: number[] = []
  for (let at = 0; at < 2; at++) {
    const sinceMs = performance.now()
    await renderCold({ copyId, vars: { a: endless } }, { xs })
    spans.push(performance.now() - sinceMs)
  }
  expect(spans[0]).toBeGreaterThan(2 * maxRenderMs)
  expect(spans[1]).toBeLessThan((spans[0] ?? 0) - maxRenderMs)
})

test('LiquidJS is loaded only when a text asks for it', () => {
  const script = (text: string) => `
    import { makeRenderer } from './lambdas/domain/copy/render-copy.ts'
    await makeRenderer(() => performance.now())({ copyId: 'c', vars: { a: ${JSON.stringify(text)} } }, {})
    console.log(globalThis.liquidIsLoaded === true)`
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => { if (name === 'liquidjs') globalThis.liquidIsLoaded = true; return next(name, context) } })`
  const loadedBy = (text: string) =>
    execFileSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, '--input-type=module', '-e', script(text)],
      { encoding: 'utf8' },
    ).trim()
  expect(loadedBy('plain')).toBe('false')
  expect(loadedBy('{{ a }}')).toBe('true')
})
