// Something that is read on demand: shut at first, loaded when it is opened.
import { Button, Collapse, Stack } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import type { ReactNode } from 'react'

export interface UnfoldProps {
  readonly label: string
  readonly children: ReactNode
  /** Open at first. */
  readonly isOpen?: boolean
}

export function Unfold({ label, children, isOpen: isOpenAtFirst = false }: UnfoldProps) {
  const [isOpen, { toggle }] = useDisclosure(isOpenAtFirst)
  const id = useId()
  return (
    <Stack gap="sm" w="100%">
      <Button
        size="xs"
        variant="default"
        onClick={toggle}
        aria-expanded={isOpen}
        aria-controls={id}
        style={{ alignSelf: 'flex-start' }}
      >
        {isOpen ? '▾' : '▸'}&nbsp; {label}
      </Button>
      <Collapse expanded={isOpen} id={id}>
        {isOpen && children}
      </Collapse>
    </Stack>
  )
}
