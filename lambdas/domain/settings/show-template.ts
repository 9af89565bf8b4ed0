// A template, its copy and its sources as they are shown and as the audit log keeps them.
import type { Integration } from '../../../contract/integration.ts'
import { type Template, usualAlgorithm, usualFloor, type Variant } from '../../../contract/template.ts'
import type { CopyAnswer, TemplateAnswer } from '../../../contract/template-answers.ts'

export function showTemplate(
  template: Template,
  variants: readonly Variant[],
  sources: readonly Integration[],
): TemplateAnswer {
  return {
    template_id: template.templateId,
    name: template.name,
    status: template.status,
    split_mode: template.splitMode,
    control_share: template.controlShare,
    key_metric: template.keyMetric,
    algorithm: template.algorithm ?? usualAlgorithm,
    weights: template.weights?.map(({ copyId, weight }) => ({ copy_id: copyId, weight })) ?? null,
    floor: template.floor ?? usualFloor,
    copy_limit_bytes: template.copyLimitBytes,
    fallback_copy_id: template.fallbackCopyId ?? null,
    attribute_scope: template.attributeScope ?? 'customer',
    sources: sources.map(showSource),
    variants: variants.map(showCopy),
  }
}

export function showCopy({ copyId, status, arm, vars, attrs }: Variant): CopyAnswer {
  return { copy_id: copyId, status, arm, vars, attrs }
}

export function showSource(integration: Integration): TemplateAnswer['sources'][number] {
  return {
    source: integration.source,
    webhook_action_ids: integration.webhookActionIds,
    control_action_ids: integration.controlActionIds,
    treatment_action_ids: integration.treatmentActionIds,
    serve_window_days: integration.serveWindowDays,
  }
}
