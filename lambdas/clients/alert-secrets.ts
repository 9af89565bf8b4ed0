// The secrets that deliveries are signed with: one in Secrets Manager for each destination. Secrets Manager itself keeps the one
// before, so that nothing has to be read before another is written.
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { OrgSlug } from '../../contract/ids.ts'

export interface AlertSecrets {
  readonly create: (org: OrgSlug, destinationId: string, secret: string) => Promise<void>
  /** The current one becomes the previous one. */
  readonly replace: (org: OrgSlug, destinationId: string, secret: string) => Promise<void>
  /** Undefined when there is none. */
  readonly find: (org: OrgSlug, destinationId: string, which: 'current' | 'previous') => Promise<string | undefined>
  readonly remove: (org: OrgSlug, destinationId: string) => Promise<void>
}

export function makeAlertSecrets(client: SecretsManagerClient, prefix: string): AlertSecrets {
  const nameOf = (org: OrgSlug, id: string) => `${prefix}${org}/${id}`
  return {
    async create(org, id, SecretString) {
      await client.send(new CreateSecretCommand({ Name: nameOf(org, id), SecretString }))
    },
    async replace(org, id, SecretString) {
      await client.send(new PutSecretValueCommand({ SecretId: nameOf(org, id), SecretString }))
    },
    async find(org, id, which) {
      const VersionStage = which === 'current' ? 'AWSCURRENT' : 'AWSPREVIOUS'
      const command = new GetSecretValueCommand({ SecretId: nameOf(org, id), VersionStage })
      const found = await client.send(command).catch(notThere)
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
