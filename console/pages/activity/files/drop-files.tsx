// Where files are dropped or chosen: each goes straight into the bucket, and tells how far it is.
import { Button, FileButton, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { putFile } from '../../../api/put-file.ts'
import { useChange } from '../../../api/use-api.ts'
import { Failure } from '../../../parts/failure.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatBytes, formatShare } from '../../../words/format.ts'

interface Upload {
  readonly id: number
  readonly file: File
  /** Part that is there, 0 to 1. */
  readonly part: number
  readonly state: 'sending' | 'there' | 'failed'
  readonly error?: unknown
}

export function DropFiles() {
  const { org } = useOrg()
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const [isOver, setOver] = useState(false)
  const place = useChange('POST /api/orgs/{org}/imports')
  const set = (id: number, changes: Partial<Upload>) =>
    setUploads((all) => all.map((each) => (each.id === id ? { ...each, ...changes } : each)))
  const send = async (id: number, file: File) => {
    set(id, { state: 'sending', part: 0 })
    try {
      const { data } = await place.mutateAsync({ path: { org }, body: { name: file.name, bytes: file.size } })
      await putFile(file, data.upload, (part) => set(id, { part }))
      set(id, { state: 'there', part: 1 })
    } catch (error) {
      set(id, { state: 'failed', error })
    }
  }
  const take = (files: readonly File[]) => {
    const fresh = files.map((file, at): Upload => ({ id: uploads.length + at, file, part: 0, state: 'sending' }))
    setUploads([...uploads, ...fresh])
    for (const { id, file } of fresh) void send(id, file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take([...event.dataTransfer.files])
  }
  return (
    <Paper
      withBorder
      p="lg"
      component="section"
      aria-label="Drop files"
      style={{ borderStyle: 'dashed', ...(isOver && { borderColor: 'var(--mantine-primary-color-filled)' }) }}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack gap="sm">
        <Group gap="sm">
          <FileButton multiple onChange={take} accept=".csv,.jsonl,.ndjson,.parquet,.gz">
            {(props) => <Button {...props}>Choose files</Button>}
          </FileButton>
          <Text size="sm">or drop them here: .csv, .jsonl, .ndjson, each also with .gz, or .parquet, up to 5 GB.</Text>
        </Group>
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} onRetry={() => void send(upload.id, upload.file)} />
        ))}
      </Stack>
    </Paper>
  )
}

function UploadLine({ upload, onRetry }: { readonly upload: Upload; readonly onRetry: () => void }) {
  const { file, part, state, error } = upload
  if (state === 'failed') return <Failure error={error} title={`${file.name} was not sent`} retry={onRetry} />
  return (
    <div>
      <Text size="sm" className="words" role="status">
        {file.name}, {formatBytes(file.size)}:{' '}
        {state === 'there'
          ? 'is there, and is loaded now. It is in the list in a moment.'
          : `${formatShare(part)} sent`}
      </Text>
      {state === 'sending' && <Progress value={part * 100} size="sm" aria-label={`Sending ${file.name}`} />}
    </div>
  )
}
