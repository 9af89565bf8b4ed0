// Alerts, destinations and deliveries in the words of the wire. What is told of a secret are its last four characters.
import type * as z from 'zod/mini'
import type { AlertSettings, Delivery, Destination, Firing } from '../../../contract/alert.ts'
import type {
  alertSettingsRequestSchema,
  alertsAnswerSchema,
  deliveryAnswerSchema,
  destinationAnswerSchema,
} from '../../../contract/alert-answers.ts'
import { previousUntil } from './sign-delivery.ts'

type SettingsOnWire = z.infer<typeof alertSettingsRequestSchema>

export function fromWire({ no_data, file_by }: SettingsOnWire): AlertSettings {
  return {
    ...(no_data && { noData: { hours: no_data.hours, graceMinutes: no_data.grace_minutes } }),
    ...(file_by && { fileBy: { hour: file_by.hour_utc, graceMinutes: file_by.grace_minutes } }),
  }
}

export function toWire({ noData, fileBy }: AlertSettings): SettingsOnWire {
  return {
    no_data: noData === undefined ? null : { hours: noData.hours, grace_minutes: noData.graceMinutes },
    file_by: fileBy === undefined ? null : { hour_utc: fileBy.hour, grace_minutes: fileBy.graceMinutes },
  }
}

export function showAlerts(
  state: {
    readonly settings: AlertSettings
    readonly destinations: readonly Destination[]
    readonly firing: readonly Firing[]
  },
  nowMs: number,
): z.infer<typeof alertsAnswerSchema> {
  return {
    settings: toWire(state.settings),
    destinations: state.destinations.map((one) => showDestination(one, nowMs)),
    firing: state.firing.map(({ id, kind, templateId, copyId, message, firedAtMs }) => ({
      id,
      kind,
      template_id: templateId ?? null,
      copy_id: copyId ?? null,
      message,
      since: isoOf(firedAtMs),
    })),
  }
}

export function showDestination(destination: Destination, nowMs: number): z.infer<typeof destinationAnswerSchema> {
  const { id, url, kinds, createdAtMs, lastFour } = destination
  const untilMs = previousUntil(destination, nowMs)
  return {
    id,
    url,
    kinds: [...kinds],
    created: isoOf(createdAtMs),
    last_four: lastFour,
    previous_secret_until: untilMs === undefined ? null : isoOf(untilMs),
  }
}

export function showDelivery(delivery: Delivery): z.infer<typeof deliveryAnswerSchema> {
  const { id, destinationId, kind, alertId, state, createdAtMs, attempts, nextAtMs } = delivery
  return {
    id,
    destination_id: destinationId,
    kind,
    alert_id: alertId ?? null,
    state,
    created: isoOf(createdAtMs),
    attempts: attempts.map(({ atMs, status, problem }) => ({
      at: isoOf(atMs),
      status: status ?? null,
      problem: problem ?? null,
    })),
    next_attempt: state === 'waiting' ? isoOf(nextAtMs) : null,
  }
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
