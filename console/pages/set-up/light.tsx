// A light of the set-up: by colour, by shape and by word.
import { Badge } from '@mantine/core'
import type { Check } from '../../../contract/check.ts'

const looks: Readonly<Record<Check['state'], { readonly colour: string; readonly word: string }>> = {
  ok: { colour: 'green', word: '✓ ok' },
  waiting: { colour: 'yellow', word: '… waiting' },
  broken: { colour: 'red', word: '! broken' },
}

export function Light({ state }: { readonly state: Check['state'] }) {
  const { colour, word } = looks[state]
  return (
    <Badge color={colour} variant="dot" tt="none" miw={104} flex="0 0 auto">
      {word}
    </Badge>
  )
}
