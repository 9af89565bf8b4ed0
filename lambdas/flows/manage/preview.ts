// Every copy of a template as one person would get it, or one that is being written, and why it is or is not eligible.
// Stores nothing.
import { copyIdSchema } from '../../../contract/ids.ts'
import type { Variant } from '../../../contract/template.ts'
import { type PreviewAnswer, previewRequestSchema, unsavedCopyId } from '../../../contract/template-answers.ts'
import { isEligible, readAttrs } from '../../domain/copy/eligibility.ts'
import { explainEligibility } from '../../domain/copy/explain-eligibility.ts'
import type { RenderCopy } from '../../domain/copy/render-copy.ts'
import { type Action, readBody } from './call.ts'
import { getWhole, type TemplatesDeps } from './templates.ts'

export interface PreviewDeps extends TemplatesDeps {
  readonly render: RenderCopy
  readonly fieldsOf: (vars: Readonly<Record<string, string>>) => Promise<readonly string[]>
}

export function previewTemplate(deps: PreviewDeps): Action {
  return async (call) => {
    const asked = readBody(previewRequestSchema, call)
    const fields = asked.fields ?? {}
    const attrs = readAttrs(asked.attrs ?? {})
    const { template, variants } = await getWhole(deps, call)
    const copies: PreviewAnswer['copies'] = []
    for (const variant of asked.copy === undefined ? variants : [unsaved(asked.copy)]) {
      const rendered = await deps.render(variant, fields)
      copies.push({
        copy_id: variant.copyId,
        arm: variant.arm,
        eligible: isEligible(variant, attrs),
        reasons: explainEligibility(variant, attrs),
        vars: { ...rendered.vars },
        copy_bytes: rendered.copyBytes,
        oversize: rendered.copyBytes > template.copyLimitBytes,
        missing_fields: (await deps.fieldsOf(variant.vars)).filter((name) => !Object.hasOwn(fields, name)),
        unrendered: [...rendered.unrendered],
      })
    }
    return { body: { copies } satisfies PreviewAnswer }
  }
}

function unsaved({
  vars,
  attrs = {},
}: Pick<Variant, 'vars'> & { readonly attrs?: Variant['attrs'] | undefined }): Variant {
  return { copyId: copyIdSchema.parse(unsavedCopyId), arm: 'treatment', status: 'active', vars, attrs }
}
