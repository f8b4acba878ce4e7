// Whether a figure is within its target, which stands beside it: quiet as long as it is.
import { useText } from '../context.tsx'
import { CheckIcon } from '../frame/icons.tsx'
import { OverIcon } from './icons.tsx'

/** `met`: null where there is too little to judge by. */
export function Verdict({ met, children }: { met: boolean | null; children: string }) {
  const { overview: words } = useText()
  const word = met === null ? words.tooFew : met ? words.met : words.missed
  return (
    <span className={`verdict${met === false ? ' verdict-missed' : ''}`}>
      {met === true && <CheckIcon />}
      {met === false && <OverIcon />}
      {children}
      <span className={met === true ? 'visually-hidden' : 'verdict-word'}>{word}</span>
    </span>
  )
}
