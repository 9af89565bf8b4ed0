// What to paste into Customer.io for one template, step by step.
import { Anchor, Code, Group, List, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import type * as z from 'zod/mini'
import type { integrationTextSchema } from '../../../contract/template-answers.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { useOrg } from '../../session/use-session.ts'
import { inReadingOrder } from '../copy/variable-order.ts'

const keyHeader = 'X-Api-Key'
const scopes = { customer: 'the person', journey: 'the journey' } as const

export function ToPaste({ text }: { readonly text: z.infer<typeof integrationTextSchema> }) {
  const liquids = new Map(text.message.map(({ variable, liquid }) => [variable, liquid]))
  return (
    <Paper withBorder p="md" component="section" aria-label="At Customer.io">
      <Stack>
        <Title order={2} size="h4">
          At Customer.io
        </Title>
        <List type="ordered" spacing="lg" size="sm" styles={{ itemWrapper: { display: 'block' } }}>
          <List.Item>
            <Text size="sm" mb="xs">
              In the campaign’s workflow, split people into control (your existing message) and treatment: a Webhook
              Action, then the message with JustAI’s copy.
            </Text>
          </List.Item>
          <List.Item>
            <Stack gap="sm">
              <Text size="sm">In the Webhook Action’s request:</Text>
              <CopyValue label="Method" value={text.method} />
              <CopyValue label="URL" value={text.url} />
              {text.headers.map(({ name, value }) =>
                name === keyHeader ? (
                  <KeyHeader key={name} stands={value} />
                ) : (
                  <CopyValue key={name} label={`Header ${name}`} value={value} />
                ),
              )}
              <CopyValue label="Body" value={text.body} block />
            </Stack>
          </List.Item>
          <List.Item>
            <Stack gap="sm">
              <Text size="sm">In its Response tab, stored with {scopes[text.response.scope]}:</Text>
              <CopyValue label="Attribute name" value={text.response.attribute} />
              <CopyValue label="Value" value={text.response.value} />
            </Stack>
          </List.Item>
          <List.Item>
            <Stack gap="sm">
              <Text size="sm">In the message, where each text belongs:</Text>
              {inReadingOrder([...liquids.keys()]).map((variable) => (
                <CopyValue key={variable} label={variable} value={liquids.get(variable) ?? ''} />
              ))}
              {text.message.length === 0 && (
                <Text size="sm" c="dimmed">
                  Write a copy first; its variables will be listed here.
                </Text>
              )}
            </Stack>
          </List.Item>
        </List>
      </Stack>
    </Paper>
  )
}

/** A key is shown once, when it is made: there is none to copy here, only what stands for it. */
function KeyHeader({ stands }: { readonly stands: string }) {
  const { org, mayChange } = useOrg()
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          Header {keyHeader}
        </Text>
        {mayChange && (
          <Anchor component={Link} to={`/${org}/settings/keys`} size="sm" underline="always">
            New key
          </Anchor>
        )}
      </Group>
      <Code className="pasted" dir="ltr">
        {stands}
      </Code>
    </Stack>
  )
}
