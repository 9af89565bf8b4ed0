// What changed from one copy to another, variable by variable.
import { Stack } from '@mantine/core'
import { diffWordsWithSpace } from 'diff'
import type { CopyAnswer } from '../../../contract/template-answers.ts'
import { CopyText } from './copy-text.tsx'
import { inReadingOrder } from './variable-order.ts'

type Texts = Pick<CopyAnswer, 'vars'>

export function Differences({ before, after }: { readonly before: Texts; readonly after: Texts }) {
  const names = inReadingOrder([...new Set([...Object.keys(before.vars), ...Object.keys(after.vars)])])
  return (
    <Stack gap="sm">
      <CopyText names={names}>
        {(name) =>
          diffWordsWithSpace(before.vars[name] ?? '', after.vars[name] ?? '').map(({ added, removed, value }, at) => {
            const key = `${at} ${value}`
            if (added) return <ins key={key}>{value}</ins>
            return removed ? <del key={key}>{value}</del> : <span key={key}>{value}</span>
          })
        }
      </CopyText>
    </Stack>
  )
}
