// Which sends the checks of the split count, and what they are held against.
import { describe, expect, it } from 'vitest'
import type { CellChange } from '../../../contract/result-cell.ts'
import { drawChances, versionsSeen } from '../../../lambdas/domain/allocation/draw-chances.ts'
import { checkSplit } from '../../../lambdas/domain/results/check-split.ts'
import { variantOf } from '../../support/copy-settings.ts'
import { controlRow, drawnRow, rowOf } from '../../support/result-rows.ts'
import { versionOf } from '../../support/stored-allocation.ts'

const variants = [variantOf('a'), variantOf('b')]
const check = (rows: readonly CellChange[], controlShare = 0.5, versions = [versionOf(1, { a: 0.75, b: 0.25 })]) =>
  checkSplit(rows, { splitMode: 'random', controlShare }, variants, drawChances(rows, versions))
const countsOf = (rows: readonly CellChange[], between: 'arms' | 'copies', stage = 'sent') =>
  check(rows).find((one) => one.between === between && one.stage === stage)?.counts

const rows = [
  controlRow(0, { sent: 400, delivered: 390 }),
  drawnRow(0, 'a', 1, { served: 310, sent: 300, delivered: 290 }),
  drawnRow(0, 'b', 1, { served: 110, sent: 100, delivered: 90 }),
]

describe('a check of the split', () => {
  it('counts what was drawn or went to control, and nothing else', () => {
    const others = [
      rowOf(0, 'treatment', 'a', 'forced', { served: 9, sent: 9 }),
      rowOf(0, 'treatment', 'b', 'fallback', { served: 9, sent: 9 }),
      rowOf(0, 'control', 'plain', 'forced', { served: 9, sent: 9 }),
      rowOf(0, 'treatment', 'a', 'v1', { sent: 9 }, { name: 'purchase' }),
      rowOf(0, 'unsent', '', '', { sent: 9 }),
      rowOf(0, 'action', '77', 'v1', { sent: 9 }),
    ]
    expect(check([...rows, ...others])).toEqual(check(rows))
    expect(countsOf(rows, 'arms')).toEqual([400, 400])
    expect(countsOf(rows, 'copies')).toEqual([300, 100])
    expect(countsOf(rows, 'copies', 'served')).toEqual([310, 110])
    expect(countsOf(rows, 'copies', 'delivered')).toEqual([290, 90])
  })

  it('counts a send whose copy nobody knows for its arm, and for no copy; a copy of control for none either', () => {
    const more = [rowOf(0, 'treatment', '', '', { sent: 50 }), rowOf(0, 'control', 'plain', 'v1', { sent: 20 })]
    expect(countsOf([...rows, ...more], 'arms')).toEqual([420, 450])
    expect(countsOf([...rows, ...more], 'copies')).toEqual([300, 100])
  })

  it('holds copies against their weights, version by version', () => {
    const moved = [drawnRow(1, 'a', 2, { sent: 100 }), drawnRow(1, 'b', 2, { sent: 900 })]
    const versions = [versionOf(1, { a: 0.75, b: 0.25 }), versionOf(2, { a: 0.1, b: 0.9 })]
    const sent = check([...rows, ...moved], 0.5, versions).find(({ between }) => between === 'copies')
    expect(sent).toMatchObject({ stage: 'served', labels: ['a', 'b'] })
    const [, second] = check([...rows, ...moved], 0.5, versions).filter(({ between }) => between === 'copies')
    expect(second).toMatchObject({ stage: 'sent', counts: [400, 1_000], broken: false })
    expect(second?.expected).toEqual([expect.closeTo(400, 9), expect.closeTo(1_000, 9)])
  })

  it('holds those that are left of a version against what their weights leave', () => {
    const three = [versionOf(1, { a: 0.3, b: 0.1, c: 0.6 })]
    const [, sent] = check(rows, 0.5, three).filter(({ between }) => between === 'copies')
    expect(sent?.expected).toEqual([expect.closeTo(300, 9), expect.closeTo(100, 9)])
  })

  it('is not made of one copy alone, nor of arms of which one is meant to be empty', () => {
    expect(check(rows.slice(0, 2)).every(({ between }) => between === 'arms')).toBe(true)
    for (const share of [0, 1]) expect(check(rows, share).every(({ between }) => between === 'copies')).toBe(true)
    expect(check(rows).filter(({ between }) => between === 'arms')).toHaveLength(3)
  })
})

describe('the chance of a draw', () => {
  const seen = [
    ...rows,
    rowOf(0, 'control', 'plain', 'v0', { sent: 1 }),
    rowOf(0, 'treatment', '', 'v0', { sent: 1 }),
    ...['a', 'b', 'c', 'd'].map((copy) => drawnRow(0, copy, 0, { sent: 1 })),
  ]
  const chanceOf = (stratum: string, copyId: string) =>
    drawChances(seen, [versionOf(1, { a: 0.75, b: 0 })])(stratum, copyId)

  it('is the weight of the copy in its version', () => {
    expect(chanceOf('v1', 'a')).toBe(0.75)
  })

  it('is alike among the copies that a version drew, where no weight is stored', () => {
    expect(chanceOf('v0', 'a')).toBe(0.25)
    expect(chanceOf('v1', 'b')).toBe(0.5)
    expect(chanceOf('v9', 'a')).toBe(1)
  })

  it('needs the versions that rows were drawn by, from the least to the greatest', () => {
    const drawn = (...strata: string[]) =>
      versionsSeen(strata.map((stratum) => rowOf(0, 'treatment', 'a', stratum, {})))
    expect(drawn('v12', 'v3', '', 'forced', 'v0', 'fallback', 'v7')).toEqual({ from: 3, to: 12 })
    expect(drawn('v5')).toEqual({ from: 5, to: 5 })
    expect(drawn('v0', '', 'forced', 'fallback', 'rev2')).toBeUndefined()
    expect(versionsSeen([])).toBeUndefined()
  })
})
