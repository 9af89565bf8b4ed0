// How a template stands, for its line in the list: shares of its key metric, the best lift, what to do, what speaks against it.
// Of the whole test, from its first send on.
import { Anchor, Badge, Skeleton, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { useRead } from '../../api/use-api.ts'
import { rangeOf } from '../../parts/range.ts'
import { useOrg } from '../../session/use-session.ts'
import { formatLift, formatLiftRange, formatShare } from '../../words/format.ts'
import { countCautions } from '../results/cautions-count.ts'
import { decisionLooks } from '../results/decision-looks.ts'
import { sumOf } from '../results/readout.ts'
import { bestLift } from './best-lift.ts'

export function Standing({ template }: { readonly template: string }) {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/templates/{template}/results', { path: { org, template } })
  if (read.isPending)
    return (
      <Table.Td colSpan={4} aria-busy="true">
        <Skeleton height={16} />
      </Table.Td>
    )
  if (read.data === undefined)
    return (
      <Table.Td colSpan={4}>
        <Text size="sm" c="dimmed">
          Its results could not be read.
        </Text>
      </Table.Td>
    )
  return <Stands results={read.data.data} address={`/${org}/templates/${template}/results`} />
}

function Stands({ results, address }: { readonly results: ResultsAnswer; readonly address: string }) {
  const best = bestLift(results)
  const { colour, word } = decisionLooks[results.decision.decision]
  const cautions = countCautions(results)
  const isEmpty = results.arms.every(({ counts }) => (counts.sent ?? 0) === 0)
  return (
    <>
      <Table.Td>
        {isEmpty ? (
          <Text size="sm" c="dimmed">
            nothing was sent yet
          </Text>
        ) : (
          <Badge color={colour} variant="dot" tt="none" miw="max-content">
            {word}
          </Badge>
        )}
        {cautions > 0 && (
          <Text size="xs">
            <Anchor component={Link} to={address} size="xs" underline="always">
              {cautions === 1 ? '1 warning' : `${cautions} warnings`}
            </Anchor>
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={220}>
        {best === undefined ? (
          '–'
        ) : (
          <>
            <Text size="sm" {...(isSure(best.lift) ? { fw: 700 } : { c: 'dimmed' })}>
              {formatLift(best.lift.value)}
              {!isSure(best.lift) && ' so far'}
            </Text>
            <Text size="xs" c="dimmed" className="words">
              {best.copy_id}, {formatLiftRange(rangeOf(best.lift))}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td className="numbers">{formatShare(sumOf(results, 'treatment').share)}</Table.Td>
      <Table.Td className="numbers">{formatShare(sumOf(results, 'control').share)}</Table.Td>
    </>
  )
}

/** Only a lift whose range lies on one side of zero is to catch the eye. */
function isSure(lift: Parameters<typeof rangeOf>[0]): boolean {
  const { lower, upper } = rangeOf(lift)
  return lower > 0 || upper < 0
}
