// One stack, resolved: its resources in dependency order with every intrinsic evaluated, and the names they go by.
import { at, findText, isRecord, type Json, type JsonRecord, recordAt, textAt } from '../json.ts'
import { LocalProblem } from '../problem.ts'
import type { Assembly } from './assembly.ts'
import { deploymentOrder } from './dependencies.ts'
import { makeEvaluator, REGION } from './intrinsics.ts'
import { type Named, RESOURCE_TYPES, type World } from './resource-types.ts'

export type Resource = {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly properties: JsonRecord
}
export type Stack = {
  readonly name: string
  /** Resources of these types, properties resolved, in dependency order. */
  readonly of: (...types: string[]) => Resource[]
  readonly ref: (logicalId: string) => Json
  /** The readable id of every resource that has a name worth knowing (from its construct path) -> what Ref gives. */
  readonly readableNames: () => Record<string, string>
  readonly outputs: () => Record<string, string>
}

/** Where a browser finds a bucket on AWS; here it is the gate. */
const bucketUrls = new RegExp(`https://[\\w.-]+\\.s3\\.${REGION}\\.amazonaws\\.com`, 'g')

/** Resolves a stack lazily, so that what is known late (a stream's ARN) may be asked for late. */
export const openStack = (assembly: Assembly, world: World): Stack => {
  const { template, stackName } = assembly
  const declared = recordAt(template, 'Resources')
  const names = new Map<string, string>()

  const named = (id: string): Named => {
    const found = names.get(id)
    if (found !== undefined) return { id, name: found, world }
    const resource = declared[id]
    if (resource === undefined) throw new LocalProblem(`The template refers to ${id}, which it does not declare.`)
    const kind = RESOURCE_TYPES[textAt(resource, 'Type')] ?? {}
    const chosen =
      kind.nameProperty === undefined
        ? undefined
        : findText(evaluator.value(at(resource, 'Properties', kind.nameProperty)))
    const name = chosen ?? generatedName(stackName, id, kind.maxNameLength ?? 255, kind.lowerCase === true)
    names.set(id, name)
    return { id, name, world }
  }

  const ref = (id: string): Json => {
    const it = named(id)
    return RESOURCE_TYPES[textAt(declared[id], 'Type')]?.ref?.(it) ?? it.name
  }

  const attribute = (id: string, attributeName: string): Json => {
    const it = named(id)
    const type = textAt(declared[id], 'Type')
    const read = RESOURCE_TYPES[type]?.attributes?.[attributeName]
    if (read === undefined)
      throw new LocalProblem(
        `The template reads ${attributeName} of ${id} (${type}), which the local deployment does not know.`,
      )
    return read(it)
  }

  const evaluator = makeEvaluator(template, stackName, {
    ref,
    attribute,
    parameter: (defaultValue, name) => world.parameters?.[name] ?? world.standIns.get(defaultValue) ?? defaultValue,
    joined: (text) =>
      text
        .replaceAll(world.consoleUrl.replace(/^http:/, 'https:'), world.consoleUrl)
        .replaceAll(bucketUrls, world.gateUrl),
  })
  const wanted = (id: string): boolean => {
    const condition = findText(declared[id], 'Condition')
    return condition === undefined || evaluator.condition(condition)
  }
  const ids = deploymentOrder(declared).filter(wanted)
  for (const id of ids) {
    const type = textAt(declared[id], 'Type')
    if (RESOURCE_TYPES[type] === undefined)
      throw new LocalProblem(
        `The template's resource ${id} is of type ${type}, which the local deployment does not know.`,
      )
  }

  const resolved = new Map<string, Resource>()
  const resource = (id: string): Resource => {
    const known = resolved.get(id)
    if (known !== undefined) return known
    const properties = evaluator.value(at(declared[id], 'Properties'))
    const made = {
      id,
      type: textAt(declared[id], 'Type'),
      name: named(id).name,
      properties: isRecord(properties) ? properties : {},
    }
    resolved.set(id, made)
    return made
  }

  return {
    name: stackName,
    ref,
    of: (...types) => ids.filter((id) => types.includes(textAt(declared[id], 'Type'))).map(resource),
    readableNames: () =>
      readable(
        ids.filter((id) => RESOURCE_TYPES[textAt(declared[id], 'Type')]?.attributes !== undefined),
        assembly.constructPaths,
        (id) => textAt(ref(id)),
      ),
    outputs: () =>
      Object.fromEntries(
        Object.entries(recordAt(template, 'Outputs')).map(([id, output]) => [
          id,
          textAt(evaluator.value(at(output, 'Value'))),
        ]),
      ),
  }
}

const generatedName = (stackName: string, id: string, maxLength: number, lowerCase: boolean): string => {
  const whole = `${stackName}-${id}`
  const name = whole.length <= maxLength ? whole : `${whole.slice(0, maxLength - 9)}-${id.slice(-8)}`
  return lowerCase ? name.toLowerCase() : name
}

/** `Events/Table/Resource` reads `EventsTable`; an ambiguous reading falls back to the logical id. */
const readable = (
  ids: readonly string[],
  constructPaths: ReadonlyMap<string, string>,
  ref: (id: string) => string,
): Record<string, string> => {
  const readings = ids.map((id) => {
    const path = (constructPaths.get(id) ?? '').split('/')
    const parts = path.filter((part, index) => index < path.length - 1 || !['Resource', 'Default'].includes(part))
    return { id, reading: parts.join('').replace(/[^A-Za-z0-9]/g, '') || id }
  })
  const counts = new Map<string, number>()
  for (const { reading } of readings) counts.set(reading, (counts.get(reading) ?? 0) + 1)
  return Object.fromEntries(readings.map(({ id, reading }) => [counts.get(reading) === 1 ? reading : id, ref(id)]))
}
