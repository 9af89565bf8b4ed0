// Whether an answer is one that the served API document describes: its status, and its body by the schema of that status.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { routes } from '../../contract/routes.ts'
import { makeDescribeApi } from '../../lambdas/handlers/describe-api.ts'
import { apiEvent } from './api-event.ts'

const served = await makeDescribeApi({ routes, log: () => undefined })(
  apiEvent('GET', '/api/openapi.json'),
  {} as never,
)
const document = JSON.parse(served.body ?? '')
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema(document, 'api')
const validators = new Map<string, ValidateFunction>()

/** @throws for an answer of a route (as API Gateway names it) that the document does not have, with what is wrong */
export function checkDocumented(routeKey: string, status: number | undefined, text: string | undefined): void {
  const name = `${routeKey} answered ${status}`
  const [method = '', path = ''] = routeKey.split(' ')
  const pointer =
    routeKey === '$default'
      ? ['components', 'responses', status === 405 ? 'route.method' : 'route.unknown']
      : ['paths', path, method.toLowerCase(), 'responses', String(status)]
  if (pointer.reduce((part, each) => part?.[each], document) === undefined) {
    throw new Error(`${name}, which the API document does not have: ${text?.slice(0, 300)}`)
  }
  const validate = validators.get(name) ?? compile([...pointer, 'content', 'application/json', 'schema'])
  validators.set(name, validate)
  if (!validate(JSON.parse(text ?? ''))) {
    throw new Error(`${name} otherwise than documented: ${ajv.errorsText(validate.errors)}: ${text?.slice(0, 300)}`)
  }
}

function compile(pointer: readonly string[]): ValidateFunction {
  const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  return ajv.compile({ $ref: `api#/${path}` })
}
