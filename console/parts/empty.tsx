// What a list says when there is nothing in it: why, and what to do.
import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export interface EmptyProps {
  readonly title: string
  readonly children: ReactNode
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <Paper withBorder p="lg">
      <Stack gap="xs" align="flex-start">
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" component="div" maw="65ch">
          {children}
        </Text>
      </Stack>
    </Paper>
  )
}
