// Each copy against control: its lift drawn with the range that holds it with 95 %, and what else is known of it.
import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { ComparedCopy, Judgement } from '../../../contract/comparison.ts'
import { IntervalBar } from '../../parts/interval-bar.tsx'
import { type Range, rangeOf } from '../../parts/range.ts'
import { formatCount, formatLift, formatLiftRange, formatP, formatShare } from '../../words/format.ts'
import { chancesOf } from './chances.ts'
import { liftScale } from './lift-scale.ts'

export interface ComparedCopiesProps {
  readonly title: string
  readonly comparison: Judgement['comparison']
  /** What the metric comes to per send: a share, or money; and what that is called. */
  readonly meanName: string
  readonly formatMean: (mean: number | null) => string
  readonly allocation: Judgement['allocation']
  readonly stopped: Judgement['stopped']
}

export function ComparedCopies({ title, comparison, meanName, formatMean, allocation, stopped }: ComparedCopiesProps) {
  const { control, copies } = comparison
  if (copies.length === 0) return null
  const scale = liftScale(copies)
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <div>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          Control: {formatMean(control.mean)} of {formatCount(control.n)} sends compared. The bar holds the true lift
          with 95 %, however often one looks; the line in it is no difference at all.
        </Text>
      </div>
      {copies.map((copy) => (
        <CopyCard
          key={copy.copy_id}
          copy={copy}
          controlSends={control.n}
          scale={scale}
          meanName={meanName}
          formatMean={formatMean}
          weight={allocation?.weights.find(({ copy_id }) => copy_id === copy.copy_id)?.weight}
          isStopped={stopped.some(({ copy_id }) => copy_id === copy.copy_id)}
        />
      ))}
    </Stack>
  )
}

interface CopyCardProps {
  readonly copy: ComparedCopy
  readonly controlSends: number
  readonly scale: Range
  readonly meanName: string
  readonly formatMean: ComparedCopiesProps['formatMean']
  /** Share of people who get it now; undefined: not known. */
  readonly weight: number | undefined
  readonly isStopped: boolean
}

function CopyCard({ copy, controlSends, scale, meanName, formatMean, weight, isStopped }: CopyCardProps) {
  const { copy_id, n, mean, lift, no_lift } = copy
  const chances = chancesOf(lift, Math.min(n, controlSends))
  return (
    <Card withBorder component="article" aria-label={`${copy_id} against control`}>
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600} className="words">
            {copy_id}
          </Text>
          {isStopped && (
            <Badge color="red" variant="dot" tt="none">
              stopped
            </Badge>
          )}
          {weight !== undefined && !isStopped && (
            <Badge variant="default" tt="none">
              gets {formatShare(weight)}
            </Badge>
          )}
        </Group>
        {lift === null ? (
          <Text size="sm">{no_lift}</Text>
        ) : (
          <>
            <Text size="sm">
              <b>{formatLift(lift.value)}</b> so far; the true lift is {formatLiftRange(rangeOf(lift))}
            </Text>
            <IntervalBar
              value={lift.value}
              range={rangeOf(lift)}
              scale={scale}
              colour={colourOf(rangeOf(lift))}
              label={`Lift ${formatLiftRange(rangeOf(lift))}`}
              width="100%"
            />
          </>
        )}
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs" component="dl" m={0}>
          <Fact name="Sends compared" value={formatCount(n)} />
          <Fact name={meanName} value={formatMean(mean)} />
          {lift !== null && (
            <>
              <Fact name="Chance to beat control" value={chances.beatsControl} />
              <Fact name="Loss expected by shipping" value={chances.lossByShipping} />
              <Fact name="p, after all comparisons" value={formatP(lift.adjusted_p)} />
            </>
          )}
        </SimpleGrid>
      </Stack>
    </Card>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} size="sm">
        {value}
      </Text>
    </div>
  )
}

/** By what is sure: a range on one side of zero. */
function colourOf({ lower, upper }: Range): string {
  if (lower > 0) return 'var(--mantine-color-green-7)'
  return upper < 0 ? 'var(--mantine-color-red-7)' : 'var(--mantine-color-blue-6)'
}
