// What a change makes of a template and of its copy. A copy's text and arm never change under its id: results are kept by
// id, and must go on meaning what was sent.
import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod/mini'
import { isHarm } from '../../../contract/harms.ts'
import { type CopyId, copyIdSchema, type TemplateId } from '../../../contract/ids.ts'
import { defaultCopyLimitBytes } from '../../../contract/limits.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import type { copyChangeSchema, TemplateChange } from '../../../contract/template-answers.ts'
import { Fault } from '../api/fault.ts'
import { nextRevision } from './change-settings.ts'

/** A draft of a template, with the defaults that a change does not name. */
export function newTemplate(templateId: TemplateId): Template {
  return {
    templateId,
    name: templateId,
    status: 'draft',
    // Customer.io's own split, as its set-up describes.
    splitMode: 'external',
    controlShare: 0,
    keyMetric: 'converted',
    copyLimitBytes: defaultCopyLimitBytes,
  }
}

/**
 * The template after the change; `template` is what stands, or a new draft.
 * @throws Fault `template.draft_again`, `template.harm_metric`, `template.empty` or `copy.unknown`
 */
export function changeTemplate(template: Template, variants: readonly Variant[], change: TemplateChange): Template {
  const status = change.status ?? template.status
  if (status === 'draft' && template.status !== 'draft') throw new Fault('template.draft_again')
  if (change.key_metric !== undefined && isHarm(change.key_metric)) {
    const message = `Seen: ${change.key_metric}, of which more is worse. Allowed: any other metric, or an event of your own.`
    throw new Fault('template.harm_metric', [{ path: 'key_metric', message }])
  }
  const { fallbackCopyId: standing, weights: weighed, ...rest } = template
  const fallback = change.fallback_copy_id === undefined ? standing : (change.fallback_copy_id ?? undefined)
  if (fallback !== undefined && !variants.some((one) => one.copyId === fallback && one.status === 'active')) {
    throw new Fault('copy.unknown')
  }
  const asked = change.weights?.map(({ copy_id, weight }) => ({ copyId: copy_id, weight }))
  if (asked?.some(({ copyId }) => !variants.some((one) => one.copyId === copyId))) throw new Fault('copy.unknown')
  const weights = change.weights === undefined ? weighed : asked
  const changed: Template = {
    ...rest,
    name: change.name ?? template.name,
    status,
    splitMode: change.split_mode ?? template.splitMode,
    controlShare: change.control_share ?? template.controlShare,
    keyMetric: change.key_metric ?? template.keyMetric,
    copyLimitBytes: change.copy_limit_bytes ?? template.copyLimitBytes,
    ...(change.algorithm !== undefined && { algorithm: change.algorithm }),
    ...(change.floor !== undefined && { floor: change.floor }),
    ...(weights !== undefined && { weights }),
    ...(fallback !== undefined && { fallbackCopyId: fallback }),
    revision: nextRevision(template),
  }
  checkServes(changed, variants)
  return changed
}

/** @throws Fault `template.empty` when a template that serves would have nothing to serve */
export function checkServes({ status }: Template, variants: readonly Variant[]): void {
  const serving = status === 'active' || status === 'shipped'
  if (serving && !variants.some((one) => one.status === 'active' && one.arm === 'treatment')) {
    throw new Fault('template.empty')
  }
}

export interface CopyEdit {
  /** As the copy stands afterwards. */
  readonly copy: Variant
  /** The copies to store, in place of those of the same id. */
  readonly puts: readonly Variant[]
  /** Copies that nobody was ever served. */
  readonly removals: readonly CopyId[]
  /** The id that the copy had before, when it has another now. */
  readonly replaces?: CopyId
}

/**
 * What editing a copy comes to. Status and conditions change in place; another text or arm is a new copy, and the old one
 * is archived, or removed when the template is a draft, which serves nobody.
 */
export function editCopy(
  template: Template,
  variants: readonly Variant[],
  copy: Variant,
  change: z.infer<typeof copyChangeSchema>,
): CopyEdit {
  const edited: Variant = {
    ...copy,
    arm: change.arm ?? copy.arm,
    vars: change.vars ?? copy.vars,
    attrs: change.attrs ?? copy.attrs,
    status: change.status ?? copy.status,
  }
  if (edited.arm === copy.arm && isDeepStrictEqual(edited.vars, copy.vars)) {
    return { copy: edited, puts: [edited], removals: [] }
  }
  // The same edit sent again, after its answer was lost, finds the copy that it made.
  const made = variants.find((one) =>
    isDeepStrictEqual({ ...one, copyId: copy.copyId }, { ...edited, status: 'active' }),
  )
  const moved = made ?? { ...edited, copyId: nextCopyId(variants, copy.copyId) }
  const draft = template.status === 'draft'
  return {
    copy: moved,
    puts: [...(made === undefined ? [moved] : []), ...(draft ? [] : [{ ...copy, status: 'archived' as const }])],
    removals: draft ? [copy.copyId] : [],
    replaces: copy.copyId,
  }
}

/** The template's next revision, whose fallback follows its copy to a new id and ends with it. */
export function followFallback(template: Template, variants: readonly Variant[], edit: CopyEdit): Template {
  const { fallbackCopyId, ...rest } = template
  const moved = fallbackCopyId !== undefined && fallbackCopyId === edit.replaces ? edit.copy.copyId : fallbackCopyId
  const standing = variants.some(({ copyId, status }) => copyId === moved && status === 'active')
  return {
    ...rest,
    ...(moved !== undefined && standing && { fallbackCopyId: moved }),
    revision: nextRevision(template),
  }
}

/** `welcome`, then `welcome-2`, `welcome-3`: the first that no copy of the template has, archived ones included. */
export function nextCopyId(variants: readonly Variant[], base: string): CopyId {
  const taken = new Set<string>(variants.map(({ copyId }) => copyId))
  const stem = base.replace(/-\d+$/, '').slice(0, 56)
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}`
    if (!taken.has(candidate)) return copyIdSchema.parse(candidate)
  }
}
