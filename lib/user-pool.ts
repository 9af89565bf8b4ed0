// Who may use the console: the stage's user pool, its one client and the group of operators. The groups of orgs
// (`org:<slug>:admin`, `org:<slug>:viewer`) come and go while the service runs.
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPool,
  CfnUserPoolClient,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool as UserPoolResource,
} from 'aws-cdk-lib/aws-cognito'
import { Construct } from 'constructs'
import { operatorGroup } from '../contract/member.ts'
import type { Stage } from './config.ts'

export interface ConsolePlaces {
  /** Where the console may ask for the answer of a sign-in to be sent. */
  readonly signedInUrls: readonly string[]
  /** Where it may send people who signed out. */
  readonly signedOutUrls: readonly string[]
}

/** A stolen access token is worth this long; the refresh token lasts as long as people should not sign in again. */
const accessTokenLife = Duration.minutes(30)
const refreshTokenLife = Duration.days(14)

/** Whose tokens let people in, and the client they are made for, as the variables of functions. */
export interface Tokens {
  readonly TOKEN_ISSUER: string
  readonly TOKEN_CLIENT: string
}

export class UserPool extends Construct {
  /** Who signs the tokens; their keys are at `<issuer>/.well-known/jwks.json`. */
  readonly issuer: string
  readonly id: string
  readonly signInUrl: string
  readonly #pool: UserPoolResource

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id)
    const pool = new UserPoolResource(this, 'Pool', {
      userPoolName: Stack.of(this).stackName,
      // People are invited by an operator; nobody signs up.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.retention === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason: 'The Plus plan is sold per user for threat protection; accounts are by invitation with a second factor.',
    })
    pool.addGroup('Operators', { groupName: operatorGroup, description: 'May create orgs; belongs to none by itself' })
    const domain = pool.addDomain('Domain', {
      // Prefixes are shared by all of a region; the account makes it ours.
      cognitoDomain: { domainPrefix: `${Stack.of(this).stackName}-${Stack.of(this).account}` },
    })
    nameAs(pool.node.defaultChild, 'UserPool')
    this.#pool = pool
    this.issuer = pool.userPoolProviderUrl
    this.id = pool.userPoolId
    this.signInUrl = domain.baseUrl()
  }

  /** Lets the console sign people in. The client that it gives is whom every token must be made for. */
  addConsole({ signedInUrls, signedOutUrls }: ConsolePlaces): { readonly clientId: string } {
    const client = this.#pool.addClient('Console', {
      // A browser keeps no secret: the code is bound to its caller by PKCE.
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [...signedInUrls],
        logoutUrls: [...signedOutUrls],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: accessTokenLife,
      idTokenValidity: accessTokenLife,
      refreshTokenValidity: refreshTokenLife,
    })
    nameAs(client.node.defaultChild, 'UserPoolClient')
    return { clientId: client.userPoolClientId }
  }
}

/** Named in the template by its id alone: a pool that is replaced loses every account. */
function nameAs(resource: unknown, id: string): void {
  if (resource instanceof CfnUserPool || resource instanceof CfnUserPoolClient) resource.overrideLogicalId(id)
}
