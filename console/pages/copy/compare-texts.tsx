// Two versions side by side, word by word. The one that compares words is loaded when it is first asked for.
import { Loader, Stack, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { CopyAnswer } from '../../../contract/template-answers.ts'

const Differences = lazy(async () => ({ default: (await import('./differences.tsx')).Differences }))

type Texts = Pick<CopyAnswer, 'vars'>

export function CompareTexts({ before, after }: { readonly before: Texts; readonly after: Texts }) {
  return (
    <Stack gap="xs">
      <Suspense fallback={<Loader aria-label="Loading" size="sm" />}>
        <Differences before={before} after={after} />
      </Suspense>
      <Text size="xs" c="dimmed">
        Taken away words are crossed out, new ones underlined.
      </Text>
    </Stack>
  )
}
