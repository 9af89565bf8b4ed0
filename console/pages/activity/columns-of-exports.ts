// What the columns of exports mean, read from the page of the docs that says so: the console has no words of its own for them.

export interface Column {
  /** More than one where they are told of together. */
  readonly names: string
  readonly type: string
  readonly meaning: string
}

export interface DatasetColumns {
  readonly name: string
  readonly about: string
  readonly columns: readonly Column[]
}

export interface ExportColumnsText {
  /** What holds for all datasets, a paragraph each. */
  readonly notes: readonly string[]
  readonly datasets: readonly DatasetColumns[]
}

/** Of the section `Columns`: its paragraphs before the first dataset, then a table of each. Backquotes stay. */
export function readColumns(markdown: string): ExportColumnsText {
  const section = markdown.split(/^## /m).find((text) => text.startsWith('Columns\n')) ?? ''
  const [intro = '', ...datasets] = section.slice('Columns\n'.length).split(/^### /m)
  const notes = intro.split(/\n\s*\n/).map((text) => text.replaceAll(/\s+/g, ' ').trim())
  return { notes: notes.filter((text) => text !== ''), datasets: datasets.map(readDataset) }
}

function readDataset(text: string): DatasetColumns {
  const [title = '', ...lines] = text.split('\n')
  const [name = '', about = ''] = title.split(/:\s*/, 2)
  // The first two are the header and the line below it.
  const rows = lines.filter((line) => line.startsWith('|')).slice(2)
  return { name, about, columns: rows.map(readRow) }
}

function readRow(line: string): Column {
  const [names = '', type = '', meaning = ''] = line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
  return { names, type, meaning }
}
