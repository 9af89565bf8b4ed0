// What a newcomer sees when `npm start` is ready: where everything is, and what works when pasted.

export interface DemoScreen {
  readonly apiUrl: string
  readonly consoleUrl: string
  /** Who may sign in to the console. */
  readonly people: readonly { readonly email: string; readonly password: string }[]
  readonly org: string
  readonly template: string
  readonly apiKey: string
  readonly adminKey: string
  readonly signingKey: string
  /** Where commands find this deployment. */
  readonly readyFile: string
}

/** Where commands look by themselves. */
const usualReadyFile = '.local-data/ready.json'

/** Plain text. The calls are one serve, the webhook that reports its message as sent, purchases of that person, the results. */
export function drawScreen(demo: DemoScreen): string {
  const { apiUrl, consoleUrl, people, org, template, apiKey, adminKey, signingKey, readyFile } = demo
  const where = readyFile === usualReadyFile ? '' : ` --ready-file '${readyFile}'`
  const sent = JSON.stringify({
    event_id: 'demo-sent-@T@',
    object_type: 'email',
    metric: 'sent',
    timestamp: '@T@',
    data: { delivery_id: 'demo-mail-@T@', campaign_id: 23, action_id: 43, identifiers: { id: 'ann' } },
  })
    .replace('"@T@"', '@T@')
    .replaceAll('@T@', "'$T'")
  const rule = '─'.repeat(78)
  return `
${rule}
 JustAI for Customer.io is ready: the stack that deploys to AWS, on this machine
${rule}
 Console        ${consoleUrl}
${people.map(({ email, password }) => `                ${email.padEnd(18)} ${password}`).join('\n')}
 API            ${apiUrl}
 API document   ${apiUrl}/api/openapi.json
 Org            ${org}        Template  ${template} (campaign 23, webhook action 41, control action 42)
 API key        ${apiKey}
 Admin key      ${adminKey}
 Signing key    ${signingKey}

 1  Ask for copy, as the campaign's webhook action does:

curl -s -X POST ${apiUrl}/api/generate/${org} -H 'X-Api-Key: ${apiKey}' -H 'Content-Type: application/json' -d '{"template_id":"${template}","user_id":"ann","fields":{"first_name":"Ann"}}'; echo

 2  Report that its message was sent, signed as Customer.io does:

T=$(date +%s); B='${sent}'; S=$(printf 'v0:%s:%s' "$T" "$B" | openssl dgst -sha256 -hmac '${signingKey}' | sed 's/^.* //'); curl -s -X POST ${apiUrl}/api/webhook/cio/${org} -H "X-CIO-Timestamp: $T" -H "X-CIO-Signature: $S" -H 'Content-Type: application/json' -d "$B"; echo

 3  Drop a file of purchases into the bucket, and see its report (in this folder, in another terminal):

npm run drop -- commands/samples/purchases.csv --org ${org}${where}

 4  Read what became of it all:

curl -s ${apiUrl}/api/orgs/${org}/templates/${template}/results -H 'X-Api-Key: ${adminKey}'; echo

 Ctrl-C stops. Data stays for the next start, unless --memory was given.
${rule}
`
}
