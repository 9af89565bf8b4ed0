// When an item ends: apart from the list of classes, whose reasons no function needs to carry.
import { importDays, keptDeliveryDays, keptExportDays, quarantineDays, sightingDays } from './limits.ts'

/** Days of the classes of contract/retention.ts whose items carry the time of their end. */
const keptDays = {
  quarantine: quarantineDays,
  sightings: sightingDays,
  imports: importDays,
  exports: keptExportDays,
  deliveries: keptDeliveryDays,
} as const
export type ExpiringClass = keyof typeof keptDays

/** The value of the attribute by which DynamoDB ends an item of a class: epoch seconds. */
export function expiresAt(of: ExpiringClass, fromMs: number): number {
  return Math.floor(fromMs / 1_000) + keptDays[of] * 86_400
}
