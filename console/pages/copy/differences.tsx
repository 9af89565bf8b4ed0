// What changed from one copy to another, variable by variable.
import { Stack, Text } from '@mantine/core'
import { diffWordsWithSpace } from 'diff'
import type { CopyAnswer } from '../../../contract/template-answers.ts'

export function Differences({ before, after }: { readonly before: CopyAnswer; readonly after: CopyAnswer }) {
  const names = [...new Set([...Object.keys(before.vars), ...Object.keys(after.vars)])]
  return (
    <Stack gap="sm">
      {names.map((name) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {name}
          </Text>
          <Text className="words pasted" dir="auto">
            {diffWordsWithSpace(before.vars[name] ?? '', after.vars[name] ?? '').map(
              ({ added, removed, value }, at) => {
                const key = `${at} ${value}`
                if (added) return <ins key={key}>{value}</ins>
                return removed ? <del key={key}>{value}</del> : <span key={key}>{value}</span>
              },
            )}
          </Text>
        </div>
      ))}
    </Stack>
  )
}
