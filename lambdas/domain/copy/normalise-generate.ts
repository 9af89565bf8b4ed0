// The three ways to ask for copy, read into one: one person, one or several templates.
import type * as z from 'zod/mini'
import { batchGenerateRequestSchema, type GenerateRequest, generateRequestSchema } from '../../../contract/generate.ts'
import type { CopyId, TemplateId } from '../../../contract/ids.ts'
import { describeIssues } from '../api/describe-issues.ts'
import { Fault } from '../api/fault.ts'
import { inspectJson } from '../events/inspect-json.ts'
import { type Attrs, readAttrs } from './eligibility.ts'

export interface CopyRequest {
  readonly templateId: TemplateId
  readonly copyId?: CopyId | undefined
  readonly trackingId?: string | undefined
}

export interface CopyCall {
  /** As the caller gave it; joining reads it in its own way. */
  readonly userId?: string | undefined
  readonly attrs: Attrs
  readonly fields: Readonly<Record<string, unknown>>
  readonly requests: readonly CopyRequest[]
}

/** Reads the body of `generate`. @throws Fault `body.invalid` */
export function readGenerateBody(body: unknown): CopyCall {
  const request = parseAs(generateRequestSchema, body, 'body.invalid')
  return toCall(request, [request])
}

/** Reads the body of `batch-generate`. @throws Fault `body.invalid` */
export function readBatchBody(body: unknown): CopyCall {
  const batch = parseAs(batchGenerateRequestSchema, body, 'body.invalid')
  return toCall(batch, batch.requests)
}

const plainParameters: ReadonlySet<string> = new Set(['template_id', 'user_id', 'tracking_id', 'copy_id'])

/** Reads the query of `generate`. Names it does not know are ignored: senders add their own. @throws Fault `query.invalid` */
export function readGenerateQuery(query: string): CopyCall {
  const plain = new Map<string, string>()
  const groups = { attrs: new Map<string, string>(), fields: new Map<string, string>() }
  for (const [name, value] of new URLSearchParams(query)) {
    const [, group, member] = /^(attrs|fields)\.(.+)$/s.exec(name) ?? []
    if (member === undefined && !plainParameters.has(name)) continue
    const target = group === 'attrs' || group === 'fields' ? groups[group] : plain
    const key = member ?? name
    if (target.has(key)) throw new Fault('query.invalid', [{ path: name, message: 'Seen: twice. Allowed: once.' }])
    target.set(key, value)
  }
  const attrs = Object.fromEntries(groups.attrs)
  const fields = Object.fromEntries(groups.fields)
  const unsafe = inspectJson([attrs, fields]).map(({ message }) => ({ path: '', message }))
  if (unsafe.length > 0) throw new Fault('query.invalid', unsafe)
  const request = parseAs(generateRequestSchema, { ...Object.fromEntries(plain), attrs, fields }, 'query.invalid')
  return toCall(request, [request])
}

type Person = Pick<GenerateRequest, 'user_id' | 'attrs' | 'fields'>
type Asked = Pick<GenerateRequest, 'template_id' | 'copy_id' | 'tracking_id'>

function toCall(person: Person, requests: readonly Asked[]): CopyCall {
  return {
    userId: toUserId(person.user_id),
    attrs: readAttrs(person.attrs ?? {}),
    fields: person.fields ?? {},
    requests: requests.map(({ template_id, copy_id, tracking_id }) => ({
      templateId: template_id,
      copyId: copy_id || undefined,
      trackingId: tracking_id || undefined,
    })),
  }
}

/** @throws Fault for a number that JSON's readers cannot hold exactly: it would name somebody else. */
function toUserId(given: Person['user_id']): string | undefined {
  if (typeof given === 'number' && Number.isInteger(given) && !Number.isSafeInteger(given)) {
    const message = 'Seen: an inexact integer. Allowed: text, or an integer of at most 15 digits.'
    throw new Fault('body.invalid', [{ path: 'user_id', message }])
  }
  return given === undefined || given === null || given === '' ? undefined : String(given)
}

function parseAs<S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  otherwise: 'body.invalid' | 'query.invalid',
): z.infer<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Fault(otherwise, describeIssues(parsed.error.issues, value))
}
