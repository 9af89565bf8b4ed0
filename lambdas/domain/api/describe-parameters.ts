// What the API document says of what stands in a path or a header.
import * as z from 'zod/mini'
import { copyIdSchema, orgSlugSchema, templateIdSchema } from '../../../contract/ids.ts'
import type { Route } from '../../../contract/route.ts'
import { campaignIdPattern } from '../../../contract/setup-answers.ts'

type Json = Record<string, unknown>

const text = { type: 'string' }
const byName: Readonly<Record<string, { readonly description: string; readonly schema: object }>> = {
  org: { description: 'The slug of the org.', schema: z.toJSONSchema(orgSlugSchema) },
  template: {
    description: 'The id of a template; its copy is stored as `jw_<template>`.',
    schema: z.toJSONSchema(templateIdSchema),
  },
  copy: { description: 'The id of a copy, as the template lists it.', schema: z.toJSONSchema(copyIdSchema) },
  key: { description: 'The id of an API key, as the list shows it; not the key.', schema: text },
  campaign: {
    description: 'The id of a campaign at Customer.io.',
    schema: { ...text, pattern: campaignIdPattern.source },
  },
  person: {
    description: 'A person by the kind of their name and the name, percent-encoded: `id:4711`, `email:…`, `cio_id:…`.',
    schema: text,
  },
  import: { description: 'The id of a file, as the list shows it.', schema: text },
  day: { description: 'A day of sending, UTC: `2026-11-24`.', schema: { ...text, format: 'date' } },
  id: { description: 'The id, as the list shows it.', schema: text },
}

/** One for each name in the path. */
export function describePath(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...byName[name],
  }))
}

const delivery = header(
  'X-CIO-Delivery-Id',
  'Names the serve: the same name gets the same copy, however often it is asked. Customer.io sends it by itself.',
)
const idempotency = header(
  'X-CIO-Idempotency-Key',
  'Names the serve where no delivery does; without either, `tracking_id` does.',
)
const timestamp = header('X-CIO-Timestamp', 'Unix seconds, as they were signed.')
const ifMatch = header('If-Match', 'The `etag` that the change was made from; another one that stands is answered 412.')

/** The headers that mean something to a route, besides those by which its caller proves who it is. */
export function describeHeaders({ entry, etag, method }: Route): Json[] {
  const ofEntry = entry.kind === 'signature' ? [timestamp] : []
  const ofServes = entry.kind === 'key' && entry.scope === 'generate' ? [delivery, idempotency] : []
  return [...ofEntry, ...ofServes, ...(etag && method !== 'GET' ? [ifMatch] : [])]
}

function header(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: text }
}
