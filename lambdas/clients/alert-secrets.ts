// The secrets that deliveries are signed with: one in Secrets Manager for each destination, written once and never changed, so
// that nothing has to be read before it is written.
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { OrgSlug } from '../../contract/ids.ts'

export interface AlertSecrets {
  readonly create: (org: OrgSlug, destinationId: string, secret: string) => Promise<void>
  /** Undefined when it is gone. */
  readonly find: (org: OrgSlug, destinationId: string) => Promise<string | undefined>
  readonly remove: (org: OrgSlug, destinationId: string) => Promise<void>
}

export function makeAlertSecrets(client: SecretsManagerClient, prefix: string): AlertSecrets {
  const nameOf = (org: OrgSlug, id: string) => `${prefix}${org}/${id}`
  return {
    async create(org, id, SecretString) {
      await client.send(new CreateSecretCommand({ Name: nameOf(org, id), SecretString }))
    },
    async find(org, id) {
      const found = await client.send(new GetSecretValueCommand({ SecretId: nameOf(org, id) })).catch(notThere)
      return found?.SecretString
    },
    async remove(org, id) {
      const command = new DeleteSecretCommand({ SecretId: nameOf(org, id), ForceDeleteWithoutRecovery: true })
      await client.send(command).catch(notThere)
    },
  }
}

function notThere(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined
  throw error
}
