// The set-up as a list that turns green by itself: each step with what to do at Customer.io, what to paste, and its checks.
import { Alert, Card, Flex, Group, Progress, Stack, Text, Title } from '@mantine/core'
import type { Check } from '../../../contract/check.ts'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import { groupChecks, type StepChecks, worstOf } from './group-checks.ts'
import { Light } from './light.tsx'
import { StepHelp, titleOf } from './step-help.tsx'

/** Lights follow what arrives while somebody is setting up. */
const refetchMs = 5_000

export function SetUp() {
  const { org, mayChange } = useOrg()
  const health = useRead('GET /api/orgs/{org}/health', { path: { org } }, { refetchMs })
  return (
    <>
      <PageTitle
        title="Set-up"
        about="From nothing to a first result. Every step is checked by itself, so this page also tells what broke later."
      />
      <Loaded of={health}>
        {({ checks, as_of }) => (
          <Stack gap="lg">
            <Summary checks={checks} />
            {!mayChange && <Alert color="gray">You may read only; an admin of {org} does the steps.</Alert>}
            {groupChecks(checks).map((group, at) => (
              <StepCard key={`${group.step} ${group.template ?? ''}`} number={at + 1} group={group} />
            ))}
            <Text size="xs" c="dimmed">
              As of {formatInstant(as_of, 'second')}.
            </Text>
          </Stack>
        )}
      </Loaded>
    </>
  )
}

function Summary({ checks }: { readonly checks: readonly Check[] }) {
  const [ok, broken] = (['ok', 'broken'] as const).map(
    (state) => checks.filter((check) => check.state === state).length,
  )
  const partOf = (count = 0) => (checks.length === 0 ? 0 : (count / checks.length) * 100)
  return (
    <Stack gap={6}>
      <Text fw={600} role="status">
        {ok} of {checks.length} checks are ok{broken === 0 ? '.' : `, ${broken} broken.`}
      </Text>
      <Progress.Root aria-hidden="true">
        <Progress.Section value={partOf(ok)} color="green" />
        <Progress.Section value={partOf(broken)} color="red" />
      </Progress.Root>
    </Stack>
  )
}

function StepCard({ number, group }: { readonly number: number; readonly group: StepChecks }) {
  const title = `${number}. ${titleOf(group)}`
  return (
    <Card withBorder component="section" aria-label={title}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4" className="words">
            {title}
          </Title>
          <Light state={worstOf(group.checks)} />
        </Group>
        <StepHelp group={group} />
        {group.checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </Stack>
    </Card>
  )
}

function CheckLine({ check }: { readonly check: Check }) {
  return (
    <Flex direction={{ base: 'column', sm: 'row' }} align="flex-start" gap={{ base: 4, sm: 'sm' }}>
      <Light state={check.state} />
      <div>
        <Text size="sm" fw={600} className="words">
          {check.title}
        </Text>
        <Text size="sm" className="words">
          {check.seen}
          {check.since !== null && check.state === 'broken' && ` Since ${formatInstant(check.since)}.`}
        </Text>
        {check.what_to_do !== '' && (
          <Text size="sm" fw={500} className="words">
            → {check.what_to_do}
          </Text>
        )}
      </div>
    </Flex>
  )
}
