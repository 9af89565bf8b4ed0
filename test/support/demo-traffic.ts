// Traffic of the demo org for tests that look at it: copy calls, sends, openings, conversions, and one body that is no event.
import { uploadAnswerSchema } from '../../contract/upload.ts'
import { untilLoaded } from './dropped-files.ts'
import { call, cioEvent, type DemoStack, generate, invoke, manage, report, untilIdle } from './local-stack.ts'

/** Half of the people are in control. Returns when everything is measured. */
export async function fillDemo(stack: DemoStack, people: number): Promise<void> {
  for (let first = 0; first < people; first += 4)
    await Promise.all([0, 1, 2, 3].map((offset) => onePerson(stack, first + offset)))
  await call(stack, '/api/webhook/cio/acme', { method: 'POST', body: 'no event', headers: {} })
  await report(stack, { nothing: 'of an event' })
  await untilIdle(stack)
}

/** A file with one good row and two bad ones, put where the API says. @returns its import's id, once it is loaded */
export async function dropFile(stack: DemoStack, name: string): Promise<string> {
  const rows = ['event_name,user_id,timestamp,value,colour', `purchase,person-1,${new Date().toISOString()},9.50,blue`]
  const text = [...rows, 'purchase,person-2,yesterday,1,red', 'purchase,,2026-11-01T00:00:00Z,1,red'].join('\n')
  const { body } = await manage(stack, 'POST', '/imports', { name, bytes: text.length })
  const { file, upload } = uploadAnswerSchema.parse(body)
  const { status } = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: text })
  if (status !== 200) throw new Error(`the bucket answered ${status}`)
  return (await untilLoaded(stack, file)).id
}

/** Exports a day that is over. @returns the day */
export async function exportYesterday(stack: DemoStack): Promise<string> {
  const second = Math.floor(Date.now() / 1_000) - 86_400
  const old = { delivery_id: 'old', action_id: 43, identifiers: { id: 'dora' } }
  await report(stack, cioEvent('email', 'sent', old, second))
  await untilIdle(stack)
  await invoke(stack, 'ExportDays')
  await untilIdle(stack)
  return new Date(second * 1_000).toISOString().slice(0, 10)
}

/** Addresses of a server of the test, one told of everything and one of two kinds, each with a test on its way. */
export async function addDestinations(stack: DemoStack, port: number): Promise<void> {
  const few = { url: `https://hooks.test:${port}/busy`, kinds: ['no_data', 'ready_to_ship'] }
  for (const asked of [{ url: `https://hooks.test:${port}/alerts` }, few]) {
    const { body } = await manage(stack, 'POST', '/alerts/destinations', asked)
    await manage(stack, 'POST', `/alerts/destinations/${String(body.id)}/test`)
  }
  await manage(stack, 'PUT', '/alerts/settings', { no_data: { hours: 6, grace_minutes: 30 }, file_by: null })
}

async function onePerson(stack: DemoStack, number: number): Promise<void> {
  const isTreated = number % 2 === 1
  const person = `person-${number}`
  const delivery = { delivery_id: `mail-${number}`, action_id: isTreated ? 43 : 42, identifiers: { id: person } }
  if (isTreated) {
    const headers = { 'x-cio-delivery-id': `call-${number}` }
    await generate(stack, { template_id: 'welcome_email', user_id: person, fields: { first_name: 'Ann' } }, headers)
  }
  // Seconds are all that Customer.io tells: one later is surely after the copy.
  const nowSeconds = Math.floor(Date.now() / 1_000) + 1
  await report(stack, cioEvent('email', 'sent', delivery, nowSeconds))
  if (number % 3 === 0) await report(stack, cioEvent('email', 'opened', delivery, nowSeconds + 1))
  if (number % (isTreated ? 5 : 9) === 0) await report(stack, cioEvent('email', 'converted', delivery, nowSeconds + 2))
}
