// One import from the file to its outcome: what would be done is asked of the server, and done only as it was told.
import type { ImportPreview } from '@ronda/contracts/device-import'
import { useRef, useState } from 'react'
import type { Refusal } from '../../../api/http.ts'
import { importDevices, previewImport } from '../../../api/registry.ts'
import { type ImportResult, parseImportResult } from './import-result.ts'

/** As the server takes it. */
const mostBytes = 32 * 1024 * 1024

interface ChosenFile {
  readonly name: string
  readonly csv: string
}

type ImportStep =
  | { readonly state: 'choosing'; readonly problem?: 'tooLarge' | 'notText' | 'unreadable'; readonly name?: string }
  | { readonly state: 'checking' }
  /** Nothing was written. */
  | { readonly state: 'unchecked'; readonly refusal: Refusal }
  | { readonly state: 'previewed' | 'importing'; readonly preview: ImportPreview }
  /** The import was asked for, and this is what came of it. */
  | { readonly state: 'refused'; readonly preview: ImportPreview; readonly refusal: Refusal }
  | { readonly state: 'done'; readonly result: ImportResult }

export interface Import {
  readonly file: ChosenFile | undefined
  readonly step: ImportStep
  readonly reissue: boolean
  choose(file: File): void
  setReissue(reissue: boolean): void
  checkAgain(): void
  confirm(): void
  startOver(): void
}

export function useImport(onDone: (result: ImportResult) => void): Import {
  const [file, setFile] = useState<ChosenFile>()
  const [step, setStep] = useState<ImportStep>({ state: 'choosing' })
  const [reissue, setReissue] = useState(false)
  const asked = useRef(0)

  async function check(csv: string, reissueToo: boolean): Promise<void> {
    asked.current += 1
    const number = asked.current
    setStep({ state: 'checking' })
    const reply = await previewImport(csv, { reissue: reissueToo })
    // Another file was chosen meanwhile.
    if (number !== asked.current) return
    if (reply.kind === 'answer') setStep({ state: 'previewed', preview: reply.body })
    else setStep({ state: 'unchecked', refusal: reply })
  }

  async function choose(chosen: File): Promise<void> {
    const { name } = chosen
    if (chosen.size > mostBytes) return setStep({ state: 'choosing', problem: 'tooLarge', name })
    let csv: string
    try {
      csv = await chosen.text()
    } catch {
      return setStep({ state: 'choosing', problem: 'unreadable', name })
    }
    // A workbook begins as any archive does.
    if (csv.includes('\0') || csv.startsWith('PK')) return setStep({ state: 'choosing', problem: 'notText', name })
    setFile({ name, csv })
    setReissue(false)
    return check(csv, false)
  }

  async function confirm({ csv }: ChosenFile, preview: ImportPreview): Promise<void> {
    setStep({ state: 'importing', preview })
    const reply = await importDevices(csv, { reissue, basis: preview.basis })
    if (reply.kind !== 'answer') return setStep({ state: 'refused', preview, refusal: reply })
    const result = parseImportResult(reply.body)
    setStep({ state: 'done', result })
    onDone(result)
  }

  return {
    file,
    step,
    reissue,
    choose: (chosen) => void choose(chosen),
    setReissue(next) {
      setReissue(next)
      if (file !== undefined) void check(file.csv, next)
    },
    checkAgain: () => file !== undefined && void check(file.csv, reissue),
    confirm: () => file !== undefined && step.state === 'previewed' && void confirm(file, step.preview),
    startOver() {
      asked.current += 1
      setFile(undefined)
      setStep({ state: 'choosing' })
    },
  }
}
