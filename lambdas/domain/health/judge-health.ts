// The lights of the set-up, one per step of the setup document and per line of its troubleshooting, from stored facts.
import type { Check, Finding } from '../../../contract/check.ts'
import type { HealthFacts, TemplateFacts, Told } from './health-facts.ts'
import { judgeCounting } from './judge-counting.ts'
import { judgeFiles } from './judge-files.ts'
import { judgeActive, judgeMade } from './judge-made.ts'
import { judgeRecount } from './judge-recount.ts'
import { judgeSignature } from './judge-signature.ts'
import { judgeSpeed } from './judge-speed.ts'
import { judgeTemplate } from './judge-template.ts'
import { judgeTraffic } from './judge-traffic.ts'

/** After this long, what Customer.io said was well may have changed. Trouble stands until it is asked again. */
const freshWordMs = 7 * 86_400_000
const askAgain = { state: 'waiting', what_to_do: 'Press Verify.' } as const

/** In the order of the setup document. */
export function judgeHealth(facts: HealthFacts): Check[] {
  return [
    ...asked(facts, facts.settings, {
      id: 'customerio.key',
      title: 'Customer.io App API key and region',
      what_to_do: 'Store the App API key and press Verify.',
    }),
    generateKey(facts),
    ...asked(facts, facts.reportingWebhook, {
      id: 'webhook.exists',
      title: 'Reporting webhook exists and calls us',
      what_to_do: 'Create the reporting webhook here, or look whether it is there.',
    }),
    ...judgeTraffic(facts),
    judgeSignature(facts),
    judgeSpeed(facts),
    judgeMade(facts.templates),
    ...facts.templates.filter(isSetUp).flatMap((template) => [
      ...asked(
        facts,
        template.verification,
        {
          id: 'integration.campaign',
          title: 'Campaign exists and runs',
          what_to_do: 'Save the Campaign ID and the Webhook Action ID, and press Verify.',
        },
        template.template.templateId,
      ),
      judgeActive(template),
      ...judgeTemplate(template),
    ]),
    judgeCounting(facts),
    judgeRecount(facts.recounted),
    setAside(facts),
    judgeFiles(facts),
  ]
}

/** Nobody sets up what was archived, be it finished or never begun. */
function isSetUp({ template }: TemplateFacts): boolean {
  return template.status !== 'archived'
}

/** What Customer.io said when it was last asked; one light that waits when it never was. */
function asked(
  { nowMs }: HealthFacts,
  verification: Told | undefined,
  light: Pick<Finding, 'id' | 'title' | 'what_to_do'>,
  about?: string,
): Check[] {
  const named = (id: string) => (about === undefined ? id : `${id}:${about}`)
  if (verification === undefined) {
    const seen = 'Customer.io has not been asked yet.'
    return [{ ...light, id: named(light.id), state: 'waiting', seen, since: null }]
  }
  if (verification.isStale) {
    const seen = 'Not verified since the settings changed.'
    return verification.findings.map(({ id, title }) => {
      return { id: named(id), title, state: 'waiting', seen, what_to_do: 'Press Verify.', since: null }
    })
  }
  const when = `${new Date(verification.checkedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const isOld = nowMs - verification.checkedAtMs > freshWordMs
  return verification.findings.map(({ sinceMs, seen, id, ...finding }) => ({
    ...finding,
    ...(isOld && finding.state === 'ok' && askAgain),
    id: named(id),
    seen: `${seen} (Customer.io was asked ${isOld ? 'long ago, ' : ''}${when}.)`,
    since: isoOf(sinceMs),
  }))
}

function generateKey({ generateKeys }: HealthFacts): Check {
  const light = { id: 'keys.generate', title: 'JustAI API key', since: null } as const
  if (generateKeys > 0) {
    const seen = generateKeys === 1 ? 'One API key can ask for copy.' : `${generateKeys} API keys can ask for copy.`
    return { ...light, state: 'ok', seen, what_to_do: '' }
  }
  const what_to_do = 'Create one and put it into the X-Api-Key header of the webhook action.'
  return { ...light, state: 'waiting', seen: 'There is no API key that can ask for copy.', what_to_do }
}

function setAside({ setAside: bodies }: HealthFacts): Check {
  const light = { id: 'quarantine', title: 'Every event could be read' } as const
  const oldest = bodies.at(-1)
  if (oldest === undefined) {
    return { ...light, state: 'ok', since: null, seen: 'Nothing is set aside.', what_to_do: '' }
  }
  const codes = [...new Set(bodies.flatMap(({ codes }) => codes))].join(', ')
  return {
    ...light,
    state: 'broken',
    since: isoOf(oldest.receivedAtMs),
    seen: `${bodies.length} or more events are set aside, since ${isoOf(oldest.receivedAtMs)} or before: ${codes}.`,
    what_to_do:
      'Open “Set aside” under Activity: each event stands there with every reason. Once the cause is gone, press “Read again”.',
  }
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
