// The foot of a form whose typing is a draft: saves it, or drops it.
import { SaveBar } from './save-bar.tsx'
import type { Draft } from './use-draft.ts'

export interface SaveDraftProps<T> {
  readonly draft: Draft<T>
  /** The change that saving makes. */
  readonly change: {
    readonly isPending: boolean
    readonly isSuccess: boolean
    readonly error: unknown
    readonly reset: () => void
  }
  readonly onSave: () => void
  /** False while what was typed cannot be saved. */
  readonly isReady?: boolean
  readonly label?: string
}

export function SaveDraft<T>({ draft, change, onSave, isReady = true, label = 'Save' }: SaveDraftProps<T>) {
  const rebase = () => {
    draft.rebase()
    change.reset()
  }
  return (
    <SaveBar
      isChanged={draft.isChanged}
      isReady={isReady}
      isSaving={change.isPending}
      isSaved={change.isSuccess}
      error={change.error}
      onSave={onSave}
      onDrop={draft.drop}
      onRebase={rebase}
      label={label}
    />
  )
}
