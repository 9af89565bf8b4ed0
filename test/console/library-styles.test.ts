// The component library's styles are taken part by part: a component without its part would look broken.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const styles = join(root, 'node_modules/@mantine/core/styles')

it('has the styles of every component that the console uses', () => {
  const sources = globSync('console/**/*.{ts,tsx}', { cwd: root, exclude: ['console/dist/**'] })
  // Its charts are made of components too.
  const charts = ['LineChart', 'ChartLegend', 'ChartTooltip'].map(
    (name) => `node_modules/@mantine/charts/esm/${name}/${name}.mjs`,
  )
  const texts = [...sources, ...charts].map((file) => readFileSync(join(root, file), 'utf8'))
  const used = texts.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from ['"]@mantine\/core['"]/g)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim().replace(/^type /, '')),
    ),
  )
  const imported = readFileSync(join(root, 'console/library.css'), 'utf8')
  const styled = [...new Set(used)].filter((name) => existsSync(join(styles, `${name}.css`)))
  expect(styled.length).toBeGreaterThan(20)
  expect(styled.filter((name) => !imported.includes(`/${name}.css"`))).toEqual([])
})
