// Every shape that is stored, with its version. A test holds the hash of each: a shape that changes gets the next version, and
// what was stored in the one before is kept beside the test, so that new code is shown to read it, and rules of then what new
// code writes. While a deployment runs, old and new code work on the same items.
import type * as z from 'zod/mini'
import { allocationSchema } from './allocation.ts'
import { apiKeySchema } from './api-key.ts'
import { auditEntrySchema } from './audit.ts'
import { customEventSchema, eventClaimSchema } from './custom-event.ts'
import { fileImportSchema, fileRangeSchema, rangeResultSchema } from './import.ts'
import { integrationSchema } from './integration.ts'
import { orgSchema } from './org.ts'
import { outcomeSchema } from './outcome.ts'
import { quarantinedSchema } from './quarantined.ts'
import { restatementSchema } from './restatement.ts'
import { orgSecretSchema } from './secrets.ts'
import { messageEventSchema, serveEventSchema } from './stored-event.ts'
import { templateSchema, variantSchema } from './template.ts'

export interface StoredShape {
  readonly schema: z.ZodMiniType
  readonly version: number
}

export const storedShapes = {
  allocation: { schema: allocationSchema, version: 1 },
  apiKey: { schema: apiKeySchema, version: 2 },
  auditEntry: { schema: auditEntrySchema, version: 1 },
  customEvent: { schema: customEventSchema, version: 1 },
  eventClaim: { schema: eventClaimSchema, version: 2 },
  fileImport: { schema: fileImportSchema, version: 1 },
  fileRange: { schema: fileRangeSchema, version: 1 },
  integration: { schema: integrationSchema, version: 1 },
  messageEvent: { schema: messageEventSchema, version: 1 },
  org: { schema: orgSchema, version: 2 },
  orgSecret: { schema: orgSecretSchema, version: 1 },
  outcome: { schema: outcomeSchema, version: 2 },
  quarantined: { schema: quarantinedSchema, version: 1 },
  rangeResult: { schema: rangeResultSchema, version: 1 },
  restatement: { schema: restatementSchema, version: 1 },
  serveEvent: { schema: serveEventSchema, version: 1 },
  template: { schema: templateSchema, version: 2 },
  variant: { schema: variantSchema, version: 1 },
} as const satisfies Readonly<Record<string, StoredShape>>
