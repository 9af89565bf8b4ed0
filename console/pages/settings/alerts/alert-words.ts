// What alerts are called, and how a delivery stands, in words and colours.
import type * as z from 'zod/mini'
import type { AlertKind } from '../../../../contract/alert.ts'
import type { alertsAnswerSchema, deliveryAnswerSchema } from '../../../../contract/alert-answers.ts'

export type Destination = z.infer<typeof alertsAnswerSchema>['destinations'][number]
export type Delivery = z.infer<typeof deliveryAnswerSchema>

export const kindWords: Readonly<Record<AlertKind, string>> = {
  no_data: 'Nothing comes in',
  sample_ratio: 'A split is broken',
  ready_to_ship: 'A copy is ready to ship',
  guardrail: 'A guardrail stopped a copy',
  file_late: 'A daily file is late',
  webhook_drift: 'The reporting webhook is not as it must be',
}

const words: ReadonlyMap<string, string> = new Map([...Object.entries(kindWords), ['test', 'Test']])

/** Of a kind that this page does not know, its name. */
export function wordsOf(kind: string): string {
  return words.get(kind) ?? kind
}

export const deliveryLooks: Readonly<Record<Delivery['state'], { readonly colour: string; readonly word: string }>> = {
  waiting: { colour: 'blue', word: 'on its way' },
  delivered: { colour: 'green', word: 'delivered' },
  failed: { colour: 'red', word: 'given up' },
}

/** How often it was tried, and what the last try came to. */
export function triesOf({ attempts }: Pick<Delivery, 'attempts'>): string {
  const last = attempts.at(-1)
  if (last === undefined) return 'not tried yet'
  const said = last.problem ?? `answered ${last.status ?? 'nothing'}`
  return attempts.length === 1 ? said : `${said}, at try ${attempts.length}`
}
