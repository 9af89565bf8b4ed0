// From how many sends on chances are told, and that none is impossible.
import { expect, it } from 'vitest'
import { chancesOf } from '../../console/pages/results/chances.ts'
import type { ComparedCopy } from '../../contract/comparison.ts'

const lift = {
  chance_to_beat_control: 0.312,
  expected_loss: { keeping: 0.1, switching: 1.031 },
} as ComparedCopy['lift']

it.each([8, 99])('tells no chance and no loss of %i sends', (sends) => {
  expect(chancesOf(lift, sends)).toEqual({ beatsControl: '–, too few sends', lossByShipping: '–, too few sends' })
})

it('tells them from 100 sends on, and no loss of more than all', () => {
  expect(chancesOf(lift, 100)).toEqual({ beatsControl: '31.2 %', lossByShipping: '100.0 %' })
})
