// What changed from one copy to another, variable by variable.
import { Stack } from '@mantine/core'
import type { CopyAnswer } from '../../../contract/template-answers.ts'
import { changedWords, type Run } from './changed-words.ts'
import { CopyText } from './copy-text.tsx'
import { inReadingOrder } from './variable-order.ts'

type Texts = Pick<CopyAnswer, 'vars'>

export function Differences({ before, after }: { readonly before: Texts; readonly after: Texts }) {
  const names = inReadingOrder([...new Set([...Object.keys(before.vars), ...Object.keys(after.vars)])])
  return (
    <Stack gap="sm">
      <CopyText names={names}>
        {(name) => <Changed runs={changedWords(before.vars[name] ?? '', after.vars[name] ?? '')} />}
      </CopyText>
    </Stack>
  )
}

const elements = { same: 'span', taken: 'del', new: 'ins' } as const

function Changed({ runs }: { readonly runs: readonly Run[] }) {
  // With nothing in common, each text has lines of its own.
  const display = runs.some(({ kind }) => kind === 'same') ? 'inline' : 'block'
  return runs.map(({ kind, text }, at) => {
    const Element = elements[kind]
    const key = `${at} ${text}`
    return (
      <Element key={key} style={{ display }}>
        {text}
      </Element>
    )
  })
}
