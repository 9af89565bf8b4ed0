// A copy while it is written: variables and conditions as rows, which may be half filled, and what the API takes of them.
import * as z from 'zod/mini'
import { armSchema } from '../../../contract/ids.ts'
import type { CopyAnswer } from '../../../contract/template-answers.ts'
import { inReadingOrder } from './variable-order.ts'

export const copyDraftSchema = z.object({
  arm: armSchema,
  vars: z.array(z.object({ name: z.string(), text: z.string() })),
  attrs: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
})
export type CopyDraft = z.infer<typeof copyDraftSchema>

export const emptyDraft: CopyDraft = {
  arm: 'treatment',
  vars: [
    { name: 'subject', text: '' },
    { name: 'body', text: '' },
  ],
  attrs: [],
}

export function draftOf({ arm, vars, attrs }: CopyAnswer): CopyDraft {
  return {
    arm,
    vars: inReadingOrder(Object.keys(vars)).map((name) => ({ name, text: vars[name] ?? '' })),
    attrs: Object.entries(attrs).map(([name, values]) => ({ name, values: [...values] })),
  }
}

/** Rows that were begun and left empty are left out. */
export function copyOf({ arm, vars, attrs }: CopyDraft) {
  return {
    arm,
    vars: Object.fromEntries(vars.filter(({ name }) => name !== '').map(({ name, text }) => [name, text])),
    attrs: Object.fromEntries(
      attrs.filter(({ name, values }) => name !== '' && values.length > 0).map(({ name, values }) => [name, values]),
    ),
  }
}

/** What stands in the way of saving, a sentence each. */
export function problemsOf({ vars, attrs }: CopyDraft): string[] {
  const names = vars.map(({ name }) => name).filter((name) => name !== '')
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
  const nameless = vars.find(({ name, text }) => name === '' && text !== '')
  const open = attrs.find(({ name, values }) => name === '' && values.length > 0)
  return [
    ...(names.length === 0 ? ['A copy needs at least one variable, such as subject.'] : []),
    ...(twice === undefined ? [] : [`The variable ${twice} is there twice.`]),
    ...(odd === undefined ? [] : [`${odd} cannot name a variable: letters, digits and _, not beginning with a digit.`]),
    ...(nameless === undefined ? [] : ['A text has no variable name.']),
    ...(open === undefined ? [] : ['A condition has no attribute name.']),
  ]
}
