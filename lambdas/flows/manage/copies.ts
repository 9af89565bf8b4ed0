// The copy of a template: listed, added, edited, archived.
import type * as z from 'zod/mini'
import { copyIdSchema } from '../../../contract/ids.ts'
import { maxCopiesPerTemplate } from '../../../contract/limits.ts'
import type { Variant } from '../../../contract/template.ts'
import { copyChangeSchema, newCopySchema } from '../../../contract/template-answers.ts'
import { Fault } from '../../domain/api/fault.ts'
import type { RenderCopy } from '../../domain/copy/render-copy.ts'
import {
  type CopyEdit,
  checkServes,
  editCopy,
  followFallback,
  nextCopyId,
} from '../../domain/settings/change-template.ts'
import { showCopy } from '../../domain/settings/show-template.ts'
import { type Action, type Call, checkIfMatch, etagOf, type Reply, readBody } from './call.ts'
import { getWhole, store, type TemplatesDeps, type Whole } from './templates.ts'

export interface CopiesDeps extends TemplatesDeps {
  readonly render: RenderCopy
}

export function listCopies(deps: CopiesDeps): Action {
  return async (call) => {
    const { template, variants } = await getWhole(deps, call)
    return { body: { variants: variants.map(showCopy) }, etag: etagOf(template.revision) }
  }
}

export function addCopy(deps: CopiesDeps): Action {
  return async (call) => {
    const asked = readBody(newCopySchema, call)
    const whole = await getWhole(deps, call)
    const { copy_id: copyId = nextCopyId(whole.variants, whole.template.templateId) } = asked
    const copy: Variant = {
      copyId,
      arm: asked.arm ?? 'treatment',
      status: 'active',
      vars: asked.vars,
      attrs: asked.attrs ?? {},
    }
    if (whole.variants.some((one) => one.copyId === copyId)) throw new Fault('copy.exists')
    return write(deps, call, whole, { copy, puts: [copy], removals: [] })
  }
}

export function putCopy(deps: CopiesDeps): Action {
  return async (call) => {
    const change = readBody(copyChangeSchema, call)
    return edit(deps, call, change)
  }
}

export function archiveCopy(deps: CopiesDeps): Action {
  return (call) => edit(deps, call, { status: 'archived' })
}

async function edit(deps: CopiesDeps, call: Call, change: z.infer<typeof copyChangeSchema>): Promise<Reply> {
  const whole = await getWhole(deps, call)
  const copyId = copyIdSchema.safeParse(call.path.copy)
  const copy = whole.variants.find((one) => one.copyId === copyId.data)
  if (copy === undefined) throw new Fault('copy.unknown')
  return write(deps, call, whole, editCopy(whole.template, whole.variants, copy, change))
}

async function write(deps: CopiesDeps, call: Call, whole: Whole, change: CopyEdit): Promise<Reply> {
  checkIfMatch(call, whole.template.revision)
  await checkText(deps, change.copy)
  const kept = whole.variants.filter(({ copyId }) => !change.puts.some((put) => put.copyId === copyId))
  const variants = [...kept, ...change.puts]
  if (variants.length > maxCopiesPerTemplate) throw new Fault('copy.too_many')
  checkServes(whole.template, variants)
  const after = followFallback(whole.template, variants, change)
  const stored = await store(deps, call, whole, { after, putCopies: change.puts, removeCopies: change.removals })
  return {
    body: { copy: showCopy(change.copy), replaces: change.replaces ?? null },
    etag: etagOf(stored.template.revision),
  }
}

/** @throws Fault `body.invalid` for text that is not Liquid: it would go out empty */
async function checkText({ render }: CopiesDeps, copy: Variant): Promise<void> {
  const { unrendered } = await render(copy, {})
  const broken = unrendered.filter(({ reason }) => reason === 'syntax')
  if (broken.length === 0) return
  const message = 'Seen: text that is not Liquid. Allowed: text, with Liquid that closes what it opens.'
  throw new Fault(
    'body.invalid',
    broken.map(({ variable }) => ({ path: `vars.${variable}`, message })),
  )
}
