// The console's page about the columns of exports, which is read from the docs.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readColumns } from '../../console/pages/activity/columns-of-exports.ts'
import { datasets as allDatasets, exportColumns } from '../../contract/export-columns.ts'

const { notes, datasets } = readColumns(readFileSync('docs/exports.md', 'utf8'))
/** Told once for the three datasets that have them. */
const assignment = ['template_id', 'arm', 'copy_id', 'choice', 'allocation_version']

it('tells of every column of every dataset, and of none that there is not', () => {
  expect(datasets.map(({ name }) => name).sort()).toEqual([...allDatasets].sort())
  for (const { name, about, columns } of datasets) {
    const together = '`template_id` … `allocation_version`'
    const told = columns.flatMap(({ names }) =>
      names === together ? assignment : [...names.matchAll(/`(\w+)`/g)].map(([, column]) => column),
    )
    const there = allDatasets.find((dataset) => dataset === name)
    expect(told.sort()).toEqual(Object.keys(there === undefined ? {} : exportColumns[there]).sort())
    expect(about).not.toBe('')
    expect(columns.filter(({ type, meaning }) => type === '' && meaning === '')).toEqual([])
  }
})

it('tells once of what three datasets share', () => {
  for (const column of assignment) expect(notes.join(' ')).toContain(`\`${column}\``)
})
