// People of a stage's user pool, as commands make them: Cognito's administrative calls. Doing it again changes nothing but
// the password, if one is given.
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateGroupCommand,
  GroupExistsException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider'

export interface NewMember {
  readonly email: string
  readonly groups: readonly string[]
  /** For good. Without one Cognito makes one that must be changed, and mails it to a person who is new. */
  readonly password?: string
}

/** Makes the groups and the person as far as they are missing, and the person a member of the groups. */
export async function addMember(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  { email, groups, password }: NewMember,
): Promise<'invited' | 'known'> {
  for (const GroupName of groups) {
    await client.send(new CreateGroupCommand({ UserPoolId, GroupName })).catch(unless(GroupExistsException))
  }
  const Username = email.trim().toLowerCase()
  const created = await client
    .send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        UserAttributes: [
          { Name: 'email', Value: Username },
          { Name: 'email_verified', Value: 'true' },
        ],
        ...(password === undefined ? { DesiredDeliveryMediums: ['EMAIL'] } : { MessageAction: 'SUPPRESS' }),
      }),
    )
    .catch(unless(UsernameExistsException))
  if (password !== undefined) {
    const Password = password
    await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }))
  }
  for (const GroupName of groups) {
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }))
  }
  return created === undefined ? 'known' : 'invited'
}

type ErrorClass = abstract new (...args: never[]) => Error

/** Lets one kind of error pass. */
function unless(expected: ErrorClass) {
  return (error: unknown): undefined => {
    if (error instanceof expected) return undefined
    throw error
  }
}
