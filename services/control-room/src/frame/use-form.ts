// A form that asks the server for something: what it refused is said until it is asked again.
import { type FormEvent, type RefObject, useId, useState } from 'react'
import type { Refusal, Reply } from '../api/http.ts'
import { useText } from '../context.tsx'
import { sayRefusal } from './refusal.ts'

export interface Form {
  readonly refusal: Refusal | undefined
  /** What was wrong and what to do. */
  readonly problem: string | undefined
  /** For the element that says so. */
  readonly problemId: string
  readonly isAsking: boolean
  submit(event: FormEvent): void
}

/** After a refusal `input` has the focus, ready to be typed over. */
export function useForm<T>(
  ask: () => Promise<Reply<T>>,
  onDone: (answer: T) => void,
  input?: RefObject<HTMLInputElement | null>,
): Form {
  const text = useText()
  const problemId = useId()
  const [refusal, setRefusal] = useState<Refusal>()
  const [isAsking, setAsking] = useState(false)

  async function send(): Promise<void> {
    setAsking(true)
    setRefusal(undefined)
    const reply = await ask()
    setAsking(false)
    if (reply.kind === 'answer') {
      onDone(reply.body)
      return
    }
    setRefusal(reply)
    input?.current?.focus()
    input?.current?.select()
  }

  return {
    refusal,
    problem: refusal === undefined ? undefined : sayRefusal(refusal, text),
    problemId,
    isAsking,
    submit(event) {
      event.preventDefault()
      if (!isAsking) void send()
    },
  }
}
