// The set-up as a list that turns green by itself: each step with what to do at Customer.io, what to paste, and its checks.
import { Alert, Button, Card, Collapse, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import type { Check } from '../../../contract/check.ts'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import { CheckLine } from './check-line.tsx'
import { groupChecks, type StepChecks, titleOf, worstOf } from './group-checks.ts'
import { Light } from './light.tsx'
import { StepHelp } from './step-help.tsx'

/** Lights follow what arrives while somebody is setting up. */
const refetchMs = 5_000

export function SetUp() {
  const { org, mayChange } = useOrg()
  const health = useRead('GET /api/orgs/{org}/health', { path: { org } }, { refetchMs })
  const templates = useRead('GET /api/orgs/{org}/templates', { path: { org } }).data?.data.templates ?? []
  const names = new Map(templates.map(({ template_id, name }) => [String(template_id), name]))
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
              <StepCard key={`${group.step} ${group.template ?? ''}`} number={at + 1} group={group} names={names} />
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

interface StepCardProps {
  readonly number: number
  readonly group: StepChecks
  readonly names: ReadonlyMap<string, string>
}

/** What to do is open while a step is not done. It never shuts by itself: somebody may be typing in it. */
function StepCard({ number, group, names }: StepCardProps) {
  const { mayChange } = useOrg()
  const state = worstOf(group.checks)
  const [isOpen, { toggle }] = useDisclosure(state !== 'ok')
  const helpId = useId()
  const title = `${number}. ${titleOf(group, names)}`
  return (
    <Card withBorder component="section" aria-label={title}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4" className="words">
            {title}
          </Title>
          <Group gap="xs">
            {mayChange && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={toggle}
                aria-expanded={isOpen}
                aria-controls={helpId}
                aria-label={`${isOpen ? 'Hide' : 'Show'} what to do in step ${number}`}
              >
                {isOpen ? 'Hide what to do' : 'What to do'}
              </Button>
            )}
            <Light state={state} />
          </Group>
        </Group>
        {mayChange && (
          <Collapse expanded={isOpen} id={helpId}>
            {isOpen && <StepHelp group={group} />}
          </Collapse>
        )}
        {group.checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </Stack>
    </Card>
  )
}
