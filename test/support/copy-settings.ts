// Settings to serve copy from, as small as a test can have them.
import { copyIdSchema, type OrgSlug, orgSlugSchema, type TemplateId, templateIdSchema } from '../../contract/ids.ts'
import type { Template, Variant } from '../../contract/template.ts'

export const orgOf = (slug: string): OrgSlug => orgSlugSchema.parse(slug)
export const templateIdOf = (id: string): TemplateId => templateIdSchema.parse(id)
export const copyIdOf = (id: string) => copyIdSchema.parse(id)

/** An active template that splits at random without control. */
export function templateOf(id: string, changes: Partial<Template> = {}): Template {
  return {
    templateId: templateIdOf(id),
    name: id,
    status: 'active',
    splitMode: 'random',
    controlShare: 0,
    keyMetric: 'clicked',
    copyLimitBytes: 1_000,
    ...changes,
  }
}

/** An active treatment copy that fits everyone. */
export function variantOf(id: string, changes: Partial<Variant> = {}): Variant {
  return {
    copyId: copyIdOf(id),
    arm: 'treatment',
    status: 'active',
    vars: { subject: `Text of ${id}` },
    attrs: {},
    ...changes,
  }
}
