// Every command that the documentation names exists, and so does every flag that it names with it; every command of the runbook's
// recovery says beforehand what it would do. Of the runbook also: what it has somebody look for in the logs is logged.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deploymentUsage } from '../../commands/deployment.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
const root = new URL('../../', import.meta.url).pathname
const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })].toSorted()
const runbook = read('docs/runbook.md')

interface Named {
  readonly name: string
  readonly flags: readonly string[]
}

/**
 * Commands in code spans and blocks, each with its flags; a flag that stands in a span of its own belongs to the command before it
 * in the same paragraph or row.
 */
function commandsIn(text: string): Named[] {
  return text.split(/\n\n|\n(?=\|)/).flatMap((paragraph) => {
    let last = ''
    return [...paragraph.matchAll(/```[^`]*```|`([^`]+)`/g)].flatMap(([whole, span = whole]) => {
      const named = [...span.matchAll(/npm run ([\w:-]+)([^\n#|]*)/g)].map(([, name = '', rest = '']) => ({
        name,
        flags: flagsIn(rest),
      }))
      last = named.at(-1)?.name ?? last
      if (named.length > 0 || !span.startsWith('--') || last === '') return named
      return [{ name: last, flags: flagsIn(span) }]
    })
  })
}

function flagsIn(text: string): string[] {
  return [...text.matchAll(/(?<=^|[\s([])--([a-z][\w-]*)/g)].map(([, flag = '']) => flag)
}

/** What a command takes, by its own words to `parseArgs`; undefined for a script that is none of ours, or reads its flags otherwise. */
function optionsOf(name: string): string[] | undefined {
  const file = /node ((?:commands|bench)\/[\w-]+\.ts)/.exec(scripts[name] ?? '')?.[1]
  if (file === undefined) return undefined
  const beside = globSync(file.replace('.ts', '/*.ts'), { cwd: root })
  const own = [file, ...beside].map(read).join('\n')
  const text = own.includes('deploymentFlags') ? own + read('commands/deployment.ts') : own
  const options = [...text.matchAll(/'?([a-z][\w-]*)'?: \{ type: '(?:string|boolean)'/g)].map(([, name = '']) => name)
  return options.length === 0 ? undefined : options
}

describe.each(documents)('%s', (document) => {
  const named = commandsIn(read(document)).filter(({ name }) => optionsOf(name) !== undefined)

  it('names only scripts that there are', () => {
    const names = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([])
  })

  it('gives commands only flags that they take', () => {
    const unknown = named.flatMap(({ name, flags }) =>
      flags.filter((flag) => optionsOf(name)?.includes(flag) !== true).map((flag) => `${name} --${flag}`),
    )
    expect(unknown).toEqual([])
  })
})

describe('a command of the recovery', () => {
  const table = /\| what is wrong[\s\S]*?\n\n/.exec(runbook)?.[0] ?? ''
  const names = [...new Set(commandsIn(table).map(({ name }) => name))]

  it('is there for each of them', () => {
    expect(names.toSorted()).toEqual(
      ['backfill', 'delete-org', 'rebuild', 'recount', 'redrive', 'reload', 'replay', 'restore', 'rotate'].toSorted(),
    )
  })

  it.each(names)('%s takes --dry-run and where a stage is, and shows how far it is', (name) => {
    expect(optionsOf(name)).toContain('dry-run')
    // By HTTP, as its row says.
    expect(optionsOf(name)).toContain(name === 'backfill' ? 'api' : 'outputs')
    const source = read(`commands/${name}.ts`)
    const isAtOnce = name === 'rotate'
    expect(isAtOnce || /makeProgress|followImport|console\.log\(answer\.seen\)/.test(source)).toBe(true)
  })

  it.each(names)('%s says in its usage what it takes, and nothing else', (name) => {
    const source = read(`commands/${name}.ts`)
    const usage = /const usage =[\s\S]*?\n(?=[a-z\n])|runCommand\(`[^`]*`/.exec(source)?.[0] ?? ''
    const whole = usage.replace(/\$\{deploymentUsage\}/, deploymentUsage)
    expect([...new Set(flagsIn(whole))].toSorted()).toEqual((optionsOf(name) ?? []).toSorted())
  })
})

describe('the runbook', () => {
  const sources = globSync('lambdas/**/*.ts', { cwd: root }).map(read).join('\n')

  it('has somebody look for messages that are logged', () => {
    const messages = [...runbook.matchAll(/message = "([^"]+)"/g)].map(([, message = '']) => message)
    expect(messages.length).toBeGreaterThan(5)
    expect(messages.filter((message) => !sources.includes(`'${message}'`))).toEqual([])
  })

  it('names outputs of the stack that there are', () => {
    const outputs = read('lib/stack.ts')
    const named = [...runbook.matchAll(/<([A-Z]\w+)>/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((name) => !outputs.includes(`${name}:`))).toEqual([])
  })

  it('links to what there is', () => {
    const links = [...runbook.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(new URL(link, new URL('../../docs/', import.meta.url))))).toEqual([])
  })
})
