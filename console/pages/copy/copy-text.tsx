// The texts of a copy, each under the name of its variable, as they are and never as markup.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

export interface CopyTextProps {
  readonly names: readonly string[]
  readonly children: (name: string) => ReactNode
}

export function CopyText({ names, children }: CopyTextProps) {
  return names.map((name) => (
    <div key={name}>
      <Text size="xs" c="dimmed" className="words">
        {name}
      </Text>
      <Text className="words pasted" dir="auto" component="div">
        {children(name)}
      </Text>
    </div>
  ))
}
