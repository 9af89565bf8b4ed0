// The heading of a page, which also names the tab.
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

export interface PageTitleProps {
  readonly title: string
  readonly about?: ReactNode
  readonly actions?: ReactNode
}

export function PageTitle({ title, about, actions }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · JustAI`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={4} flex="1 1 18rem">
        <Title order={1} size="h2" className="words">
          {title}
        </Title>
        {about !== undefined && (
          <Text c="dimmed" size="sm" maw="70ch" component="div">
            {about}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
