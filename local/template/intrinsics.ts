// Evaluates CloudFormation's intrinsic functions. Where a reference leads is the caller's to know.
import { isRecord, type Json, type JsonRecord, listAt, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'

export const REGION = 'us-east-1'
export const ACCOUNT_ID = '000000000000'

export type References = {
  readonly ref: (logicalId: string) => Json
  readonly attribute: (logicalId: string, name: string) => Json
  /** The value of a parameter, given its default and its name. */
  readonly parameter: (defaultValue: string, name: string) => Json
  /** What a text becomes that was put together here: addresses of ours have no TLS. */
  readonly joined: (text: string) => string
}

/** What AWS::NoValue becomes; the property or list item that holds it disappears. */
const NO_VALUE = Symbol('AWS::NoValue')
type Resolved = Json | typeof NO_VALUE

export type Evaluator = {
  readonly value: (value: Json | undefined) => Json
  readonly condition: (name: string) => boolean
}

/** Makes the evaluator of one template. An intrinsic that it does not know throws LocalProblem. */
export const makeEvaluator = (template: JsonRecord, stackName: string, references: References): Evaluator => {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT_ID,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${stackName}/local`,
  }

  const ref = (id: string): Resolved => {
    if (id === 'AWS::NoValue') return NO_VALUE
    const known = pseudo[id]
    if (known !== undefined) return known
    const parameter = recordAt(template, 'Parameters', id)
    if (recordAt(template, 'Parameters')[id] !== undefined)
      return references.parameter(textAt(parameter, 'Default'), id)
    return references.ref(id)
  }

  const attribute = (target: Json): Json => {
    const [id = '', ...rest] =
      typeof target === 'string' ? target.split('.') : listAt(target).map((part) => textAt(value(part)))
    return references.attribute(id, rest.join('.'))
  }

  const substitute = (argument: Json): string => {
    const [text, variables] =
      typeof argument === 'string' ? [argument, {}] : [textAt(listAt(argument)[0]), recordAt(listAt(argument)[1])]
    return text.replace(/\$\{(!?)([^}]+)\}/g, (whole: string, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`
      const given = variables[name]
      if (given !== undefined) return textAt(value(given))
      const found = name.includes('.') ? attribute(name) : ref(name)
      return found === NO_VALUE ? whole : textAt(found)
    })
  }

  const test = (argument: Json | undefined): boolean => {
    if (typeof argument === 'boolean') return argument
    const [operator, operand] = Object.entries(recordAt(argument))[0] ?? []
    switch (operator) {
      case 'Condition':
        return condition(textAt(operand))
      case 'Fn::Equals':
        return JSON.stringify(value(listAt(operand)[0])) === JSON.stringify(value(listAt(operand)[1]))
      case 'Fn::And':
        return listAt(operand).every(test)
      case 'Fn::Or':
        return listAt(operand).some(test)
      case 'Fn::Not':
        return !test(listAt(operand)[0])
      default:
        throw new LocalProblem(
          `The template's condition uses ${operator ?? 'nothing'}, which the local deployment does not know.`,
        )
    }
  }

  const condition = (name: string): boolean => test(recordAt(template, 'Conditions')[name])

  const intrinsic = (name: string, argument: Json): Resolved => {
    const list = (): readonly Json[] => listAt(value(argument))
    switch (name) {
      case 'Ref':
        return ref(textAt(argument))
      case 'Fn::GetAtt':
        return attribute(argument)
      case 'Fn::Join':
        return references.joined(
          listAt(list()[1])
            .map((part) => textAt(part))
            .join(textAt(list()[0])),
        )
      case 'Fn::Sub':
        return substitute(argument)
      case 'Fn::Select':
        return listAt(list()[1])[Number(textAt(list()[0]))] ?? null
      case 'Fn::Split':
        return textAt(list()[1]).split(textAt(list()[0]))
      case 'Fn::If':
        return resolve(listAt(argument)[condition(textAt(listAt(argument)[0])) ? 1 : 2] ?? null)
      case 'Fn::FindInMap':
        return recordAt(template, 'Mappings', textAt(list()[0]), textAt(list()[1]))[textAt(list()[2])] ?? null
      case 'Fn::Base64':
        return Buffer.from(textAt(value(argument))).toString('base64')
      case 'Fn::GetAZs':
        return [`${REGION}a`, `${REGION}b`]
      default:
        throw new LocalProblem(`The template uses ${name}, which the local deployment does not know.`)
    }
  }

  const resolve = (input: Json): Resolved => {
    if (Array.isArray(input)) {
      return input.map((item: Json) => resolve(item)).filter((item: Resolved): item is Json => item !== NO_VALUE)
    }
    if (!isRecord(input)) return input
    const entries = Object.entries(input)
    const [first] = entries
    if (entries.length === 1 && first?.[1] !== undefined && (first[0] === 'Ref' || first[0].startsWith('Fn::')))
      return intrinsic(first[0], first[1])
    const output: Record<string, Json> = {}
    for (const [key, item] of entries) {
      const resolved = item === undefined ? NO_VALUE : resolve(item)
      if (resolved !== NO_VALUE) output[key] = resolved
    }
    return output
  }

  const value = (input: Json | undefined): Json => {
    const resolved = input === undefined ? null : resolve(input)
    return resolved === NO_VALUE ? null : resolved
  }

  return { value, condition }
}
