// A value to paste elsewhere, with a button that copies it.
import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'

export interface CopyValueProps {
  readonly label: string
  readonly value: string
  /** Several lines, as they are. */
  readonly block?: boolean
}

export function CopyValue({ label, value, block = false }: CopyValueProps) {
  const copy = (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy: run }) => (
        <Button size="compact-xs" variant="default" onClick={run} aria-label={`Copy ${label}`}>
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      )}
    </CopyButton>
  )
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        {copy}
      </Group>
      <Code block={block} className="pasted" dir="ltr" tabIndex={block ? 0 : undefined}>
        {value}
      </Code>
    </Stack>
  )
}
