// Who changed what, newest first, with what each setting was before and is since. Secrets are in none of it.
import { Card, Code, Group, List, Stack, Text } from '@mantine/core'
import type * as z from 'zod/mini'
import type { auditAnswerSchema } from '../../../contract/org-answers.ts'
import { useRead } from '../../api/use-api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager, usePage } from '../../parts/pager.tsx'
import { useOrg, useSignedIn } from '../../session/use-session.ts'
import { formatInstant, formatName } from '../../words/format.ts'
import { deedOf, sayValue, thingOf, whoOf } from './audit-words.ts'
import { differencesOf } from './state-differences.ts'

type Entry = z.infer<typeof auditAnswerSchema>['entries'][number]

export function AuditLog() {
  const { org, mayChange } = useOrg()
  const next = usePage()
  const log = useRead('GET /api/orgs/{org}/audit', { path: { org }, query: { next } }, { enabled: mayChange })
  if (!mayChange) return <Empty title="For admins only">Ask an admin of {org} who changed what.</Empty>
  return (
    <Loaded of={log}>
      {({ entries, next: older }) => (
        <Stack>
          {entries.length === 0 && <Empty title="Nothing was changed yet">Every change will be listed here.</Empty>}
          {entries.map((entry) => (
            <EntryCard key={`${entry.at} ${entry.action} ${entry.what}`} entry={entry} />
          ))}
          <Pager next={older} />
        </Stack>
      )}
    </Loaded>
  )
}

function EntryCard({ entry }: { readonly entry: Entry }) {
  const { org } = useOrg()
  const { subject } = useSignedIn()
  const keys = useRead('GET /api/orgs/{org}/keys', { path: { org } }).data?.data.keys ?? []
  const known = { subject, keys: new Map(keys.flatMap(({ id, name }) => (name === null ? [] : [[id, name]]))) }
  const differences = differencesOf(entry.before, entry.after)
  return (
    <Card withBorder component="article" aria-label={`${entry.what}, ${formatInstant(entry.at, 'second')}`}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text fw={600} className="words">
            {[thingOf(entry), deedOf(entry)].filter((part) => part !== '').join(', ')}
          </Text>
          <Text size="sm" c="dimmed">
            {formatInstant(entry.at, 'second')}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" className="words">
          By {whoOf(entry.who, known)}. <span title={`${entry.what}, ${entry.action}`}>{entry.action}</span>
        </Text>
        {differences.length === 0 && entry.before !== null && (
          <Text size="sm">Nothing else than a secret, or what is not shown.</Text>
        )}
        <List size="sm" spacing={4}>
          {differences.map(({ name, before, after }) => (
            <List.Item key={name} className="words">
              {formatName(name)}: {before !== undefined && <Code className="pasted">{sayValue(before)}</Code>}
              {before !== undefined && ' → '}
              <Code className="pasted">{sayValue(after ?? '')}</Code>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Card>
  )
}
