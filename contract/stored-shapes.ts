// Every shape that is stored, with its version and how long it is kept. A test holds the hash of each: a shape that changes gets
// the next version, and what was stored in the one before is kept beside the test, so that new code is shown to read it, and
// rules of then what new code writes. While a deployment runs, old and new code work on the same items. Another test holds
// that nothing else is stored: every write to a table, in all tests, is of one of these.
import type * as z from 'zod/mini'
import { alertSettingsSchema, deliverySchema, destinationSchema, firingSchema } from './alert.ts'
import { allocationSchema } from './allocation.ts'
import { apiKeySchema, madeKeysSchema } from './api-key.ts'
import { auditEntrySchema } from './audit.ts'
import { customEventSchema, eventClaimSchema, leftSchema } from './custom-event.ts'
import { erasureSchema } from './erasure.ts'
import { erasedDaySchema, exportDaySchema, exportManifestSchema } from './export.ts'
import {
  fileImportSchema,
  fileRangeSchema,
  fileReportSchema,
  filesCursorSchema,
  importProgressSchema,
  openImportSchema,
  passCountSchema,
  rangeResultSchema,
} from './import.ts'
import { integrationSchema } from './integration.ts'
import { orgSchema } from './org.ts'
import { outcomeSchema, personRevisionSchema } from './outcome.ts'
import { quarantinedPartSchema, quarantinedSchema, quarantinedTimeSchema } from './quarantined.ts'
import { rateDebtSchema } from './rate-limit.ts'
import { recountBegunSchema, recountedSchema, recountRunSchema } from './recounted.ts'
import { restatementSchema } from './restatement.ts'
import { resultRowSchema } from './result-cell.ts'
import type { RetentionClass } from './retention.ts'
import { orgSecretSchema } from './secrets.ts'
import { sightingSchema } from './sighting.ts'
import { messageEventSchema, serveEventSchema } from './stored-event.ts'
import { templateSchema, variantSchema } from './template.ts'
import { verificationSchema } from './verification.ts'

export interface StoredShape {
  readonly schema: z.ZodMiniType
  readonly version: number
  readonly keeps: RetentionClass
}

export const storedShapes = {
  alertDelivery: { schema: deliverySchema, version: 1, keeps: 'deliveries' },
  alertDestination: { schema: destinationSchema, version: 2, keeps: 'settings' },
  alertFiring: { schema: firingSchema, version: 1, keeps: 'underWay' },
  alertSettings: { schema: alertSettingsSchema, version: 1, keeps: 'settings' },
  allocation: { schema: allocationSchema, version: 1, keeps: 'settings' },
  apiKey: { schema: apiKeySchema, version: 2, keeps: 'settings' },
  auditEntry: { schema: auditEntrySchema, version: 1, keeps: 'audit' },
  customEvent: { schema: customEventSchema, version: 1, keeps: 'events' },
  erasedDay: { schema: erasedDaySchema, version: 1, keeps: 'marks' },
  erasure: { schema: erasureSchema, version: 1, keeps: 'underWay' },
  eventClaim: { schema: eventClaimSchema, version: 2, keeps: 'events' },
  exportDay: { schema: exportDaySchema, version: 2, keeps: 'exports' },
  exportManifest: { schema: exportManifestSchema, version: 1, keeps: 'exportFiles' },
  fileImport: { schema: fileImportSchema, version: 1, keeps: 'imports' },
  fileRange: { schema: fileRangeSchema, version: 1, keeps: 'imports' },
  fileReport: { schema: fileReportSchema, version: 1, keeps: 'reports' },
  filesCursor: { schema: filesCursorSchema, version: 1, keeps: 'underWay' },
  importProgress: { schema: importProgressSchema, version: 1, keeps: 'imports' },
  integration: { schema: integrationSchema, version: 1, keeps: 'settings' },
  left: { schema: leftSchema, version: 1, keeps: 'events' },
  madeKeys: { schema: madeKeysSchema, version: 1, keeps: 'settings' },
  messageEvent: { schema: messageEventSchema, version: 1, keeps: 'events' },
  openImport: { schema: openImportSchema, version: 1, keeps: 'imports' },
  org: { schema: orgSchema, version: 2, keeps: 'settings' },
  orgSecret: { schema: orgSecretSchema, version: 1, keeps: 'secrets' },
  outcome: { schema: outcomeSchema, version: 2, keeps: 'outcomes' },
  passCount: { schema: passCountSchema, version: 1, keeps: 'imports' },
  personRevision: { schema: personRevisionSchema, version: 1, keeps: 'marks' },
  quarantined: { schema: quarantinedSchema, version: 1, keeps: 'quarantine' },
  quarantinedPart: { schema: quarantinedPartSchema, version: 1, keeps: 'quarantine' },
  quarantinedTime: { schema: quarantinedTimeSchema, version: 1, keeps: 'quarantine' },
  rangeResult: { schema: rangeResultSchema, version: 1, keeps: 'imports' },
  rateDebt: { schema: rateDebtSchema, version: 1, keeps: 'settings' },
  recountBegun: { schema: recountBegunSchema, version: 1, keeps: 'findings' },
  recounted: { schema: recountedSchema, version: 2, keeps: 'findings' },
  recountRun: { schema: recountRunSchema, version: 1, keeps: 'findings' },
  restatement: { schema: restatementSchema, version: 1, keeps: 'underWay' },
  resultRow: { schema: resultRowSchema, version: 1, keeps: 'results' },
  serveEvent: { schema: serveEventSchema, version: 1, keeps: 'events' },
  sighting: { schema: sightingSchema, version: 1, keeps: 'sightings' },
  template: { schema: templateSchema, version: 2, keeps: 'settings' },
  variant: { schema: variantSchema, version: 1, keeps: 'settings' },
  verification: { schema: verificationSchema, version: 1, keeps: 'findings' },
} as const satisfies Readonly<Record<string, StoredShape>>

export type StoredShapeName = keyof typeof storedShapes
