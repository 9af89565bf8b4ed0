// An outcome as the feed and the stories show it.
import type { Happening } from '../../../contract/event-answers.ts'
import type { Placed } from '../measuring/place-outcomes.ts'

export function showHappening({ person, atMs, outcome }: Placed): Happening {
  const at = new Date(atMs).toISOString()
  if (outcome.kind === 'serve') {
    const { serveId, templateId, arm, copyId } = outcome
    const none = { delivery_id: null, source: null, channel: null, rule: null, metrics: [] }
    return { at, kind: 'serve', person, serve_id: serveId, template_id: templateId, arm, copy_id: copyId, ...none }
  }
  const explained = outcome.kind === 'send' ? outcome : undefined
  return {
    at,
    kind: outcome.kind,
    person,
    delivery_id: outcome.deliveryId,
    serve_id: null,
    template_id: outcome.templateId ?? null,
    source: outcome.source ?? null,
    channel: outcome.channel,
    arm: explained?.arm ?? null,
    copy_id: explained?.copyId ?? null,
    rule: explained?.rule ?? null,
    metrics: outcome.metrics,
  }
}
